/* SPDX-License-Identifier: Apache-2.0 */
/* faults: the program with each allocation, read and write failing in turn: faults DATA [STEP].
 * The whole program is linked in, and functions of ours in place of malloc, read, write and the
 * like; a child process runs a verb while the k-th call of a kind fails, for k from 1 until none
 * does. It must end by itself, tell why in one line, leave complete rows or none, and free all. */
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
#include <sys/wait.h>
#include <unistd.h>

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
	static const char *const names[] = { "libdnnl", "libstdc++", "libgomp", "ld-linux", "libgcc" };

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

static int struck(const void *caller)
{
	busy = 1;
	shared->foreign |=
		strstr(name_of(caller, shared->struck, sizeof shared->struck), "libzip") != NULL ||
		strstr(shared->struck, "libz.") != NULL;
	busy = 0;
	return 1;
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

/* --- Memory ----------------------------------------------------------------------------------- */

#pragma GCC visibility push(default) /* so that the libraries call ours, too */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);
void __libc_free(void *p);

enum { LIVE = 1 << 16 };
static void *live[LIVE]; /* of ours, while armed; by address, open addressing */
static const void *maker[LIVE];
static int live_lock;

static void lock(void)
{
	while (__atomic_exchange_n(&live_lock, 1, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_store_n(&live_lock, 0, __ATOMIC_RELEASE);
}

static size_t place(const void *p)
{
	return (size_t)((uintptr_t)p / 16 * 2654435761u % LIVE);
}

#define GONE ((void *)1)

static void *born(void *p, const void *caller)
{
	size_t i = place(p);

	if (!p || !armed)
		return p;
	lock();
	while (live[i] && live[i] != GONE)
		i = (i + 1) % LIVE;
	live[i] = p;
	maker[i] = caller;
	unlock();
	return p;
}

static void dies(void *p)
{
	size_t i = place(p);

	if (!p || !armed)
		return;
	lock();
	for (; live[i]; i = (i + 1) % LIVE)
		if (live[i] == p) {
			live[i] = GONE;
			break;
		}
	unlock();
}

static long count_live(void)
{
	long n = 0;

	for (int i = 0; i < LIVE; i++)
		if (live[i] && live[i] != GONE) {
			char who[128];
			if (strstr(name_of(maker[i], who, sizeof who), "libc.so")) {
				shared->kept++;
			} else if (!shared->foreign || !strstr(who, "libzip")) {
				memcpy(shared->who, who, sizeof who);
				n++;
			}
		}
	return n;
}

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t n)
{
	if (!armed || busy || !is_ours(CALLER))
		return __libc_malloc(n);
	return strikes(ALLOCATION) && struck(CALLER) ? no_memory() : born(__libc_malloc(n), CALLER);
}

void *calloc(size_t n, size_t size)
{
	if (!armed || busy || !is_ours(CALLER))
		return __libc_calloc(n, size);
	return strikes(ALLOCATION) && struck(CALLER) ? no_memory() :
	                                               born(__libc_calloc(n, size), CALLER);
}

void *realloc(void *p, size_t n)
{
	void *moved;

	if (!armed || busy || !is_ours(CALLER))
		return __libc_realloc(p, n);
	if (strikes(ALLOCATION) && struck(CALLER))
		return no_memory();
	dies(p);
	moved = __libc_realloc(p, n);
	return born(moved ? moved : p, CALLER) == moved ? moved : NULL;
}

void *aligned_alloc(size_t align, size_t n)
{
	if (!armed || busy || !is_ours(CALLER))
		return __libc_memalign(align, n);
	return strikes(ALLOCATION) && struck(CALLER) ? no_memory() :
	                                               born(__libc_memalign(align, n), CALLER);
}

void free(void *p)
{
	dies(p);
	__libc_free(p);
}

/* --- Files ------------------------------------------------------------------------------------ */

static int interrupted(void)
{
	if (armed_mode != INTERRUPT)
		return 0;
	kill(getpid(), signal_number);
	errno = EINTR;
	return 1;
}

extern ssize_t __read(int fd, void *out, size_t n);
extern ssize_t __write(int fd, const void *bytes, size_t n);

ssize_t read(int fd, void *out, size_t n)
{
	if (!strikes(READ))
		return __read(fd, out, n);
	if (armed_mode == PARTLY)
		return __read(fd, out, n > 1 ? n / 2 : n);
	if (!interrupted())
		errno = EIO;
	return -1;
}

#undef fread_unlocked
size_t fread(void *out, size_t size, size_t n, FILE *f)
{
	if (!strikes(READ))
		return fread_unlocked(out, size, n, f);
	if (armed_mode == PARTLY)
		return fread_unlocked(out, size, n / 2, f);
	if (armed_mode == INTERRUPT)
		kill(getpid(), signal_number);
	else
		f->_flags |= 0x20; /* what ferror() tells */
	errno = EIO;
	return armed_mode == INTERRUPT ? fread_unlocked(out, size, n, f) : 0;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	static int full;

	if (fd == STDERR_FILENO || (!full && !strikes(WRITE)))
		return __write(fd, bytes, n);
	if (armed_mode == PARTLY && !full) {
		full = 1;
		return __write(fd, bytes, n > 1 ? n / 2 : n);
	}
	if (!interrupted())
		errno = ENOSPC;
	return -1;
}

#pragma GCC visibility pop

/* --- One run in a child ----------------------------------------------------------------------- */

#define MOST_ARGS 24
#define VERBS     7

static struct verb {
	const char *name;
	char *argv[MOST_ARGS];
	char *good; /* what it prints when nothing fails */
	size_t n_good;
	int good_status, binary;
	long good_kept;
} verbs[VERBS];

static char dir[] = "/tmp/dl4j-faults.XXXXXX", out_path[64], err_path[64];

static char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text = __libc_calloc(1, 1 << 20);

	*n = f && text ? fread_unlocked(text, 1, (1 << 20) - 1, f) : 0;
	if (f)
		fclose(f);
	return text;
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
	pid = fork();
	if (pid == 0)
		child(v);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		_exit(2);
	return status;
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

static const char *check(const struct verb *v, int status, enum kind kind, enum mode mode)
{
	size_t n, n_err, lines = 0;
	char *out = slurp(out_path, &n), *err = slurp(err_path, &n_err);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
	int signalled = mode == INTERRUPT && signal_number && code == 128 + signal_number;
	const char *wrong = NULL;

	for (size_t i = 0; i < n_err; i++)
		lines += err[i] == '\n';
	if (!shared->done && !(mode == INTERRUPT && code == 1000 + signal_number))
		wrong = "it did not end by itself";
	else if (shared->leaked || shared->kept > v->good_kept)
		wrong = "memory is not freed";
	else if (code == 0 && (n != v->n_good || memcmp(out, v->good, n) != 0))
		wrong = "success, but another output";
	else if (code > 1 && code < 6 && (lines < 1 || strncmp(err, "dl4j: ", 6) != 0))
		wrong = "no word on what went wrong";
	else if (kind == ALLOCATION && code > 1 && code != 4 && !shared->foreign &&
	         !strstr(err, "memory"))
		wrong = "out of memory, called something else";
	else if (kind == WRITE && mode != INTERRUPT && code != 5)
		wrong = "a failed write without its exit status";
	else if (kind == READ && mode == ONCE && code != 3 && code != 1)
		wrong = "a failed read without its exit status";
	else if (mode == INTERRUPT && code != v->good_status && !signalled &&
	         code != 1000 + signal_number)
		wrong = "an interrupted call is no failure";
	else if (!v->binary)
		wrong = check_rows(v, out, n);
	if (wrong)
		printf("# %s; exit status %d, %ld blocks left %s; struck %s: %.200s\n", wrong, code,
		       shared->leaked, shared->who, shared->struck, err);
	__libc_free(out);
	__libc_free(err);
	return wrong;
}

static int passed, failed;

static void every(struct verb *v, enum kind kind, enum mode mode, long step)
{
	static const char *const kinds[] = { "allocation", "read", "write" };
	static const char *const modes[] = { "", " and all after it", ", in part", ", interrupted" };
	long at = 1, n = 0, bad = 0;

	for (;; at += step, n++) {
		int status = run(v, kind, mode, at);
		const char *wrong;
		if (shared->calls < at && shared->done) /* it was not reached */
			break;
		wrong = check(v, status, kind, mode);
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

static char *path(const char *data, const char *name)
{
	char *p = __libc_malloc(4096);

	snprintf(p, 4096, "%s/%s", data, name);
	return p;
}

static void set_up(const char *data)
{
	char *with = path(data, "golden/normalizer-standardize-m2.1/model.zip");
	char *net = path(data, "golden/residual-m2.1/model.zip");
	char *out = path(dir, "out");

	verbs[0] = (struct verb){ "summary", { "dl4j", "summary", with } };
	verbs[1] = (struct verb){ "keras", { "dl4j", "summary", "-s", "keras", net } };
	verbs[2] =
		(struct verb){ "run",
		               { "dl4j", "run", net, "-i", path(data, "golden/residual-m2.1/in/in.npy"),
		                 "-d", out, "-t", "1" } };
	verbs[3] = (struct verb){ "classify",
		                      { "dl4j", "classify", net, "--size", "12x12", "-k", "2", "--scale",
		                        "0,1", "-o", "tsv", "-t", "2", path(data, "images/one-pixel.jpg"),
		                        path(data, "images/grey-1.png"), path(data, "images/text.jpg"),
		                        path(data, "images/one-pixel-16.png"),
		                        path(data, "images/exif-6.png"), path(data, "samples/Bag") } };
	verbs[4] =
		(struct verb){ "preprocess",
		               { "dl4j", "preprocess", "--size", "4x4", "-o", "-",
		                 path(data, "images/one-pixel.jpg"), path(data, "images/grey-1.png") } };
	verbs[5] = (struct verb){ "check", { "dl4j", "check", with, "-o", "json" } };
	verbs[6] = (struct verb){ "export",
		                      { "dl4j", "export", net, "--onnx", "-", "--input-type", "3,12,12" } };
	verbs[4].binary = verbs[5].binary = verbs[6].binary = 1; /* or a report of the failure */
	snprintf(out_path, sizeof out_path, "%s/stdout", dir);
	snprintf(err_path, sizeof err_path, "%s/stderr", dir);
	for (int i = 0; i < VERBS; i++) {
		int status = run(&verbs[i], KINDS, ONCE, 1);
		verbs[i].good_kept = shared->kept;
		verbs[i].good_status = WEXITSTATUS(status);
		verbs[i].good = slurp(out_path, &verbs[i].n_good);
		if (!WIFEXITED(status) || WEXITSTATUS(status) > 1 || shared->leaked) {
			size_t n;
			printf("# %s: %d, %ld blocks left %s: %s\n", verbs[i].name, status, shared->leaked,
			       shared->who, slurp(err_path, &n));
			printf("not ok - %s, nothing failing\n", verbs[i].name);
			failed++;
		}
	}
}

int main(int argc, char **argv)
{
	long step = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	char command[64];

	if (argc < 2 || !mkdtemp(dir))
		return fprintf(stderr, "usage: faults DATA [STEP]\n"), 2;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return perror("mmap"), 2;
	dl_iterate_phdr(note_library, NULL);
	set_up(argv[1]);
	for (int i = 0; i < VERBS; i++) {
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
