/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by libdeflate, which takes an entry whole. */
#include "archive/inflate.h"

#include <libdeflate.h>

int inflate_raw(const unsigned char *in, size_t n, unsigned char *out, size_t size,
                struct dl4j_error *err)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result r;
	size_t read = 0;

	if (!d)
		return fail_memory(err);
	r = libdeflate_deflate_decompress_ex(d, in, n, out, size, &read, NULL);
	libdeflate_free_decompressor(d);
	return r == LIBDEFLATE_SUCCESS && read == n ? 0 :
	       fail(err, DL4J_EFORMAT, "damaged: expected %zu bytes of deflated data", size);
}

uint32_t inflate_crc(const unsigned char *bytes, size_t n)
{
	return libdeflate_crc32(0, bytes, n);
}
