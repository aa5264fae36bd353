/* SPDX-License-Identifier: Apache-2.0 */
/* CnnLossLayer, Cnn3DLossLayer: in inference an activation, a softmax going over the channels.
 * in, out: CNN (c,h,w), CNN3D (c,d,h,w) */
#include "node/activation.h"
#include "node/layers/spatial.h"

struct cnn_loss {
	struct spatial spatial;
	struct node *activation;
};

static const struct field fields[] = {
	FIELD_FORMAT(struct cnn_loss, spatial.format, "format"),
	FIELD_ACTIVATION(struct cnn_loss, activation), FIELD_END
};
static const struct field fields_3d[] = {
	FIELD_VOLUME_FORMAT(struct cnn_loss, spatial.format),
	FIELD_ACTIVATION(struct cnn_loss, activation), FIELD_END
};

extern const struct node_type node_cnn_3d_loss;

static int check(struct node *n, struct dl4j_error *err)
{
	(void)err;
	((struct spatial *)n)->axes = n->type == &node_cnn_3d_loss ? 3 : 2;
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	return spatial_infer(n, in, out, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct dl4j_shape rows = { .kind = DL4J_FF, .channels_last = true };

	lo->out = activate(lo->ir, ((const struct cnn_loss *)n)->activation, spatial_input(n, lo),
	                   &rows);
}

const struct node_type node_cnn_loss = {
	.kind = NODE_LAYER, .name = "CnnLossLayer", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct cnn_loss), .fields = fields, .check = check, .infer = infer,
	.expects = spatial_expects, .lower = lower,
};

const struct node_type node_cnn_3d_loss = {
	.kind = NODE_LAYER, .name = "Cnn3DLossLayer", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct cnn_loss), .fields = fields_3d, .check = check, .infer = infer,
	.expects = spatial_expects, .lower = lower,
};
