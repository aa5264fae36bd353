/* SPDX-License-Identifier: Apache-2.0 */
/* ops: what each operation is in ONNX's, one function an operation, listed by ops.def. */
#include "onnx/onnx.h"

#include <float.h>
#include <inttypes.h>

/* The last node, on the operation's first input and what follows (which may be NULL). */
static int result(struct onnx *o, const char *type, const char *second, const char *third)
{
	return ONNX_RESULT(o, type, onnx_in(o, 0), second, third);
}

/* --- Windows ---------------------------------------------------------------------------------- */

static void window(struct onnx *o, const struct ir_window *w)
{
	int64_t pads[6];

	for (int i = 0; i < w->n; i++) {
		pads[i] = w->pad_lo[i];
		pads[w->n + i] = w->pad_hi[i] > 0 ? w->pad_hi[i] : 0;
	}
	onnx_ints(o, "kernel_shape", w->kernel, w->n);
	onnx_ints(o, "strides", w->stride, w->n);
	onnx_ints(o, "dilations", w->dilation, w->n);
	onnx_ints(o, "pads", pads, 2 * w->n);
}

static int convolution(struct onnx *o, const char *type, const char *weights)
{
	const struct ir_op *op = o->op;

	window(o, &op->window);
	onnx_int(o, "group", op->in[1]->dim[0]);
	return result(o, type, weights, op->n_in == 3 ? onnx_in(o, 2) : NULL);
}

static int op_CONV(struct onnx *o, const struct ir_op *op)
{
	const struct ir_val *w = op->in[1];
	int64_t dim[IR_RANK] = { w->dim[0] * w->dim[1] };

	for (int i = 1; i < w->rank - 1; i++)
		dim[i] = w->dim[i + 1];
	return convolution(o, "Conv", onnx_shaped(o, w, NULL, w->rank - 1, dim));
}

/* Weights are [g i, o/g, k...]. What is added rather than cut off at the end is output_padding. */
static int op_DECONV(struct onnx *o, const struct ir_op *op)
{
	static const int axis[] = { 0, 2, 1, 3, 4, 5 };
	const struct ir_window *at = &op->window;
	const struct ir_val *w = op->in[1];
	int64_t dim[IR_RANK] = { w->dim[0] * w->dim[2], w->dim[1] }, more[3];
	const char *weights;

	for (int i = 2; i < w->rank - 1; i++)
		dim[i] = w->dim[i + 1];
	for (int i = 0; i < at->n; i++) {
		if (at->pad_lo[i] < 0)
			return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected a deconvolution that adds "
			            "nothing in front, found %" PRId64 " cells", -at->pad_lo[i]);
		more[i] = at->pad_hi[i] < 0 ? -at->pad_hi[i] : 0;
	}
	weights = onnx_shaped(o, w, axis, w->rank - 1, dim);
	onnx_ints(o, "output_padding", more, at->n);
	return convolution(o, "ConvTranspose", weights);
}

static const char *pooled(struct onnx *o, const char *as, const char *x,
                          const struct ir_window *w, enum ir_pool kind)
{
	window(o, w);
	if (kind != IR_POOL_MAX)
		onnx_int(o, "count_include_pad", kind == IR_POOL_AVG_PADDED);
	return onnx_node(o, as, kind == IR_POOL_MAX ? "MaxPool" : "AveragePool",
	                 (const char *const[]){ x, NULL });
}

/* x with the window's padding around it, and the window without. */
static const char *padded(struct onnx *o, const char *x, struct ir_window *w, float with)
{
	int64_t pads[2 * IR_RANK] = { 0 };

	for (int i = 0; i < w->n; i++) {
		pads[2 + i] = w->pad_lo[i];
		pads[w->n + 4 + i] = w->pad_hi[i] > 0 ? w->pad_hi[i] : 0;
		w->pad_lo[i] = w->pad_hi[i] = 0;
	}
	return ONNX(o, "Pad", x, onnx_numbers(o, pads, 2 * (2 + w->n)), onnx_number(o, with));
}

/* ONNX Runtime refuses a padding as large as the window, which a dilated one may have: it is put
 * around x, and an average that leaves it out is divided by the share of each window inside. */
