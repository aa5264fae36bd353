/* SPDX-License-Identifier: Apache-2.0 */
/* archive: entries of a model zip, by exact name, through libzip once scan.c has let it pass. */
#define _FILE_OFFSET_BITS 64
#include "archive/archive.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "archive/inflate.h"
#include "archive/scan.h"

struct archive {
	zip_t *zip;
	int fd; /* of libzip's file; -1: bytes in memory */
	const unsigned char *bytes;
	int64_t *data; /* where those of each entry start */
};

/* A pipe that nobody writes to must not keep us waiting, hence O_NONBLOCK. */
static int open_file(struct source *s, const char *path, struct dl4j_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return fail(err, DL4J_EIO, "%s", strerror(errno));
	/* unreached: that the status of an open file cannot be read */
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return fail(err, DL4J_EIO, "expected a file, found a directory or a device");
	}
	s->size = st.st_size;
	s->file = fdopen(fd, "rb");
	if (!s->file)
		close(fd);
	return s->file ? 0 : fail_memory(err);
}

/* What is not the file's fault, 0 for all else. */
static int fail_system(zip_error_t *ze, struct dl4j_error *err)
{
	switch (zip_error_code_zip(ze)) {
	case ZIP_ER_MEMORY:
		return fail_memory(err);
	case ZIP_ER_READ:
	case ZIP_ER_SEEK:
	case ZIP_ER_OPEN:
	case ZIP_ER_EOF: /* the scan saw the whole of it */
		return fail(err, DL4J_EIO, "%s", zip_error_strerror(ze));
	}
	return 0;
}

static int fail_zip(zip_error_t *ze, struct dl4j_error *err)
{
	int r = fail_system(ze, err);

	return r ? r : fail(err, DL4J_EFORMAT, "%s", zip_error_strerror(ze));
}

/* What was scanned is what libzip gets: the open file, not its name, which may lead to another by
 * now. libzip's source closes it. */
static int open_zip(zip_t **out, const struct source *s, struct dl4j_error *err)
{
	zip_error_t ze;
	zip_source_t *src;

	zip_error_init(&ze);
	src = s->file ? zip_source_filep_create(s->file, 0, -1, &ze) :
	                zip_source_buffer_create(s->bytes, (zip_uint64_t)s->size, 0, &ze);
	if (!src && s->file) /* unreached: no memory for the source of bytes, which is libzip's */
		fclose(s->file);
	*out = src ? zip_open_from_source(src, ZIP_RDONLY, &ze) : NULL;
	if (!*out) {
		fail_zip(&ze, err);
		zip_source_free(src);
	}
	zip_error_fini(&ze);
	return *out ? 0 : err->code;
}

int archive_open(struct archive **out, const char *path, const void *bytes, size_t size,
                 const struct dl4j_limits *limits, struct dl4j_error *err)
{
	struct source s = { .bytes = bytes, .size = (int64_t)size };
	struct archive *a;
	int r;

	*out = NULL;
	if (path)
		TRY(open_file(&s, path, err));
	a = calloc(1, sizeof *a);
	if (!a || scan_zip(&s, limits, &a->data, err)) {
		if (s.file)
			fclose(s.file);
		r = a ? err->code : fail_memory(err);
		free(a);
		return r;
	}
	a->fd = s.file ? fileno(s.file) : -1;
	a->bytes = bytes;
	if (open_zip(&a->zip, &s, err)) {
		free(a->data);
		free(a);
		return err->code;
	}
	*out = a;
	return 0;
}

void archive_close(struct archive *a)
{
	if (!a)
		return;
	zip_discard(a->zip);
	free(a->data);
	free(a);
}

static bool find(const struct archive *a, const char *name, zip_stat_t *st)
{
	enum { KNOWN = ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC |
	               ZIP_STAT_COMP_METHOD };

	if (zip_stat(a->zip, name, ZIP_FL_ENC_RAW, st))
		return false;
	assert((st->valid & KNOWN) == KNOWN && st->size <= UINT32_MAX); /* as scanned */
	return true;
}

int archive_entries(const struct archive *a)
{
	return (int)zip_get_num_entries(a->zip, 0);
}

