/* SPDX-License-Identifier: Apache-2.0 */
/* RecurrentAttentionLayer: h = act(x W + b + a RW), where a is what h of the step before, as a
 * query, finds in the whole series.      in: RNN (nIn,t)  out: RNN (nOut,t) */
#include <assert.h>
#include <inttypes.h>

#include "node/attention.h"

static const struct field fields[] = {
	FIELD_DIM(struct attention, base.nin, "nin", NAN, 1), ATTENTION_FIELDS,
	FIELD_NODE(struct attention, activation, "activation", NODE_ACTIVATION),
	FIELD_BOOL(struct attention, has_bias, "hasBias", true), FIELD_END
};

static int params(const struct node *n, struct param *p)
{
	const struct attention *a = (const struct attention *)n;
	int k = 2;

	p[0] = (struct param){ "W", 2, { n->nin, n->nout }, 'c' };
	p[1] = (struct param){ "RW", 2, { n->nout, n->nout }, 'c' };
	k += attention_params(a, p + k, n->nout, n->nin, n->nin);
	if (a->has_bias)
		p[k++] = (struct param){ "b", 1, { n->nout }, 'c' };
	return k;
}

static int check(struct node *n, struct dl4j_error *err)
{
	const struct attention *a = (const struct attention *)n;

	if (!a->project && n->nin != n->nout)
		return fail(err, DL4J_ESHAPE, "without a projection: expected nOut to be nIn, %" PRId64
		            ", found %" PRId64, n->nin, n->nout);
	return attention_check(n, err);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	TRY(format_rnn_infer(FORMAT_NCW, in, out, err));
	if (out->c && out->c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the size of its input, found %"
		            PRId64, out->c, n->nin);
	out->c = n->nout;
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(n->nin, 0, false);
	return 1;
}

struct how {
	struct attend one;
	int64_t n, size;
	bool project, masked;
	struct row_function activation;
};

/* to [columns] += x [rows] w [rows,columns] */
static void add_product(float *to, const float *x, const float *w, int64_t rows, int64_t columns)
{
	for (int64_t i = 0; i < rows; i++)
		for (int64_t j = 0; j < columns; j++)
			to[j] += x[i] * w[i * columns + j];
}

/* Room of one example: the weights, the query, the answer and its projection. */
static int64_t room_of(const struct how *h)
{
	return h->one.t + h->one.width + h->one.values + h->size;
}

static void step(const struct how *h, float *const *at, int64_t i, const float *before, float *to,
                 float *room)
{
	const int64_t t = h->one.t, width = h->one.width, values = h->one.values;
	float *query = room + t, *answer = query + width, *projected = answer + values;
	const float *mask = h->masked ? at[h->project ? 6 : 4] + i * t : NULL;

	for (int64_t j = 0; h->project && j < width; j++) {
		query[j] = 0;
		for (int64_t k = 0; k < h->size; k++)
			query[j] += at[4][j * h->size + k] * before[k];
	}
	attention_attend(&h->one, h->project ? query : before, at[1] + i * t * width,
	                 at[2] + i * t * values, mask, room, answer);
	if (h->project) {
		for (int64_t j = 0; j < h->size; j++)
			projected[j] = 0;
		add_product(projected, answer, at[5], values, h->size);
	}
	add_product(to, h->project ? projected : answer, at[3], h->size, h->size);
}

/* at: z [n*t,size], keys and values [n*t,..], RW, [Wq, Wo], [mask]; then h, and room. */
static void run(const void *how, float *const *at)
{
	const struct how *h = how;
	const int64_t t = h->one.t, size = h->size;
	float *out = at[4 + 2 * h->project + h->masked], *room = out + h->n * t * size;

#pragma omp parallel for
	for (int64_t i = 0; i < h->n; i++)
		for (int64_t k = 0; k < t; k++) {
			float *to = out + (i * t + k) * size;
			for (int64_t j = 0; j < size; j++)
				to[j] = at[0][(i * t + k) * size + j];
			if (k > 0)
				step(h, at, i, to - size, to, room + i * room_of(h));
			h->activation.apply(&h->activation, to, size);
		}
}

