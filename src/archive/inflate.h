/* SPDX-License-Identifier: Apache-2.0 */
/* inflate: deflated bytes to the bytes they were, and their checksum. One of inflate_isal.c,
 * inflate_deflate.c and inflate_zlib.c is built, as configure found: ISA-L hands out what is there
 * so far, libdeflate is as fast but takes and gives an entry whole, zlib needs twice as long. */
#ifndef DL4J_ARCHIVE_INFLATE_H
#define DL4J_ARCHIVE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* So many bytes are inflated at once, and given on while a cache has them. */
#ifndef INFLATE_PIECE
#define INFLATE_PIECE (256 * 1024)
#endif

struct inflate {
	size_t packed;      /* deflated bytes, all of which must make */
	unsigned char *out; /* exactly */
	size_t size;        /* bytes here: what is left over could be entries to other readers */
	/* Exactly n of the deflated bytes; and, where it returns 0, go on: n more are at out. */
	int (*read)(void *self, unsigned char *to, size_t n, struct dl4j_error *err);
	int (*made)(void *self, size_t n, struct dl4j_error *err);
	void *self;
};

/* Negative, or what `read` or `made` returned other than 0. */
int inflate_raw(const struct inflate *x, struct dl4j_error *err);
uint32_t inflate_crc(uint32_t crc, const unsigned char *bytes, size_t n);

static inline int inflate_damaged(const struct inflate *x, struct dl4j_error *err)
{
	return fail(err, DL4J_EFORMAT, "damaged: expected %zu bytes of deflated data", x->size);
}

#endif
