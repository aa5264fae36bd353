/* SPDX-License-Identifier: Apache-2.0 */
/* CustomBroadcast, the lambda layer in wekaDeeplearning4j's EfficientNets: it hands its input
 * [n,c,1,1] on, and the product behind it broadcasts. The width that it tells Keras is not in the
 * zip.      in, out: CNN (c,1,1) */
#include "node/node.h"

const struct node_type node_custom_broadcast = {
	.kind = NODE_LAYER, .name = "CustomBroadcast", .impl = "SameDiffLayer", .keras = "Lambda",
	.n_in = 1,
};
