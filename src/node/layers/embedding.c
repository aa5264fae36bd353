/* SPDX-License-Identifier: Apache-2.0 */
/* EmbeddingLayer and EmbeddingSequenceLayer: rows of W by their numbers. DL4J throws at a number
 * that is none; here its row is NaN.
 * in: FF (1)  out: FF (nOut)  and  in: FF (t) or RNN (1,t)  out: RNN (nOut,t) */
#include "node/recurrent.h"
#include "onnx/onnx.h"

struct embedding {
	struct node base;
	struct node *activation;
	bool has_bias, any_length;
	int64_t length;
	int format;
};

static const struct field fields[] = {
	FIELD_ACTIVATION(struct embedding, activation),
	FIELD_BOOL(struct embedding, has_bias, "hasBias", true), FIELD_END
};

static const struct field sequence_fields[] = {
	FIELD_ACTIVATION(struct embedding, activation),
	FIELD_BOOL(struct embedding, has_bias, "hasBias", false),
	FIELD_BOOL(struct embedding, any_length, "inferInputLength", false),
	FIELD_DIM(struct embedding, length, "inputLength", 1, 1),
	FIELD_RNN_FORMAT(struct embedding, format, "outputFormat"), FIELD_END
};

struct how {
	int64_t n, rows, size;
};

static void look_up(const void *how, float *const *at)
{
	const struct how *h = how;

	for (int64_t i = 0; i < h->n; i++) {
		const float index = at[0][i];
		bool found = index > -1 && index < (float)h->rows;
		for (int64_t j = 0; j < h->size; j++)
			at[2][i * h->size + j] = found ? at[1][(int64_t)index * h->size + j] : NAN;
	}
}

/* ONNX knows no number that is none either. */
static int to_onnx(struct onnx *o, const struct ir_op *op)
{
	const char *x = ONNX(o, "Reshape", onnx_in(o, 0), ONNX_NUMBERS(o, -1));

	(void)op;
	onnx_int(o, "to", ONNX_INT64);
	x = ONNX(o, "Cast", x);
	return ONNX_RESULT(o, "Gather", onnx_in(o, 1), x);
}

static const struct ir_kernel kernel = { "EMBEDDING", look_up, to_onnx };

static int params(const struct node *n, struct param *p)
{
	p[0] = (struct param){ "W", 2, { n->nin, n->nout }, 'f' };
	p[1] = (struct param){ "b", 1, { n->nout }, 'c' };
	return ((const struct embedding *)n)->has_bias ? 2 : 1;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	if (in->kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected feed-forward input, found another kind");
	out->c = n->nout;
	out->d = out->h = out->w = 0;
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	(void)n;
	*out = shape_ff(1);
	return 1;
}

static int sequence_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                          struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct embedding *l = (const struct embedding *)n;
	int64_t t = in->kind == DL4J_FF ? in->c : in->t;

	(void)n_in;
	if (in->kind != DL4J_FF && in->kind != DL4J_RNN)
		return fail(err, DL4J_ESHAPE, "expected feed-forward or recurrent input, found another "
		            "kind");
	if (!l->any_length && t && t != l->length)
		return fail(err, DL4J_ESHAPE, "inputLength: expected %lld, found a series of %lld",
		            (long long)l->length, (long long)t);
	*out = shape_rnn(n->nout, l->any_length ? t : l->length, l->format == FORMAT_NWC);
	return 0;
}

static int sequence_expects(const struct node *n, struct dl4j_shape *out)
{
	const struct embedding *l = (const struct embedding *)n;

	*out = shape_ff(l->any_length ? 0 : l->length);
	return 1;
}

/* [elements of the input, nOut] */
static struct ir_val *rows(const struct node *n, struct lowering *lo)
{
	struct ir_val *in[] = { lo->in[0], lower_param(lo, "W") }, *b = lower_param(lo, "b");
	const struct how how = { ir_elements(in[0]), n->nin, n->nout };
	struct ir_val *x = ir_kernel(lo->ir, &kernel, &how, sizeof how, in, 2, 2,
	                             (int64_t[]){ how.n, how.size });

	if (b)
		x = ir_binary(lo->ir, IR_ADD, x, ir_view(lo->ir, b, 2, (int64_t[]){ 1, how.size }));
	return x;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct dl4j_shape out = shape_ff(n->nout);

	lo->out = activate(lo->ir, ((const struct embedding *)n)->activation, rows(n, lo), &out);
	lo->out = recurrent_masked(lo->ir, lo->out, lo->out_mask);
}

static void sequence_lower(const struct node *n, struct lowering *lo)
{
	const struct embedding *l = (const struct embedding *)n;
	const struct dl4j_shape out = shape_rnn(n->nout, 0, l->format == FORMAT_NWC);
	const struct ir_val *in = lo->in[0];
	struct ir_val *x = ir_view(lo->ir, rows(n, lo), 3, (int64_t[]){
		in->dim[0], in->dim[in->rank - 1], n->nout });

	x = ir_permute(lo->ir, x, (int[]){ 0, 2, 1 });
	x = activate(lo->ir, l->activation, x, &out);
	lo->out = recurrent_masked(lo->ir, x, lo->out_mask);
}

const struct node_type node_embedding = {
	.kind = NODE_LAYER, .name = "EmbeddingLayer", .alias = { "embedding" }, .keras = "Embedding",
	.n_in = 1, .feed_forward = true, .size = sizeof(struct embedding), .fields = fields,
	.params = params, .infer = infer, .expects = expects, .lower = lower,
};

const struct node_type node_embedding_sequence = {
	.kind = NODE_LAYER, .name = "EmbeddingSequenceLayer", .keras = "Embedding", .n_in = 1,
	.feed_forward = true, .size = sizeof(struct embedding), .fields = sequence_fields,
	.params = params, .infer = sequence_infer, .expects = sequence_expects,
	.lower = sequence_lower,
};
