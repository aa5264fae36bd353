/* SPDX-License-Identifier: Apache-2.0 */
/* CapsuleLayer, PrimaryCapsules, CapsuleStrengthLayer: vectors whose length is a probability, and
 * routing by agreement between two layers of them.
 * in: RNN (capsules,dimensions)  out: RNN  /  CNN (c,h,w) to RNN  /  RNN to FF (capsules) */
#include "node/layers/capsule.h"

#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "node/format.h"

struct capsule {
	struct node base;
	int64_t in, in_size, n, size, routings;
	bool has_bias;
};

static const struct field fields[] = {
	FIELD_DIM(struct capsule, in, "inputCapsules", NAN, 1),
	FIELD_DIM(struct capsule, in_size, "inputCapsuleDimensions", NAN, 1),
	FIELD_DIM(struct capsule, n, "capsules", NAN, 1),
	FIELD_DIM(struct capsule, size, "capsuleDimensions", NAN, 1),
	FIELD_DIM(struct capsule, routings, "routings", 3, 1),
	FIELD_BOOL(struct capsule, has_bias, "hasBias", false), FIELD_END
};

/* x |x|^2 / ((1 + |x|^2) sqrt(|x|^2 + 1e-5)) */
void capsule_squash(float *x, int64_t n)
{
	float sum = 0, scale;

	for (int64_t i = 0; i < n; i++)
		sum += x[i] * x[i];
	scale = sum / ((1 + sum) * sqrtf(sum + 1e-5F));
	for (int64_t i = 0; i < n; i++)
		x[i] *= scale;
}

const char *capsule_squash_onnx(struct onnx *o, const char *x)
{
	const char *sum = ONNX(o, "ReduceSumSquare", x, ONNX_NUMBERS(o, -1));
	const char *root = ONNX(o, "Sqrt", ONNX(o, "Add", sum, onnx_number(o, 1e-5F)));
	const char *more = ONNX(o, "Add", sum, onnx_number(o, 1));

	return ONNX(o, "Mul", x, ONNX(o, "Div", sum, ONNX(o, "Mul", more, root)));
}

struct routing {
	int64_t batch, in, in_size, n, size, routings;
	bool has_bias;
	bool unrouted; /* up to beta6 the softmax runs over an axis of one: every share is whole */
};

/* What each capsule of the input predicts for each of the output: [in,n,size]. */
static void predict(const struct routing *r, const float *x, const float *w, float *out)
{
	const int64_t row = r->n * r->size;

	for (int64_t i = 0; i < r->in; i++)
		for (int64_t j = 0; j < row; j++) {
			float sum = 0;
			for (int64_t k = 0; k < r->in_size; k++)
				sum += w[(i * row + j) * r->in_size + k] * x[i * r->in_size + k];
			out[i * row + j] = sum;
		}
}

/* sums[j] += softmax(b)[j] * predicted[j] over the capsules of the output. */
static void add_weighted(const struct routing *r, const float *b, const float *predicted,
                         float *sums)
{
	float most = -INFINITY, total = 0;

	for (int64_t j = 0; j < r->n; j++)
		most = fmaxf(most, b[j]);
	for (int64_t j = 0; j < r->n; j++)
		total += expf(b[j] - most);
	for (int64_t j = 0; j < r->n; j++)
		for (int64_t d = 0; d < r->size; d++) {
			float share = r->unrouted ? 1 : expf(b[j] - most) / total;
			sums[j * r->size + d] += share * predicted[j * r->size + d];
		}
}

/* at: x, weights, [bias], the result with room for predictions and logits behind it. */
static void route(const void *how, float *const *at)
{
	const struct routing *r = how;
	const int64_t row = r->n * r->size;
	float *out = at[2 + r->has_bias], *predicted = out + r->batch * row;
	float *b = predicted + r->in * row;

	for (int64_t e = 0; e < r->batch; e++, out += row) {
		predict(r, at[0] + e * r->in * r->in_size, at[1], predicted);
		memset(b, 0, (size_t)(r->in * r->n) * sizeof *b);
		for (int64_t turn = 0; turn < r->routings; turn++) {
			for (int64_t j = 0; j < row; j++)
				out[j] = r->has_bias ? at[2][j] : 0;
			for (int64_t i = 0; i < r->in; i++)
				add_weighted(r, b + i * r->n, predicted + i * row, out);
			for (int64_t j = 0; j < r->n; j++)
				capsule_squash(out + j * r->size, r->size);
			for (int64_t i = 0; turn + 1 < r->routings && i < r->in; i++)
				for (int64_t j = 0; j < row; j++)
					b[i * r->n + j / r->size] += predicted[i * row + j] * out[j];
		}
	}
}

