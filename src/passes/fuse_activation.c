/* SPDX-License-Identifier: Apache-2.0 */
/* fuse_activation: a function of each element, right after the operation that makes the elements,
 * becomes the end of that operation. */
#include "passes/passes.h"

void fuse_activation(struct ir *ir, int at)
{
	const struct ir_op *f = ir->ops[at];
	struct ir_op *op = f->in[0]->def;

	if (!pass_takes_posts(op, 1) || op->out->uses != 1)
		return;
	op->post[op->n_post++] = (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = f->eltwise,
		                                   .a = f->a, .b = f->b };
	pass_replace(ir, at, op);
}