const char *archive_entry(const struct archive *a, int i, int64_t *size, int64_t *packed)
{
	const char *name = zip_get_name(a->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
	zip_stat_t st;

	zip_stat_init(&st);
	zip_stat_index(a->zip, (zip_uint64_t)i, 0, &st);
	*size = (int64_t)st.size;
	*packed = (int64_t)st.comp_size;
	assert(name); /* as scanned, and not converted */
	return name;
}

int64_t archive_size(const struct archive *a, const char *name)
{
	zip_stat_t st;

	return find(a, name, &st) ? (int64_t)st.size : -1;
}

bool archive_find(const struct archive *a, const char *name, struct archive_packed *out)
{
	zip_stat_t st;

	if (!find(a, name, &st))
		return false;
	*out = (struct archive_packed){ .at = a->data[st.index], .packed = (int64_t)st.comp_size,
		                        .size = (int64_t)st.size, .crc = st.crc,
		                        .stored = st.comp_method == ZIP_CM_STORE };
	return true;
}

int archive_bytes(const struct archive *a, int64_t at, void *out, size_t n, struct dl4j_error *err)
{
	unsigned char *to = out;

	if (a->fd < 0) {
		memcpy(out, a->bytes + at, n);
		return 0;
	}
	while (n > 0) {
		ssize_t got = pread(a->fd, to, n, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return fail(err, DL4J_EIO, "byte %" PRId64 ": %s", at,
			            got < 0 ? strerror(errno) : "the zip has become shorter");
		to += got;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

static int read_bytes(zip_file_t *f, unsigned char *out, zip_uint64_t n, struct dl4j_error *err)
{
	while (n > 0) {
		zip_int64_t got = zip_fread(f, out, n);
		if (got < 0)
			TRY(fail_system(zip_file_get_error(f), err));
		if (got <= 0)
			return fail(err, DL4J_EFORMAT, "damaged: %" PRIu64 " bytes are missing", n);
		out += got;
		n -= (zip_uint64_t)got;
	}
	return 0;
}

int64_t archive_peek(struct archive *a, const char *name, void *out, size_t n,
                     struct dl4j_error *err)
{
	zip_stat_t st;
	zip_file_t *f;
	int r;

	if (!find(a, name, &st))
		return fail(err, DL4J_EFORMAT, "%s: expected in the zip, not found", name);
	if (st.size < n)
		n = (size_t)st.size;
	f = zip_fopen_index(a->zip, st.index, 0);
	if (!f) {
		fail_zip(zip_get_error(a->zip), err);
		return within(err, "%s", name);
	}
	r = read_bytes(f, out, n, err);
	zip_fclose(f);
	return r ? within(err, "%s", name) : (int64_t)n;
}

/* An entry on its way out of the zip. */
struct reading {
	zip_file_t *f;
	unsigned char *out;
	size_t n; /* bytes that are there */
	uint32_t crc;
	archive_more *more;
	void *self;
};

static int give(void *reading, unsigned char *to, size_t n, struct dl4j_error *err)
{
	struct reading *r = reading;

	return read_bytes(r->f, to, n, err);
}

static int made(void *reading, size_t n, struct dl4j_error *err)
{
	struct reading *r = reading;

	r->crc = inflate_crc(r->crc, r->out + r->n, n);
	r->n += n;
	return r->more ? r->more(r->self, r->n, err) : 0;
}

static int copy(struct reading *r, size_t size, struct dl4j_error *err)
{
	int status = 0;

	for (size_t n; !status && r->n < size;) {
		n = size - r->n < INFLATE_PIECE ? size - r->n : INFLATE_PIECE;
		status = read_bytes(r->f, r->out + r->n, n, err);
		if (!status)
			status = made(r, n, err);
	}
	return status;
}

/* Exactly st->size bytes into `out`, their checksum compared. */
static int read_entry(zip_t *zip, const zip_stat_t *st, struct reading *r, struct dl4j_error *err)
{
	const struct inflate x = { .packed = (size_t)st->comp_size, .out = r->out,
		                   .size = (size_t)st->size, .read = give, .made = made,
		                   .self = r };
	int status;

	r->f = zip_fopen_index(zip, st->index, ZIP_FL_COMPRESSED);
	if (!r->f)
		return fail_zip(zip_get_error(zip), err);
	status = st->comp_method == ZIP_CM_STORE ? copy(r, x.size, err) : inflate_raw(&x, err);
	zip_fclose(r->f);
	if (!status && r->crc != st->crc)
		status = fail(err, DL4J_EFORMAT, "damaged: its checksum is not what the zip says");
	return status;
}

/* That the entry is there, and what it claims to hold can be true. */
static int claim(const struct archive *a, const char *name, int64_t max, zip_stat_t *st,
                 struct dl4j_error *err)
{
	if (!find(a, name, st))
		return fail(err, DL4J_EFORMAT, "%s: expected in the zip, not found", name);
	if (max < 0 || st->size > (zip_uint64_t)max)
		return fail(err, DL4J_ELIMIT, "%s: expected at most %" PRId64 " bytes, found %" PRIu64,
		            name, max, st->size);
	/* deflate cannot do better than 1032 to 1: a larger claim is not worth an allocation */
	if (st->size / 1032 > st->comp_size)
		return fail(err, DL4J_EFORMAT, "%s: %" PRIu64 " bytes cannot come out of %" PRIu64, name,
		            st->size, st->comp_size);
	return 0;
}

int archive_claim(const struct archive *a, const char *name, int64_t max, struct dl4j_error *err)
{
	zip_stat_t st;

	return claim(a, name, max, &st, err);
}

int archive_read_to(struct archive *a, const char *name, unsigned char *out, archive_more *more,
                    void *self, struct dl4j_error *err)
{
	struct reading r = { .out = out, .more = more, .self = self };
	zip_stat_t st;

	TRY(claim(a, name, INT64_MAX, &st, err));
	return read_entry(a->zip, &st, &r, err) ? within(err, "%s", name) : 0;
}

int archive_read(struct archive *a, const char *name, int64_t max, size_t room, unsigned char **out,
                 size_t *n, struct dl4j_error *err)
{
	struct reading r = { 0 };
	zip_stat_t st;

	*out = NULL;
	TRY(claim(a, name, max, &st, err));
	*out = r.out = malloc(st.size + room + 1);
	if (!*out)
		return fail_memory(err);
	if (read_entry(a->zip, &st, &r, err)) {
		free(*out);
		*out = NULL;
		return within(err, "%s", name);
	}
	*n = (size_t)st.size;
	return 0;
}

uint32_t archive_crc(uint32_t crc, const void *bytes, size_t n)
{
	return inflate_crc(crc, bytes, n);
}

/* --- Writing: libzip fills a temporary file beside `path` and renames it when all is there ---- */

/* Takes the source. */
static int add_entry(zip_t *to, const char *name, zip_source_t *src)
{
	if (src && zip_file_add(to, name, src, ZIP_FL_ENC_GUESS) >= 0)
		return 0;
	zip_source_free(src);
	return -1;
}

/* Packed bytes as they are. */
static int copy_entry(zip_t *to, zip_t *from, zip_uint64_t i)
{
	return add_entry(to, zip_get_name(from, i, ZIP_FL_ENC_RAW),
	                 zip_source_zip(to, from, i, ZIP_FL_UNCHANGED, 0, -1));
}

static int fill(zip_t *to, zip_t *from, const char *name, const void *bytes, size_t n)
{
	const zip_uint64_t entries = (zip_uint64_t)zip_get_num_entries(from, 0);

	for (zip_uint64_t i = 0; i < entries; i++)
		if (strcmp(zip_get_name(from, i, ZIP_FL_ENC_RAW), name) != 0 && copy_entry(to, from, i))
			return -1;
	return add_entry(to, name, zip_source_buffer(to, bytes, n, 0));
}

static int fail_writing(zip_error_t *ze, struct dl4j_error *err)
{
	return fail(err, zip_error_code_zip(ze) == ZIP_ER_MEMORY ? DL4J_EMEMORY : DL4J_EIO, "%s",
	            zip_error_strerror(ze));
}

int archive_copy(const struct archive *a, const char *path, const char *name, const void *bytes,
                 size_t n, struct dl4j_error *err)
{
	zip_error_t ze;
	int code;
	zip_t *to = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);

	if (!to) {
		zip_error_init_with_code(&ze, code);
		fail_writing(&ze, err);
		zip_error_fini(&ze);
		return err->code;
	}
	if (!fill(to, a->zip, name, bytes, n) && !zip_close(to))
		return 0;
	fail_writing(zip_get_error(to), err);
	zip_discard(to);
	return err->code;
}

void archive_backend(char *text, size_t size)
{
	snprintf(text, size, "libzip %s", zip_libzip_version());
}
