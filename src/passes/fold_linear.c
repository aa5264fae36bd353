/* SPDX-License-Identifier: Apache-2.0 */
/* fold_linear: a x + b right after a batch norm goes into its scale and shift, as where residuals
 * are made smaller before they are added. */
#include "passes/passes.h"

struct line {
	int64_t n, stride;
	const float *x;
	float a, b;
};

static void line(const void *how, float *out)
{
	const struct line *l = how;

	for (int64_t c = 0; c < l->n; c++)
		out[c] = l->a * l->x[c * l->stride] + l->b;
}

static struct ir_val *folded(struct ir *ir, const struct ir_val *x, float a, float b)
{
	const struct line how = { x->dim[0], x->stride[0], x->data, a, b };

	ir->from = x->from;
	ir->until = x->until;
	return ir_computed(ir, 1, x->dim, line, &how, sizeof how);
}

static void fold(struct ir *ir, int at, struct ir_op *affine, const struct ir_op *linear)
{
	struct ir_val *scale = folded(ir, affine->in[1], linear->a, 0);
	struct ir_val *shift = folded(ir, affine->in[2], linear->a, linear->b);

	pass_set_constants(ir, at, affine, scale, shift);
}

void pass_fold_linear(struct ir *ir)
{
	for (int i = 0; i < ir->n_ops && !ir->err.code; i++) {
		const struct ir_op *linear = ir->ops[i];
		struct ir_op *affine = linear->in[0]->def;

		if (linear->code == IR_ELTWISE && linear->eltwise == IR_LINEAR && affine &&
		    affine->code == IR_AFFINE && affine->out->uses == 1 && affine->in[1]->data &&
		    affine->in[2]->data)
			fold(ir, i, affine, linear);
	}
}
