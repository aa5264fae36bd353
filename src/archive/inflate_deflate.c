/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by libdeflate, which takes an entry whole. */
#include "archive/inflate.h"

#include <libdeflate.h>
#include <stdlib.h>

static int inflate_whole(const struct inflate *x, const unsigned char *in, struct dl4j_error *err)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result r;
	size_t read = 0;

	if (!d)
		return fail_memory(err);
	r = libdeflate_deflate_decompress_ex(d, in, x->packed, x->out, x->size, &read, NULL);
	libdeflate_free_decompressor(d);
	return r == LIBDEFLATE_SUCCESS && read == x->packed ? 0 : inflate_damaged(x, err);
}

int inflate_raw(const struct inflate *x, struct dl4j_error *err)
{
	unsigned char *in = malloc(x->packed + 1);
	int r = in ? x->read(x->self, in, x->packed, err) : fail_memory(err);

	if (!r)
		r = inflate_whole(x, in, err);
	free(in);
	for (size_t at = 0, n; !r && at < x->size; at += n) {
		n = x->size - at < INFLATE_PIECE ? x->size - at : INFLATE_PIECE;
		r = x->made(x->self, n, err);
	}
	return r;
}

uint32_t inflate_crc(uint32_t crc, const unsigned char *bytes, size_t n)
{
	return libdeflate_crc32(crc, bytes, n);
}
