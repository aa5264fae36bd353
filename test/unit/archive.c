/* SPDX-License-Identifier: Apache-2.0 */
/* archive: zips made byte by byte here, so that each field can lie; every prefix and every flipped
 * bit of one; and a zip as libzip makes it. */
#include "starve.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>
#include <zip.h>

#include "archive/archive.h"
#include "archive/inflate.h"

static const struct dl4j_limits limits = { .zip_entries = 8, .directory_bytes = 1 << 20 };

/* --- A writer of zips ------------------------------------------------------------------------- */

struct raw {
	unsigned char b[16384];
	size_t n;
	int entries;
	size_t local[9], data[9], after[9]; /* of each entry: header, data, the byte after the data */
	size_t central[9];                  /* its line in the directory */
	size_t end;                         /* the end record */
};

static void put16(struct raw *z, size_t at, unsigned v)
{
	z->b[at] = (unsigned char)v;
	z->b[at + 1] = (unsigned char)(v >> 8);
}

static void put32(struct raw *z, size_t at, uint32_t v)
{
	put16(z, at, v & 0xffff);
	put16(z, at + 2, v >> 16);
}

static unsigned get16(const struct raw *z, size_t at)
{
	return z->b[at] | (unsigned)z->b[at + 1] << 8;
}

static uint32_t get32(const struct raw *z, size_t at)
{
	return get16(z, at) | (uint32_t)get16(z, at + 2) << 16;
}

static void add(struct raw *z, const void *bytes, size_t n)
{
	ck_assert_uint_le(z->n + n, sizeof z->b);
	memcpy(z->b + z->n, bytes, n);
	z->n += n;
}

