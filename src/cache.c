/* SPDX-License-Identifier: Apache-2.0 */
/* cache: a file is a head, padded to a page, and the constants. Only sizes of our own are used: the
 * head must be the one that we would write, but for the checksums. Files and folder must be the
 * user's own, and nobody else's to write to: what they hold decides what the network says. */
#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"

#define CHUNK ((int64_t)4 << 20) /* what a thread takes at once */
#define PIECE (256 << 10)
#define PAGE 4096
#define THREADS 16

/* --- Chunks, by several threads --------------------------------------------------------------- */

struct chunks {
	int (*body)(void *self, int64_t from, size_t n, struct dl4j_error *err);
	void *self;
	int64_t size;
	atomic_llong next; /* of the chunks, which */
	atomic_int status;
};

static void *work(void *arg)
{
	struct chunks *c = arg;
	struct dl4j_error err;
	int64_t from;
	int r;

	while (!c->status && (from = atomic_fetch_add(&c->next, 1) * CHUNK) < c->size) {
		const int64_t rest = c->size - from;
		r = c->body(c->self, from, (size_t)(rest < CHUNK ? rest : CHUNK), &err);
		if (r)
			atomic_store(&c->status, r);
	}
	return NULL;
}

static int each_chunk(struct chunks *c, int threads)
{
	pthread_t thread[THREADS];
	int n = 0;

	while (n < THREADS && n + 1 < threads && !thread_start(&thread[n], work, c))
		n++;
	work(c); /* those that could not be started are not missed */
	while (n > 0)
		pthread_join(thread[--n], NULL);
	return c->status;
}

static int64_t count(int64_t size)
{
	return (size + CHUNK - 1) / CHUNK;
}

/* --- The key ---------------------------------------------------------------------------------- */

struct hashing {
	const struct archive *archive;
	int64_t at;
	char (*digest)[SHA256_TEXT]; /* of each chunk */
};

static int hash_chunk(void *self, int64_t from, size_t n, struct dl4j_error *err)
{
	struct hashing *h = self;
	unsigned char *piece = malloc(PIECE);
	struct sha256 sha;
	int r = piece ? 0 : fail_memory(err);

	sha256_start(&sha);
	for (size_t i = 0, some; !r && i < n; i += some) {
		some = n - i < PIECE ? n - i : PIECE;
		r = archive_bytes(h->archive, h->at + from + (int64_t)i, piece, some, err);
		if (!r)
			sha256_add(&sha, piece, some);
	}
	sha256_end(&sha, h->digest[from / CHUNK]);
	free(piece);
	return r;
}

static int hash_entry(struct sha256 *sha, const struct archive *a, const char *name, int threads,
                      struct dl4j_error *err)
{
	struct archive_packed e = { 0 };
	struct hashing h = { .archive = a };
	struct chunks chunks = { .body = hash_chunk, .self = &h };
	char text[128];
	int r;

	if (!archive_find(a, name, &e))
		e.packed = 0;
	snprintf(text, sizeof text, "%s %" PRId64 " %" PRId64 " %08" PRIx32 " %d\n", name, e.packed,
	         e.size, e.crc, e.stored);
	sha256_add(sha, text, strlen(text));
	h.at = e.at;
	chunks.size = e.packed;
	h.digest = calloc((size_t)count(e.packed) + 1, sizeof *h.digest);
	r = h.digest ? each_chunk(&chunks, threads) : DL4J_EMEMORY;
	if (!r)
		sha256_add(sha, h.digest, (size_t)count(e.packed) * sizeof *h.digest);
	free(h.digest);
	return r == DL4J_EMEMORY ? fail_memory(err) :
	       r ? fail(err, r, "%s: cannot be read again", name) : 0;
}

int cache_key(char key[SHA256_TEXT], const struct dl4j_model *m, const struct exec_plan *plan,
              int threads, struct dl4j_error *err)
{
	static const char program[] = "dl4j " DL4J_VERSION " packed 1\n";
	struct sha256 sha;

	sha256_start(&sha);
	sha256_add(&sha, program, sizeof program);
	exec_plan_describe(plan, &sha);
	TRY(hash_entry(&sha, m->archive, MODEL_CONFIG, threads, err));
	TRY(hash_entry(&sha, m->archive, MODEL_COEFFICIENTS, threads, err));
	sha256_end(&sha, key);
	return 0;
}

/* --- Files ------------------------------------------------------------------------------------ */

struct head {
	char magic[16], key[SHA256_TEXT + 7];
	int64_t size;
	uint32_t crc[]; /* of each chunk */
};

struct file {
	int fd;
	unsigned char *constants;
	struct head *head;
	int64_t size, head_size; /* of the constants; of the head, padded */
};