static int op_POOL(struct onnx *o, const struct ir_op *op)
{
	struct ir_window w = op->window, again = w;
	bool wide = false;
	const char *x = onnx_in(o, 0), *inside;

	for (int i = 0; i < w.n; i++)
		wide |= w.pad_lo[i] >= w.kernel[i] || w.pad_hi[i] >= w.kernel[i];
	if (wide)
		x = padded(o, x, &w, op->pool == IR_POOL_MAX ? -FLT_MAX : 0);
	if (!wide || op->pool != IR_POOL_AVG) {
		pooled(o, onnx_name(o, op->out), x, &w, op->pool);
		return 0;
	}
	inside = onnx_numbers(o, op->in[0]->dim, op->in[0]->rank);
	inside = padded(o, ONNX(o, "Expand", onnx_number(o, 1), inside), &again, 0);
	inside = pooled(o, NULL, inside, &again, op->pool);
	return ONNX_RESULT(o, "Div", pooled(o, NULL, x, &w, op->pool), inside);
}

/* --- Products and functions ------------------------------------------------------------------- */

static int op_MATMUL(struct onnx *o, const struct ir_op *op)
{
	return result(o, "Gemm", onnx_in(o, 1), op->n_in == 3 ? onnx_in(o, 2) : NULL);
}

static const char *times(struct onnx *o, const char *x, float a)
{
	return ONNX(o, "Mul", x, onnx_number(o, a));
}

/* x >= a ? x : b (x - a) */
static int threshold(struct onnx *o, const char *x, float a, float b)
{
	const char *least = onnx_number(o, a), *less = times(o, ONNX(o, "Sub", x, least), b);

	return ONNX_RESULT(o, "Where", ONNX(o, "GreaterOrEqual", x, least), x, less);
}

static int op_ELTWISE(struct onnx *o, const struct ir_op *op)
{
	const float a = op->a, b = op->b;
	const char *x = onnx_in(o, 0);

	switch (op->eltwise) {
	case IR_LINEAR:
		return ONNX_RESULT(o, "Add", times(o, x, a), onnx_number(o, b));
	case IR_CLIP:
		return ONNX_RESULT(o, "Clip", x, onnx_number(o, a), onnx_number(o, b));
	case IR_ABS:
		return ONNX_RESULT(o, "Abs", x);
	case IR_POW:
		return ONNX_RESULT(o, "Mul", ONNX(o, "Pow", x, onnx_number(o, b)), onnx_number(o, a));
	case IR_TANH:
		return ONNX_RESULT(o, "Tanh", x);
	case IR_LOGISTIC:
		return ONNX_RESULT(o, "Sigmoid", x);
	case IR_RELU:
		if (a == 0)
			return ONNX_RESULT(o, "Relu", x);
		onnx_float(o, "alpha", a);
		return ONNX_RESULT(o, "LeakyRelu", x);
	case IR_ELU:
		onnx_float(o, "alpha", a);
		return ONNX_RESULT(o, "Elu", x);
	case IR_SOFTPLUS:
		return ONNX_RESULT(o, "Softplus", x);
	case IR_SWISH:
		return ONNX_RESULT(o, "Mul", x, ONNX(o, "Sigmoid", times(o, x, a)));
	case IR_THRESHOLD:
		return threshold(o, x, a, b);
	case IR_ABOVE:
		onnx_float(o, "alpha", a);
		return ONNX_RESULT(o, "ThresholdedRelu", x);
	case IR_ELTWISES:
		break;
	}
	return 0;
}

static int op_BINARY(struct onnx *o, const struct ir_op *op)
{
	static const char *const type[IR_BINARIES] = {
		[IR_ADD] = "Add", [IR_SUB] = "Sub", [IR_MUL] = "Mul", [IR_DIV] = "Div", [IR_MAX] = "Max",
	};

	return result(o, type[op->binary], onnx_in(o, 1), NULL);
}

/* scale and shift as [1,c,1...] */
static int op_AFFINE(struct onnx *o, const struct ir_op *op)
{
	const int64_t dim[IR_RANK] = { 1, op->in[1]->dim[0], 1, 1, 1, 1 };
	const char *scale = onnx_shaped(o, op->in[1], NULL, op->out->rank, dim);
	const char *shift = onnx_shaped(o, op->in[2], NULL, op->out->rank, dim);

	return ONNX_RESULT(o, "Add", ONNX(o, "Mul", onnx_in(o, 0), scale), shift);
}