static uint32_t crc32(const char *text, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)text[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

enum { STORED = 0, DEFLATED = 8, FLAG_AFTER = 8 };

/* The sizes follow the data, with a magic number or without. */
enum after { BEFORE, AFTER, AFTER_BARE };

static void zip_entry(struct raw *z, const char *name, const char *text, int method,
                      enum after after)
{
	size_t n = strlen(text), at = z->n, sizes = at + 14;
	unsigned char block[] = { 1, (unsigned char)n, 0, (unsigned char)~n, 0xff };
	int i = z->entries++;

	z->local[i] = at;
	add(z, "PK\3\4", 4);
	z->n += 26;
	put16(z, at + 4, 20);
	put16(z, at + 6, after ? FLAG_AFTER : 0);
	put16(z, at + 8, (unsigned)method);
	put16(z, at + 26, (unsigned)strlen(name));
	add(z, name, strlen(name));
	z->data[i] = z->n;
	if (method == DEFLATED) /* one block of deflate that is not compressed */
		add(z, block, sizeof block);
	add(z, text, n);
	z->after[i] = z->n;
	if (after) {
		if (after == AFTER)
			add(z, "PK\7\10", 4);
		sizes = z->n;
		z->n += 12;
	}
	put32(z, sizes, crc32(text, n));
	put32(z, sizes + 4, (uint32_t)(z->after[i] - z->data[i]));
	put32(z, sizes + 8, (uint32_t)n);
}

static void zip_end(struct raw *z, const char *comment)
{
	size_t start = z->n;

	for (int i = 0; i < z->entries; i++) {
		size_t at = z->n, local = z->local[i], name = get16(z, local + 26);
		size_t sizes = get16(z, local + 6) & FLAG_AFTER ?
			z->after[i] + (memcmp(z->b + z->after[i], "PK\7\10", 4) ? 0 : 4) : local + 14;
		z->central[i] = at;
		add(z, "PK\1\2", 4);
		z->n += 42;
		put16(z, at + 4, 20);
		memcpy(z->b + at + 6, z->b + local + 4, 10); /* version, flags, method, time, date */
		memcpy(z->b + at + 16, z->b + sizes, 12);
		put16(z, at + 28, (unsigned)name);
		put32(z, at + 42, (uint32_t)local);
		add(z, z->b + local + 30, name);
	}
	z->end = z->n;
	add(z, "PK\5\6", 4);
	z->n += 18;
	put16(z, z->end + 8, (unsigned)z->entries);
	put16(z, z->end + 10, (unsigned)z->entries);
	put32(z, z->end + 12, (uint32_t)(z->end - start));
	put32(z, z->end + 16, (uint32_t)start);
	put16(z, z->end + 20, (unsigned)strlen(comment));
	add(z, comment, strlen(comment));
}

#define CONFIG "configuration.json"
#define COEFFICIENTS "coefficients.bin"
#define TEXT "{\"confs\":[]}"
#define NUMBERS "numbers, numbers"

/* As DL4J writes them: deflated, the sizes after the data. */
static struct raw *two_entries(void)
{
	static struct raw z;

	z = (struct raw){ .n = 0 };
	zip_entry(&z, CONFIG, TEXT, DEFLATED, AFTER);
	zip_entry(&z, COEFFICIENTS, NUMBERS, DEFLATED, AFTER);
	zip_end(&z, "");
	return &z;
}

/* As other tools do: the sizes in the local header. */
static struct raw *two_plain(int method)
{
	static struct raw z;

	z = (struct raw){ .n = 0 };
	zip_entry(&z, CONFIG, TEXT, method, BEFORE);
	zip_entry(&z, COEFFICIENTS, NUMBERS, method, BEFORE);
	zip_end(&z, "");
	return &z;
}

static int open_bytes(struct archive **a, const void *bytes, size_t n, struct dl4j_error *err)
{
	return archive_open(a, NULL, bytes, n, &limits, err);
}

/* Opens, holds this text under this name. */
static void holds(const struct raw *z, const char *name, const char *text)
{
	struct dl4j_error err = { 0 };
	struct archive *a;
	unsigned char *out;
	size_t n;

	ck_assert_msg(!open_bytes(&a, z->b, z->n, &err), "%s", err.msg);
	ck_assert_int_eq(archive_size(a, name), (int64_t)strlen(text));
	ck_assert_msg(!archive_read(a, name, (int64_t)strlen(text), 0, &out, &n, &err), "%s", err.msg);
	ck_assert_uint_eq(n, strlen(text));
	ck_assert_mem_eq(out, text, n);
	free(out);
	archive_close(a);
}

static void refused(const struct raw *z, int code, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct archive *a;

	unit_refused(open_bytes(&a, z->b, z->n, &err), &err, code, msg);
	ck_assert_ptr_null(a);
}

static void refused_at(const struct raw *z, int code, size_t byte, const char *msg)
{
	char text[256];

	snprintf(text, sizeof text, "byte %zu: %s", byte, msg);
	refused(z, code, text);
}

/* --- archive ---------------------------------------------------------------------------------- */

START_TEST(entries)
{
	int method = _i / 3 ? DEFLATED : STORED;
	struct raw z = { .n = 0 };

	zip_entry(&z, CONFIG, TEXT, method, (enum after)(_i % 3));
	zip_entry(&z, COEFFICIENTS, NUMBERS, method, (enum after)(_i % 3));
	zip_entry(&z, "noParams.marker", "", method, (enum after)(_i % 3));
	zip_entry(&z, "", "no name", method, (enum after)(_i % 3));
	zip_end(&z, "");
	holds(&z, CONFIG, TEXT);
	holds(&z, COEFFICIENTS, NUMBERS);
	holds(&z, "noParams.marker", "");
	holds(&z, "", "no name");
}
END_TEST

struct progress {
	size_t n;
	int calls, stop_at;
};

static int in_pieces(void *self, size_t n, struct dl4j_error *err)
{
	struct progress *p = self;

	ck_assert_uint_gt(n, p->n);
	p->n = n;
	return ++p->calls == p->stop_at ? fail(err, DL4J_EUSAGE, "enough") : 0;
}

/* What libzip itself writes, with entries of more than one piece. */
START_TEST(of_libzip)
{
	enum { MANY = 2 * INFLATE_PIECE + 1000 };
	struct dl4j_error err = { 0 };
	unsigned char *bytes = malloc(1 << 20), *out, *text = malloc(MANY);
	const int method = _i ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
	struct progress progress = { 0 };
	struct archive *a;
	zip_error_t ze;
	zip_source_t *s;
	zip_t *zip;
	size_t n, got;

	for (size_t i = 0; i < MANY; i++)
		text[i] = (unsigned char)(i * i >> 3);
	zip_error_init(&ze);
	s = zip_source_buffer_create(NULL, 0, 0, &ze);
	zip = zip_open_from_source(s, ZIP_TRUNCATE, &ze);
	zip_source_keep(s);
	zip_file_add(zip, CONFIG, zip_source_buffer(zip, TEXT, strlen(TEXT), 0), 0);
	zip_file_add(zip, COEFFICIENTS, zip_source_buffer(zip, text, MANY, 0), 0);
	zip_set_file_compression(zip, 1, method, 0);
	ck_assert_int_eq(zip_close(zip), 0);
	ck_assert_int_eq(zip_source_open(s), 0);
	n = (size_t)zip_source_read(s, bytes, 1 << 20);
	ck_assert_msg(!open_bytes(&a, bytes, n, &err), "%s", err.msg);
	ck_assert_int_eq(archive_size(a, COEFFICIENTS), MANY);
	ck_assert_int_eq(archive_read(a, COEFFICIENTS, MANY, 0, &out, &got, &err), 0);
	ck_assert_uint_eq(got, MANY);
	ck_assert_mem_eq(out, text, MANY);
	memset(out, 0, MANY);
	ck_assert_int_eq(archive_read_to(a, COEFFICIENTS, out, in_pieces, &progress, &err), 0);
	ck_assert_mem_eq(out, text, MANY);
	ck_assert_uint_eq(progress.n, MANY);
	ck_assert_int_eq(progress.calls, 3);
	progress = (struct progress){ .stop_at = 1 };
	unit_refused(archive_read_to(a, COEFFICIENTS, out, in_pieces, &progress, &err), &err,
	             DL4J_EUSAGE, COEFFICIENTS ": enough");
	ck_assert_int_eq(progress.calls, 1);
	free(out);
	ck_assert_int_eq(archive_peek(a, COEFFICIENTS, bytes, 100, &err), 100);
	archive_close(a);
	zip_source_close(s);
	zip_source_free(s);
	zip_error_fini(&ze);
	free(bytes);
	free(text);
}
END_TEST

/* One entry more, or in the place of one; the others' bytes as they were packed. */
START_TEST(copied)
{
	char path[] = "/tmp/dl4j-unit-XXXXXX", text[16];
	struct dl4j_error err = { 0 };
	struct raw z = { 0 };
	struct archive *a, *b;
	unsigned char *out;
	int64_t size, packed, packed_before;
	size_t n;

	close(mkstemp(path));
	zip_entry(&z, CONFIG, TEXT, DEFLATED, AFTER);
	zip_entry(&z, COEFFICIENTS, "old", STORED, BEFORE);
	zip_end(&z, "");
	ck_assert_msg(!open_bytes(&a, z.b, z.n, &err), "%s", err.msg);
	archive_entry(a, 0, &size, &packed_before);
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(!archive_copy(a, path, i ? COEFFICIENTS : "more", "new", 3, &err), "%s",
		              err.msg);
		ck_assert_msg(!archive_open(&b, path, NULL, 0, &limits, &err), "%s", err.msg);
		ck_assert_int_eq(archive_entries(b), i ? 2 : 3);
		ck_assert_str_eq(archive_entry(b, 0, &size, &packed), CONFIG);
		ck_assert_int_eq(packed, packed_before);
		ck_assert_int_eq(archive_read(b, CONFIG, 4096, 1, &out, &n, &err), 0);
		ck_assert_uint_eq(n, strlen(TEXT));
		ck_assert_mem_eq(out, TEXT, n);
		free(out);
		ck_assert_int_eq(archive_peek(b, i ? COEFFICIENTS : "more", text, 16, &err), 3);
		ck_assert_mem_eq(text, "new", 3);
		archive_close(b);
	}
	unit_refused(archive_copy(a, "/nowhere/x.zip", "more", "new", 3, &err), &err, DL4J_EIO,
	             "Failure to create temporary file: No such file or directory");
	archive_close(a);
	unlink(path);
}
END_TEST

