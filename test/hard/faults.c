/* SPDX-License-Identifier: Apache-2.0 */
/* faults: the program with each allocation, read and write failing: faults DATA [STEP [VERB]].
 * The whole program is linked in, and functions of ours in place of malloc, read, write and the
 * like; a child process runs a verb while the k-th call of a kind fails, for k from 1 until none
 * does. It must end by itself, tell why in one line, leave complete rows, a whole file or none, and
 * free all. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dl4j.h"
#include "hard/live.h"

#undef main
int cli_main(int argc, char **argv);

enum kind { ALLOCATION, READ, WRITE, KINDS };

enum mode {
	ONCE,     /* the k-th call fails */
	FOREVER,  /* and all after it */
	PARTLY,   /* a read gives half; a write takes half, then the disk is full */
	INTERRUPT /* a signal arrives instead, which the call tells by EINTR */
};

/* In memory that parent and child share. */
static struct shared {
	long calls, leaked;
	long kept;        /* by the C library for itself: translations of messages and the like */
	int done;         /* the verb came back */
	char who[128];    /* made the last block that is left */
	char struck[128]; /* whose call failed */
	int foreign;      /* that is libzip, whose errors and leaks are its own */
} * shared;

static enum kind armed_kind;
static enum mode armed_mode;
static long armed_at;
static int armed, signal_number;
static __thread int busy; /* looking up a name, which allocates */

/* --- Whose allocations count ------------------------------------------------------------------ */

/* What is C++ or OpenMP ends the process when memory is out: that is not ours to change. */
static struct range {
	uintptr_t from, to;
} others[32];
static int n_others;

static int note_library(struct dl_phdr_info *info, size_t size, void *data)
{
	static const char *const names[] = { "libdnnl", "libstdc++", "libgomp", "ld-linux", "libgcc",
		                               "libcrypto" };

	(void)size;
	(void)data;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (int k = 0; strstr(info->dlpi_name, names[i]) && k < info->dlpi_phnum; k++)
			if (info->dlpi_phdr[k].p_type == PT_LOAD && n_others < 32) {
				uintptr_t from = info->dlpi_addr + info->dlpi_phdr[k].p_vaddr;
				others[n_others++] = (struct range){ from, from + info->dlpi_phdr[k].p_memsz };
			}
	return 0;
}

static int is_ours(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;

	for (int i = 0; i < n_others; i++)
		if (at >= others[i].from && at < others[i].to)
			return 0;
	return 1;
}

static const char *name_of(const void *code, char *out, size_t size)
{
	Dl_info at = { 0 };

	dladdr(code, &at);
	snprintf(out, size, "%.90s+0x%lx", at.dli_fname ? at.dli_fname : "?",
	         (unsigned long)((uintptr_t)code - (uintptr_t)at.dli_fbase));
	return out;
}

/* Whether this call is the one that fails. */
static int strikes(enum kind kind)
{
	long n;

	if (!armed || kind != armed_kind)
		return 0;
	n = __atomic_add_fetch(&shared->calls, 1, __ATOMIC_RELAXED);
	return armed_mode == FOREVER ? n >= armed_at : n == armed_at;
}

int live_watches(const void *caller)
{
	return armed && !busy && is_ours(caller);
}

int live_strikes(const void *caller)
{
	if (!strikes(ALLOCATION))
		return 0;
	busy = 1;
	shared->foreign |=
		strstr(name_of(caller, shared->struck, sizeof shared->struck), "libzip") != NULL ||
		strstr(shared->struck, "libz.") != NULL;
	busy = 0;
	return 1;
}

static long count_live(void)
{
	const void *maker;
	long n = 0;

	for (int at = 0; (maker = live_next(&at));) {
		char who[128];
		if (strstr(name_of(maker, who, sizeof who), "libc.so")) {
			shared->kept++;
		} else if (!shared->foreign || !strstr(who, "libzip")) {
			memcpy(shared->who, who, sizeof who);
			n++;
		}
	}
	return n;
}

/* --- Files ------------------------------------------------------------------------------------ */

#pragma GCC visibility push(default) /* so that the libraries call ours, too */

static int interrupted(void)
{
	if (armed_mode != INTERRUPT)
		return 0;
	kill(getpid(), signal_number);
	errno = EINTR;
	return 1;
}

