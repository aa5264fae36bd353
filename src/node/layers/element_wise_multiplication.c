/* SPDX-License-Identifier: Apache-2.0 */
/* ElementWiseMultiplicationLayer: act(x W + b), a weight for each feature.
 * in: FF (nIn)  out: FF (nIn) */
#include "node/layers/dense.h"
#include "node/recurrent.h"

static int params(const struct node *n, struct param *p)
{
	p[0] = (struct param){ "W", 1, { n->nin }, 'c' };
	p[1] = (struct param){ "b", 1, { n->nin }, 'c' };
	return 2;
}

static int check(struct node *n, struct dl4j_error *err)
{
	return n->nin == n->nout ? 0 : fail(err, DL4J_EFORMAT, "expected an nout of nin, found %lld "
	                                    "and %lld", (long long)n->nin, (long long)n->nout);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct dl4j_shape out = shape_ff(n->nout);

	lo->out = ir_affine(lo->ir, lo->in[0], lower_param(lo, "W"), lower_param(lo, "b"));
	lo->out = activate(lo->ir, ((const struct dense *)n)->activation, lo->out, &out);
	lo->out = recurrent_masked(lo->ir, lo->out, lo->out_mask);
}

const struct node_type node_element_wise_multiplication = {
	.kind = NODE_LAYER, .name = "ElementWiseMultiplicationLayer", .alias = { "ElementWiseMult" },
	.n_in = 1, .feed_forward = true, .size = sizeof(struct dense), .fields = dense_fields,
	.check = check, .params = params, .infer = dense_infer, .expects = dense_expects,
	.lower = lower,
};