/* Bytes of a file as they are; of one that has become shorter, or cannot be read. */
START_TEST(stored_bytes)
{
	char path[] = "/tmp/dl4j-unit-XXXXXX", got[4];
	struct dl4j_error err = { 0 };
	struct archive_packed e;
	struct raw z = { 0 };
	struct archive *a;
	int fd = mkstemp(path);

	zip_entry(&z, CONFIG, "text", STORED, BEFORE);
	zip_end(&z, "");
	ck_assert_int_eq(write(fd, z.b, z.n), (ssize_t)z.n);
	close(fd);
	for (int i = 0; i < 2; i++) { /* in memory, in a file */
		ck_assert_int_eq(i ? archive_open(&a, path, NULL, 0, &limits, &err) :
		                     open_bytes(&a, z.b, z.n, &err), 0);
		ck_assert(!archive_find(a, "none", &e) && archive_find(a, CONFIG, &e));
		ck_assert_int_eq(archive_bytes(a, e.at, got, sizeof got, &err), 0);
		ck_assert_mem_eq(got, "text", sizeof got);
		unit_refused(archive_read_to(a, "none", NULL, NULL, NULL, &err), &err, DL4J_EFORMAT,
		             "none: expected in the zip, not found");
		if (i) {
			ck_assert_int_eq(truncate(path, 3), 0);
			unit_refused(archive_bytes(a, e.at, got, sizeof got, &err), &err, DL4J_EIO,
			             unit_text("byte %d: the zip has become shorter", (int)e.at));
			unit_refused(archive_bytes(a, -1, got, sizeof got, &err), &err, DL4J_EIO,
			             "byte -1: Invalid argument");
		}
		archive_close(a);
	}
	unlink(path);
}
END_TEST

START_TEST(missing)
{
	static const char *const names[] = {
		"normalizer.bin", "Configuration.json", "configuration.jso", "configuration.json ",
		"configuration.jsonx", "", "/configuration.json", "./configuration.json",
	};
	struct dl4j_error err = { 0 };
	struct archive *a;
	unsigned char *out;
	char byte, msg[100];
	struct raw *z = two_entries();
	size_t n;

	ck_assert_int_eq(open_bytes(&a, z->b, z->n, &err), 0);
	for (int i = 0; i < COUNT(names); i++) {
		snprintf(msg, sizeof msg, "%s: expected in the zip, not found", names[i]);
		ck_assert_int_eq(archive_size(a, names[i]), -1);
		unit_refused(archive_read(a, names[i], 100, 0, &out, &n, &err), &err, DL4J_EFORMAT, msg);
		ck_assert_ptr_null(out);
		unit_refused((int)archive_peek(a, names[i], &byte, 1, &err), &err, DL4J_EFORMAT, msg);
		unit_refused(archive_read_to(a, names[i], NULL, NULL, NULL, &err), &err, DL4J_EFORMAT, msg);
	}
	archive_close(a);
}
END_TEST

START_TEST(peek)
{
	struct dl4j_error err = { 0 };
	struct archive *a;
	char out[64] = { 0 };
	struct raw *z = two_entries();

	ck_assert_int_eq(open_bytes(&a, z->b, z->n, &err), 0);
	ck_assert_int_eq(archive_peek(a, COEFFICIENTS, out, 7, &err), 7);
	ck_assert_str_eq(out, "numbers");
	ck_assert_int_eq(archive_peek(a, COEFFICIENTS, out, sizeof out, &err), 16);
	ck_assert_str_eq(out, NUMBERS);
	ck_assert_int_eq(archive_peek(a, COEFFICIENTS, out, 0, &err), 0);
	archive_close(a);
}
END_TEST

START_TEST(read_limits)
{
	struct dl4j_error err = { 0 };
	struct archive *a;
	unsigned char *out;
	size_t n;
	struct raw *z = two_entries();

	ck_assert_int_eq(open_bytes(&a, z->b, z->n, &err), 0);
	ck_assert_int_eq(archive_read(a, COEFFICIENTS, 16, 1000, &out, &n, &err), 0);
	memset(out + n, 'x', 1000); /* the room that was asked for */
	free(out);
	unit_refused(archive_read(a, COEFFICIENTS, 15, 0, &out, &n, &err), &err, DL4J_ELIMIT,
	             COEFFICIENTS ": expected at most 15 bytes, found 16");
	unit_refused(archive_read(a, COEFFICIENTS, -1, 0, &out, &n, &err), &err, DL4J_ELIMIT,
	             COEFFICIENTS ": expected at most -1 bytes, found 16");
	ck_assert_ptr_null(out);
	archive_close(a);
}
END_TEST

/* A claim that deflate cannot make good is refused before its memory is asked for. */
START_TEST(bomb)
{
	struct dl4j_error err = { 0 };
	struct archive *a;
	unsigned char *out;
	size_t n;
	struct raw *z = two_plain(DEFLATED);

	put32(z, z->local[1] + 22, 0xf0000000);
	put32(z, z->central[1] + 24, 0xf0000000);
	ck_assert_int_eq(open_bytes(&a, z->b, z->n, &err), 0);
	unit_refused(archive_read(a, COEFFICIENTS, INT64_MAX, 0, &out, &n, &err), &err, DL4J_EFORMAT,
	             COEFFICIENTS ": 4026531840 bytes cannot come out of 21");
	archive_close(a);
}
END_TEST

static void unreadable(const struct raw *z, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct archive *a;
	unsigned char *out;
	size_t n;

	ck_assert_msg(!open_bytes(&a, z->b, z->n, &err), "%s", err.msg);
	ck_assert_int_eq(archive_read(a, COEFFICIENTS, 1000, 0, &out, &n, &err), DL4J_EFORMAT);
	ck_assert_ptr_null(out);
	ck_assert(!strncmp(err.msg, msg, strlen(msg)));
	ck_assert_int_eq(archive_read(a, CONFIG, 1000, 0, &out, &n, &err), 0); /* the other is well */
	free(out);
	archive_close(a);
}

START_TEST(bad_data)
{
	int method = _i ? DEFLATED : STORED;
	struct raw *z = two_plain(method);
	size_t crc = z->central[1] + 16;

	put32(z, crc, get32(z, crc) ^ 0x100);
	put32(z, z->local[1] + 14, get32(z, crc));
	unreadable(z, COEFFICIENTS ": damaged: its checksum");
	z = two_plain(method);
	z->b[z->after[1] - 1] ^= 4;
	unreadable(z, COEFFICIENTS ": damaged: its checksum");
}
END_TEST

