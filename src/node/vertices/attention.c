/* SPDX-License-Identifier: Apache-2.0 */
/* AttentionVertex: queries ask keys for values. A step counts where keys and values both do; masked
 * queries get 0.      in: RNN queries, keys, values  out: RNN (nOut, steps of the queries) */
#include <inttypes.h>

#include "node/attention.h"

static const struct field fields[] = {
	ATTENTION_FIELDS,
	FIELD_DIM(struct attention, nin_queries, "ninQueries", NAN, 1),
	FIELD_DIM(struct attention, nin_keys, "ninKeys", NAN, 1),
	FIELD_DIM(struct attention, nin_values, "ninValues", NAN, 1), FIELD_END
};

#define ATTENTION(n) ((const struct attention *)(n))

static int params(const struct node *n, struct param *p)
{
	return attention_params(ATTENTION(n), p, ATTENTION(n)->nin_queries, ATTENTION(n)->nin_keys,
	                        ATTENTION(n)->nin_values);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct attention *a = ATTENTION(n);
	const int64_t sizes[] = { a->nin_queries, a->nin_keys, a->nin_values };

	for (int i = n_in - 1; i >= 0; i--) {
		TRY(format_rnn_infer(FORMAT_NCW, &in[i], out, err));
		if (out->c && out->c != sizes[i])
			return fail(err, DL4J_ESHAPE, "expected input %d of size %" PRId64 ", found %"
			            PRId64, i, sizes[i], out->c);
	}
	out->c = a->project ? n->nout : a->nin_values;
	return 0;
}

static struct ir_val *both(struct lowering *lo, struct ir_val *a, struct ir_val *b)
{
	if (!a || !b)
		return a ? a : b;
	return ir_binary(lo->ir, IR_MUL, a, b); /* of 0 and 1 the product is the lesser */
}

static void lower(const struct node *n, struct lowering *lo)
{
	static const char *const keys[] = { "Wq", "Wk", "Wv" };
	struct ir_val *rows[3], *mask = NULL;

	for (int i = 0; i < 3; i++)
		rows[i] = attention_rows(ATTENTION(n), lo, format_rnn_lower(FORMAT_NCW, lo, i),
		                         keys[i]);
	if (lo->mask)
		mask = both(lo, lo->mask[1], lo->mask[2]);
	lo->out = attention_lower(ATTENTION(n), lo, rows, lo->in[0]->dim[0], false, mask);
	lo->out = recurrent_masked(lo->ir, lo->out, lo->out_mask);
}

const struct node_type node_attention = {
	.kind = NODE_VERTEX, .name = "AttentionVertex", .impl = "SameDiffGraphVertex", .n_in = 3,
	.size = sizeof(struct attention), .fields = fields, .check = attention_check,
	.params = params, .infer = infer, .lower = lower,
};
