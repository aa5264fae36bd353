/* SPDX-License-Identifier: Apache-2.0 */
/* winograd: which convolutions Winograd's transforms F(4x4,3x3) are to compute: with a quarter of
 * the multiplications and four times the weights (Lavin and Gray, Fast Algorithms for Convolutional
 * Neural Networks). The golden networks of full size come out as near to DL4J as without. */
#include "base/num.h"
#include "passes/passes.h"

/* With fewer cells or channels the transforms cost as much as they save. The most weights are 38 MB
 * of them. */
#define CELLS (28 * 28)
#define CHANNELS_IN 32
#define CHANNELS_OUT 64
#define MOST (512 * 512)

static bool pays(int64_t in, int64_t out, int64_t cells)
{
	return in >= CHANNELS_IN && out >= CHANNELS_OUT && in <= MOST / out && cells >= CELLS;
}

static bool is_3x3(const struct ir_window *w)
{
	for (int i = 0; i < w->n; i++)
		if (w->kernel[i] != 3 || w->stride[i] != 1 || w->dilation[i] != 1)
			return false;
	return w->n == 2;
}

/* Row-major, or to be copied anyway: the transforms read no other layout. */
static bool in_order(const struct ir_val *weights)
{
	int64_t stride[IR_RANK];

	dims_strides(weights->dim, weights->rank, 'c', stride);
	for (int i = 0; i < weights->rank; i++)
		if (weights->dim[i] > 1 && weights->stride[i] != stride[i] && !weights->scale)
			return false;
	return weights->data != NULL;
}

void pass_winograd(struct ir *ir)
{
	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_op *op = ir->ops[i];
		const int64_t *out = op->out->dim;
		if (op->code == IR_CONV && op->in[1]->dim[0] == 1 && is_3x3(&op->window) &&
		    in_order(op->in[1]))
			op->winograd = pays(op->in[0]->dim[1], out[1], dims_product(out + 2, 2));
	}
}
