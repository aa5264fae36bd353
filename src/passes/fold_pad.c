/* SPDX-License-Identifier: Apache-2.0 */
/* fold_pad: zeros around a convolution's input become the convolution's own padding.
 * Not for pooling: a maximum would ignore padding, but not zeros. */
#include "passes/passes.h"

static bool only_spatial(const struct ir_op *pad)
{
	return !pad->pad[0][0] && !pad->pad[1][0] && !pad->pad[0][1] && !pad->pad[1][1];
}

void pass_fold_pad(struct ir *ir)
{
	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_op *conv = ir->ops[i], *pad = conv->in[0]->def;
		if (conv->code != IR_CONV || !pad || pad->code != IR_PAD || !only_spatial(pad))
			continue;
		for (int k = 0; k < conv->window.n; k++) {
			conv->window.pad_lo[k] += pad->pad[0][2 + k];
			conv->window.pad_hi[k] += pad->pad[1][2 + k];
		}
		pad->out->uses--;
		conv->in[0] = pad->in[0];
		pad->in[0]->uses++;
	}
	pass_drop_dead(ir);
}
