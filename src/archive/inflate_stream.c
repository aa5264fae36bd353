/* SPDX-License-Identifier: Apache-2.0 */
/* inflate piece by piece: both sides, and the end, are watched here. */
#include "archive/inflate_stream.h"

#include <stdlib.h>

struct pieces {
	const struct inflate *x;
	struct stream s;
	unsigned char *in;
	size_t in_left, at; /* not yet read; made so far */
	enum step last;
};

static size_t piece(size_t n)
{
	return n < INFLATE_PIECE ? n : INFLATE_PIECE;
}

static int step(struct pieces *p, struct dl4j_error *err)
{
	if (!p->s.n_in && p->in_left) {
		TRY(p->x->read(p->x->self, p->in, piece(p->in_left), err));
		p->s.in = p->in;
		p->s.n_in = piece(p->in_left);
		p->in_left -= p->s.n_in;
	}
	p->last = stream_step(&p->s);
	return p->last == STEP_MEMORY ? fail_memory(err) : /* unreached: only zlib takes more */
	       p->last == STEP_DAMAGED ? inflate_damaged(p->x, err) : 0;
}

/* The next piece of the output; behind all of it, where the end must be, one byte too much. */
static int next(struct pieces *p, struct dl4j_error *err)
{
	const size_t room = piece(p->x->size - p->at);
	unsigned char over;
	size_t before;

	p->s.out = room ? p->x->out + p->at : &over;
	p->s.n_out = room ? room : 1;
	do {
		before = p->s.n_out;
		TRY(step(p, err));
	} while (p->last == STEP_MORE && p->s.n_out && (p->in_left || p->s.n_out < before));
	if (p->last == STEP_MORE && (p->s.n_out || !room))
		return inflate_damaged(p->x, err);
	if (!room)
		return p->s.n_out ? 0 : inflate_damaged(p->x, err);
	p->at += room - p->s.n_out;
	return p->x->made(p->x->self, room - p->s.n_out, err);
}

int inflate_raw(const struct inflate *x, struct dl4j_error *err)
{
	struct pieces p = { .x = x, .in_left = x->packed, .last = STEP_MORE };
	int r = 0;

	p.s.state = stream_new();
	p.in = malloc(piece(x->packed) + 1);
	if (!p.s.state || !p.in)
		r = fail_memory(err);
	while (!r && p.last == STEP_MORE)
		r = next(&p, err);
	if (!r && (p.in_left || p.s.n_in || p.at != x->size))
		r = inflate_damaged(x, err);
	free(p.in);
	stream_free(p.s.state);
	return r;
}
