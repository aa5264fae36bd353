/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by zlib. */
#include <stdlib.h>
#include <zlib.h>

#include "archive/inflate_stream.h"

void *stream_new(void)
{
	z_stream *z = calloc(1, sizeof *z);

	if (z && inflateInit2(z, -MAX_WBITS) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

void stream_free(void *state)
{
	if (state)
		inflateEnd(state);
	free(state);
}

enum step stream_step(struct stream *s)
{
	z_stream *z = s->state;
	int r;

	z->next_in = (unsigned char *)s->in; /* which it only reads */
	z->avail_in = (uInt)s->n_in;
	z->next_out = s->out;
	z->avail_out = (uInt)s->n_out;
	r = inflate(z, Z_NO_FLUSH);
	s->in = z->next_in;
	s->n_in = z->avail_in;
	s->out = z->next_out;
	s->n_out = z->avail_out;
	switch (r) {
	case Z_OK:
	case Z_BUF_ERROR: /* nothing to read, or no room */
		return STEP_MORE;
	case Z_STREAM_END:
		return STEP_END;
	case Z_MEM_ERROR:
		return STEP_MEMORY;
	}
	return STEP_DAMAGED;
}

uint32_t inflate_crc(uint32_t crc, const unsigned char *bytes, size_t n)
{
	return (uint32_t)crc32(crc, bytes, (uInt)n);
}
