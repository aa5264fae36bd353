/* SPDX-License-Identifier: Apache-2.0 */
/* fuse_affine: a batch norm behind an activation, which cannot go into the weights, becomes the end
 * of the convolution or the product: a number a channel times, another more. */
#include "passes/passes.h"

/* `numbers`: one a channel. */
static void append(struct ir *ir, struct ir_op *op, int kind, const struct ir_val *numbers)
{
	const int64_t dim[IR_RANK] = { 1, numbers->dim[0], 1, 1, 1, 1 };
	const int64_t stride[IR_RANK] = { 0, numbers->stride[0] };
	struct ir_val *operand = ir_const(ir, numbers->data, op->out->rank, dim, stride);

	operand->from = numbers->from;
	operand->until = numbers->until;
	operand->uses++;
	op->post[op->n_post++] = (struct ir_post){ .kind = kind, .operand = operand };
}

void fuse_affine(struct ir *ir, int at)
{
	const struct ir_op *affine = ir->ops[at];
	struct ir_op *op = affine->in[0]->def;

	if (!affine->in[1]->data || !affine->in[2]->data || !pass_takes_posts(op, 2) ||
	    op->out->uses != 1)
		return;
	append(ir, op, IR_POST_SCALE, affine->in[1]);
	append(ir, op, IR_POST_SHIFT, affine->in[2]);
	pass_replace(ir, at, op);
}
