/* SPDX-License-Identifier: Apache-2.0 */
/* fuse_sum: the addition of a residual becomes the end of the convolution that makes one of its
 * operands; the result takes the place of the other operand, so that one must die here. */
#include "passes/passes.h"

static int index_of(const struct ir *ir, const struct ir_op *op)
{
	int i = 0;

	while (ir->ops[i] != op)
		i++;
	return i;
}

/* Is `x` read by an operation from index `from` on? */
static bool read_later(const struct ir *ir, const struct ir_val *x, int from)
{
	for (int i = from; i < ir->n_ops; i++) {
		const struct ir_op *op = ir->ops[i];
		for (int k = 0; k < op->n_in; k++)
			if (op->in[k] == x)
				return true;
		for (int k = 0; k < op->n_post; k++)
			if (op->post[k].operand == x)
				return true;
	}
	return false;
}

static bool is_output(const struct ir *ir, const struct ir_val *x)
{
	for (int i = 0; i < ir->n_outputs; i++)
		if (ir->outputs[i] == x)
			return true;
	return false;
}

/* Views share their source's memory, so what they look at must not be overwritten either. */
static bool may_overwrite(const struct ir *ir, const struct ir_val *x, int at)
{
	if (!x->def || x->def->code == IR_VIEW || is_output(ir, x))
		return false;
	for (int i = 0; i < ir->n_ops; i++)
		if (ir->ops[i] && ir->ops[i]->code == IR_VIEW && ir->ops[i]->in[0] == x)
			return false;
	return !read_later(ir, x, at + 1);
}

/* Does an operation between the two overwrite what `conv`, which is to move to `at`, reads? */
static bool overwritten(const struct ir *ir, const struct ir_op *conv, int from, int at)
{
	for (int i = from + 1; i < at; i++)
		for (int k = 0; ir->ops[i] && k < ir->ops[i]->n_post; k++)
			if (ir->ops[i]->post[k].operand == conv->in[0])
				return true;
	return false;
}

static bool has_sum(const struct ir_op *op)
{
	for (int i = 0; i < op->n_post; i++)
		if (op->post[i].kind == IR_POST_SUM)
			return true;
	return false;
}

static bool fuse(struct ir *ir, int at, struct ir_val *made, struct ir_val *operand)
{
	struct ir_op *conv = made->def;
	int from;

	/* a convolution that reads the operand itself cannot write over it */
	if (!pass_takes_posts(conv, 1) || conv->code != IR_CONV || has_sum(conv) ||
	    made->uses != 1 || conv->in[0] == operand || !ir_same_dims(made, operand) ||
	    !may_overwrite(ir, operand, at))
		return false;
	from = index_of(ir, conv);
	if (overwritten(ir, conv, from, at))
		return false;
	operand->uses++;
	conv->post[conv->n_post++] = (struct ir_post){ .kind = IR_POST_SUM, .operand = operand };
	pass_replace(ir, at, conv);
	/* the convolution now waits for its operand: it moves to where the addition stood */
	ir->ops[from] = NULL;
	ir->ops[at] = conv;
	return true;
}

void fuse_sum(struct ir *ir, int at)
{
	struct ir_op *add = ir->ops[at];

	if (add->binary == IR_ADD && !fuse(ir, at, add->in[0], add->in[1]))
		fuse(ir, at, add->in[1], add->in[0]);
}
