/* SPDX-License-Identifier: Apache-2.0 */
/* ActivationLayer: an activation of its own.      in, out: any shape */
#include "node/activation.h"

struct activation_layer {
	struct node base;
	struct node *activation;
};

static const struct field fields[] = {
	FIELD_ACTIVATION(struct activation_layer, activation), FIELD_END
};

static void lower(const struct node *n, struct lowering *lo)
{
	const struct activation_layer *l = (const struct activation_layer *)n;

	lo->out = activate(lo->ir, l->activation, lo->in[0], lo->shape);
}

const struct node_type node_activation_layer = {
	.kind = NODE_LAYER, .name = "ActivationLayer", .alias = { "activation" }, .n_in = 1,
	.keras = "Activation", .size = sizeof(struct activation_layer), .fields = fields,
	.lower = lower,
};
