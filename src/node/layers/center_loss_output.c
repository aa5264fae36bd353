/* SPDX-License-Identifier: Apache-2.0 */
/* CenterLossOutputLayer: in inference an OutputLayer; the centers serve training alone.
 * in: FF (nIn)  out: FF (nOut) */
#include "node/layers/dense.h"

static int params(const struct node *n, struct param *p)
{
	p[0] = (struct param){ "W", 2, { n->nin, n->nout }, 'f' };
	p[1] = (struct param){ "b", 1, { n->nout }, 'c' };
	p[2] = (struct param){ "cL", 2, { n->nout, n->nin }, 'c' };
	return 3;
}

const struct node_type node_center_loss_output = {
	.kind = NODE_LAYER, .name = "CenterLossOutputLayer", .keras = "Dense", .n_in = 1,
	.feed_forward = true, .size = sizeof(struct dense), .fields = dense_fields, .params = params,
	.infer = dense_infer, .expects = dense_expects, .lower = dense_lower,
};
