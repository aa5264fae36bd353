/* SPDX-License-Identifier: Apache-2.0 */
/* OCNNOutputLayer: act(x V) w, one number an example; DL4J puts out an array of rank 1.
 * in: FF (nIn)  out: FF (1) */
#include "node/layers/dense.h"

#include "node/activation.h"

struct ocnn {
	struct node base;
	struct node *activation;
	int64_t hidden;
};

static const struct field fields[] = {
	FIELD_ACTIVATION(struct ocnn, activation),
	FIELD_DIM(struct ocnn, hidden, "hiddenSize", NAN, 1), FIELD_END
};

static int params(const struct node *n, struct param *p)
{
	const int64_t hidden = ((const struct ocnn *)n)->hidden;

	p[0] = (struct param){ "w", 2, { 1, hidden }, 'c' };
	p[1] = (struct param){ "v", 2, { n->nin, hidden }, 'f' };
	p[2] = (struct param){ "r", 0, { 0 }, 'c' };
	if (n->release <= RELEASE_BETA3)
		p[2] = (struct param){ "r", 2, { 1, 1 }, 'c' };
	return 3;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct ocnn *l = (const struct ocnn *)n;
	const struct dl4j_shape inside = shape_ff(l->hidden);
	struct ir_val *x = ir_matmul(lo->ir, lo->in[0], lower_param(lo, "v"), NULL);
	struct ir_val *w = ir_const(lo->ir, lower_vector(lo, "w"), 2,
	                            (int64_t[]){ l->hidden, 1 }, NULL);

	x = ir_matmul(lo->ir, activate(lo->ir, l->activation, x, &inside), w, NULL);
	lo->out = ir_view(lo->ir, x, 1, x->dim);
}

const struct node_type node_ocnn_output = {
	.kind = NODE_LAYER, .name = "OCNNOutputLayer", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct ocnn), .fields = fields, .params = params, .infer = dense_infer,
	.expects = dense_expects, .lower = lower,
};
