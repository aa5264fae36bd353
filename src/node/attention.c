/* SPDX-License-Identifier: Apache-2.0 */
/* attention: softmax(K q / sqrt(size)) V for each head; a masked key gets -1e9 before the softmax,
 * as in DL4J. Projections and the output's are matrix products over all rows. */
#include "node/attention.h"

#include <assert.h>

int attention_check(struct node *n, struct dl4j_error *err)
{
	const struct attention *a = (const struct attention *)n;

	if (a->project && (a->head_size < 1 || n->nout < 1))
		return fail(err, DL4J_EFORMAT, "%s: expected at least 1, found 0",
		            n->nout < 1 ? "nout" : "headSize");
	return 0;
}

int attention_params(const struct attention *a, struct param *p, int64_t queries, int64_t keys,
                     int64_t values)
{
	const char *const names[] = { "Wq", "Wk", "Wv" };
	const int64_t sizes[] = { queries, keys, values };

	if (!a->project)
		return 0;
	for (int i = 0; i < 3; i++)
		p[i] = (struct param){ names[i], 3, { a->heads, a->head_size, sizes[i] }, 'c' };
	p[3] = (struct param){ "Wo", 2, { a->heads * a->head_size, a->base.nout }, 'c' };
	return 4;
}

static float dot(const float *a, const float *b, int64_t n)
{
	float sum = 0;

	for (int64_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static void weigh(float *w, int64_t n)
{
	float most = w[0], sum = 0;

	for (int64_t i = 1; i < n; i++)
		most = fmaxf(most, w[i]);
	for (int64_t i = 0; i < n; i++)
		sum += w[i] = expf(w[i] - most);
	for (int64_t i = 0; i < n; i++)
		w[i] /= sum;
}

void attention_attend(const struct attend *s, const float *query, const float *keys,
                      const float *values, const float *mask, float *weights, float *out)
{
	const int64_t size = s->width / s->heads, out_size = s->values / s->heads;
	const float scale = 1 / sqrtf((float)size);

	for (int64_t h = 0; h < s->heads; h++) {
		for (int64_t t = 0; t < s->t; t++) {
			weights[t] = scale * dot(query + h * size, keys + t * s->width + h * size, size);
			if (mask)
				weights[t] += (mask[t] - 1) * 1e9f;
		}
		weigh(weights, s->t);
		for (int64_t j = 0; j < out_size; j++)
			out[h * out_size + j] = 0;
		for (int64_t t = 0; t < s->t; t++)
			for (int64_t j = 0; j < out_size; j++)
				out[h * out_size + j] += weights[t] *
				                         values[t * s->values + h * out_size + j];
	}
}

struct how {
	struct attend one;
	int64_t n, queries;
	bool masked, shared;
};

/* at: queries, keys, values, [mask]; then the result's rows, and room for the weights. */
static void attend(const void *how, float *const *at)
{
	const struct how *h = how;
	const int64_t t = h->one.t, width = h->one.width, values = h->one.values;
	float *out = at[3 + h->masked], *room = out + h->n * h->queries * values;

#pragma omp parallel for
	for (int64_t i = 0; i < h->n; i++)
		for (int64_t q = 0; q < h->queries; q++)
			attention_attend(&h->one,
			                 at[0] + ((h->shared ? 0 : i * h->queries) + q) * width,
			                 at[1] + i * t * width, at[2] + i * t * values,
			                 h->masked ? at[3] + i * t : NULL, room + i * t,
			                 out + (i * h->queries + q) * values);
}

const char *attention_heads_onnx(struct onnx *o, const char *rows, int64_t n, int64_t heads,
                                 int64_t size, bool turned)
{
	rows = ONNX(o, "Reshape", rows, ONNX_NUMBERS(o, n, -1, heads, size));
	onnx_ints(o, "perm", turned ? (int64_t[]){ 0, 2, 3, 1 } : (int64_t[]){ 0, 2, 1, 3 }, 4);
	return ONNX(o, "Transpose", rows);
}

const char *attention_onnx(struct onnx *o, const struct attend *s, const char *query,
                           const char *keys, const char *values)
{
	const char *w = ONNX(o, "MatMul", query, keys);

	w = ONNX(o, "Mul", w, onnx_number(o, 1 / sqrtf((float)(s->width / s->heads))));
	onnx_int(o, "axis", -1);
	w = ONNX(o, "MatMul", ONNX(o, "Softmax", w), values);
	onnx_ints(o, "perm", (int64_t[]){ 0, 2, 1, 3 }, 4);
	return ONNX(o, "Transpose", w);
}

static int to_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct how *h = op->how;
	const int64_t n = h->n, heads = h->one.heads, size = h->one.width / heads;
	const char *q = attention_heads_onnx(o, onnx_in(o, 0), h->shared ? 1 : n, heads, size, false);
	const char *k = attention_heads_onnx(o, onnx_in(o, 1), n, heads, size, true);
	const char *v = attention_heads_onnx(o, onnx_in(o, 2), n, heads, h->one.values / heads, false);

	assert(!h->masked); /* a MASK has been refused by then */
	return ONNX_RESULT(o, "Reshape", attention_onnx(o, &h->one, q, k, v), ONNX_NUMBERS(o, -1));
}

static const struct ir_kernel kernel = { "ATTENTION", attend, to_onnx };

struct ir_val *attention_rows(const struct attention *a, struct lowering *lo, struct ir_val *x,
                              const char *key)
{
	struct ir_val *w = a->project ? lower_param(lo, key) : NULL;
	int64_t nin, rows = a->heads * a->head_size;

	x = ir_permute(lo->ir, x, (int[]){ 0, 2, 1 });
	x = ir_view(lo->ir, x, 2, (int64_t[]){ x->dim[0] * x->dim[1], x->dim[2] });
	if (!w)
		return x;
	nin = w->dim[2];
	w = ir_const(lo->ir, w->data, 2, (int64_t[]){ nin, rows }, (int64_t[]){ 1, nin });
	return ir_matmul(lo->ir, x, w, NULL);
}

struct ir_val *attention_lower(const struct attention *a, struct lowering *lo,
                               struct ir_val *const *rows, int64_t n, bool shared,
                               struct ir_val *mask)
{
	struct ir_val *in[] = { rows[0], rows[1], rows[2], mask }, *x;
	const int64_t heads = a->project ? a->heads : 1;
	const struct how how = {
		{ rows[1]->dim[0] / n, heads, rows[1]->dim[1], rows[2]->dim[1] }, n,
		rows[0]->dim[0] / (shared ? 1 : n), mask != NULL, shared };
	const int64_t values = how.one.values, all = n * how.queries;

	if (lo->ir->err.code)
		return rows[0];
	if (rows[0]->dim[1] != rows[1]->dim[1] || rows[1]->dim[0] != rows[2]->dim[0] ||
	    (mask && (mask->dim[0] != n || mask->dim[1] != how.one.t))) {
		ir_fail(lo->ir, DL4J_ESHAPE, "expected queries, keys, values and masks that fit, "
		     "found others");
		return rows[0];
	}
	x = ir_kernel(lo->ir, &kernel, &how, sizeof how, in, mask ? 4 : 3, 1,
	              (int64_t[]){ all * values + n * how.one.t });
	x = ir_slice(lo->ir, x, (int64_t[]){ 0 }, (int64_t[]){ all * values });
	x = ir_view(lo->ir, x, 2, (int64_t[]){ all, values });
	if (a->project)
		x = ir_matmul(lo->ir, x, lower_param(lo, "Wo"), NULL);
	x = ir_view(lo->ir, x, 3, (int64_t[]){ n, how.queries, x->dim[1] });
	return ir_permute(lo->ir, x, (int[]){ 0, 2, 1 });
}