/* The uncompressed size one too large and one too small: never a byte more or less. */
START_TEST(bad_size)
{
	struct dl4j_error err = { 0 };
	struct archive *a;
	struct raw *z = NULL;
	char out[17];

	for (int off = -1; off <= 1; off += 2) {
		z = two_plain(DEFLATED);
		put32(z, z->local[1] + 22, (uint32_t)(16 + off));
		put32(z, z->central[1] + 24, (uint32_t)(16 + off));
		unreadable(z, COEFFICIENTS ": damaged");
	}
	ck_assert_int_eq(open_bytes(&a, z->b, z->n, &err), 0);
	unit_refused((int)archive_peek(a, COEFFICIENTS, out, 17, &err), &err, DL4J_EFORMAT,
	             COEFFICIENTS ": damaged: 1 bytes are missing");
	archive_close(a);
}
END_TEST

/* Bytes between the end of the deflated data and the end of the entry could be another entry to a
 * reader that finds the end by inflating, as DL4J does. */
START_TEST(hidden_in_data)
{
	struct raw z = { .n = 0 }, hidden = { .n = 0 };
	size_t shift;

	zip_entry(&z, CONFIG, TEXT, DEFLATED, BEFORE);
	zip_entry(&z, COEFFICIENTS, NUMBERS, DEFLATED, BEFORE);
	zip_entry(&hidden, COEFFICIENTS, "other numbers, ..", DEFLATED, BEFORE);
	shift = z.after[1] - z.data[1] + hidden.n;
	add(&z, hidden.b, hidden.n);
	put32(&z, z.local[1] + 18, (uint32_t)shift);
	zip_end(&z, "");
	unreadable(&z, COEFFICIENTS ": damaged: expected 16 bytes of deflated data");
}
END_TEST

START_TEST(by_path)
{
	struct dl4j_error err = { 0 };
	char path[] = "unit-archive-XXXXXX";
	int fd = mkstemp(path);
	struct raw *z = two_entries();
	struct archive *a;
	unsigned char *out;
	size_t n;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, z->b, z->n), (ssize_t)z->n);
	close(fd);
	ck_assert_msg(!archive_open(&a, path, NULL, 0, &limits, &err), "%s", err.msg);
	ck_assert_int_eq(archive_read(a, CONFIG, 1000, 0, &out, &n, &err), 0);
	ck_assert_mem_eq(out, TEXT, n);
	free(out);
	archive_close(a);
	ck_assert_int_eq(truncate(path, (off_t)z->n - 1), 0);
	ck_assert_int_eq(archive_open(&a, path, NULL, 0, &limits, &err), DL4J_EFORMAT);
	unlink(path);
	unit_refused(archive_open(&a, path, NULL, 0, &limits, &err), &err, DL4J_EIO,
	             "No such file or directory");
	unit_refused(archive_open(&a, ".", NULL, 0, &limits, &err), &err, DL4J_EIO,
	             "expected a file, found a directory or a device");
	archive_close(NULL);
}
END_TEST

/* As it lies in the zip; its bytes from memory. */
START_TEST(packed)
{
	for (int method = STORED; method <= DEFLATED; method += DEFLATED) {
		struct raw *z = two_plain(method);
		struct dl4j_error err = { 0 };
		struct archive_packed p;
		struct archive *a;
		char out[64];
		ck_assert_int_eq(open_bytes(&a, z->b, z->n, &err), 0);
		ck_assert(archive_find(a, COEFFICIENTS, &p) && !archive_find(a, "none", &p));
		ck_assert_int_eq(p.at, (int64_t)z->data[1]);
		ck_assert_int_eq(p.packed, (int64_t)(z->after[1] - z->data[1]));
		ck_assert_int_eq(p.size, (int64_t)strlen(NUMBERS));
		ck_assert_uint_eq(p.crc, crc32(NUMBERS, strlen(NUMBERS)));
		ck_assert(p.stored == (method == STORED));
		ck_assert_int_eq(archive_bytes(a, p.at, out, (size_t)p.packed, &err), 0);
		ck_assert_mem_eq(out, z->b + p.at, (size_t)p.packed);
		archive_close(a);
	}
}
END_TEST

/* Where descriptor 0 is free the file gets it. A file that became shorter since it was opened, by
 * more than what stdio has of it; what `errno` was before tells nothing. */
START_TEST(from_file)
{
	struct dl4j_error err = { 0 };
	char path[] = "unit-archive-XXXXXX", text[9000], out[sizeof text];
	int fd = mkstemp(path), input = dup(0);
	struct raw z = { .n = 0 };
	struct archive *a;
	unsigned char *bytes;
	size_t n;

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	zip_entry(&z, COEFFICIENTS, text, STORED, BEFORE);
	zip_end(&z, "");
	ck_assert_int_eq(write(fd, z.b, z.n), (ssize_t)z.n);
	close(0);
	ck_assert_msg(!archive_open(&a, path, NULL, 0, &limits, &err), "%s", err.msg);
	errno = EINTR;
	ck_assert_int_eq(archive_bytes(a, (int64_t)z.data[0], out, strlen(text), &err), 0);
	ck_assert_mem_eq(out, text, strlen(text));
	unit_refused(archive_bytes(a, -1, out, 1, &err), &err, DL4J_EIO, "byte -1: Invalid argument");
	ck_assert_int_eq(ftruncate(fd, (off_t)z.data[0] + 2), 0);
	errno = EINTR;
	unit_refused(archive_bytes(a, (int64_t)z.data[0], out, 3, &err), &err, DL4J_EIO,
	             unit_text("byte %zu: the zip has become shorter", z.data[0] + 2));
	unit_refused(archive_read(a, COEFFICIENTS, 10000, 0, &bytes, &n, &err), &err, DL4J_EIO,
	             COEFFICIENTS ": Premature end of file");
	archive_close(a);
	dup2(input, 0);
	close(input);
	close(fd);
	unlink(path);
}
END_TEST

static int open_and_read(const void *zip, struct dl4j_error *err)
{
	const struct raw *z = zip;
	struct archive *a;
	unsigned char *out;
	size_t n;
	int r = open_bytes(&a, z->b, z->n, err);

	if (r)
		return r;
	r = archive_read(a, COEFFICIENTS, 1000, 0, &out, &n, err);
	if (!r)
		free(out);
	archive_close(a);
	return r;
}

START_TEST(starved)
{
	ck_assert_int_ge(unit_starved(open_and_read, two_plain(STORED)), 4);
	ck_assert_int_ge(unit_starved(open_and_read, two_plain(DEFLATED)), 6);
}
END_TEST

