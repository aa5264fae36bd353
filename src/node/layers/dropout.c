/* SPDX-License-Identifier: Apache-2.0 */
/* DropoutLayer: hands its input on in inference, and its activationFn is never applied.
 * in, out: any shape */
#include "node/node.h"

const struct node_type node_dropout = {
	.kind = NODE_LAYER, .name = "DropoutLayer", .alias = { "dropout" }, .keras = "Dropout",
	.n_in = 1, .feed_forward = true,
};
