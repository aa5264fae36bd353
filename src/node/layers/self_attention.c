/* SPDX-License-Identifier: Apache-2.0 */
/* SelfAttentionLayer: each step asks all steps. LearnedSelfAttentionLayer: queries that training
 * found ask them.      in: RNN (nIn,t)  out: RNN (nOut,t) and RNN (nOut,nQueries) */
#include <inttypes.h>

#include "node/attention.h"

static const struct field fields[] = {
	FIELD_DIM(struct attention, base.nin, "nin", NAN, 1), ATTENTION_FIELDS, FIELD_END
};

static const struct field learned_fields[] = {
	FIELD_DIM(struct attention, base.nin, "nin", NAN, 1), ATTENTION_FIELDS,
	FIELD_DIM(struct attention, queries, "nqueries", NAN, 1), FIELD_END
};

#define ATTENTION(n) ((const struct attention *)(n))

static int params(const struct node *n, struct param *p)
{
	int k = 0;

	if (ATTENTION(n)->queries)
		p[k++] = (struct param){ "Q", 3, { 1, n->nin, ATTENTION(n)->queries }, 'c' };
	return k + attention_params(ATTENTION(n), p + k, n->nin, n->nin, n->nin);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct attention *a = ATTENTION(n);

	(void)n_in;
	TRY(format_rnn_infer(FORMAT_NCW, in, out, err));
	if (out->c && out->c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the size of its input, found %"
		            PRId64, out->c, n->nin);
	*out = shape_rnn(a->project ? n->nout : n->nin, a->queries ? a->queries : out->t, false);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(n->nin, 0, false);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct attention *a = ATTENTION(n);
	struct ir_val *x = format_rnn_lower(FORMAT_NCW, lo, 0), *asks = x;
	struct ir_val *rows[3];

	if (a->queries)
		asks = lower_param(lo, "Q");
	rows[0] = attention_rows(a, lo, asks, "Wq");
	rows[1] = attention_rows(a, lo, x, "Wk");
	rows[2] = attention_rows(a, lo, x, "Wv");
	lo->out = attention_lower(a, lo, rows, x->dim[0], a->queries > 0, lo->out_mask);
	if (a->queries)
		lo->out_mask = NULL;
}

const struct node_type node_self_attention = {
	.kind = NODE_LAYER, .name = "SelfAttentionLayer", .impl = "SameDiffLayer", .n_in = 1,
	.size = sizeof(struct attention), .fields = fields, .check = attention_check,
	.params = params, .infer = infer, .expects = expects, .lower = lower,
};

const struct node_type node_learned_self_attention = {
	.kind = NODE_LAYER, .name = "LearnedSelfAttentionLayer", .impl = "SameDiffLayer", .n_in = 1,
	.size = sizeof(struct attention), .fields = learned_fields, .check = attention_check,
	.params = params, .infer = infer, .expects = expects, .lower = lower,
};