static Suite *archive_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("archive", &tests);

	tcase_add_loop_test(tests, entries, 0, 6);
	tcase_add_loop_test(tests, of_libzip, 0, 2);
	tcase_add_test(tests, copied);
	tcase_add_test(tests, stored_bytes);
	tcase_add_test(tests, missing);
	tcase_add_test(tests, peek);
	tcase_add_test(tests, read_limits);
	tcase_add_test(tests, bomb);
	tcase_add_loop_test(tests, bad_data, 0, 2);
	tcase_add_test(tests, bad_size);
	tcase_add_test(tests, hidden_in_data);
	tcase_add_test(tests, by_path);
	tcase_add_test(tests, packed);
	tcase_add_test(tests, from_file);
	tcase_add_test(tests, starved);
	return suite;
}

/* --- inflate ---------------------------------------------------------------------------------- */

/* Deflated data on their way: blocks that are not compressed, and what they make. */
struct feed {
	unsigned char *in, *text, *out;
	size_t n, size, read, made;
	int reads, stop_at; /* the read that fails; 0: none */
};

static int give(void *self, unsigned char *to, size_t n, struct dl4j_error *err)
{
	struct feed *f = self;

	if (++f->reads == f->stop_at)
		return fail(err, DL4J_EIO, "gone");
	ck_assert_uint_le(f->read + n, f->n);
	memcpy(to, f->in + f->read, n);
	f->read += n;
	return 0;
}

static int made(void *self, size_t n, struct dl4j_error *err)
{
	struct feed *f = self;

	(void)err;
	f->made += n;
	ck_assert_uint_le(f->made, f->size);
	return 0;
}

enum { BLOCK = 65535, HEAD = 5, SPARE = 64 };

static void feed_new(struct feed *f, size_t size)
{
	const size_t blocks = size / BLOCK + 1;

	*f = (struct feed){ .in = malloc(size + blocks * HEAD + 1), .text = malloc(size + 1),
		            .out = malloc(size + 1 + SPARE), .size = size };
	for (size_t i = 0; i < size; i++)
		f->text[i] = (unsigned char)(i * i >> 5);
	for (size_t i = 0, at = 0; i < blocks; i++) {
		size_t n = size - at < BLOCK ? size - at : BLOCK;
		unsigned char head[HEAD] = { i + 1 == blocks, (unsigned char)n, (unsigned char)(n >> 8),
			                     (unsigned char)~n, (unsigned char)(~n >> 8) };
		memcpy(f->in + f->n, head, HEAD);
		memcpy(f->in + f->n + HEAD, f->text + at, n);
		f->n += HEAD + n;
		at += n;
	}
}

/* The first `n` bytes of them, to make `size`; nothing may be written behind that. */
static int inflate(struct feed *f, size_t n, size_t size, struct dl4j_error *err)
{
	const struct inflate x = { .packed = n, .out = f->out, .size = size, .read = give,
		                   .made = made, .self = f };
	bool clean = true;
	int r;

	f->read = f->made = 0;
	f->reads = 0;
	memset(f->out, 0xa5, f->size + SPARE);
	r = inflate_raw(&x, err);
	for (size_t i = size; i < f->size + SPARE; i++)
		clean = clean && f->out[i] == 0xa5;
	ck_assert(clean);
	return r;
}

static void feed_free(struct feed *f)
{
	free(f->in);
	free(f->text);
	free(f->out);
}

static const size_t made_of[] = { 0, 1, 1000, INFLATE_PIECE - 1, INFLATE_PIECE,
	                          INFLATE_PIECE + 1, 2 * INFLATE_PIECE, 3 * INFLATE_PIECE - 7 };

START_TEST(pieces)
{
	static const size_t fewer[] = { 1, 2, 6, 1000, INFLATE_PIECE };
	struct dl4j_error err = { 0 };
	struct feed f;

	feed_new(&f, made_of[_i]);
	ck_assert_msg(!inflate(&f, f.n, f.size, &err), "%s", err.msg);
	ck_assert_mem_eq(f.out, f.text, f.size);
	ck_assert_uint_eq(f.made, f.size);
	ck_assert_uint_eq(f.read, f.n);
	for (int i = 0; i < COUNT(fewer); i++) {
		if (fewer[i] <= f.n)
			ck_assert_int_eq(inflate(&f, f.n - fewer[i], f.size, &err), DL4J_EFORMAT);
		if (fewer[i] <= f.size)
			ck_assert_int_eq(inflate(&f, f.n, f.size - fewer[i], &err), DL4J_EFORMAT);
	}
	f.size++; /* `out` has room to spare */
	ck_assert_int_eq(inflate(&f, f.n, f.size, &err), DL4J_EFORMAT);
	f.size--;
	f.in[f.n++] = 0;
	ck_assert_int_eq(inflate(&f, f.n, f.size, &err), DL4J_EFORMAT);
	feed_free(&f);
}
END_TEST

/* More than a piece behind the end: it is never read. */
START_TEST(long_tail)
{
	struct dl4j_error err = { 0 };
	struct feed f;

	feed_new(&f, 1000);
	f.in = realloc(f.in, f.n + 2 * INFLATE_PIECE);
	memset(f.in + f.n, 0, 2 * INFLATE_PIECE);
	f.n += 2 * INFLATE_PIECE;
	unit_refused(inflate(&f, f.n, f.size, &err), &err, DL4J_EFORMAT,
	             "damaged: expected 1000 bytes of deflated data");
	ck_assert_uint_lt(f.read, f.n);
	feed_free(&f);
}
END_TEST

/* What the reader says is what the caller hears. */
START_TEST(failing_reads)
{
	struct dl4j_error err = { 0 };
	struct feed f;

	feed_new(&f, 2 * INFLATE_PIECE);
	for (f.stop_at = 1; f.stop_at <= 3; f.stop_at++)
		unit_refused(inflate(&f, f.n, f.size, &err), &err, DL4J_EIO, "gone");
	feed_free(&f);
}
END_TEST

/* A block of a kind that there is not, when all bytes are there. */
START_TEST(bad_end)
{
	struct dl4j_error err = { 0 };
	struct feed f;

	feed_new(&f, 100);
	f.in[0] = 0; /* not the last */
	f.in[f.n++] = 7;
	unit_refused(inflate(&f, f.n, f.size, &err), &err, DL4J_EFORMAT,
	             "damaged: expected 100 bytes of deflated data");
	feed_free(&f);
}
END_TEST

