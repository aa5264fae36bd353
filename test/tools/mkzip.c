/* SPDX-License-Identifier: Apache-2.0 */
/* mkzip: zips in memory whose every field a test can reach.
 * Record layouts: the zip format's APPNOTE, sections 4.3.7, 4.3.9, 4.3.12 and 4.3.16. */
#include "tools/mkzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FLAG_AFTER = 8, LOCAL = 30, CENTRAL = 46, END = 22 };

static unsigned char *grow(struct mkzip *z, size_t more)
{
	if (z->n + more > z->room) {
		z->room = 2 * (z->n + more) + 256;
		z->b = realloc(z->b, z->room);
		if (!z->b)
			abort();
	}
	memset(z->b + z->n, 0, more);
	z->n += more;
	return z->b + z->n - more;
}

void mkzip_put16(struct mkzip *z, size_t at, unsigned v)
{
	z->b[at] = (unsigned char)v;
	z->b[at + 1] = (unsigned char)(v >> 8);
}

void mkzip_put32(struct mkzip *z, size_t at, uint32_t v)
{
	mkzip_put16(z, at, v & 0xffff);
	mkzip_put16(z, at + 2, v >> 16);
}

unsigned mkzip_get16(const struct mkzip *z, size_t at)
{
	return z->b[at] | (unsigned)z->b[at + 1] << 8;
}

uint32_t mkzip_get32(const struct mkzip *z, size_t at)
{
	return mkzip_get16(z, at) | (uint32_t)mkzip_get16(z, at + 2) << 16;
}

void mkzip_add(struct mkzip *z, const void *bytes, size_t n)
{
	if (n)
		memcpy(grow(z, n), bytes, n);
}

static void move(size_t *at, size_t from, size_t n)
{
	if (*at >= from)
		*at += n;
}

void mkzip_insert(struct mkzip *z, size_t at, const void *bytes, size_t n)
{
	grow(z, n);
	memmove(z->b + at + n, z->b + at, z->n - n - at);
	memcpy(z->b + at, bytes, n);
	for (int i = 0; i < z->entries; i++) {
		move(&z->local[i], at, n);
		move(&z->data[i], at, n);
		move(&z->after[i], at, n);
		move(&z->central[i], at, n);
	}
	move(&z->directory, at, n);
	move(&z->end, at, n);
}

static void add_deflated(struct mkzip *z, const void *bytes, size_t n)
{
	z_stream s = { .next_in = (unsigned char *)bytes, .avail_in = (uInt)n };
	size_t room;

	if (deflateInit2(&s, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	room = deflateBound(&s, (uLong)n);
	s.next_out = grow(z, room);
	s.avail_out = (uInt)room;
	if (deflate(&s, Z_FINISH) != Z_STREAM_END)
		abort();
	z->n -= s.avail_out;
	deflateEnd(&s);
}

void mkzip_entry(struct mkzip *z, const char *name, const void *bytes, size_t n, int method,
                 enum mkzip_after after)
{
	size_t at = z->n, sizes = at + 14;
	int i = z->entries++;

	z->local[i] = at;
	memcpy(grow(z, LOCAL), "PK\3\4", 4);
	mkzip_put16(z, at + 4, 20);
	mkzip_put16(z, at + 6, after ? FLAG_AFTER : 0);
	mkzip_put16(z, at + 8, (unsigned)method);
	mkzip_put16(z, at + 26, (unsigned)strlen(name));
	mkzip_add(z, name, strlen(name));
	z->data[i] = z->n;
	if (method == MKZIP_DEFLATED)
		add_deflated(z, bytes, n);
	else
		mkzip_add(z, bytes, n);
	z->after[i] = z->n;
	if (after == MKZIP_AFTER)
		mkzip_add(z, "PK\7\10", 4);
	if (after) {
		sizes = z->n;
		grow(z, 12);
	}
	mkzip_put32(z, sizes, (uint32_t)crc32(0, bytes, (uInt)n));
	mkzip_put32(z, sizes + 4, (uint32_t)(z->after[i] - z->data[i]));
	mkzip_put32(z, sizes + 8, (uint32_t)n);
}

void mkzip_end(struct mkzip *z, const char *comment)
{
	z->directory = z->n;
	for (int i = 0; i < z->entries; i++) {
		size_t at = z->n, local = z->local[i], name = mkzip_get16(z, local + 26);
		size_t sizes = local + 14;
		if (mkzip_get16(z, local + 6) & FLAG_AFTER)
			sizes = z->after[i] + (memcmp(z->b + z->after[i], "PK\7\10", 4) ? 0 : 4);
		z->central[i] = at;
		memcpy(grow(z, CENTRAL), "PK\1\2", 4);
		mkzip_put16(z, at + 4, 20);
		memcpy(z->b + at + 6, z->b + local + 4, 10); /* version, flags, method, time, date */
		memcpy(z->b + at + 16, z->b + sizes, 12);
		mkzip_put16(z, at + 28, (unsigned)name);
		mkzip_put32(z, at + 42, (uint32_t)local);
		grow(z, name); /* which may move z->b */
		memcpy(z->b + z->n - name, z->b + local + LOCAL, name);
	}
	z->end = z->n;
	memcpy(grow(z, END), "PK\5\6", 4);
	mkzip_put16(z, z->end + 8, (unsigned)z->entries);
	mkzip_put16(z, z->end + 10, (unsigned)z->entries);
	mkzip_put32(z, z->end + 12, (uint32_t)(z->end - z->directory));
	mkzip_put32(z, z->end + 16, (uint32_t)z->directory);
	mkzip_put16(z, z->end + 20, (unsigned)strlen(comment));
	mkzip_add(z, comment, strlen(comment));
}

void mkzip_free(struct mkzip *z)
{
	free(z->b);
	*z = (struct mkzip){ 0 };
}

static size_t put_be(unsigned char *out, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		out[i] = (unsigned char)(v >> 8 * (n - 1 - i));
	return (size_t)n;
}

static size_t put_word(unsigned char *out, const char *word)
{
	put_be(out, strlen(word), 2);
	memcpy(out + 2, word, strlen(word));
	return 2 + strlen(word);
}

size_t mkzip_floats(unsigned char *out, int rank, const int64_t *dim, const float *data, size_t n)
{
	size_t at = put_word(out, "LONG_SHAPE");
	int64_t stride = 1;

	at += put_be(out + at, (uint64_t)(2 * rank + 4), 8);
	at += put_word(out + at, "LONG");
	at += put_be(out + at, (uint64_t)rank, 8);
	for (int i = 0; i < rank; i++)
		at += put_be(out + at, (uint64_t)dim[i], 8);
	for (int i = 0; i < rank; i++) {
		stride = 1;
		for (int k = i + 1; k < rank; k++)
			stride *= dim[k];
		at += put_be(out + at, (uint64_t)stride, 8);
	}
	at += put_be(out + at, 0x2000, 8); /* the type's flag */
	at += put_be(out + at, 1, 8);
	at += put_be(out + at, 'c', 8);
	at += put_word(out + at, "MIXED_DATA_TYPES");
	at += put_be(out + at, n, 8);
	at += put_word(out + at, "FLOAT");
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &data[i], sizeof bits);
		at += put_be(out + at, bits, 4);
	}
	return at;
}
