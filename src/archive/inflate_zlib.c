/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by zlib, whose counts are of 32 bits: large entries go through it in pieces. */
#include "archive/inflate.h"

#include <zlib.h>

#define PIECE (UINT32_C(1) << 30)

static uInt piece(size_t n)
{
	return (uInt)(n < PIECE ? n : PIECE);
}

int inflate_raw(const unsigned char *in, size_t n, unsigned char *out, size_t size,
                struct dl4j_error *err)
{
	z_stream z = { .next_in = (unsigned char *)in };
	size_t in_left = n, out_left = size;
	unsigned char end; /* somewhere to point to where nothing is to come out */
	int r;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return fail_memory(err);
	z.next_out = size ? out : &end;
	do {
		uInt give = piece(in_left), take = piece(out_left);
		z.avail_in = give;
		z.avail_out = take;
		r = inflate(&z, Z_NO_FLUSH);
		in_left -= give - z.avail_in;
		out_left -= take - z.avail_out;
	} while (r == Z_OK);
	inflateEnd(&z);
	if (r == Z_MEM_ERROR)
		return fail_memory(err);
	return r == Z_STREAM_END && !in_left && !out_left ? 0 :
	       fail(err, DL4J_EFORMAT, "damaged: expected %zu bytes of deflated data", size);
}

uint32_t inflate_crc(const unsigned char *bytes, size_t n)
{
	uLong crc = crc32(0, NULL, 0);

	for (uInt some; n > 0; bytes += some, n -= some) {
		some = piece(n);
		crc = crc32(crc, bytes, some);
	}
	return (uint32_t)crc;
}