/* Of n bytes those that a call may take that is not the one that fails; -1: none, see errno. */
static ssize_t reads(size_t n)
{
	if (!strikes(READ))
		return (ssize_t)n;
	if (armed_mode == PARTLY)
		return (ssize_t)(n > 1 ? n / 2 : n);
	if (!interrupted())
		errno = EIO;
	return -1;
}

static ssize_t writes(size_t n)
{
	static int full;

	if (!full && !strikes(WRITE))
		return (ssize_t)n;
	if (armed_mode == PARTLY && !full) {
		full = 1;
		return (ssize_t)(n > 1 ? n / 2 : n);
	}
	if (!interrupted())
		errno = ENOSPC;
	return -1;
}

extern ssize_t __read(int fd, void *out, size_t n);
extern ssize_t __write(int fd, const void *bytes, size_t n);

ssize_t read(int fd, void *out, size_t n)
{
	ssize_t some = reads(n);

	return some < 0 ? -1 : __read(fd, out, (size_t)some);
}

ssize_t pread(int fd, void *out, size_t n, off_t at)
{
	ssize_t some = reads(n);

	return some < 0 ? -1 : syscall(SYS_pread64, fd, out, some, at);
}

ssize_t pread64(int fd, void *out, size_t n, off_t at) __attribute__((alias("pread")));

/* Stdio tries an interrupted call again. */
#undef fread_unlocked
size_t fread(void *out, size_t size, size_t n, FILE *f)
{
	ssize_t some = reads(n);

	if (some < 0 && armed_mode != INTERRUPT) {
		f->_flags |= 0x20; /* what ferror() tells */
		return 0;
	}
	return fread_unlocked(out, size, some < 0 ? n : (size_t)some, f);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	ssize_t some = fd == STDERR_FILENO ? (ssize_t)n : writes(n);

	return some < 0 ? -1 : __write(fd, bytes, (size_t)some);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	ssize_t some = writes(n);

	return some < 0 ? -1 : syscall(SYS_pwrite64, fd, bytes, some, at);
}

#undef fwrite_unlocked
size_t fwrite(const void *bytes, size_t size, size_t n, FILE *f)
{
	ssize_t some = f == stderr ? (ssize_t)n : writes(n);

	if (some < 0 && armed_mode != INTERRUPT) {
		f->_flags |= 0x20;
		return 0;
	}
	return fwrite_unlocked(bytes, size, some < 0 ? n : (size_t)some, f);
}

/* Those that follow fail as if the disk was full, whatever part of it they are. */
static int stops(void)
{
	return writes(2) != 2 && armed_mode != INTERRUPT;
}

static int is_written(int fd)
{
	return fd != STDERR_FILENO && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

extern int _IO_fclose(FILE *f);

int fclose(FILE *f)
{
	const int stopped = is_written(fileno(f)) && stops();

	return _IO_fclose(f) || stopped ? EOF : 0;
}

int fsync(int fd)
{
	return fd < 0 || stops() ? -1 : 0; /* what the kernel has is enough here */
}

int close(int fd)
{
	const int stopped = is_written(fd) && stops();

	return syscall(SYS_close, fd) || stopped ? -1 : 0;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	return stops() ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

#pragma GCC visibility pop

/* --- One run in a child ----------------------------------------------------------------------- */

enum { MOST_ARGS = 24, MOST_VERBS = 16, KILLED = 1000 /* and the signal: an exit status */ };

static struct verb {
	const char *name;
	char *argv[MOST_ARGS];
	char *file;                     /* that it makes, if it is to be the same each time */
	void (*before)(void);
	const char *(*after)(int code); /* what is wrong with what it left */
	/* spared: it goes on without what cannot be read; copies: it reads while it writes, and the
	 * exit status may be that of either */
	int binary, spared, copies;
	char *good, *good_file;         /* what it prints, and makes, when nothing fails */
	size_t n_good, n_good_file;
	int good_status;
	long good_kept;
} verbs[MOST_VERBS];
static int n_verbs;

static char dir[] = "/tmp/dl4j-faults.XXXXXX", out_path[64], err_path[64];

static char *path(const char *data, const char *name)
{
	char *p = malloc(4096);

	snprintf(p, 4096, "%s/%s", data, name);
	return p;
}

static char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	*n = f && text ? fread_unlocked(text, 1, (1 << 20) - 1, f) : 0;
	if (f)
		fclose(f);
	return text;
}

static void spill(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite_unlocked(bytes, 1, n, f) != n || fclose(f))
		_exit(2);
}

