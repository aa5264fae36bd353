/* SPDX-License-Identifier: Apache-2.0 */
/* scan: a zip's records checked before libzip sees them.
 * Record layouts: the zip format's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16. */
#define _FILE_OFFSET_BITS 64
#include "archive/scan.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define END_MAGIC 0x06054b50 /* PK\5\6 */
#define END_SIZE 22
#define CENTRAL_SIZE 46
#define LOCAL_SIZE 30
#define FLAGS_ALLOWED 0x080eu /* deflate's speed, sizes after the data, names in UTF-8 */
#define FLAG_SIZES_AFTER 0x0008

struct extent {
	int64_t from, data, to;
	const unsigned char *name;
	unsigned name_len;
};

static unsigned u16(const unsigned char *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t u32(const unsigned char *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

static int read_at(const struct source *s, int64_t at, void *out, size_t n, struct dl4j_error *err)
{
	assert(at >= 0); /* a sum of unsigned numbers */
	if ((int64_t)n > s->size || at > s->size - (int64_t)n)
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the zip ends too early", at);
	if (!s->file)
		memcpy(out, s->bytes + at, n);
	/* unreached: a seek within the file that fails */
	else if (fseeko(s->file, at, SEEK_SET) || fread(out, 1, n, s->file) != n)
		return fail(err, DL4J_EIO, "byte %" PRId64 ": cannot be read", at);
	return 0;
}

/* The end record, which a comment may follow; `at` is where it starts. */
static int find_end(const struct source *s, unsigned char *end, int64_t *at,
                    struct dl4j_error *err)
{
	enum { ROOM = END_SIZE + 65535 };
	size_t n = s->size < ROOM ? (size_t)s->size : ROOM;
	unsigned char *tail;
	char magic[4] = { 0 };
	int r, found = 0;

	if (s->size < END_SIZE)
		return fail(err, DL4J_EFORMAT, "expected a zip, found %" PRId64 " bytes", s->size);
	TRY(read_at(s, 0, magic, 4, err));
	if (memcmp(magic, "PK\3\4", 4) != 0)
		return fail(err, DL4J_EFORMAT, "expected a zip, which starts with PK, found another kind "
		            "of file");
	tail = malloc(n);
	if (!tail)
		return fail_memory(err);
	r = read_at(s, s->size - (int64_t)n, tail, n, err);
	for (size_t i = 0; !r && i <= n - END_SIZE; i++)
		if (u32(tail + i) == END_MAGIC && u16(tail + i + 20) == n - END_SIZE - i) {
			memcpy(end, tail + i, END_SIZE);
			*at = s->size - (int64_t)(n - i);
			found++;
		}
	free(tail);
	if (r || found == 1)
		return r;
	return fail(err, DL4J_EFORMAT, found ? "expected one directory at the end, found two" :
	            "expected a zip's directory at the end, found none: the file is cut short, or "
	            "other bytes follow the zip");
}

static int check_entry(const unsigned char *c, int64_t at, struct dl4j_error *err)
{
	if (memcmp(c, "PK\1\2", 4) != 0)
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": expected a directory entry", at);
	if (u16(c + 8) & ~FLAGS_ALLOWED)
		return fail(err, DL4J_EUNSUPPORTED, "byte %" PRId64 ": an encrypted or patched entry "
		            "(flags 0x%04x)", at, u16(c + 8));
	if (u16(c + 10) != 0 && u16(c + 10) != 8)
		return fail(err, DL4J_EUNSUPPORTED, "byte %" PRId64 ": expected compression method 0 or "
		            "8, found %u", at, u16(c + 10));
	if (u32(c + 20) == UINT32_MAX || u32(c + 24) == UINT32_MAX || u32(c + 42) == UINT32_MAX)
		return fail(err, DL4J_EUNSUPPORTED, "byte %" PRId64 ": an entry of 4 GiB or more", at);
	if (u16(c + 34) != 0)
		return fail(err, DL4J_EUNSUPPORTED, "byte %" PRId64 ": a zip in several parts", at);
	if (u16(c + 10) == 0 && u32(c + 20) != u32(c + 24))
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": a stored entry of two sizes", at);
	return 0;
}

/* Sizes after the data: CRC and both sizes, often with a magic number before them. */
static int check_descriptor(const struct source *s, const unsigned char *c, struct extent *x,
                            struct dl4j_error *err)
{
	unsigned char d[16];

	TRY(read_at(s, x->to, d, sizeof d, err)); /* the directory is longer than what this reads */
	if (!memcmp(d, "PK\7\10", 4) && !memcmp(d + 4, c + 16, 12))
		x->to += 16;
	else if (!memcmp(d, c + 16, 12))
		x->to += 12;
	else
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the sizes after the data and the "
		            "directory differ", x->to);
	return 0;
}

/* The local header must tell the same; fills in the extent that header and data take. */
static int check_local(const struct source *s, const unsigned char *c, struct extent *x,
                       struct dl4j_error *err)
{
	unsigned char local[LOCAL_SIZE], name[65536];
	unsigned flags = u16(c + 8);

