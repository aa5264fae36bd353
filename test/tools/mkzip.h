/* SPDX-License-Identifier: Apache-2.0 */
/* mkzip: writes zips in memory, entry by entry, and tells where each record lies, so that tests can
 * make any field of it lie. They end the process when memory is out. */
#ifndef DL4J_TEST_MKZIP_H
#define DL4J_TEST_MKZIP_H

#include <stddef.h>
#include <stdint.h>

enum { MKZIP_STORED = 0, MKZIP_DEFLATED = 8, MKZIP_MOST = 80 };

/* The sizes stand in the local header, or after the data with a magic number or without. */
enum mkzip_after { MKZIP_BEFORE, MKZIP_AFTER, MKZIP_AFTER_BARE };

struct mkzip {
	unsigned char *b;
	size_t n, room;
	int entries;
	size_t local[MKZIP_MOST], data[MKZIP_MOST], after[MKZIP_MOST]; /* header, data, what follows */
	size_t central[MKZIP_MOST]; /* its line in the directory */
	size_t directory, end;      /* where the directory and the end record begin */
};

void mkzip_entry(struct mkzip *z, const char *name, const void *bytes, size_t n, int method,
                 enum mkzip_after after);
void mkzip_end(struct mkzip *z, const char *comment);
/* Bytes at the end, or in between; the offsets here move with what follows, those inside do not. */
void mkzip_add(struct mkzip *z, const void *bytes, size_t n);
void mkzip_insert(struct mkzip *z, size_t at, const void *bytes, size_t n);
void mkzip_free(struct mkzip *z);

void mkzip_put16(struct mkzip *z, size_t at, unsigned v);
void mkzip_put32(struct mkzip *z, size_t at, uint32_t v);
unsigned mkzip_get16(const struct mkzip *z, size_t at);
uint32_t mkzip_get32(const struct mkzip *z, size_t at);

/* An ND4J array as releases from beta4 on write it: row-major floats. Returns its length. */
size_t mkzip_floats(unsigned char *out, int rank, const int64_t *dim, const float *data, size_t n);

#endif
