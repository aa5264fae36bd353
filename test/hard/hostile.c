/* SPDX-License-Identifier: Apache-2.0 */
/* hostile: files of all kinds that mean harm, made here and given to the program, with what it must
 * say: hostile DL4J DATA [-v]. -v prints a line a file: milliseconds of
 * the processor and KiB, above those of a good file.
 * Times and sizes decide only where they are beyond reason; a machine may be busy. */
#include "hard/hostile.h"

#include <fcntl.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

enum { SECONDS = 20, MOST_KIB = 400 * 1024, HOWS = ARRAY + 1 };

struct base mlp, net, cells;
static char dl4j[1024], data[1024], scratch[] = "/tmp/dl4j-hostile.XXXXXX";
static int verbose, passed, failed, files, harmless;
static struct cost {
	double ms;
	long kib;
} good[HOWS], worst;
static char slowest[128], largest[128];

static void die(const char *what)
{
	perror(what);
	exit(2);
}

const char *hostile_text(const char *fmt, ...)
{
	static char text[2][256];
	static int turn;
	va_list ap;

	turn ^= 1;
	va_start(ap, fmt);
	vsnprintf(text[turn], sizeof text[turn], fmt, ap);
	va_end(ap);
	return text[turn];
}

/* --- Running the program */

/* In the scratch folder; stdout and stderr go to files there. Called by a process that was forked
 * early and stays small: what a child takes begins with what its parent has. */
