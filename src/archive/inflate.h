/* SPDX-License-Identifier: Apache-2.0 */
/* inflate: a whole zip entry at once. One of inflate_deflate.c and inflate_zip.c is built: with
 * libdeflate where configure found it, which is three times as fast, else by libzip. */
#ifndef DL4J_ARCHIVE_INFLATE_H
#define DL4J_ARCHIVE_INFLATE_H

#include <zip.h>

#include "base/err.h"

/* Exactly st->size bytes into `out`, CRC checked. */
int inflate_entry(zip_t *zip, const zip_stat_t *st, unsigned char *out, struct dl4j_error *err);
/* Read n bytes of an open entry. */
int inflate_bytes(zip_file_t *f, unsigned char *out, zip_uint64_t n, struct dl4j_error *err);

#endif
