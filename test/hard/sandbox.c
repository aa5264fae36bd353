/* SPDX-License-Identifier: Apache-2.0 */
/* sandbox: the program under a system call filter: sandbox DATA. A model and pictures may make it
 * read the files that were named, allocate, start threads and write to what is open already; any
 * other call is caught here, and fails the test: opening for writing, executing, connecting. Two
 * verbs may write, make, rename and remove, but only in a folder that they are given. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "dl4j.h"

#undef main
int cli_main(int argc, char **argv);

#ifndef __x86_64__

int main(void)
{
	printf("skipped: this machine's registers are not known here\n");
	return 77;
}

#else

enum { MOST = 512, MAGIC = 0x5eedf11e };

static struct shared {
	int n_opened, n_changed, n_denied, done;
	char opened[MOST][256];
	long denied[MOST];
} * shared;

static const int allowed[] = {
	SYS_read,
	SYS_pread64,
	SYS_readv,
	SYS_write,
	SYS_writev,
	SYS_close,
	SYS_fstat,
	SYS_newfstatat,
	SYS_lseek,
	SYS_mmap,
	SYS_munmap,
	SYS_mprotect,
	SYS_mremap,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_sched_getaffinity,
	SYS_sched_yield,
	SYS_getrandom,
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_exit,
	SYS_exit_group,
	SYS_gettid,
	SYS_getpid,
	SYS_geteuid,
	SYS_access,
	SYS_getdents64,
	SYS_sysinfo,
	SYS_prlimit64,
	SYS_uname,
	SYS_ioctl,
	SYS_fcntl,
	SYS_fadvise64,
	SYS_getcpu,
	SYS_getrusage,
	SYS_pause,
	SYS_arch_prctl,
};

/* Traps what is not allowed, and what has a path, which only the handler can look at; the handler's
 * own calls carry MAGIC in an argument that the kernel does not read. */
static int install(void)
{
	enum { HEAD = 11, N = sizeof allowed / sizeof *allowed };
#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define RETURN(what)        BPF_STMT(BPF_RET | BPF_K, (what))
	static struct sock_filter code[HEAD + 2 * N + 1] = {
		LOAD(args[5]),
		UNLESS(MAGIC, 1),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(nr),
		UNLESS(SYS_clone3, 1), /* its flags are in memory: glibc then uses clone */
		RETURN(SECCOMP_RET_ERRNO | ENOSYS),
		UNLESS(SYS_clone, 3), /* threads, no processes */
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(nr),
	};
	const struct sock_fprog program = { sizeof code / sizeof *code, code };

	for (int i = 0; i < N; i++) {
		code[HEAD + 2 * i] = (struct sock_filter)UNLESS((unsigned)allowed[i], 1);
		code[HEAD + 2 * i + 1] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	}
	code[HEAD + 2 * N] = (struct sock_filter)RETURN(SECCOMP_RET_TRAP);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void deny(ucontext_t *u, long number)
{
	int n = __atomic_fetch_add(&shared->n_denied, 1, __ATOMIC_RELAXED);

	if (n < MOST)
		shared->denied[n] = number;
	u->uc_mcontext.gregs[REG_RAX] = -EPERM;
}

static const char *writable; /* a folder; NULL: none */
static long writable_fd = -1; /* the program opened it as this */

static int is_inside(long folder, long path)
{
	const char *name = (const char *)path;

	if (!writable || strstr(name, ".."))
		return 0;
	if (name[0] != '/')
		return folder == writable_fd && !strchr(name, '/');
	return !strncmp(name, writable, strlen(writable)) && strchr("/", name[strlen(writable)]);
}

/* Whether the folder that may be written to is all that this call changes. */
static int may_change(long call, const greg_t *r)
{
	switch (call) {
	case SYS_fsync: /* of what is open already */
	case SYS_fchmod:
	case SYS_umask:
		return writable != NULL;
	case SYS_chmod:
	case SYS_mkdir:
	case SYS_unlink:
		return is_inside(AT_FDCWD, r[REG_RDI]);
	case SYS_openat:
	case SYS_unlinkat:
		return is_inside(r[REG_RDI], r[REG_RSI]);
	case SYS_rename:
		return is_inside(AT_FDCWD, r[REG_RDI]) && is_inside(AT_FDCWD, r[REG_RSI]);
	case SYS_renameat:
		return is_inside(r[REG_RDI], r[REG_RSI]) && is_inside(r[REG_RDX], r[REG_R10]);
	}
	return 0;
}

static void on_trap(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	greg_t *r = u->uc_mcontext.gregs;
	const long call = info->si_syscall;
	int before = errno, n;

	(void)number;
	if (call == SYS_openat && (r[REG_RDX] & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY) {
		n = __atomic_fetch_add(&shared->n_opened, 1, __ATOMIC_RELAXED);
		if (n < MOST)
			strncpy(shared->opened[n], (const char *)r[REG_RSI], sizeof *shared->opened - 1);
	} else if (may_change(call, r)) {
		__atomic_add_fetch(&shared->n_changed, 1, __ATOMIC_RELAXED);
	} else {
		deny(u, call);
		return;
	}
	r[REG_RAX] = syscall(call, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], 0, MAGIC);
	if (call == SYS_openat && writable && !strcmp((const char *)r[REG_RSI], writable))
		writable_fd = r[REG_RAX];
	if (r[REG_RAX] < 0)
		r[REG_RAX] = -errno;
	errno = before;
}

/* --- One verb --------------------------------------------------------------------------------- */

static char out_path[] = "/tmp/dl4j-sandbox.XXXXXX";

static void child(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER };
	int fd = open(out_path, O_WRONLY | O_TRUNC), status;

	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || sigaction(SIGSYS, &action, NULL))
		_exit(126);
	alarm(60);
	if (install())
		_exit(77);
	status = cli_main(argc, argv);
	shared->done = 1;
	_exit(status);
}

