/* SPDX-License-Identifier: Apache-2.0 */
/* RnnLossLayer: an activation at each step, so that softmax runs over the features.
 * in, out: RNN (size,t) */
#include "node/recurrent.h"

struct rnn_loss {
	struct node base;
	struct node *activation;
	int format;
};

static const struct field fields[] = {
	FIELD_ACTIVATION(struct rnn_loss, activation),
	FIELD_RNN_FORMAT(struct rnn_loss, format, "rnnDataFormat"), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n, (void)n_in, (void)out;
	if (in->kind != DL4J_RNN)
		return fail(err, DL4J_ESHAPE, "expected recurrent input, found another kind");
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(0, 0, ((const struct rnn_loss *)n)->format == FORMAT_NWC);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct rnn_loss *l = (const struct rnn_loss *)n;
	const bool last = l->format == FORMAT_NWC; /* features, where the layer looks for them */
	const struct dl4j_shape axes = shape_rnn(0, 0, lo->shape->channels_last == last);

	lo->out = activate(lo->ir, l->activation, lo->in[0], &axes);
}

const struct node_type node_rnn_loss = {
	.kind = NODE_LAYER, .name = "RnnLossLayer", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct rnn_loss), .fields = fields, .infer = infer, .expects = expects,
	.lower = lower,
};
