/* SPDX-License-Identifier: Apache-2.0 */
/* archive: entries of a model zip, by exact name. Entries that inference does not need are never
 * inflated, and nothing is written to disk but what archive_copy is asked for. The only folder that
 * knows libzip. */
#ifndef DL4J_ARCHIVE_ARCHIVE_H
#define DL4J_ARCHIVE_ARCHIVE_H

#include <stdbool.h>

#include "base/err.h"

struct archive;

/* From the file at `path`, or, where path is NULL, from `size` bytes, which must outlive it. */
int archive_open(struct archive **out, const char *path, const void *bytes, size_t size,
                 const struct dl4j_limits *limits, struct dl4j_error *err);
void archive_close(struct archive *a);

/* The entries in the order of the directory; the name lives as long as the archive. */
int archive_entries(const struct archive *a);
const char *archive_entry(const struct archive *a, int i, int64_t *size, int64_t *packed);

/* The size of an entry once inflated; -1: there is none of that name. */
int64_t archive_size(const struct archive *a, const char *name);
/* Its first bytes, at most n, unchecked; returns how many, or a negative code. */
int64_t archive_peek(struct archive *a, const char *name, void *out, size_t n,
                     struct dl4j_error *err);
/* An entry as it lies in the zip. */
struct archive_packed {
	int64_t at, packed, size;
	uint32_t crc;
	bool stored;
};

bool archive_find(const struct archive *a, const char *name, struct archive_packed *out);
/* The zip's bytes from `at` on, which are there; by any thread at any time. */
int archive_bytes(const struct archive *a, int64_t at, void *out, size_t n, struct dl4j_error *err);

/* The whole entry, CRC checked, malloc'ed with `room` bytes to spare. Refused above `max`. */
int archive_read(struct archive *a, const char *name, int64_t max, size_t room, unsigned char **out,
                 size_t *n, struct dl4j_error *err);

/* That archive_read would allocate its memory. */
int archive_claim(const struct archive *a, const char *name, int64_t max, struct dl4j_error *err);
/* The same into `out`, which has room for archive_size bytes. `more` (may be NULL) is told how many
 * bytes are there, again and again, and may change those, or stop it all by an error of its own.
 * Only in the end the checksum tells whether they are the right ones. */
typedef int archive_more(void *self, size_t n, struct dl4j_error *err);
int archive_read_to(struct archive *a, const char *name, unsigned char *out, archive_more *more,
                    void *self, struct dl4j_error *err);
/* A zip at `path` of the same entries, packed as they are, and of one more of that name, which
 * takes the place of one that is there. */
int archive_copy(const struct archive *a, const char *path, const char *name, const void *bytes,
                 size_t n, struct dl4j_error *err);

/* The zip format's checksum; of nothing it is 0. */
uint32_t archive_crc(uint32_t crc, const void *bytes, size_t n);

/* "libzip 1.7.3" */
void archive_backend(char *text, size_t size);

#endif