/* A file that was named, what stands beside it, what is in the folder to write to, or what tells of
 * the machine. */
static int expected(const char *path, char **argv)
{
	static const char *const fine[] = { "/proc/", "/sys/", "/etc/", "/usr/", "/lib" };

	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		if (!strncmp(path, fine[i], strlen(fine[i])))
			return 1;
	if (is_inside(writable_fd, (long)path))
		return 1;
	for (int i = 1; argv[i]; i++) {
		size_t n = strlen(argv[i]), base = n > 4 && !strcmp(argv[i] + n - 4, ".zip") ? n - 4 : n;
		if (!strcmp(path, argv[i]))
			return 1;
		if (n > 4 && !strncmp(path, argv[i], base) &&
		    (!strcmp(path + base, ".labels") || !strcmp(path + base, ".profile.json")))
			return 1;
		if (n > 4 && !strncmp(path, argv[i], n) && path[n] == '/') /* a folder that was named */
			return 1;
	}
	return 0;
}

static int passed, failed;
static int writes; /* whether the verb is to write to the folder */

static void try(const char *title, int most_status, char **argv)
{
	int argc = 0, status, bad = 0;
	pid_t pid;

	while (argv[argc])
		argc++;
	memset(shared, 0, sizeof *shared);
	pid = fork();
	if (pid == 0) {
		char *copy[24];
		memcpy(copy, argv, (size_t)(argc + 1) * sizeof *argv);
		child(argc, copy);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		exit(2);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		printf("skipped: the kernel takes no filter\n");
		exit(77);
	}
	for (int i = 0; i < shared->n_denied && i < MOST; i++, bad++)
		printf("# %s: system call %ld\n", title, shared->denied[i]);
	for (int i = 0; i < shared->n_opened && i < MOST; i++)
		if (!expected(shared->opened[i], argv)) {
			printf("# %s: opened %s\n", title, shared->opened[i]);
			bad++;
		}
	if (!shared->done || WEXITSTATUS(status) > most_status) {
		printf("# %s: status %d\n", title, status);
		bad++;
	}
	if (writes != (shared->n_changed > 0)) {
		printf("# %s: %s written\n", title, writes ? "nothing is" : "something is");
		bad++;
	}
	printf("%s - %s: %d files opened for reading, %d calls to write, nothing else\n",
	       bad ? "not ok" : "ok", title, shared->n_opened, shared->n_changed);
	failed += bad > 0;
	passed += bad == 0;
}

