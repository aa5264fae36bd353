/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a concatenation along the channels are computed where they belong in it, so that nothing
 * need be copied. Of a single example, channel after channel or in blocks of channels, each part is
 * a stretch of the whole; and so is a concatenation that is part of another, as in DenseNet. */
#include "exec/compile.h"

#include "base/num.h"

void join_plan(struct compile *c)
{
	for (int i = 0; i < c->ir->n_ops; i++) {
		const struct ir_op *op = c->ir->ops[i];
		int64_t at = 0;

		if (!op || op->code != IR_CONCAT || op->axis != 1 || op->out->dim[0] != 1)
			continue;
		for (int k = 0; k < op->n_in; at += op->in[k++]->dim[1]) {
			struct value *part = &c->values[op->in[k]->id];
			if (op->in[k]->def && !part->whole) {
				part->whole = op->out;
				part->at = at;
			}
		}
	}
}

/* The outermost concatenation that v is part of, or v; *at: its first channel there. */
static const struct ir_val *outermost(const struct compile *c, const struct ir_val *v, int64_t *at)
{
	for (*at = 0; c->values[v->id].whole; v = c->values[v->id].whole)
		*at += c->values[v->id].at;
	return v;
}

/* Whether these channels are a stretch of an array in such blocks. Channels last are one block of
 * all channels, which no part fills. */
static bool in_stretches(int64_t block, int64_t at, int64_t channels)
{
	return (block == 1 || block == 8 || block == 16) && at % block == 0 && channels % block == 0;
}

int join_slot(struct compile *c, const struct shim_desc *d, int *slot)
{
	const struct ir_val *v = c->op->out, *whole;
	const struct shim_desc *all;
	struct value *value;
	int64_t at, bytes;

	whole = outermost(c, v, &at);
	value = &c->values[whole->id];
	all = v->rank > 2 ? compile_like(c, d, v, whole) : NULL;
	bytes = at * dims_product(v->dim + 2, v->rank - 2) * (int64_t)sizeof(float);
	if (!all || shim_type(d) != dnnl_f32 || bytes % 64 ||
	    !in_stretches(compile_block(c, all, whole), at, v->dim[1]) ||
	    (value->joined && !shim_equal(compile_desc(c, value->first), all)) ||
	    (!value->joined && whole == v))
		return compile_slot_of(c, v, d, slot);
	if (!value->joined)
		TRY(compile_slot(c, all, &value->first));
	value->joined = true;
	TRY(compile_alias(c, value->first, d, slot));
	c->plan->slots[*slot].offset = bytes;
	return 0;
}

const struct shim_desc *join_layout(struct compile *c, const struct ir_val *v)
{
	int64_t at;
	const struct ir_val *whole = outermost(c, v, &at);
	const struct value *value = &c->values[whole->id];

	return value->joined ? compile_like(c, compile_desc(c, value->first), whole, v) : NULL;
}

bool join_is_there(const struct compile *c, const struct ir_val *part, int whole, int64_t at)
{
	const struct slot *all = &c->plan->slots[whole];

	for (const struct place *p = c->values[part->id].places; p; p = p->next) {
		const struct slot *s = &c->plan->slots[p->slot];
		if (s->buffer == all->buffer &&
		    s->offset == all->offset + at * dims_product(part->dim + 2, part->rank - 2) *
		                                   (int64_t)sizeof(float))
			return true;
	}
	return false;
}
