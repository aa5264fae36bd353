/* SPDX-License-Identifier: Apache-2.0 */
/* AutoEncoder: in inference a DenseLayer, the encoder; vb is the decoder's bias. In graphs before
 * 1.0.0-beta it decodes, too.
 * in: FF (nIn)  out: FF (nOut), or FF (nIn) */
#include "node/activation.h"
#include "node/layers/dense.h"

static bool decodes(const struct node *n)
{
	return n->in_graph && n->release < RELEASE_BETA;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	TRY(dense_infer(n, in, n_in, out, err));
	if (decodes(n))
		out->c = n->nin;
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct dense *l = (const struct dense *)n;
	const struct dl4j_shape out = shape_ff(n->nin);
	const float *w = lower_vector(lo, "W");

	dense_lower(n, lo);
	if (!decodes(n) || !w)
		return;
	/* W is of order 'f', so by its elements its transpose is of order 'c' */
	lo->out = ir_matmul(lo->ir, lo->out,
	                    ir_const(lo->ir, w, 2, (int64_t[]){ n->nout, n->nin }, NULL),
	                    lower_param(lo, "vb"));
	lo->out = activate(lo->ir, l->activation, lo->out, &out);
}

const struct node_type node_auto_encoder = {
	.kind = NODE_LAYER, .name = "AutoEncoder", .alias = { "autoEncoder" }, .keras = "Dense",
	.n_in = 1, .feed_forward = true, .size = sizeof(struct dense), .fields = dense_fields,
	.params = dense_pretrained_params, .infer = infer, .expects = dense_expects, .lower = lower,
};