static Suite *inflate_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("inflate", &tests);

	tcase_add_loop_test(tests, pieces, 0, COUNT(made_of));
	tcase_add_test(tests, long_tail);
	tcase_add_test(tests, failing_reads);
	tcase_add_test(tests, bad_end);
	return suite;
}

/* --- scan ------------------------------------------------------------------------------------- */

#define CUT "expected a zip's directory at the end, found none: the file is cut short, or other " \
	"bytes follow the zip"
#define OTHER_KIND "expected a zip, which starts with PK, found another kind of file"
#define NOT_AT_END "the directory does not end where the end record starts"

START_TEST(not_a_zip)
{
	struct raw z = { .n = 0 };

	refused(&z, DL4J_EFORMAT, "expected a zip, found 0 bytes");
	add(&z, "PK\5\6", 4); /* an empty zip, as some tools write it */
	z.n = 21;
	refused(&z, DL4J_EFORMAT, "expected a zip, found 21 bytes");
	z.n = 22;
	refused(&z, DL4J_EFORMAT, OTHER_KIND);
	memset(z.b, 'x', 3000);
	z.n = 3000;
	refused(&z, DL4J_EFORMAT, OTHER_KIND);
	memcpy(z.b, "PK\3\4", 4);
	refused(&z, DL4J_EFORMAT, CUT);
}
END_TEST

START_TEST(comment)
{
	struct raw z = { .n = 0 };
	char text[300];

	memset(text, 'c', sizeof text);
	text[sizeof text - 1] = '\0';
	zip_entry(&z, COEFFICIENTS, NUMBERS, DEFLATED, AFTER);
	zip_end(&z, text);
	holds(&z, COEFFICIENTS, NUMBERS);
	z.n--; /* its length no longer leads to the end of the file */
	refused(&z, DL4J_EFORMAT, CUT);
	z.n += 2;
	refused(&z, DL4J_EFORMAT, CUT);
}
END_TEST

/* A comment that holds an end record of its own. */
START_TEST(two_ends)
{
	struct raw *z = two_entries();
	unsigned char copy[22];

	memcpy(copy, z->b + z->end, sizeof copy);
	add(z, copy, sizeof copy);
	put16(z, z->end + 20, sizeof copy);
	refused(z, DL4J_EFORMAT, "expected one directory at the end, found two");
	z->b[z->n - 2] = 1; /* no longer one whose comment ends with the file */
	holds(z, COEFFICIENTS, NUMBERS);
}
END_TEST

START_TEST(trailing)
{
	struct raw *z = two_entries();

	add(z, "", 1);
	refused(z, DL4J_EFORMAT, CUT);
}
END_TEST

/* `fix`: as self-extracting zips have it, the offsets count from the file's start. */
START_TEST(prefix)
{
	static const char *const before[] = { "#!/bin/sh\n", "PK\3\4 and more" };
	const char *text = before[_i % 2];
	size_t n = strlen(text);
	bool fix = _i / 2;
	struct raw *z = two_entries();

	memmove(z->b + n, z->b, z->n);
	memcpy(z->b, text, n);
	z->n += n;
	for (int i = 0; fix && i < 2; i++)
		put32(z, z->central[i] + n + 42, (uint32_t)(z->local[i] + n));
	if (fix)
		put32(z, z->end + n + 16, get32(z, z->end + n + 16) + (uint32_t)n);
	if (_i % 2 == 0)
		refused(z, DL4J_EFORMAT, OTHER_KIND);
	else if (fix)
		refused_at(z, DL4J_EFORMAT, 0, unit_text("the first entry starts at byte %zu", n));
	else
		refused_at(z, DL4J_EFORMAT, z->end + n, NOT_AT_END);
}
END_TEST

static void cut_everywhere(const struct raw *z)
{
	for (size_t n = 0; n < z->n; n++) {
		/* of exactly this size, so that reading past the end shows */
		unsigned char *bytes = malloc(n + 1);
		struct dl4j_error err = { 0 };
		struct archive *a;
		memcpy(bytes, z->b, n);
		ck_assert_msg(open_bytes(&a, bytes, n, &err) == DL4J_EFORMAT, "%zu bytes", n);
		free(bytes);
	}
}

START_TEST(truncated)
{
	cut_everywhere(two_entries());
	cut_everywhere(two_plain(STORED));
}
END_TEST

/* A flipped bit leads to an error, or to what was there: many fields, as dates, say nothing. */
static void flip_everywhere(const struct raw *good)
{
	struct raw z = *good;
	int refusals = 0;

	for (size_t bit = 0; bit < good->n * 8; bit++) {
		struct dl4j_error err = { 0 };
		struct archive *a;
		unsigned char *out;
		size_t n;
		memcpy(z.b, good->b, good->n);
		z.b[bit / 8] ^= (unsigned char)(1 << bit % 8);
		if (open_bytes(&a, z.b, z.n, &err)) {
			refusals++;
			continue;
		}
		for (int i = 0; i < 2; i++) {
			const char *text = i ? NUMBERS : TEXT;
			if (archive_read(a, i ? COEFFICIENTS : CONFIG, 1000, 0, &out, &n, &err)) {
				refusals++;
				continue;
			}
			ck_assert_msg(n == strlen(text) && !memcmp(out, text, n), "bit %zu", bit);
			free(out);
		}
		archive_close(a);
	}
	ck_assert_int_gt(refusals, (int)good->n * 4);
}

START_TEST(flipped)
{
	flip_everywhere(two_entries());
	flip_everywhere(two_plain(DEFLATED));
}
END_TEST

START_TEST(duplicate)
{
	struct raw z = { .n = 0 };

	zip_entry(&z, CONFIG, TEXT, DEFLATED, AFTER);
	zip_entry(&z, COEFFICIENTS, NUMBERS, DEFLATED, AFTER);
	zip_entry(&z, COEFFICIENTS, "other numbers ..", DEFLATED, AFTER);
	zip_end(&z, "");
	refused(&z, DL4J_EFORMAT, "entry 'coefficients.bin' stands twice");
}
END_TEST

static void gap_at(const struct raw *z, size_t end, size_t next)
{
	refused_at(z, DL4J_EFORMAT, end,
	           unit_text("an entry ends here, but what follows it starts at byte %zu", next));
}

