/* SPDX-License-Identifier: Apache-2.0 */
/* LossLayer: in inference an ActivationLayer; losses never change the output. in, out: any shape */
#include "node/activation.h"

struct loss {
	struct node base;
	struct node *activation;
};

static const struct field fields[] = { FIELD_ACTIVATION(struct loss, activation), FIELD_END };

static void lower(const struct node *n, struct lowering *lo)
{
	const struct loss *l = (const struct loss *)n;

	lo->out = activate(lo->ir, l->activation, lo->in[0], lo->shape);
}

const struct node_type node_loss = {
	.kind = NODE_LAYER, .name = "LossLayer", .alias = { "loss" }, .n_in = 1,
	.feed_forward = true, .size = sizeof(struct loss), .fields = fields, .lower = lower,
};