static int run(char *const *argv, struct cost *cost)
{
	const struct rlimit seconds = { SECONDS, SECONDS };
	struct rusage used;
	int status;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		if (chdir(scratch) || dup2(open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0600), 1) < 0 ||
		    dup2(open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0600), 2) < 0)
			_exit(126);
		setrlimit(RLIMIT_CPU, &seconds);
		execv(dl4j, argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		die("fork");
	cost->ms = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
	           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
	cost->kib = used.ru_maxrss;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static char *in_data(const char *name)
{
	static char path[3][2048];
	static int turn;

	turn = (turn + 1) % 3;
	snprintf(path[turn], sizeof path[turn], "%s/%s", data, name);
	return path[turn];
}

static int launch(const char *file, enum how how, struct cost *cost)
{
	char *demo = in_data("demo.zip"), *picture = in_data("samples/Bag/00018.png");
	char input[2048], *f = (char *)(uintptr_t)file;
	char *const argv[HOWS][10] = {
		[SUMMARY] = { dl4j, "summary", f },
		[RUN_MLP] = { dl4j, "run", f, "-i", input, "-d", "out", "-t", "1" },
		[RUN_NET] = { dl4j, "run", f, "-i", input, "-d", "out", "-t", "1" },
		[PICTURE] = { dl4j, "classify", demo, f, "-o", "jsonl", "-t", "1" },
		[LABELS] = { dl4j, "classify", demo, picture, "-l", f, "-t", "1" },
		[PROFILE] = { dl4j, "classify", demo, picture, "-p", f, "-t", "1" },
		[ARRAY] = { dl4j, "run", "mlp.zip", "-i", f, "-d", "out", "-t", "1" },
	};

	snprintf(input, sizeof input, "%s/golden/%s", data,
	         how == RUN_NET ? "residual-m2.1/in/in.npy" : "mlp-m2.1/in/input.npy");
	return run(argv[how], cost);
}

struct request {
	enum how how;
	char file[2048];
};

struct answer {
	int status;
	struct cost cost;
};

static int to_launcher, from_launcher;

static void start_launcher(void)
{
	int to[2], from[2];
	struct request r;
	struct answer a;

	if (pipe(to) || pipe(from))
		die("pipe");
	to_launcher = to[1];
	from_launcher = from[0];
	if (fork() != 0)
		return;
	close(to[1]);
	while (read(to[0], &r, sizeof r) == sizeof r) {
		a.status = launch(r.file, r.how, &a.cost);
		if (write(from[1], &a, sizeof a) != sizeof a)
			break;
	}
	_exit(0);
}

static int run_on(const char *file, enum how how, struct cost *cost)
{
	struct request r = { how, "" };
	struct answer a;

	snprintf(r.file, sizeof r.file, "%s", file);
	if (write(to_launcher, &r, sizeof r) != sizeof r ||
	    read(from_launcher, &a, sizeof a) != sizeof a)
		die("the launcher");
	*cost = a.cost;
	return a.status;
}

static char *slurp(const char *name, size_t *n)
{
	static char path[2048];
	FILE *f;
	char *text;
	struct stat st;

	snprintf(path, sizeof path, name[0] == '/' ? "%.0s%s" : "%s/%s", scratch, name);
	f = fopen(path, "rb");
	if (!f || fstat(fileno(f), &st) || !(text = calloc(1, (size_t)st.st_size + 1)))
		die(path);
	*n = fread(text, 1, (size_t)st.st_size, f);
	fclose(f);
	return text;
}

/* One line, which may be followed by a hint or preceded by notes on how pictures are prepared; and
 * nothing in it that a terminal would obey. */
static const char *check_message(const char *text, size_t n, int status, const char *regex)
{
	regex_t re;
	int found, lines = 0;

	for (size_t i = 0; i < n; i++) {
		if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
			return "a control character on stderr";
		lines += text[i] == '\n' && strncmp(text + i + 1, "dl4j: hint: ", 12) != 0;
	}
	if (n && text[n - 1] != '\n')
		return "a line without an end on stderr";
	if (status >= USAGE && lines != 1)
		return "expected one line on stderr";
	if (!regex)
		return NULL;
	if (regcomp(&re, regex, REG_EXTENDED | REG_NOSUB | REG_NEWLINE))
		die(regex);
	found = !regexec(&re, text, 0, NULL, 0);
	regfree(&re);
	return found ? NULL : "another message on stderr";
}

static const char *check(const char *file, enum how how, int status, const char *regex,
                         struct cost *cost)
{
	static char why[128];
	size_t n_out, n_err;
	int found = run_on(file, how, cost);
	char *out = slurp("stdout", &n_out), *err = slurp("stderr", &n_err);
	const char *wrong =
		check_message(how == PICTURE ? out : err, how == PICTURE ? n_out : n_err, found, regex);

	if (found != status) {
		snprintf(why, sizeof why, "expected exit status %d, found %d", status, found);
		wrong = why;
	} else if (!wrong && status >= USAGE && n_out) {
		wrong = "something on stdout";
	} else if (!wrong && good[how].kib && cost->kib - good[how].kib > MOST_KIB) {
		wrong = "hundreds of megabytes of memory";
	}
	if (wrong || verbose > 1)
		printf("# %.300s\n", how == PICTURE ? out : err);
	free(out);
	free(err);
	return wrong;
}

void hostile(const char *title, const void *bytes, size_t n, enum how how, int status,
             const char *regex)
{
	static const char *const suffixes[HOWS] = { "zip", "zip", "zip", "png", "txt", "json", "npy" };
	char file[64], path[256];
	struct cost cost = { 0 };
	const char *wrong;
	FILE *f;

	snprintf(file, sizeof file, "./hostile.%s", suffixes[how]);
	snprintf(path, sizeof path, "%s/%s", scratch, file);
	f = fopen(path, "wb");
	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f))
		die(path);
	files++;
	harmless += status == FINE;
	wrong = check(file, how, status, regex, &cost);
	if (wrong)
		failed++;
	else
		passed++;
	cost.ms -= good[how].ms;
	cost.kib -= good[how].kib;
	if (cost.ms > worst.ms && status != FINE) {
		worst.ms = cost.ms;
		snprintf(slowest, sizeof slowest, "%s", title);
	}
	if (cost.kib > worst.kib && status != FINE) {
		worst.kib = cost.kib;
		snprintf(largest, sizeof largest, "%s", title);
	}
	if (wrong)
		printf("not ok - %s: %s\n", title, wrong);
	else if (verbose)
		printf("ok - %s: %.1f ms, %ld KiB\n", title, cost.ms, cost.kib);
}

