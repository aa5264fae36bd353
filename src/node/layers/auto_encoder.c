/* SPDX-License-Identifier: Apache-2.0 */
/* AutoEncoder: in inference a DenseLayer, the encoder; vb is the decoder's bias.
 * in: FF (nIn)  out: FF (nOut) */
#include "node/layers/dense.h"

static int params(const struct node *n, struct param *p)
{
	p[0] = (struct param){ "W", 2, { n->nin, n->nout }, 'f' };
	p[1] = (struct param){ "b", 1, { n->nout }, 'c' };
	p[2] = (struct param){ "vb", 1, { n->nin }, 'c' };
	return 3;
}

const struct node_type node_auto_encoder = {
	.kind = NODE_LAYER, .name = "AutoEncoder", .alias = { "autoEncoder" }, .keras = "Dense",
	.n_in = 1, .feed_forward = true, .size = sizeof(struct dense), .fields = dense_fields,
	.params = params, .infer = dense_infer, .expects = dense_expects, .lower = dense_lower,
};
