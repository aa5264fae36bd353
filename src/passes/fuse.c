/* SPDX-License-Identifier: Apache-2.0 */
/* fuse: what follows a convolution or a product becomes its end: activations, batch norms that
 * cannot go into the weights, a residual; in the order in which the network has them. */
#include "passes/passes.h"

void pass_fuse(struct ir *ir)
{
	static void (*const fuse[IR_CODES])(struct ir *, int) = {
		[IR_ELTWISE] = fuse_activation,
		[IR_AFFINE] = fuse_affine,
		[IR_BINARY] = fuse_sum,
	};

	for (int i = 0; i < ir->n_ops && !ir->err.code; i++)
		if (fuse[ir->ops[i]->code])
			fuse[ir->ops[i]->code](ir, i);
}