void hostile_zip(const char *title, struct mkzip *z, enum how how, int status, const char *regex)
{
	hostile(title, z->b, z->n, how, status, regex);
	mkzip_free(z);
}

void hostile_model(const char *title, const void *config, size_t n_config, const void *array,
                   size_t n_array, enum how how, int status, const char *regex)
{
	struct mkzip z = { 0 };

	mkzip_entry(&z, "configuration.json", config, n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, "coefficients.bin", array, n_array, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	hostile_zip(title, &z, how, status, regex);
}

/* --- The good files */

static void *read_entry(zip_t *zip, const char *name, size_t *n)
{
	zip_file_t *f = zip_fopen(zip, name, 0);
	zip_stat_t st;
	char *bytes;

	if (!f || zip_stat(zip, name, 0, &st) || !(bytes = calloc(1, st.size + 1)) ||
	    zip_fread(f, bytes, st.size) != (zip_int64_t)st.size)
		die(name);
	zip_fclose(f);
	*n = st.size;
	return bytes;
}

static void read_base(struct base *b, const char *name)
{
	zip_t *zip = zip_open(in_data(name), ZIP_RDONLY, NULL);

	if (!zip)
		die(name);
	b->config = read_entry(zip, "configuration.json", &b->n_config);
	b->array = read_entry(zip, "coefficients.bin", &b->n_array);
	zip_discard(zip);
}

/* What each way of running takes on a file that is fine: the least of three. */
static void measure_good(void)
{
	static const char *const names[HOWS] = {
		"golden/mlp-m2.1/model.zip",
		"golden/mlp-m2.1/model.zip",
		"golden/residual-m2.1/model.zip",
		"samples/Bag/00018.png",
		"demo.labels",
		"demo.profile.json",
		"golden/mlp-m2.1/in/input.npy",
	};
	struct cost cost;

	for (int how = 0; how < HOWS; how++)
		for (int i = 0; i < 3; i++) {
			if (run_on(in_data(names[how]), (enum how)how, &cost) != 0)
				die(names[how]);
			if (i == 0 || cost.ms < good[how].ms)
				good[how].ms = cost.ms;
			if (i == 0 || cost.kib < good[how].kib)
				good[how].kib = cost.kib;
		}
}

static void write_mlp(void)
{
	struct mkzip z = { 0 };
	char path[256];
	FILE *f;

	mkzip_entry(&z, "configuration.json", mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, "coefficients.bin", mlp.array, mlp.n_array, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	snprintf(path, sizeof path, "%s/mlp.zip", scratch);
	f = fopen(path, "wb");
	if (!f || fwrite(z.b, 1, z.n, f) != z.n || fclose(f))
		die(path);
	mkzip_free(&z);
}

int main(int argc, char **argv)
{
	char command[64];

	if (argc < 3 || !realpath(argv[1], dl4j) || !realpath(argv[2], data) || !mkdtemp(scratch))
		die("usage: hostile DL4J DATA [-v]");
	verbose = argc - 3;
	start_launcher();
	read_base(&mlp, "golden/mlp-m2.1/model.zip");
	read_base(&net, "golden/residual-m2.1/model.zip");
	read_base(&cells, "golden/locally-m2.1/model.zip");
	write_mlp();
	measure_good();
	hostile_zips();
	hostile_configs();
	hostile_arrays();
	hostile_pictures(data);
	hostile_texts();
	snprintf(command, sizeof command, "rm -rf %s", scratch);
	if (system(command))
		die(command);
	printf("# %d files, %d harmless\n", files, harmless);
	printf("# above a good file, slowest: %.0f ms of the processor (%s)\n", worst.ms, slowest);
	printf("# above a good file, largest: %ld KiB (%s)\n", worst.kib, largest);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
