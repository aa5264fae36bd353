/* SPDX-License-Identifier: Apache-2.0 */
/* LSTM and GravesLSTM, whose gates also see the cell ("peepholes"). Masks do not touch them, unless
 * a wrapper has them do so.      in: RNN (nIn,t)  out: RNN (nOut,t) */
#include "node/recurrent.h"

static const char *const keys[] = { "W", "RW", "b" };

static int params(const struct node *n, struct param *p)
{
	return recurrent_params(n, p, 4, 0, keys);
}

static int graves_params(const struct node *n, struct param *p)
{
	return recurrent_params(n, p, 4, 3, keys);
}

static void pass(const struct node *n, struct lowering *lo, bool peepholes)
{
	const struct recurrence r = { "W", "RW", "b", .gates = true, .peepholes = peepholes,
		                      .mask = lo->own_mask };

	lo->out = recurrent_pass((const struct recurrent *)n, lo, &r);
}

static void lower(const struct node *n, struct lowering *lo)
{
	pass(n, lo, false);
}

static void graves_lower(const struct node *n, struct lowering *lo)
{
	pass(n, lo, true);
}

const struct node_type node_lstm = {
	.kind = NODE_LAYER, .name = "LSTM", .keras = "LSTM", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct recurrent), .fields = recurrent_fields, .params = params,
	.infer = recurrent_infer, .expects = recurrent_expects, .lower = lower,
};

const struct node_type node_graves_lstm = {
	.kind = NODE_LAYER, .name = "GravesLSTM", .alias = { "gravesLSTM" }, .n_in = 1,
	.feed_forward = true, .size = sizeof(struct recurrent), .fields = recurrent_fields,
	.params = graves_params, .infer = recurrent_infer, .expects = recurrent_expects,
	.lower = graves_lower,
};
