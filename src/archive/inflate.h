/* SPDX-License-Identifier: Apache-2.0 */
/* inflate: deflated bytes to the bytes they were, and their checksum. One of inflate_deflate.c and
 * inflate_zlib.c is built: libdeflate, which is three times as fast, where configure found it. */
#ifndef DL4J_ARCHIVE_INFLATE_H
#define DL4J_ARCHIVE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* All `n` bytes at `in` make exactly `size` at `out`: bytes left over could be entries to a reader
 * that does not know the compressed size. */
int inflate_raw(const unsigned char *in, size_t n, unsigned char *out, size_t size,
                struct dl4j_error *err);
uint32_t inflate_crc(const unsigned char *bytes, size_t n);

#endif