static int same(const char *path, const char *bytes, size_t n)
{
	size_t found;
	char *text = slurp(path, &found);
	const int is = found == n && !memcmp(text, bytes, n);

	free(text);
	return is;
}

static void child(struct verb *v)
{
	char *argv[MOST_ARGS];
	int argc = 0, status;

	memcpy(argv, v->argv, sizeof argv); /* getopt moves them */
	while (argv[argc])
		argc++;
	if (dup2(open(out_path, O_WRONLY | O_CREAT | O_TRUNC, 0600), 1) < 0 ||
	    dup2(open(err_path, O_WRONLY | O_CREAT | O_TRUNC, 0600), 2) < 0)
		_exit(126);
	alarm(60);
	strerror(EIO);
	armed = 1;
	status = cli_main(argc, argv);
	armed = 0;
	shared->leaked = count_live();
	shared->done = 1;
	exit(status); /* not _exit(): what --coverage counts is written on the way */
}

static int run(struct verb *v, enum kind kind, enum mode mode, long at)
{
	int status;
	pid_t pid;

	memset(shared, 0, sizeof *shared);
	armed_kind = kind;
	armed_mode = mode;
	armed_at = at;
	fflush(NULL);
	if (v->before)
		v->before();
	pid = fork();
	if (pid == 0)
		child(v);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		_exit(2);
	return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}

/* Every line but the last, if that one is open, is a line of the good run or one of an error. */
static const char *check_rows(const struct verb *v, const char *out, size_t n)
{
	if (n && out[n - 1] != '\n')
		return "half a row";
	for (const char *line = out, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!memmem(v->good, v->n_good, line, (size_t)(end - line) + 1) &&
		    !memmem(line, (size_t)(end - line), "\terror\t", 7))
			return "a row that no good run has";
	}
	return NULL;
}

static const char *check(const struct verb *v, int code, enum kind kind, enum mode mode)
{
	size_t n, n_err, lines = 0;
	char *out = slurp(out_path, &n), *err = slurp(err_path, &n_err);
	int signalled = mode == INTERRUPT && signal_number && code == 128 + signal_number;
	const char *wrong = NULL;

	for (size_t i = 0; i < n_err; i++)
		lines += err[i] == '\n';
	if (!shared->done && !(mode == INTERRUPT && code == KILLED + signal_number))
		wrong = "it did not end by itself";
	else if (shared->leaked || shared->kept > v->good_kept)
		wrong = "memory is not freed";
	else if (code == 0 && (n != v->n_good || memcmp(out, v->good, n) != 0))
		wrong = "success, but another output";
	else if (code == 0 && v->file && !same(v->file, v->good_file, v->n_good_file))
		wrong = "success, but another file";
	else if (code > 1 && code < 6 && (lines < 1 || strncmp(err, "dl4j: ", 6) != 0))
		wrong = "no word on what went wrong";
	else if (kind == ALLOCATION && code > 1 && code != 4 && !shared->foreign &&
	         !strstr(err, "memory"))
		wrong = "out of memory, called something else";
	else if (kind == WRITE && mode != INTERRUPT && code != 5 &&
	         !(v->spared && code == 0 && strstr(err, "warning: --cache ")))
		wrong = "a failed write without its exit status";
	else if (kind == READ && mode == ONCE && code != 3 && code != 1 &&
	         !(v->spared && code == 0) && !(v->copies && code == 5))
		wrong = "a failed read without its exit status";
	else if (mode == INTERRUPT && code != v->good_status && !signalled &&
	         code != KILLED + signal_number)
		wrong = "an interrupted call is no failure";
	else if (!v->binary)
		wrong = check_rows(v, out, n);
	if (!wrong && v->after)
		wrong = v->after(code);
	if (wrong)
		printf("# %s; exit status %d, %ld blocks left %s; struck %s: %.200s\n", wrong, code,
		       shared->leaked, shared->who, shared->struck, err);
	free(out);
	free(err);
	return wrong;
}

