/* SPDX-License-Identifier: Apache-2.0 */
/* L2Vertex and L2NormalizeVertex: the distance of two inputs, and an input by its length.
 * `dimension` counts the axes of DL4J's array; none means all but the batch.
 * in: two of a shape  out: FF (1)  and  in, out: any shape */
#include "node/format.h"
#include "onnx/onnx.h"

struct normalize {
	struct node base;
	struct dims axes;
	double eps;
};

static const struct field fields[] = {
	FIELD_DIMS(struct normalize, axes, "dimension", 0, NAN, 1),
	FIELD_DOUBLE(struct normalize, eps, "eps", 1e-8), FIELD_END
};

struct rows {
	int64_t n, size;
};

static void distance(const void *how, float *const *at)
{
	const struct rows *h = how;

	for (int64_t i = 0; i < h->n; i++) {
		float sum = 0;
		for (int64_t j = i * h->size; j < (i + 1) * h->size; j++)
			sum += (at[0][j] - at[1][j]) * (at[0][j] - at[1][j]);
		at[2][i] = sqrtf(sum);
	}
}

static int distance_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct rows *h = op->how;
	const char *d = ONNX(o, "Sub", onnx_in(o, 0), onnx_in(o, 1));

	d = ONNX(o, "Reshape", d, ONNX_NUMBERS(o, h->n, h->size));
	return ONNX_RESULT(o, "ReduceL2", d, ONNX_NUMBERS(o, 1));
}

static const struct ir_kernel distance_kernel = { "DISTANCE", distance, distance_onnx };

struct how {
	int64_t n;               /* elements */
	int64_t dim[IR_RANK];
	int64_t stride[IR_RANK]; /* of the lengths: 0 along the axes that they go over */
	int64_t lengths;
	float eps;
	int rank;
};

static int64_t length_of(const struct how *h, int64_t element)
{
	int64_t at = 0;

	for (int i = h->rank - 1; i >= 0; i--) {
		at += element % h->dim[i] * h->stride[i];
		element /= h->dim[i];
	}
	return at;
}

/* at: x, the result with room for the lengths behind it. */
static void normalize(const void *how, float *const *at)
{
	const struct how *h = how;
	float *length = at[1] + h->n;

	for (int64_t i = 0; i < h->lengths; i++)
		length[i] = 0;
	for (int64_t i = 0; i < h->n; i++)
		length[length_of(h, i)] += at[0][i] * at[0][i];
	for (int64_t i = 0; i < h->lengths; i++)
		length[i] = fmaxf(sqrtf(length[i]), h->eps);
	for (int64_t i = 0; i < h->n; i++)
		at[1][i] = at[0][i] / length[length_of(h, i)];
}

/* Without room for the lengths, which nobody reads. */
static int normalize_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct how *h = op->how;
	int64_t axes[IR_RANK];
	const char *x = onnx_in(o, 0), *length;
	int n = 0;

	for (int i = 0; i < h->rank; i++)
		if (h->stride[i] == 0)
			axes[n++] = i;
	length = ONNX(o, "ReduceL2", x, onnx_numbers(o, axes, n));
	x = ONNX(o, "Div", x, ONNX(o, "Max", length, onnx_number(o, h->eps)));
	return ONNX_RESULT(o, "Reshape", x, ONNX_NUMBERS(o, -1));
}

static const struct ir_kernel normalize_kernel = { "NORMALIZE", normalize, normalize_onnx };

static int distance_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                          struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n, (void)n_in;
	if (in[0].kind != in[1].kind)
		return fail(err, DL4J_ESHAPE, "expected two inputs of one kind, found another");
	*out = shape_ff(1);
	return 0;
}

static void distance_lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *in[] = { format_dl4j(lo->ir, lo->in[0], &lo->shape[0]),
		                format_dl4j(lo->ir, lo->in[1], &lo->shape[1]) };
	const struct rows how = { in[0]->dim[0], ir_elements(in[0]) / in[0]->dim[0] };

	(void)n;
	if (!ir_same_dims(in[0], in[1])) {
		ir_fail(lo->ir, DL4J_ESHAPE, "expected two inputs of one shape, found another");
		return;
	}
	lo->out = ir_kernel(lo->ir, &distance_kernel, &how, sizeof how, in, 2, 2,
	                    (int64_t[]){ how.n, 1 });
}

static int normalize_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                           struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct normalize *v = (const struct normalize *)n;
	int64_t dim[DL4J_MAX_RANK];
	int rank = shape_dims(in, 1, dim);

	(void)n_in, (void)out;
	if (!v->axes.n && rank > 4)
		return fail(err, DL4J_ESHAPE, "expected the dimensions, found none");
	for (int i = 0; i < v->axes.n; i++)
		if (v->axes.v[i] >= rank)
			return fail(err, DL4J_ESHAPE, "dimension: expected 1 to %d, found %lld", rank - 1,
			            (long long)v->axes.v[i]);
	return 0;
}

static void normalize_lower(const struct node *n, struct lowering *lo)
{
	const struct normalize *v = (const struct normalize *)n;
	struct ir_val *x = lo->in[0];
	int64_t room = ir_elements(x);
	struct how how = { .n = room, .lengths = 1, .eps = (float)v->eps, .rank = x->rank };
	bool over[IR_RANK];

	for (int i = 0; i < x->rank; i++)
		over[i] = i > 0 && !v->axes.n;
	for (int i = 0; i < v->axes.n; i++)
		if (v->axes.v[i] < x->rank)
			over[shape_axis(lo->shape, x->rank, (int)v->axes.v[i])] = true;
	for (int i = x->rank - 1; i >= 0; i--) {
		how.dim[i] = x->dim[i];
		how.stride[i] = over[i] ? 0 : how.lengths;
		how.lengths *= over[i] ? 1 : x->dim[i];
	}
	room += how.lengths;
	lo->out = ir_kernel(lo->ir, &normalize_kernel, &how, sizeof how, &x, 1, 1, &room);
	lo->out = ir_slice(lo->ir, lo->out, (int64_t[]){ 0 }, (int64_t[]){ how.n });
	lo->out = ir_view(lo->ir, lo->out, x->rank, x->dim);
}

const struct node_type node_l2 = {
	.kind = NODE_VERTEX, .name = "L2Vertex", .n_in = 2, .infer = distance_infer,
	.lower = distance_lower,
};

const struct node_type node_l2_normalize = {
	.kind = NODE_VERTEX, .name = "L2NormalizeVertex", .n_in = 1,
	.size = sizeof(struct normalize), .fields = fields, .infer = normalize_infer,
	.lower = normalize_lower,
};
