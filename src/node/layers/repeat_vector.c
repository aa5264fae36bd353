/* SPDX-License-Identifier: Apache-2.0 */
/* RepeatVector: the same at each of n steps.      in: FF (size)  out: RNN (size,n) */
#include "node/recurrent.h"

struct repeat_vector {
	struct node base;
	int64_t n;
	int format;
};

static const struct field fields[] = {
	FIELD_DIM(struct repeat_vector, n, "n", 1, 1),
	FIELD_RNN_FORMAT(struct repeat_vector, format, "dataFormat"), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct repeat_vector *l = (const struct repeat_vector *)n;

	(void)n_in;
	if (in->kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected feed-forward input, found another kind");
	*out = shape_rnn(in->c, l->n, l->format == FORMAT_NWC);
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	lo->out = recurrent_repeated(lo->ir, lo->in[0], ((const struct repeat_vector *)n)->n);
}

const struct node_type node_repeat_vector = {
	.kind = NODE_LAYER, .name = "RepeatVector", .keras = "RepeatVector", .n_in = 1,
	.feed_forward = true, .size = sizeof(struct repeat_vector), .fields = fields, .infer = infer,
	.lower = lower,
};
