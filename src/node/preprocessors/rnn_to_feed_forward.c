/* SPDX-License-Identifier: Apache-2.0 */
/* RnnToFeedForwardPreProcessor and FeedForwardToRnnPreProcessor: a series' steps as examples of
 * their own and back. Row t*N+n is step t of example n.
 * in: RNN (size,t)  out: FF (size), t*N rows; feed-forward data passes  and the reverse */
#include "node/recurrent.h"

struct rnn_to_feed_forward {
	struct node base;
	int format;
};

static const struct field fields[] = {
	FIELD_RNN_FORMAT(struct rnn_to_feed_forward, format, "rnnDataFormat"), FIELD_END
};

static int format_of(const struct node *n)
{
	return ((const struct rnn_to_feed_forward *)n)->format;
}

static int rows_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                      struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	if (in->kind != DL4J_FF)
		TRY(format_rnn_infer(format_of(n), in, out, err));
	*out = shape_ff(out->c);
	out->t = 1;
	out->channels_last = format_of(n) == FORMAT_NWC;
	return 0;
}

static int rows_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(0, 0, format_of(n) == FORMAT_NWC);
	return 1;
}

static void rows_lower(const struct node *n, struct lowering *lo)
{
	if (lo->in[0]->rank != 3)
		return;
	lo->out = recurrent_rows(lo->ir, format_rnn_lower(format_of(n), lo, 0));
	lo->out_mask = recurrent_mask_rows(lo->ir, lo->out_mask);
}

static int series_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                        struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	if (in->kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "feedForwardToRnn: expected feed-forward input, found "
		            "another kind");
	*out = shape_rnn(in->c, 0, format_of(n) == FORMAT_NWC);
	return 0;
}

static void series_lower(const struct node *n, struct lowering *lo)
{
	(void)n;
	lo->out = recurrent_series(lo->ir, lo->in[0], lo->batch);
	lo->out_mask = recurrent_mask_series(lo->ir, lo->out_mask, lo->batch);
}

const struct node_type node_rnn_to_feed_forward = {
	.kind = NODE_PREPROCESSOR, .name = "RnnToFeedForwardPreProcessor",
	.alias = { "rnnToFeedForward" }, .n_in = 1, .size = sizeof(struct rnn_to_feed_forward),
	.fields = fields, .infer = rows_infer, .expects = rows_expects, .lower = rows_lower,
};

const struct node_type node_feed_forward_to_rnn = {
	.kind = NODE_PREPROCESSOR, .name = "FeedForwardToRnnPreProcessor",
	.alias = { "feedForwardToRnn" }, .n_in = 1, .size = sizeof(struct rnn_to_feed_forward),
	.fields = fields, .infer = series_infer, .lower = series_lower,
};