static int passed, failed;

static void every(struct verb *v, enum kind kind, enum mode mode, long step)
{
	static const char *const kinds[] = { "allocation", "read", "write" };
	static const char *const modes[] = { "", " and all after it", ", in part", ", interrupted" };
	long at = 1, n = 0, bad = 0;

	for (;; at += step, n++) {
		int code = run(v, kind, mode, at);
		const char *wrong;
		if (shared->calls < at && shared->done) /* it was not reached */
			break;
		wrong = check(v, code, kind, mode);
		if (wrong && bad++ < 5)
			printf("# %s, %s %ld%s: %s\n", v->name, kinds[kind], at, modes[mode], wrong);
		if (bad > 40)
			break;
	}
	if (bad)
		failed++;
	else
		passed++;
	printf("%s - %s: each %s%s fails%s: %ld runs\n", bad ? "not ok" : "ok", v->name, kinds[kind],
	       modes[mode], mode == INTERRUPT && signal_number ? " by a signal" : "", n);
	fflush(stdout);
}

/* --- What verbs leave ------------------------------------------------------------------------- */

static char *net, *own, *folder, *key; /* a zip, one that is written to, packed weights */
static char *net_bytes, *packed;
static size_t n_net, n_packed;

static void own_anew(void)
{
	spill(own, net_bytes, n_net);
}

/* The files in a folder whose names begin so; *last is one of them. */
static int files(const char *in, const char *prefix, char **last)
{
	struct dirent **names;
	int all = scandir(in, &names, NULL, NULL), n = 0;

	for (int i = 0; i < all; i++) {
		if (names[i]->d_name[0] != '.' && !strncmp(names[i]->d_name, prefix, strlen(prefix))) {
			*last = path(in, names[i]->d_name);
			n++;
		}
		free(names[i]);
	}
	if (all >= 0)
		free(names);
	return n;
}

/* -1: not a whole zip. */
static int entries(const char *zip)
{
	dl4j_error err;
	dl4j_model *model;
	int n = -1;

	if (!dl4j_model_open(&model, zip, NULL, &err) && !dl4j_model_load(model, &err))
		n = dl4j_model_entries(model);
	dl4j_model_free(model);
	return n;
}

static const char *own_is_whole(int code)
{
	const int n = entries(own), before = entries(net);
	char *last;

	if (files(dir, "own.zip", &last) != 1)
		return "another file is left beside the zip";
	if (n != before + 1 && !(code && same(own, net_bytes, n_net)))
		return "neither the zip of before nor a whole one";
	return code < KILLED && (n == before) != (code > 0 && code < 128) ?
	       "another zip than the exit status says" : NULL;
}

static void empty_folder(void)
{
	char *last;

	while (files(folder, "", &last))
		if (remove(last))
			_exit(2);
}

static void fill_folder(void)
{
	empty_folder();
	spill(key, packed, n_packed);
	chmod(key, 0600);
}

static const char *folder_is_whole(int code)
{
	char *last;
	const int n = files(folder, "", &last), whole = n && same(key, packed, n_packed);

	if (n > whole + (code > KILLED))
		return "half a file of packed weights is left";
	return NULL;
}

/* --- The verbs -------------------------------------------------------------------------------- */

static void add(const struct verb *v)
{
	struct verb *to = &verbs[n_verbs++];

	*to = *v;
	to->good_status = run(to, KINDS, ONCE, 1);
	to->good_kept = shared->kept;
	to->good = slurp(out_path, &to->n_good);
	if (to->file)
		to->good_file = slurp(to->file, &to->n_good_file);
	if (to->good_status > 1 || shared->leaked || (to->file && !to->n_good_file)) {
		size_t n;
		printf("# %s: %d, %ld blocks left %s: %s\n", to->name, to->good_status, shared->leaked,
		       shared->who, slurp(err_path, &n));
		printf("not ok - %s, nothing failing\n", to->name);
		failed++;
	}
}

#define ADD(...) add(&(const struct verb){ __VA_ARGS__ })

/* Those of one run, on the zip, into a folder of its own; four places are left for options. */
#define RUN(zip, to) "dl4j", "run", (zip), "-i", in, "-d", (to), "-t", "1"

