/* SPDX-License-Identifier: Apache-2.0 */
/* GravesBidirectionalLSTM: two GravesLSTM, the second from the last step to the first; the sum of
 * both. Masked steps are 0 in both.      in: RNN (nIn,t)  out: RNN (nOut,t) */
#include "node/recurrent.h"

static int params(const struct node *n, struct param *p)
{
	recurrent_params(n, p, 4, 3, (const char *const[]){ "WF", "RWF", "bF" });
	return 3 + recurrent_params(n, p + 3, 4, 3, (const char *const[]){ "WB", "RWB", "bB" });
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct recurrent *l = (const struct recurrent *)n;
	struct ir_val *mask = lo->own_mask ? lo->own_mask : lo->out_mask;
	const struct recurrence forward = { "WF", "RWF", "bF", .gates = true, .peepholes = true,
		                            .mask = mask };
	const struct recurrence back = { "WB", "RWB", "bB", .gates = true, .peepholes = true,
		                         .backward = true, .mask = mask };

	if (lo->states)
		ir_fail(lo->ir, DL4J_EUNSUPPORTED, "a layer that reads the series from both ends "
		     "cannot go on where a run before left it");
	lo->out = ir_binary(lo->ir, IR_ADD, recurrent_pass(l, lo, &forward),
	                    recurrent_pass(l, lo, &back));
}

const struct node_type node_graves_bidirectional_lstm = {
	.kind = NODE_LAYER, .name = "GravesBidirectionalLSTM", .alias = { "gravesBidirectionalLSTM" },
	.n_in = 1, .feed_forward = true, .size = sizeof(struct recurrent),
	.fields = recurrent_fields, .params = params, .infer = recurrent_infer,
	.expects = recurrent_expects, .lower = lower,
};