/* The filter works: what it must catch is caught. */
static void check_filter(void)
{
	int status;
	pid_t pid;

	memset(shared, 0, sizeof *shared);
	pid = fork();
	if (pid == 0) {
		struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER };
		char *argv[] = { "true", NULL };
		int caught = 0;
		sigaction(SIGSYS, &action, NULL);
		if (install())
			_exit(77);
		caught += open(out_path, O_WRONLY) < 0 && errno == EPERM;
		caught += open("/tmp/dl4j-sandbox-new", O_RDONLY | O_CREAT, 0600) < 0 && errno == EPERM;
		caught += execv("/bin/true", argv) < 0 && errno == EPERM;
		caught += syscall(SYS_socket, 2, 1, 0) < 0 && errno == EPERM;
		caught += fork() < 0 && errno == EPERM;
		caught += unlink(out_path) < 0 && errno == EPERM;
		caught += mkdir("/tmp/dl4j-sandbox-new", 0700) < 0 && errno == EPERM;
		caught += rename(out_path, "/tmp/dl4j-sandbox-new") < 0 && errno == EPERM;
		caught += open(out_path, O_RDONLY) >= 0;
		_exit(caught);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		exit(2);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		printf("skipped: the kernel takes no filter\n");
		exit(77);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 9 && shared->n_denied == 8)
		passed++;
	else
		failed++;
	printf("%s - the filter: catches writing, executing, connecting, forking, removing\n",
	       failed ? "not ok" : "ok");
}

static char *in(const char *data, const char *name)
{
	char *path = malloc(4096);

	snprintf(path, 4096, "%s/%s", data, name);
	return path;
}

static void empty(const char *folder)
{
	DIR *d = opendir(folder);
	char path[512];

	for (struct dirent *e; (e = readdir(d));) {
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		unlink(path);
	}
	closedir(d);
	rmdir(folder);
}

int main(int argc, char **argv)
{
	static const char *const styles[] = { "dl4j", "keras", "json", "dot" };
	char folder[] = "/tmp/dl4j-sandbox-to.XXXXXX", out[64], *demo, *net;
	int fd = mkstemp(out_path);

	if (argc < 3 || fd < 0)
		return fprintf(stderr, "usage: sandbox DATA WANTED\n"), 2;
	close(fd);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return perror("mmap"), 2;
	demo = in(argv[1], "demo.zip");
	net = in(argv[1], "golden/residual-m2.1/model.zip");
	check_filter();
	for (int i = 0; i < 4; i++)
		try(styles[i], 0,
		    (char *[]){ "dl4j", "summary", "-s", (char *)(uintptr_t)styles[i], demo, NULL });
	try("classify", 1,
	    (char *[]){ "dl4j", "classify", demo, in(argv[1], "samples"), "-r",
	                in(argv[1], "images/cut.png"), in(argv[1], "images/cmyk.jpg"),
	                in(argv[1], "images/exif-6.png"), "nowhere.png", NULL });
	try("run", 0,
	    (char *[]){ "dl4j", "run", net, "-i", in(argv[1], "golden/residual-m2.1/in/in.npy"),
	                "--assert", argv[2], "--all", NULL });
	try("preprocess", 0,
	    (char *[]){ "dl4j", "preprocess", "--size", "9x9", "-o", "-",
	                in(argv[1], "images/base-420.jpg"), NULL });
	try("bench", 0, (char *[]){ "dl4j", "bench", demo, "-n", "2", NULL });
	try("check", 0, (char *[]){ "dl4j", "check", demo, NULL });
	try("export", 0, (char *[]){ "dl4j", "export", demo, "--onnx", "-", NULL });
	writable = mkdtemp(folder);
	writes = 1;
	snprintf(out, sizeof out, "%s/out.zip", folder);
	try("quantize", 0, (char *[]){ "dl4j", "quantize", demo, in(argv[1], "samples"), "-r", "-o",
	                               out, NULL });
	writes = 0;
	if (dl4j_has_precision(DL4J_INT8))
		try("bench --precision int8", 0,
		    (char *[]){ "dl4j", "bench", out, "-n", "2", "--size", "28x28", "--precision", "int8",
		                NULL });
	remove(out);
	for (int i = 0; i < 2; i++) { /* what is written is read */
		writes = !i;
		try(i ? "classify --cache, again" : "classify --cache", 0,
		    (char *[]){ "dl4j", "classify", demo, in(argv[1], "samples/Bag"), "--cache", folder,
		                NULL });
	}
	writable = NULL;
	empty(folder);
	try("a model that is none", 3,
	    (char *[]){ "dl4j", "summary", in(argv[1], "images/cmyk.jpg"), NULL });
	unlink(out_path);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
#endif