static int head_new(struct file *f, const char *key, struct exec_plan *plan, struct dl4j_error *err)
{
	f->constants = exec_plan_constants(plan, &f->size);
	f->head_size = (int64_t)sizeof *f->head + count(f->size) * 4;
	f->head_size = (f->head_size + PAGE - 1) / PAGE * PAGE;
	f->head = calloc(1, (size_t)f->head_size);
	if (!f->head)
		return fail_memory(err);
	strcpy(f->head->magic, "dl4j packed 1\n");
	strcpy(f->head->key, key);
	f->head->size = f->size;
	return 0;
}

static int is_ours(int fd, mode_t kind)
{
	struct stat st;

	return !fstat(fd, &st) && (st.st_mode & S_IFMT) == kind && st.st_uid == geteuid() &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

static int open_folder(const char *folder, struct dl4j_error *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && (!mkdir(folder, 0700) || errno == EEXIST))
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail(err, DL4J_EIO, "%s: %s", folder, strerror(errno));
	if (is_ours(fd, S_IFDIR))
		return fd;
	close(fd);
	return fail(err, DL4J_EUSAGE, "%s: expected a folder of this user that nobody else may write "
	            "to", folder);
}

static int get(int fd, void *to, size_t n, int64_t at)
{
	unsigned char *p = to;

	while (n > 0) {
		ssize_t got = pread(fd, p, n, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		p += got;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

static int read_chunk(void *self, int64_t from, size_t n, struct dl4j_error *err)
{
	struct file *f = self;
	uint32_t crc = 0;

	(void)err;
	for (size_t i = 0, some; i < n; i += some) { /* summed up while it is at hand */
		unsigned char *at = f->constants + from + i;
		some = n - i < PIECE ? n - i : PIECE;
		if (get(f->fd, at, some, f->head_size + from + (int64_t)i))
			return -1;
		crc = archive_crc(crc, at, some);
	}
	return crc == f->head->crc[from / CHUNK] ? 0 : -1;
}

/* All of it is as it was written. */
static bool read_file(struct file *f, int threads)
{
	struct chunks chunks = { .body = read_chunk, .self = f, .size = f->size };
	struct head *found = malloc((size_t)f->head_size);
	struct stat st;
	bool good = found && is_ours(f->fd, S_IFREG) && !fstat(f->fd, &st) &&
	            st.st_size == f->head_size + f->size &&
	            !get(f->fd, found, (size_t)f->head_size, 0) &&
	            !memcmp(found, f->head, sizeof *found);

	if (good)
		memcpy(f->head, found, (size_t)f->head_size);
	free(found);
	return good && !each_chunk(&chunks, threads);
}

int cache_read(const char *folder, const char *key, struct exec_plan *plan, int threads,
               struct dl4j_error *err)
{
	struct file f = { .fd = -1 };
	int fd = open_folder(folder, err), found = 0;

	TRY(fd);
	if (head_new(&f, key, plan, err)) {
		close(fd);
		return err->code;
	}
	f.fd = openat(fd, key, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (f.fd >= 0) {
		found = read_file(&f, threads);
		close(f.fd);
	}
	free(f.head);
	close(fd);
	return found;
}

static int put(int fd, const void *from, size_t n)
{
	const unsigned char *p = from;

	while (n > 0) {
		ssize_t some = write(fd, p, n);
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return -1;
		p += some;
		n -= (size_t)some;
	}
	return 0;
}

/* Under another name first; what is under the key is always whole. */
static int put_file(const struct file *f, int folder, const char *key)
{
	struct timespec now;
	char name[SHA256_TEXT + 64];
	int fd, status = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(name, sizeof name, "%s.%ld.%ld%09ld.part", key, (long)getpid(), (long)now.tv_sec,
	         now.tv_nsec);
	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno;
	if (put(fd, f->head, (size_t)f->head_size) || put(fd, f->constants, (size_t)f->size) ||
	    fsync(fd))
		status = errno;
	if (close(fd) && !status)
		status = errno;
	if (!status && renameat(folder, name, folder, key))
		status = errno;
	if (status)
		unlinkat(folder, name, 0);
	return status;
}

int cache_write(const char *folder, const char *key, struct exec_plan *plan, struct dl4j_error *err)
{
	struct file f = { 0 };
	int fd = open_folder(folder, err), status;

	TRY(fd);
	if (head_new(&f, key, plan, err)) {
		close(fd);
		return err->code;
	}
	for (int64_t i = 0; i < count(f.size); i++) {
		const int64_t rest = f.size - i * CHUNK;
		f.head->crc[i] = archive_crc(0, f.constants + i * CHUNK,
		                             (size_t)(rest < CHUNK ? rest : CHUNK));
	}
	status = put_file(&f, fd, key);
	free(f.head);
	close(fd);
	return status ? fail(err, DL4J_EIO, "%s: %s", folder, strerror(status)) : 0;
}
