/* SPDX-License-Identifier: Apache-2.0 */
/* deflate: bytes as deflated data, of which we and zlib, which DL4J has, must make the same, or
 * find them damaged. The output ends where memory does: ISA-L's loops are not instrumented. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <zlib.h>

#include "archive/inflate.h"
#include "fuzz/fuzz.h"

enum { MOST = 1 << 18, PAGE = 4096 };

/* An entry on its way. */
struct entry {
	const uint8_t *in;
	size_t read, made;
};

static int give(void *self, unsigned char *to, size_t n, struct dl4j_error *err)
{
	struct entry *e = self;

	(void)err;
	memcpy(to, e->in + e->read, n);
	e->read += n;
	return 0;
}

static int made(void *self, size_t n, struct dl4j_error *err)
{
	struct entry *e = self;

	(void)err;
	e->made += n;
	return 0;
}

/* How many bytes it makes; -1: damaged, or more than MOST. */
static int64_t by_zlib(unsigned char *out, const uint8_t *bytes, size_t n)
{
	z_stream z = { .next_in = (unsigned char *)bytes, .avail_in = (uInt)n, .next_out = out,
		       .avail_out = MOST };
	int r;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		abort();
	r = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return r == Z_STREAM_END && !z.avail_in ? MOST - (int64_t)z.avail_out : -1;
}

/* Into exactly `size` bytes before `end`. */
static int by_us(unsigned char *end, size_t size, const uint8_t *bytes, size_t n)
{
	struct entry e = { .in = bytes };
	const struct inflate x = { .packed = n, .out = end - size, .size = size, .read = give,
		                   .made = made, .self = &e };
	struct dl4j_error err = { 0 };
	int r = inflate_raw(&x, &err);

	if (!r && (e.read != n || e.made != size))
		fuzz_wrong("more or less than all read or made, without an error");
	return r;
}

void fuzz_deflate(const uint8_t *bytes, size_t n)
{
	static unsigned char expected[MOST], *end;
	const int64_t size = by_zlib(expected, bytes, n);

	if (!end) {
		end = mmap(NULL, MOST + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (end == MAP_FAILED || mprotect(end + MOST, PAGE, PROT_NONE))
			abort();
		end += MOST;
	}
	if (size < 0) {
		for (size_t some = 0; some <= 4 * n && some <= MOST; some = some * 4 + 1)
			by_us(end, some, bytes, n);
		return;
	}
	if (by_us(end, (size_t)size, bytes, n) || memcmp(end - size, expected, (size_t)size) != 0)
		fuzz_wrong("not what zlib reads");
	if (size > 0 && !by_us(end, (size_t)size - 1, bytes, n))
		fuzz_wrong("a byte fewer, without an error");
	if (size < MOST && !by_us(end, (size_t)size + 1, bytes, n))
		fuzz_wrong("a byte more, without an error");
}