/* Two lines of the directory for the same bytes. */
START_TEST(overlap)
{
	struct raw z = { .n = 0 };

	zip_entry(&z, "aaaa", TEXT, STORED, BEFORE);
	zip_entry(&z, "bbbb", TEXT, STORED, BEFORE);
	zip_end(&z, "");
	put32(&z, z.central[1] + 42, 0);
	memcpy(z.b + z.central[1] + 46, "aaaa", 4);
	refused(&z, DL4J_EFORMAT, "entry 'aaaa' stands twice");
	memcpy(z.b + z.central[1] + 46, "bbbb", 4);
	refused(&z, DL4J_EFORMAT,
	        "byte 0: the local header and the directory tell of different entries");
}
END_TEST

/* The first entry's data reach over the second's header: a quoted zip bomb. */
START_TEST(reaching_over)
{
	struct raw *z = two_plain(DEFLATED);
	uint32_t n = get32(z, z->central[0] + 20) + 9;

	put32(z, z->central[0] + 20, n);
	put32(z, z->local[0] + 18, n);
	gap_at(z, z->after[0] + 9, z->local[1]);
	z = two_plain(DEFLATED);
	put32(z, z->central[1] + 20, 0x7fffffff);
	put32(z, z->local[1] + 18, 0x7fffffff);
	gap_at(z, z->data[1] + 0x7fffffff, z->central[0]);
	z = two_entries();
	put32(z, z->central[1] + 20, 0x7fffffff);
	refused_at(z, DL4J_EFORMAT, z->data[1] + 0x7fffffff, "the zip ends too early");
}
END_TEST

/* Bytes that belong to no entry: DL4J, which reads local headers, could find one there. */
START_TEST(gap)
{
	struct raw z = { .n = 0 };
	size_t end;

	zip_entry(&z, CONFIG, TEXT, DEFLATED, AFTER);
	zip_entry(&z, COEFFICIENTS, NUMBERS, DEFLATED, AFTER);
	end = z.n;
	zip_entry(&z, COEFFICIENTS, "other numbers ..", DEFLATED, AFTER);
	z.entries--; /* not in the directory */
	zip_end(&z, "");
	gap_at(&z, end, z.central[0]);
}
END_TEST

/* The local header and the directory: name, length of the name, flags, method, sizes. */
START_TEST(mismatch)
{
	static const size_t other[] = { 30, 47, 26, 6, 8 };
	static const size_t sizes[] = { 14, 18, 22 };
	struct raw *z;

	for (int i = 0; i < COUNT(other); i++) {
		z = two_plain(STORED);
		z->b[z->local[1] + other[i] - (other[i] == 47) * 2] ^= 8;
		refused_at(z, DL4J_EFORMAT, z->local[1],
		           "the local header and the directory tell of different entries");
	}
	for (int i = 0; i < COUNT(sizes); i++) {
		z = two_plain(DEFLATED);
		z->b[z->local[1] + sizes[i]] ^= 1;
		refused_at(z, DL4J_EFORMAT, z->local[1],
		           "the local header and the directory tell different sizes");
	}
	for (size_t i = 4; i < 16; i++) {
		z = two_entries();
		z->b[z->after[1] + i] ^= 1;
		refused_at(z, DL4J_EFORMAT, z->after[1],
		           "the sizes after the data and the directory differ");
	}
}
END_TEST

START_TEST(no_local_header)
{
	struct raw *z = two_entries();

	z->b[z->local[1] + 3] = 9;
	refused_at(z, DL4J_EFORMAT, z->local[1], "expected a local header");
	z = two_entries();
	put32(z, z->central[1] + 42, 0x7ffffff0);
	refused(z, DL4J_EFORMAT, "byte 2147483632: the zip ends too early");
	put32(z, z->central[1] + 42, (uint32_t)z->n - 10);
	refused_at(z, DL4J_EFORMAT, z->n - 10, "the zip ends too early");
	z = two_entries(); /* a name that would reach past the end */
	put16(z, z->local[1] + 26, 0xffff);
	refused_at(z, DL4J_EFORMAT, z->local[1] + 30, "the zip ends too early");
}
END_TEST

START_TEST(flags)
{
	static const unsigned refused_flags[] = {
		0x0001, 0x0010, 0x0020, 0x0040, 0x1000, 0x2000, 0x8000
	};
	static const unsigned fine[] = { 0x0002, 0x0004, 0x0800 };
	struct raw *z;

	for (int i = 0; i < COUNT(refused_flags); i++) {
		z = two_plain(DEFLATED);
		put16(z, z->local[1] + 6, refused_flags[i]);
		put16(z, z->central[1] + 8, refused_flags[i]);
		refused_at(z, DL4J_EUNSUPPORTED, z->central[1],
		           unit_text("an encrypted or patched entry (flags 0x%04x)", refused_flags[i]));
	}
	for (int i = 0; i < COUNT(fine); i++) {
		z = two_plain(DEFLATED);
		put16(z, z->local[1] + 6, fine[i]);
		put16(z, z->central[1] + 8, fine[i]);
		holds(z, COEFFICIENTS, NUMBERS);
	}
}
END_TEST

START_TEST(methods)
{
	static const unsigned odd[] = { 1, 6, 9, 12, 14, 93, 95, 99, 0xffff };

	for (int i = 0; i < COUNT(odd); i++) {
		struct raw *z = two_plain(STORED);
		put16(z, z->local[1] + 8, odd[i]);
		put16(z, z->central[1] + 10, odd[i]);
		refused_at(z, DL4J_EUNSUPPORTED, z->central[1],
		           unit_text("expected compression method 0 or 8, found %u", odd[i]));
	}
}
END_TEST

START_TEST(stored_sizes)
{
	struct raw *z = two_plain(STORED);

	put32(z, z->local[1] + 22, 15);
	put32(z, z->central[1] + 24, 15);
	refused_at(z, DL4J_EFORMAT, z->central[1], "a stored entry of two sizes");
}
END_TEST