	x->from = u32(c + 42);
	x->name = c + CENTRAL_SIZE;
	x->name_len = u16(c + 28);
	TRY(read_at(s, x->from, local, sizeof local, err));
	if (memcmp(local, "PK\3\4", 4) != 0)
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": expected a local header", x->from);
	TRY(read_at(s, x->from + LOCAL_SIZE, name, u16(local + 26), err));
	if (u16(local + 26) != x->name_len || memcmp(name, x->name, x->name_len) != 0 ||
	    u16(local + 6) != flags || u16(local + 8) != u16(c + 10))
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the local header and the directory "
		            "tell of different entries", x->from);
	if (u32(local + 18) == UINT32_MAX && u32(local + 22) == UINT32_MAX)
		return fail(err, DL4J_EUNSUPPORTED, "byte %" PRId64 ": an entry in the Zip64 form",
		            x->from);
	if (!(flags & FLAG_SIZES_AFTER) && memcmp(local + 14, c + 16, 12) != 0)
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the local header and the directory "
		            "tell different sizes", x->from);
	x->data = x->from + LOCAL_SIZE + u16(local + 26) + u16(local + 28);
	x->to = x->data + u32(c + 20);
	return flags & FLAG_SIZES_AFTER ? check_descriptor(s, c, x, err) : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static int check_extents(struct extent *x, int n, int64_t end, struct dl4j_error *err)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			if (x[i].name_len == x[k].name_len && !memcmp(x[i].name, x[k].name, x[i].name_len))
				return fail(err, DL4J_EFORMAT, "entry '%.*s' stands twice",
				            x[i].name_len > 64 ? 64 : (int)x[i].name_len,
				            (const char *)x[i].name);
	qsort(x, (size_t)n, sizeof *x, by_place);
	if (x[0].from != 0)
		return fail(err, DL4J_EFORMAT, "byte 0: the first entry starts at byte %" PRId64,
		            x[0].from);
	for (int i = 0; i < n; i++) { /* a gap could hide an entry from us, but not from DL4J */
		int64_t next = i + 1 < n ? x[i + 1].from : end;
		if (x[i].to != next)
			return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": an entry ends here, but what "
			            "follows it starts at byte %" PRId64, x[i].to, next);
	}
	return 0;
}

static int scan_entries(const struct source *s, const unsigned char *directory, int64_t start,
                        int64_t size, int n, int64_t *data, struct dl4j_error *err)
{
	struct extent *x = calloc((size_t)n + 1, sizeof *x);
	int64_t at = 0;
	int r = x ? 0 : fail_memory(err);

	for (int i = 0; !r && i < n; i++) {
		const unsigned char *c = directory + at;
		int64_t len;
		if (size - at < CENTRAL_SIZE)
			r = fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the directory is cut short",
			         start + at);
		if (r || (r = check_entry(c, start + at, err)) < 0)
			break;
		len = CENTRAL_SIZE + u16(c + 28) + u16(c + 30) + u16(c + 32);
		if (len > size - at)
			r = fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the directory is cut short",
			         start + at);
		else
			r = check_local(s, c, &x[i], err);
		data[i] = x[i].data;
		at += len;
	}
	if (!r && at != size)
		r = fail(err, DL4J_EFORMAT, "byte %" PRId64 ": expected the end of the directory, found "
		         "more", start + at);
	if (!r)
		r = check_extents(x, n, start, err);
	free(x);
	return r;
}

int scan_zip(const struct source *s, const struct dl4j_limits *limits, int64_t **data,
             struct dl4j_error *err)
{
	unsigned char end[END_SIZE] = { 0 }, *directory;
	int64_t at = 0, start, size;
	int n, r;

	*data = NULL;
	TRY(find_end(s, end, &at, err));
	n = (int)u16(end + 10);
	size = u32(end + 12);
	start = u32(end + 16);
	if (u16(end + 4) || u16(end + 6) || u16(end + 8) != u16(end + 10))
		return fail(err, DL4J_EUNSUPPORTED, "a zip in several parts");
	if (n == 0xffff || size == UINT32_MAX || start == UINT32_MAX)
		return fail(err, DL4J_EUNSUPPORTED, "a zip of 4 GiB or more (Zip64)");
	if (n == 0) /* but the file starts with one */
		return fail(err, DL4J_EFORMAT, "expected entries in the directory, found none");
	if (n > limits->zip_entries)
		return fail(err, DL4J_ELIMIT, "expected at most %" PRId64 " entries, found %d",
		            limits->zip_entries, n);
	if (size > limits->directory_bytes)
		return fail(err, DL4J_ELIMIT, "expected a directory of at most %" PRId64 " bytes, found %"
		            PRId64, limits->directory_bytes, size);
	if (start + size != at)
		return fail(err, DL4J_EFORMAT, "byte %" PRId64 ": the directory does not end where the "
		            "end record starts", at);
	directory = malloc((size_t)size + 1);
	*data = calloc((size_t)n, sizeof **data);
	r = directory && *data ? read_at(s, start, directory, (size_t)size, err) : fail_memory(err);
	if (!r)
		r = scan_entries(s, directory, start, size, n, *data, err);
	free(directory);
	if (r) {
		free(*data);
		*data = NULL;
	}
	return r;
}
