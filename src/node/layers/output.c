/* SPDX-License-Identifier: Apache-2.0 */
/* OutputLayer: in inference a DenseLayer; its loss never changes the output.
 * in: FF (nIn)  out: FF (nOut) */
#include "node/layers/dense.h"

const struct node_type node_output = {
	.kind = NODE_LAYER, .name = "OutputLayer", .alias = { "output" }, .keras = "Dense", .n_in = 1,
	.feed_forward = true, .size = sizeof(struct dense), .fields = dense_fields,
	.params = dense_params, .infer = dense_infer, .expects = dense_expects,
	.lower = dense_lower,
};