START_TEST(zip64)
{
	static const size_t of_entry[] = { 20, 24, 42 };
	struct raw *z = two_entries();

	put16(z, z->end + 8, 0xffff);
	put16(z, z->end + 10, 0xffff);
	refused(z, DL4J_EUNSUPPORTED, "a zip of 4 GiB or more (Zip64)");
	z = two_entries();
	put32(z, z->end + 12, UINT32_MAX);
	refused(z, DL4J_EUNSUPPORTED, "a zip of 4 GiB or more (Zip64)");
	z = two_entries();
	put32(z, z->end + 16, UINT32_MAX);
	refused(z, DL4J_EUNSUPPORTED, "a zip of 4 GiB or more (Zip64)");
	for (int i = 0; i < COUNT(of_entry); i++) {
		z = two_entries();
		put32(z, z->central[1] + of_entry[i], UINT32_MAX);
		refused_at(z, DL4J_EUNSUPPORTED, z->central[1], "an entry of 4 GiB or more");
	}
	for (int which = 1; which <= 3; which++) { /* of the local header's two sizes */
		z = two_plain(DEFLATED);
		if (which & 1)
			put32(z, z->local[1] + 18, UINT32_MAX);
		if (which & 2)
			put32(z, z->local[1] + 22, UINT32_MAX);
		refused_at(z, which == 3 ? DL4J_EUNSUPPORTED : DL4J_EFORMAT, z->local[1],
		           which == 3 ? "an entry in the Zip64 form" :
		           "the local header and the directory tell different sizes");
	}
}
END_TEST

START_TEST(several_parts)
{
	static const size_t fields[] = { 4, 6, 8 };
	struct raw *z;

	for (int i = 0; i < COUNT(fields); i++) {
		z = two_entries();
		z->b[z->end + fields[i]]++;
		refused(z, DL4J_EUNSUPPORTED, "a zip in several parts");
	}
	z = two_entries();
	z->b[z->central[1] + 34] = 1;
	refused_at(z, DL4J_EUNSUPPORTED, z->central[1], "a zip in several parts");
}
END_TEST

START_TEST(directory)
{
	struct raw *z = two_entries();

	z->b[z->central[1]] ^= 1;
	refused_at(z, DL4J_EFORMAT, z->central[1], "expected a directory entry");
	z = two_entries(); /* one entry fewer than the directory lists */
	put16(z, z->end + 8, 1);
	put16(z, z->end + 10, 1);
	refused_at(z, DL4J_EFORMAT, z->central[1], "expected the end of the directory, found more");
	put16(z, z->end + 8, 3);
	put16(z, z->end + 10, 3);
	refused_at(z, DL4J_EFORMAT, z->end, "the directory is cut short");
	z = two_entries();
	put16(z, z->central[1] + 30, 1); /* an extra field that would reach into the end record */
	refused_at(z, DL4J_EFORMAT, z->central[1], "the directory is cut short");
	z = two_entries();
	put32(z, z->end + 16, get32(z, z->end + 16) - 1);
	refused_at(z, DL4J_EFORMAT, z->end, NOT_AT_END);
	z = two_entries();
	put32(z, z->end + 12, 1024 * 1024 + 1);
	refused(z, DL4J_ELIMIT, "expected a directory of at most 1048576 bytes, found 1048577");
}
END_TEST

/* Exactly as long as it may be. */
START_TEST(longest_directory)
{
	struct raw *z = two_entries();
	struct dl4j_limits own = { .zip_entries = 2, .directory_bytes = get32(z, z->end + 12) };
	struct dl4j_error err = { 0 };
	struct archive *a;

	ck_assert_msg(!archive_open(&a, NULL, z->b, z->n, &own, &err), "%s", err.msg);
	archive_close(a);
	own.directory_bytes--;
	ck_assert_int_eq(archive_open(&a, NULL, z->b, z->n, &own, &err), DL4J_ELIMIT);
}
END_TEST

/* In an entry's line, as some tools write them. */
START_TEST(comment_of_entry)
{
	struct raw *z = two_entries();

	memmove(z->b + z->end + 9, z->b + z->end, z->n - z->end);
	memcpy(z->b + z->end, "a comment", 9);
	z->end += 9;
	z->n += 9;
	put16(z, z->central[1] + 32, 9);
	put32(z, z->end + 12, get32(z, z->end + 12) + 9);
	holds(z, COEFFICIENTS, NUMBERS);
}
END_TEST

/* The entries in another order than in the file. */
START_TEST(reordered)
{
	struct raw *z = two_entries();
	const size_t first = z->central[0], second = z->central[1], n = z->end - first;
	unsigned char old[1024];

	ck_assert_uint_le(n, sizeof old);
	memcpy(old, z->b + first, n);
	memcpy(z->b + first, old + (second - first), z->end - second);
	memcpy(z->b + first + (z->end - second), old, second - first);
	holds(z, CONFIG, TEXT);
	holds(z, COEFFICIENTS, NUMBERS);
}
END_TEST

/* An entry that no line of the directory tells of: DL4J would read it. */
START_TEST(no_lines)
{
	struct raw z = { .n = 0 };

	zip_entry(&z, CONFIG, TEXT, STORED, BEFORE);
	z.entries = 0;
	zip_end(&z, "");
	refused(&z, DL4J_EFORMAT, "expected entries in the directory, found none");
}
END_TEST

START_TEST(too_many)
{
	struct raw z = { .n = 0 };
	char name[] = "a";

	for (; z.entries < 8; name[0]++)
		zip_entry(&z, name, "x", STORED, BEFORE);
	zip_end(&z, "");
	holds(&z, "h", "x");
	z.n = z.central[0];
	zip_entry(&z, name, "x", STORED, BEFORE);
	zip_end(&z, "");
	refused(&z, DL4J_ELIMIT, "expected at most 8 entries, found 9");
}
END_TEST

static Suite *scan_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("scan", &tests);

	tcase_add_test(tests, not_a_zip);
	tcase_add_test(tests, comment);
	tcase_add_test(tests, two_ends);
	tcase_add_test(tests, trailing);
	tcase_add_loop_test(tests, prefix, 0, 4);
	tcase_add_test(tests, truncated);
	tcase_add_test(tests, flipped);
	tcase_add_test(tests, duplicate);
	tcase_add_test(tests, overlap);
	tcase_add_test(tests, reaching_over);
	tcase_add_test(tests, gap);
	tcase_add_test(tests, mismatch);
	tcase_add_test(tests, no_local_header);
	tcase_add_test(tests, flags);
	tcase_add_test(tests, methods);
	tcase_add_test(tests, stored_sizes);
	tcase_add_test(tests, zip64);
	tcase_add_test(tests, several_parts);
	tcase_add_test(tests, directory);
	tcase_add_test(tests, longest_directory);
	tcase_add_test(tests, comment_of_entry);
	tcase_add_test(tests, reordered);
	tcase_add_test(tests, no_lines);
	tcase_add_test(tests, too_many);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ archive_suite(), inflate_suite(), scan_suite(), NULL });
}