/* What a step adds: [n,1,size], from the result before. */
static const char *answer_onnx(struct onnx *o, const struct how *h, const char *before,
                               const char *wq, const char *keys, const char *values)
{
	const int64_t heads = h->one.heads;
	const char *x = wq ? ONNX(o, "MatMul", before, wq) : before;

	x = attention_heads_onnx(o, x, h->n, heads, h->one.width / heads, false);
	x = attention_onnx(o, &h->one, x, keys, values);
	x = ONNX(o, "Reshape", x, ONNX_NUMBERS(o, h->n, 1, -1));
	if (h->project)
		x = ONNX(o, "MatMul", x, onnx_in(o, 5));
	return ONNX(o, "MatMul", x, onnx_in(o, 3));
}

/* Unrolled. at 4: Wq [width,size], Wo [values,size]. */
static int to_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct how *h = op->how;
	const int64_t n = h->n, t = h->one.t, heads = h->one.heads, size = h->one.width / heads;
	const char *z = ONNX(o, "Reshape", onnx_in(o, 0), ONNX_NUMBERS(o, n, t, h->size));
	const char *keys = attention_heads_onnx(o, onnx_in(o, 1), n, heads, size, true);
	const char *values = attention_heads_onnx(o, onnx_in(o, 2), n, heads, h->one.values / heads,
	                                          false);
	const char **all = ARENA_NEW(o->arena, const char *, (size_t)t + 1);
	const char *wq = NULL, *x;

	assert(!h->masked); /* a MASK has been refused by then */
	if (!all)
		return fail_memory(o->err);
	if (!h->activation.onnx)
		return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected an activation that is one "
		            "operator of it, found %s", h->activation.name);
	if (h->project)
		wq = ONNX(o, "Transpose", ONNX(o, "Reshape", onnx_in(o, 4),
		                               ONNX_NUMBERS(o, h->one.width, h->size)));
	for (int64_t k = 0; k < t; k++) {
		x = ONNX(o, "Slice", z, ONNX_NUMBERS(o, k), ONNX_NUMBERS(o, k + 1), ONNX_NUMBERS(o, 1));
		if (k > 0)
			x = ONNX(o, "Add", x, answer_onnx(o, h, all[k - 1], wq, keys, values));
		all[k] = activation_onnx(o, &h->activation, x);
	}
	onnx_int(o, "axis", 1);
	x = onnx_node(o, NULL, "Concat", all);
	return ONNX_RESULT(o, "Reshape", x, ONNX_NUMBERS(o, -1));
}

static const struct ir_kernel kernel = { "ATTENTION", run, to_onnx };

static void lower(const struct node *n, struct lowering *lo)
{
	const struct attention *a = (const struct attention *)n;
	const struct attention plain = { .project = false };
	struct ir_val *x = format_rnn_lower(FORMAT_NCW, lo, 0), *in[7];
	const int64_t batch = x->dim[0], t = x->dim[2], size = n->nout;
	struct how how = { .n = batch, .size = size, .project = a->project,
		           .masked = lo->out_mask != NULL,
		           .activation = activation_row(a->activation) };
	int k = 4;

	in[0] = ir_matmul(lo->ir, attention_rows(&plain, lo, x, NULL), lower_param(lo, "W"),
	                  lower_param(lo, "b"));
	in[1] = attention_rows(a, lo, x, "Wk");
	in[2] = attention_rows(a, lo, x, "Wv");
	in[3] = lower_param(lo, "RW");
	if (a->project) {
		in[k++] = lower_param(lo, "Wq");
		in[k++] = lower_param(lo, "Wo");
	}
	if (lo->out_mask)
		in[k++] = lo->out_mask;
	how.one = (struct attend){ t, a->project ? a->heads : 1, in[1]->dim[1], in[2]->dim[1] };
	x = ir_kernel(lo->ir, &kernel, &how, sizeof how, in, k, 1,
	              (int64_t[]){ batch * (t * size + room_of(&how)) });
	x = ir_slice(lo->ir, x, (int64_t[]){ 0 }, (int64_t[]){ batch * t * size });
	x = ir_view(lo->ir, x, 3, (int64_t[]){ batch, t, size });
	lo->out = ir_permute(lo->ir, x, (int[]){ 0, 2, 1 });
}

const struct node_type node_recurrent_attention = {
	.kind = NODE_LAYER, .name = "RecurrentAttentionLayer", .impl = "SameDiffLayer", .n_in = 1,
	.size = sizeof(struct attention), .fields = fields, .check = check, .params = params,
	.infer = infer, .expects = expects, .lower = lower,
};
