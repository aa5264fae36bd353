/* SPDX-License-Identifier: Apache-2.0 */
/* StackVertex and UnstackVertex: examples of several inputs below one another, and one of
 * `stackSize` equal parts of them. Shorter series get zeros at the end.      in, out: any shape */
#include "node/format.h"

struct unstack {
	struct node base;
	int64_t from, size;
};

static const struct field fields[] = {
	FIELD_DIM(struct unstack, from, "from", NAN, 0),
	FIELD_DIM(struct unstack, size, "stackSize", NAN, 1), FIELD_END
};

static int stack_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                       struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n;
	for (int i = 1; i < n_in; i++) {
		if (in[i].kind != in->kind || !in[i].channels_last != !in->channels_last ||
		    (in[i].c && in->c && in[i].c != in->c))
			return fail(err, DL4J_ESHAPE, "expected inputs of one shape, found another in "
			            "input %d", i);
		out->t = in[i].t > out->t ? in[i].t : out->t;
	}
	return 0;
}

/* Zeros up to size `t` on axis `axis`. */
static struct ir_val *lengthen(struct ir *ir, struct ir_val *x, int axis, int64_t t)
{
	int64_t none[IR_RANK] = { 0 }, more[IR_RANK] = { 0 };

	more[axis] = t - x->dim[axis];
	return more[axis] > 0 ? ir_pad(ir, x, none, more) : x;
}

/* All of x below one another; series at their last axis as long as the longest. */
static struct ir_val *stack(struct ir *ir, struct ir_val *const *x, int n, int axis)
{
	struct ir_val **parts = ARENA_NEW(ir->arena, struct ir_val *, (size_t)n);
	int64_t most = 0;

	if (!parts) {
		fail_memory(&ir->err);
		return x[0];
	}
	for (int i = 0; axis && i < n; i++)
		if (x[i]->rank > axis && x[i]->dim[axis] > most)
			most = x[i]->dim[axis];
	for (int i = 0; i < n; i++)
		parts[i] = axis ? lengthen(ir, x[i], axis, most) : x[i];
	return n > 1 ? ir_concat(ir, parts, n, 0) : parts[0];
}

static void stack_lower(const struct node *n, struct lowering *lo)
{
	bool masked = lo->mask != NULL;

	(void)n;
	for (int i = 0; i < lo->n_in; i++)
		masked = masked && lo->mask[i];
	lo->out = stack(lo->ir, lo->in, lo->n_in, lo->in[0]->rank == 3 ? 2 : 0);
	lo->out_mask = masked ? stack(lo->ir, lo->mask, lo->n_in, 1) : NULL;
}

static int check(struct node *n, struct dl4j_error *err)
{
	const struct unstack *v = (const struct unstack *)n;

	if (v->from >= v->size)
		return fail(err, DL4J_EFORMAT, "from: expected less than the stackSize, %lld, found %lld",
		            (long long)v->size, (long long)v->from);
	return 0;
}

static struct ir_val *part(struct ir *ir, struct ir_val *x, const struct unstack *v)
{
	int64_t from[IR_RANK] = { 0 }, dim[IR_RANK], rows = x->dim[0] / v->size;

	for (int i = 0; i < x->rank; i++)
		dim[i] = x->dim[i];
	if (!rows) {
		fail(&ir->err, DL4J_ESHAPE, "expected a batch of at least the stackSize, %lld, found "
		     "%lld", (long long)v->size, (long long)x->dim[0]);
		return x;
	}
	from[0] = v->from * rows;
	dim[0] = rows;
	return ir_slice(ir, x, from, dim);
}

static void unstack_lower(const struct node *n, struct lowering *lo)
{
	const struct unstack *v = (const struct unstack *)n;

	lo->out = part(lo->ir, lo->in[0], v);
	if (lo->out_mask)
		lo->out_mask = part(lo->ir, lo->out_mask, v);
}

const struct node_type node_stack = {
	.kind = NODE_VERTEX, .name = "StackVertex", .infer = stack_infer, .lower = stack_lower,
};

const struct node_type node_unstack = {
	.kind = NODE_VERTEX, .name = "UnstackVertex", .n_in = 1, .size = sizeof(struct unstack),
	.fields = fields, .check = check, .lower = unstack_lower,
};
