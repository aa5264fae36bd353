/* SPDX-License-Identifier: Apache-2.0 */
/* fold_affine: a batch norm right after a convolution or a dense layer goes into its weights and
 * bias: (x W + b) s + t = x (W s) + (b s + t). */
#include "passes/passes.h"

/* The weights, each element times the scale of its output channel: without a copy of them. A scale
 * that is there already goes into the new one. */
static struct ir_val *scaled(struct ir *ir, const struct ir_op *op, const struct ir_val *scale)
{
	const struct ir_val *w = op->in[1];
	struct ir_val *made = ir_const(ir, w->data, w->rank, w->dim, w->stride), *both;
	float *product;

	both = ir_new_const(ir, 1, scale->dim, &product);
	if (ir->err.code)
		return made;
	for (int64_t c = 0; c < scale->dim[0]; c++)
		product[c] = scale->data[c * scale->stride[0]] *
		             (w->scale ? w->scale[c * w->scale_stride[1]] : 1);
	made->scale = both->data;
	made->scale_stride[1] = 1;
	if (op->code == IR_CONV) /* groups, then the channels of each */
		made->scale_stride[0] = w->dim[1];
	return made;
}

static void fold(struct ir *ir, int at, struct ir_op *op, struct ir_op *affine)
{
	const struct ir_val *s = affine->in[1], *t = affine->in[2];
	const struct ir_val *b = op->n_in > 2 ? op->in[2] : NULL;
	struct ir_val **in = ARENA_NEW(ir->arena, struct ir_val *, 3);
	float *bias;
	struct ir_val *shift = ir_new_const(ir, 1, s->dim, &bias);
	struct ir_val *weights = scaled(ir, op, s);

	if (!in || ir->err.code) {
		if (!ir->err.code)
			fail_memory(&ir->err);
		return;
	}
	for (int64_t c = 0; c < s->dim[0]; c++)
		bias[c] = (b ? b->data[c * b->stride[0]] * s->data[c * s->stride[0]] : 0) +
		          t->data[c * t->stride[0]];
	for (int k = 1; k < op->n_in; k++)
		op->in[k]->uses--;
	in[0] = op->in[0];
	in[1] = weights;
	in[2] = shift;
	weights->uses = shift->uses = 1;
	op->in = in;
	op->n_in = 3;
	pass_replace(ir, at, op);
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
