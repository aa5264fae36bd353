/* SPDX-License-Identifier: Apache-2.0 */
/* fold_affine: a batch norm right after a convolution or a dense layer goes into its weights and
 * bias: (x W + b) s + t = x (W s) + (b s + t). */
#include "passes/passes.h"

struct vector {
	const float *data; /* NULL: there is none */
	int64_t stride;
};

struct channels {
	int64_t n;
	struct vector x, scale, shift;
};

static float at(const struct vector *v, int64_t c)
{
	return v->data[c * v->stride];
}

static void product(const void *how, float *out)
{
	const struct channels *k = how;

	for (int64_t c = 0; c < k->n; c++)
		out[c] = at(&k->scale, c) * (k->x.data ? at(&k->x, c) : 1);
}

static void product_and_sum(const void *how, float *out)
{
	const struct channels *k = how;

	for (int64_t c = 0; c < k->n; c++)
		out[c] = (k->x.data ? at(&k->x, c) * at(&k->scale, c) : 0) + at(&k->shift, c);
}

/* The weights, each element times the scale of its output channel: without a copy of them. A scale
 * that is there already goes into the new one. */
static struct ir_val *scaled(struct ir *ir, const struct ir_op *op, const struct ir_val *scale)
{
	const struct ir_val *w = op->in[1];
	const struct channels how = { .n = scale->dim[0], .x = { w->scale, w->scale_stride[1] },
		                      .scale = { scale->data, scale->stride[0] } };
	struct ir_val *made = ir_const(ir, w->data, w->rank, w->dim, w->stride);
	struct ir_val *both = ir_computed(ir, 1, scale->dim, product, &how, sizeof how);

	if (ir->err.code)
		return made;
	made->scale = both->data;
	made->scale_stride[1] = 1;
	if (op->code == IR_CONV) /* groups, then the channels of each */
		made->scale_stride[0] = w->dim[1];
	return made;
}

/* What is made next is made of what all constants of both operations are. */
static void span(struct ir *ir, const struct ir_op *op, const struct ir_op *affine)
{
	ir->from = affine->in[1]->from;
	ir->until = affine->in[1]->until;
	for (int k = 1; k < op->n_in + 2; k++) {
		const struct ir_val *v = k < op->n_in ? op->in[k] : affine->in[k - op->n_in + 1];
		ir->from = v->from < ir->from ? v->from : ir->from;
		ir->until = v->until > ir->until ? v->until : ir->until;
	}
}

static void fold(struct ir *ir, int at_op, struct ir_op *op, struct ir_op *affine)
{
	const struct ir_val *s = affine->in[1], *t = affine->in[2];
	const struct ir_val *b = op->n_in > 2 ? op->in[2] : NULL;
	const struct channels how = { .n = s->dim[0], .scale = { s->data, s->stride[0] },
		                      .x = { b ? b->data : NULL, b ? b->stride[0] : 0 },
		                      .shift = { t->data, t->stride[0] } };
	struct ir_val *shift, *weights;

	span(ir, op, affine);
	shift = ir_computed(ir, 1, s->dim, product_and_sum, &how, sizeof how);
	weights = scaled(ir, op, s);
	pass_set_constants(ir, at_op, op, weights, shift);
}

static bool all_constant(const struct ir_op *op)
{
	for (int k = 1; k < op->n_in; k++)
		if (!op->in[k]->data)
			return false;
	return true;
}

void pass_fold_affine(struct ir *ir)
{
	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_op *affine = ir->ops[i], *op;
		if (affine->code != IR_AFFINE)
			continue;
		op = affine->in[0]->def;
		if (op && (op->code == IR_CONV || op->code == IR_MATMUL) && !op->n_post &&
		    op->out->uses == 1 && all_constant(op) && all_constant(affine))
			fold(ir, i, op, affine);
	}
}
