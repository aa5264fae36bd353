/* SPDX-License-Identifier: Apache-2.0 */
/* inflate_stream: inflating piece by piece; inflate_isal.c or inflate_zlib.c takes each step. */
#ifndef DL4J_ARCHIVE_INFLATE_STREAM_H
#define DL4J_ARCHIVE_INFLATE_STREAM_H

#include "archive/inflate.h"

struct stream {
	void *state; /* the library's */
	const unsigned char *in;
	unsigned char *out;
	size_t n_in, n_out; /* to be read there, room there: at most INFLATE_PIECE */
};

enum step { STEP_DAMAGED = -2, STEP_MEMORY, STEP_MORE, STEP_END };

/* NULL: no memory. */
void *stream_new(void);
void stream_free(void *state);
/* As far as input and room go. At the end n_in is what was not needed. */
enum step stream_step(struct stream *s);

#endif