static int op_SOFTMAX(struct onnx *o, const struct ir_op *op)
{
	onnx_int(o, "axis", op->axis);
	return result(o, "Softmax", NULL, NULL);
}

/* (x - mean) / sqrt(variance); where all are equal 0, not 0 / 0: hence the least number. */
static int op_LAYERNORM(struct onnx *o, const struct ir_op *op)
{
	const char *x = onnx_in(o, 0), *last = ONNX_NUMBERS(o, op->out->rank - 1);
	const char *d = ONNX(o, "Sub", x, ONNX(o, "ReduceMean", x, last));
	const char *variance = ONNX(o, "ReduceMean", ONNX(o, "Mul", d, d), last);

	variance = ONNX(o, "Max", variance, onnx_number(o, 1e-30F));
	return ONNX_RESULT(o, "Div", d, ONNX(o, "Sqrt", variance));
}

static int op_LRN(struct onnx *o, const struct ir_op *op)
{
	onnx_int(o, "size", op->span);
	onnx_float(o, "alpha", op->lrn_a * (float)op->span); /* divides by the size */
	onnx_float(o, "beta", op->lrn_beta);
	onnx_float(o, "bias", op->lrn_k);
	return result(o, "LRN", NULL, NULL);
}

/* --- Elements elsewhere ----------------------------------------------------------------------- */

/* No region of interest and no scales: the sizes tell. */
static int op_RESAMPLE(struct onnx *o, const struct ir_op *op)
{
	const char *sizes = onnx_numbers(o, op->out->dim, op->out->rank);

	onnx_text(o, "mode", "nearest");
	onnx_text(o, "nearest_mode", "floor");
	onnx_text(o, "coordinate_transformation_mode", "asymmetric");
	return ONNX_RESULT(o, "Resize", onnx_in(o, 0), "", "", sizes);
}

static int op_CONCAT(struct onnx *o, const struct ir_op *op)
{
	const char **in = ARENA_NEW(o->arena, const char *, (size_t)op->n_in + 1);

	if (!in)
		return fail_memory(o->err);
	for (int i = 0; i < op->n_in; i++)
		in[i] = onnx_in(o, i);
	onnx_int(o, "axis", op->axis);
	onnx_node(o, onnx_name(o, op->out), "Concat", in);
	return 0;
}

static int op_VIEW(struct onnx *o, const struct ir_op *op)
{
	return result(o, "Reshape", onnx_numbers(o, op->out->dim, op->out->rank), NULL);
}

static int op_PERMUTE(struct onnx *o, const struct ir_op *op)
{
	int64_t perm[IR_RANK];

	for (int i = 0; i < op->out->rank; i++)
		perm[i] = op->perm[i];
	onnx_ints(o, "perm", perm, op->out->rank);
	return result(o, "Transpose", NULL, NULL);
}

static int op_PAD(struct onnx *o, const struct ir_op *op)
{
	const int rank = op->out->rank;
	int64_t pads[2 * IR_RANK];

	for (int i = 0; i < rank; i++) {
		pads[i] = op->pad[0][i];
		pads[rank + i] = op->pad[1][i];
	}
	return result(o, "Pad", onnx_numbers(o, pads, 2 * rank), NULL);
}

static int op_SLICE(struct onnx *o, const struct ir_op *op)
{
	int64_t end[IR_RANK];

	for (int i = 0; i < op->out->rank; i++)
		end[i] = op->from[i] + op->out->dim[i];
	return result(o, "Slice", onnx_numbers(o, op->from, op->out->rank),
	              onnx_numbers(o, end, op->out->rank));
}

static int op_KERNEL(struct onnx *o, const struct ir_op *op)
{
	if (!op->kernel->onnx)
		return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected what its operators can say, found "
		            "'%s', which only this library computes", op->kernel->name);
	return op->kernel->onnx(o, op);
}

int onnx_op(struct onnx *o, const struct ir_op *op)
{
	static int (*const ops[IR_CODES])(struct onnx *, const struct ir_op *) = {
#define OP(code, arity) [IR_##code] = op_##code,
#include "ir/ops.def"
#undef OP
	};

	return ops[op->code](o, op);
}
