/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by ISA-L, whose counts are of 32 bits, as those of a zip's entries are. */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#include "archive/inflate_stream.h"

void *stream_new(void)
{
	struct inflate_state *z = malloc(sizeof *z);

	if (z)
		isal_inflate_init(z);
	return z;
}

void stream_free(void *state)
{
	free(state);
}

enum step stream_step(struct stream *s)
{
	struct inflate_state *z = s->state;
	int r;

	z->next_in = (unsigned char *)s->in; /* which it only reads */
	z->avail_in = (uint32_t)s->n_in;
	z->next_out = s->out;
	z->avail_out = (uint32_t)s->n_out;
	r = isal_inflate(z);
	s->in = z->next_in;
	s->n_in = z->avail_in;
	s->out = z->next_out;
	s->n_out = z->avail_out;
	if (r != ISAL_DECOMP_OK)
		return STEP_DAMAGED;
	if (z->block_state != ISAL_BLOCK_FINISH)
		return STEP_MORE;
	s->n_in += (size_t)z->read_in_length / 8; /* whole bytes that it took, but did not need */
	return STEP_END;
}

uint32_t inflate_crc(uint32_t crc, const unsigned char *bytes, size_t n)
{
	return crc32_gzip_refl(crc, bytes, n);
}