/* Predictions are [batch,in,n,size], shares and logits [batch,in,n,1], results [batch,1,n,size]. */
static int route_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct routing *r = op->how;
	const int64_t row = r->n * r->size;
	const char *x = ONNX(o, "Reshape", onnx_in(o, 0),
	                     ONNX_NUMBERS(o, r->batch, r->in, r->in_size, 1));
	const char *w = ONNX(o, "Reshape", onnx_in(o, 1), ONNX_NUMBERS(o, 1, r->in, row, r->in_size));
	const char *each = ONNX_NUMBERS(o, r->batch, r->in, r->n, r->size), *shares, *out = NULL;
	const char *predicted = ONNX(o, "Reshape", ONNX(o, "MatMul", w, x), each);
	const char *b = ONNX(o, "Mul", ONNX(o, "ReduceSum", predicted, ONNX_NUMBERS(o, 3)),
	                     onnx_number(o, 0));

	for (int64_t turn = 0; turn < r->routings; turn++) {
		if (out) {
			out = ONNX(o, "ReduceSum", ONNX(o, "Mul", predicted, out), ONNX_NUMBERS(o, 3));
			b = ONNX(o, "Add", b, out);
		}
		onnx_int(o, "axis", r->unrouted ? 3 : 2);
		shares = ONNX(o, "Softmax", b);
		out = ONNX(o, "ReduceSum", ONNX(o, "Mul", predicted, shares), ONNX_NUMBERS(o, 1));
		if (r->has_bias)
			out = ONNX(o, "Add", out, ONNX(o, "Reshape", onnx_in(o, 2),
			                                ONNX_NUMBERS(o, 1, 1, r->n, r->size)));
		out = capsule_squash_onnx(o, out);
	}
	return ONNX_RESULT(o, "Reshape", out, ONNX_NUMBERS(o, -1));
}

static const struct ir_kernel routing_kernel = { "CAPSULES", route, route_onnx };

static int params(const struct node *n, struct param *p)
{
	const struct capsule *l = (const struct capsule *)n;

	p[0] = (struct param){ "weight", 5, { 1, l->in, l->n * l->size, l->in_size, 1 }, 'c' };
	p[1] = (struct param){ "bias", 5, { 1, 1, l->n, l->size, 1 }, 'c' };
	return l->has_bias ? 2 : 1;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct capsule *l = (const struct capsule *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_rnn_infer(FORMAT_NCW, in, &x, err));
	if ((x.c && x.c != l->in) || (x.t && x.t != l->in_size))
		return fail(err, DL4J_ESHAPE, "expected %" PRId64 " capsules of %" PRId64 ", found %"
		            PRId64 " of %" PRId64, l->in, l->in_size, x.c, x.t);
	*out = shape_rnn(l->n, l->size, false);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct capsule *l = (const struct capsule *)n;

	*out = shape_rnn(l->in, l->in_size, false);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct capsule *l = (const struct capsule *)n;
	struct ir_val *in[] = { format_rnn_lower(FORMAT_NCW, lo, 0), lower_param(lo, "weight"),
		                lower_param(lo, "bias") };
	const int64_t batch = in[0]->dim[0], row = l->n * l->size;
	const struct routing how = { batch, l->in, l->in_size, l->n, l->size, l->routings,
		                     l->has_bias, n->release <= RELEASE_BETA6 };
	int64_t room = batch * row + l->in * row + l->in * l->n;
	struct ir_val *x;

	if (in[0]->rank != 3 || in[0]->dim[1] != l->in || in[0]->dim[2] != l->in_size) {
		ir_fail(lo->ir, DL4J_ESHAPE, "expected %" PRId64 " capsules of %" PRId64, l->in,
		     l->in_size);
		return;
	}
	x = ir_kernel(lo->ir, &routing_kernel, &how, sizeof how, in, 2 + l->has_bias, 1, &room);
	x = ir_slice(lo->ir, x, (int64_t[]){ 0 }, (int64_t[]){ batch * row });
	lo->out = ir_view(lo->ir, x, 3, (int64_t[]){ batch, l->n, l->size });
}

const struct node_type node_capsule = {
	.kind = NODE_LAYER, .name = "CapsuleLayer", .impl = "SameDiffLayer", .n_in = 1,
	.size = sizeof(struct capsule), .fields = fields, .params = params, .infer = infer,
	.expects = expects, .lower = lower,
};

/* --- CapsuleStrengthLayer: the length of each capsule ---------------------------------------- */

struct lengths {
	int64_t n, size;
};

static void lengths(const void *how, float *const *at)
{
	const struct lengths *h = how;

	for (int64_t i = 0; i < h->n; i++) {
		float sum = 0;
		for (int64_t d = 0; d < h->size; d++)
			sum += at[0][i * h->size + d] * at[0][i * h->size + d];
		at[1][i] = sqrtf(sum);
	}
}

static int lengths_onnx(struct onnx *o, const struct ir_op *op)
{
	(void)op;
	onnx_int(o, "keepdims", 0);
	return ONNX_RESULT(o, "ReduceL2", onnx_in(o, 0), ONNX_NUMBERS(o, 2));
}

static const struct ir_kernel lengths_kernel = { "LENGTHS", lengths, lengths_onnx };

static int strength_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                          struct dl4j_shape *out, struct dl4j_error *err)
{
	struct dl4j_shape x;

	(void)n, (void)n_in;
	TRY(format_rnn_infer(FORMAT_NCW, in, &x, err));
	*out = shape_ff(x.c);
	return 0;
}

static void strength_lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = format_rnn_lower(FORMAT_NCW, lo, 0);
	const struct lengths how = { x->dim[0] * x->dim[1], x->dim[2] };

	(void)n;
	lo->out = ir_kernel(lo->ir, &lengths_kernel, &how, sizeof how, &x, 1, 2, x->dim);
	lo->out_mask = NULL;
}

const struct node_type node_capsule_strength = {
	.kind = NODE_LAYER, .name = "CapsuleStrengthLayer", .impl = "SameDiffLayer", .n_in = 1,
	.infer = strength_infer, .lower = strength_lower,
};