static void set_up(const char *data)
{
	char *with = path(data, "golden/normalizer-standardize-m2.1/model.zip");
	char *in = path(data, "golden/residual-m2.1/in/in.npy");
	char *quantized = path(dir, "quantized.zip"), *bytes;
	char *pixel = path(data, "images/one-pixel.jpg"), *grey = path(data, "images/grey-1.png");
	char *to[4];
	size_t n;

	net = path(data, "golden/residual-m2.1/model.zip");
	net_bytes = slurp(net, &n_net);
	own = path(dir, "own.zip");
	folder = path(dir, "packed");
	for (int i = 0; i < 4; i++)
		to[i] = path(dir, (const char *[]){ "plain", "int8", "cold", "warm" }[i]);
	snprintf(out_path, sizeof out_path, "%s/stdout", dir);
	snprintf(err_path, sizeof err_path, "%s/stderr", dir);
	ADD("summary", { "dl4j", "summary", with });
	ADD("keras", { "dl4j", "summary", "-s", "keras", net });
	ADD("run", { RUN(net, to[0]) }, path(to[0], "out.npy"));
	ADD("classify", { "dl4j", "classify", net, "--size", "12x12", "-k", "2", "--scale", "0,1",
	                  "-o", "tsv", "-t", "2", pixel, grey, path(data, "images/text.jpg"),
	                  path(data, "images/one-pixel-16.png"), path(data, "images/exif-6.png"),
	                  path(data, "samples/Bag") });
	/* binary, or a report of the failure */
	ADD("preprocess", { "dl4j", "preprocess", "--size", "4x4", "-o", "-", pixel, grey },
	    .binary = 1);
	ADD("check", { "dl4j", "check", with, "-o", "json" }, .binary = 1);
	ADD("export", { "dl4j", "export", net, "--onnx", "-", "--input-type", "3,12,12" },
	    .binary = 1);
	ADD("quantize", { "dl4j", "quantize", own, "--size", "12x12", "--scale", "0,1", "-t", "1",
	                  "-o", own, pixel, grey }, .before = own_anew, .after = own_is_whole,
	    .copies = 1);
	bytes = slurp(own, &n);
	spill(quantized, bytes, n);
	if (dl4j_has_precision(DL4J_INT8))
		ADD("run --precision int8", { RUN(quantized, to[1]), "--precision", "int8" },
		    path(to[1], "out.npy"));
	ADD("run --cache, cold", { RUN(net, to[2]), "--cache", folder }, path(to[2], "out.npy"),
	    empty_folder, .spared = 1);
	if (files(folder, "", &key) != 1)
		_exit(2);
	packed = slurp(key, &n_packed);
	verbs[n_verbs - 1].after = folder_is_whole;
	ADD("run --cache, warm", { RUN(net, to[3]), "--cache", folder }, path(to[3], "out.npy"),
	    fill_folder, folder_is_whole, .spared = 1);
}

int main(int argc, char **argv)
{
	long step = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	char command[64];

	if (argc < 2 || !mkdtemp(dir))
		return fprintf(stderr, "usage: faults DATA [STEP [VERB]]\n"), 2;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return perror("mmap"), 2;
	dl_iterate_phdr(note_library, NULL);
	set_up(argv[1]);
	for (int i = 0; i < n_verbs; i++) {
		if (argc > 3 && strcmp(argv[3], verbs[i].name) != 0)
			continue;
		for (int mode = ONCE; mode <= FOREVER; mode++) {
			every(&verbs[i], ALLOCATION, (enum mode)mode, step);
			every(&verbs[i], READ, (enum mode)mode, 1);
			every(&verbs[i], WRITE, (enum mode)mode, 1);
		}
		every(&verbs[i], READ, PARTLY, 1);
		every(&verbs[i], WRITE, PARTLY, 1);
		signal_number = 0;
		every(&verbs[i], WRITE, INTERRUPT, 1);
		every(&verbs[i], READ, INTERRUPT, 1);
		for (int s = 0; s < 2; s++) {
			signal_number = s ? SIGTERM : SIGINT;
			every(&verbs[i], READ, INTERRUPT, 1);
			every(&verbs[i], WRITE, INTERRUPT, 1);
		}
	}
	snprintf(command, sizeof command, "rm -rf %s", dir);
	if (system(command))
		perror(command);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
