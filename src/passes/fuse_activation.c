/* SPDX-License-Identifier: Apache-2.0 */
/* fuse_activation: a function of each element, right after the operation that makes the elements,
 * becomes the end of that operation. */
#include "passes/passes.h"

static bool takes_posts(const struct ir_op *op)
{
	return op && (op->code == IR_CONV || op->code == IR_MATMUL) && op->n_post < IR_POSTS;
}

void pass_fuse_activation(struct ir *ir)
{
	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_op *f = ir->ops[i], *op;
		if (f->code != IR_ELTWISE)
			continue;
		op = f->in[0]->def;
		if (!takes_posts(op) || op->out->uses != 1)
			continue;
		op->post[op->n_post++] = (struct ir_post){ .kind = IR_POST_ELTWISE,
			.eltwise = f->eltwise, .a = f->a, .b = f->b };
		pass_replace(ir, i, op);
	}
}
