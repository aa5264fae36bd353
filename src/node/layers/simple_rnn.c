/* SPDX-License-Identifier: Apache-2.0 */
/* SimpleRnn: h = act(x W + b + h' RW), h' of the step before; with layer norm each product is
 * normalized and scaled. Masked steps are 0.      in: RNN (nIn,t)  out: RNN (nOut,t) */
#include "node/recurrent.h"

static int params(const struct node *n, struct param *p)
{
	int k = recurrent_params(n, p, 1, 0, (const char *const[]){ "W", "RW", "b" });

	if (((const struct recurrent *)n)->layer_norm)
		p[k++] = (struct param){ "g", 1, { 2 * n->nout }, 'c' };
	return k;
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *mask = lo->own_mask ? lo->own_mask : lo->out_mask;
	const bool goes_on = n->release < RELEASE_BETA7; /* a masked step's state is not 0 */
	const struct recurrence r = { "W", "RW", "b", .mask = goes_on ? NULL : mask };

	lo->out = recurrent_pass((const struct recurrent *)n, lo, &r);
	if (goes_on)
		lo->out = recurrent_masked(lo->ir, lo->out, mask);
}

const struct node_type node_simple_rnn = {
	.kind = NODE_LAYER, .name = "SimpleRnn", .keras = "SimpleRNN", .n_in = 1,
	.feed_forward = true, .size = sizeof(struct recurrent), .fields = recurrent_fields,
	.params = params, .infer = recurrent_infer, .expects = recurrent_expects, .lower = lower,
};
