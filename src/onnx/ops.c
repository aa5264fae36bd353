/* SPDX-License-Identifier: Apache-2.0 */
/* ops: what each operation is in ONNX's, one function an operation, listed by ops.def. */
#include "onnx/onnx.h"

#include <inttypes.h>

/* A node of one input. */
static void one(struct onnx *o, const char *type, const char *x, const char *result)
{
	onnx_begin(o, type);
	onnx_in(o, x);
	onnx_end(o, result);
}

static void two(struct onnx *o, const char *type, const char *x, const char *y, const char *result)
{
	onnx_begin(o, type);
	onnx_in(o, x);
	onnx_in(o, y);
	onnx_end(o, result);
}

static void begin_x(struct onnx *o, const char *type)
{
	char x[ONNX_NAME];

	onnx_begin(o, type);
	onnx_in(o, onnx_name(o, o->op->in[0], x));
}

static void end_op(struct onnx *o)
{
	char y[ONNX_NAME];

	onnx_end(o, onnx_name(o, o->op->out, y));
}

/* --- Windows ---------------------------------------------------------------------------------- */

/* Averages of this opset know no dilation. */
static void window(struct onnx *o, const struct ir_window *w, bool dilates)
{
	int64_t pads[6];

	for (int i = 0; i < w->n; i++) {
		pads[i] = w->pad_lo[i];
		pads[w->n + i] = w->pad_hi[i] > 0 ? w->pad_hi[i] : 0;
	}
	onnx_ints(o, "kernel_shape", w->kernel, w->n);
	onnx_ints(o, "strides", w->stride, w->n);
	if (dilates)
		onnx_ints(o, "dilations", w->dilation, w->n);
	onnx_ints(o, "pads", pads, 2 * w->n);
}

static int op_CONV(struct onnx *o, const struct ir_op *op)
{
	const struct ir_val *w = op->in[1];
	int64_t dim[IR_RANK] = { w->dim[0] * w->dim[1] };
	char name[ONNX_NAME];

	for (int i = 1; i < w->rank - 1; i++)
		dim[i] = w->dim[i + 1];
	onnx_shaped(o, w, NULL, w->rank - 1, dim, name);
	begin_x(o, "Conv");
	onnx_in(o, name);
	if (op->n_in == 3)
		onnx_in(o, onnx_name(o, op->in[2], name));
	window(o, &op->window, true);
	onnx_int(o, "group", w->dim[0]);
	end_op(o);
	return 0;
}

/* Weights are [g i, o/g, k...]. What is added rather than cut off at the end is output_padding. */
static int op_DECONV(struct onnx *o, const struct ir_op *op)
{
	static const int axis[] = { 0, 2, 1, 3, 4, 5 };
	const struct ir_window *at = &op->window;
	const struct ir_val *w = op->in[1];
	int64_t dim[IR_RANK] = { w->dim[0] * w->dim[2], w->dim[1] }, more[3];
	char name[ONNX_NAME];

	for (int i = 2; i < w->rank - 1; i++)
		dim[i] = w->dim[i + 1];
	for (int i = 0; i < at->n; i++) {
		if (at->pad_lo[i] < 0)
			return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected a deconvolution that adds "
			            "nothing in front, found %" PRId64 " cells", -at->pad_lo[i]);
		more[i] = at->pad_hi[i] < 0 ? -at->pad_hi[i] : 0;
	}
	onnx_shaped(o, w, axis, w->rank - 1, dim, name);
	begin_x(o, "ConvTranspose");
	onnx_in(o, name);
	if (op->n_in == 3)
		onnx_in(o, onnx_name(o, op->in[2], name));
	window(o, at, true);
	onnx_ints(o, "output_padding", more, at->n);
	onnx_int(o, "group", w->dim[0]);
	end_op(o);
	return 0;
}

static int op_POOL(struct onnx *o, const struct ir_op *op)
{
	const struct ir_window *w = &op->window;
	const bool max = op->pool == IR_POOL_MAX;

	for (int i = 0; i < w->n; i++)
		if (!max && w->dilation[i] != 1)
			return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected an average without dilation, "
			            "found dilation %" PRId64, w->dilation[i]);
	begin_x(o, max ? "MaxPool" : "AveragePool");
	window(o, w, max);
	if (!max)
		onnx_int(o, "count_include_pad", op->pool == IR_POOL_AVG_PADDED);
	end_op(o);
	return 0;
}

/* --- Products and functions ------------------------------------------------------------------- */

static int op_MATMUL(struct onnx *o, const struct ir_op *op)
{
	char name[ONNX_NAME];

	begin_x(o, "Gemm");
	onnx_in(o, onnx_name(o, op->in[1], name));
	if (op->n_in == 3)
		onnx_in(o, onnx_name(o, op->in[2], name));
	end_op(o);
	return 0;
}

static void times(struct onnx *o, const char *x, float a, const char *result)
{
	char name[ONNX_NAME];

	two(o, "Mul", x, onnx_number(o, a, name), result);
}

static int op_ELTWISE(struct onnx *o, const struct ir_op *op)
{
	char x[ONNX_NAME], y[ONNX_NAME], t[ONNX_NAME], u[ONNX_NAME], n[ONNX_NAME];

	onnx_name(o, op->in[0], x);
	onnx_name(o, op->out, y);
	switch (op->eltwise) {
	case IR_LINEAR:
		times(o, x, op->a, onnx_made(o, t));
		two(o, "Add", t, onnx_number(o, op->b, n), y);
		break;
	case IR_CLIP:
		begin_x(o, "Clip");
		onnx_in(o, onnx_number(o, op->a, n));
		onnx_in(o, onnx_number(o, op->b, n));
		onnx_end(o, y);
		break;
	case IR_ABS:
		one(o, "Abs", x, y);
		break;
	case IR_POW:
		two(o, "Pow", x, onnx_number(o, op->b, n), onnx_made(o, t));
		times(o, t, op->a, y);
		break;
	case IR_TANH:
		one(o, "Tanh", x, y);
		break;
	case IR_LOGISTIC:
		one(o, "Sigmoid", x, y);
		break;
	case IR_RELU:
		begin_x(o, op->a == 0 ? "Relu" : "LeakyRelu");
		if (op->a != 0)
			onnx_float(o, "alpha", op->a);
		onnx_end(o, y);
		break;
	case IR_ELU:
		begin_x(o, "Elu");
		onnx_float(o, "alpha", op->a);
		onnx_end(o, y);
		break;
	case IR_SOFTPLUS:
		one(o, "Softplus", x, y);
		break;
	case IR_SWISH:
		times(o, x, op->a, onnx_made(o, t));
		one(o, "Sigmoid", t, onnx_made(o, u));
		two(o, "Mul", x, u, y);
		break;
	case IR_THRESHOLD: /* x >= a ? x : b (x - a) */
		two(o, "Sub", x, onnx_number(o, op->a, n), onnx_made(o, t));
		times(o, t, op->b, onnx_made(o, u));
		two(o, "GreaterOrEqual", x, n, onnx_made(o, t));
		onnx_begin(o, "Where");
		onnx_in(o, t);
		onnx_in(o, x);
		onnx_in(o, u);
		onnx_end(o, y);
		break;
	case IR_ABOVE:
		begin_x(o, "ThresholdedRelu");
		onnx_float(o, "alpha", op->a);
		onnx_end(o, y);
		break;
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
	char x[ONNX_NAME], y[ONNX_NAME], z[ONNX_NAME];

	two(o, type[op->binary], onnx_name(o, op->in[0], x), onnx_name(o, op->in[1], y),
	    onnx_name(o, op->out, z));
	return 0;
}

/* scale and shift as [1,c,1...] */
static int op_AFFINE(struct onnx *o, const struct ir_op *op)
{
	int64_t dim[IR_RANK] = { 1, op->in[1]->dim[0], 1, 1, 1, 1 };
	char x[ONNX_NAME], y[ONNX_NAME], scale[ONNX_NAME], shift[ONNX_NAME], t[ONNX_NAME];

	onnx_shaped(o, op->in[1], NULL, op->out->rank, dim, scale);
	onnx_shaped(o, op->in[2], NULL, op->out->rank, dim, shift);
	two(o, "Mul", onnx_name(o, op->in[0], x), scale, onnx_made(o, t));
	two(o, "Add", t, shift, onnx_name(o, op->out, y));
	return 0;
}

static int op_SOFTMAX(struct onnx *o, const struct ir_op *op)
{
	begin_x(o, "Softmax");
	onnx_int(o, "axis", op->axis);
	end_op(o);
	return 0;
}

/* (x - mean) / sqrt(variance); where all are equal 0, not 0 / 0: hence the least number. */
static int op_LAYERNORM(struct onnx *o, const struct ir_op *op)
{
	const int64_t last = op->out->rank - 1;
	char x[ONNX_NAME], y[ONNX_NAME], n[ONNX_NAME];
	char mean[ONNX_NAME], d[ONNX_NAME], t[ONNX_NAME], u[ONNX_NAME];

	onnx_begin(o, "ReduceMean");
	onnx_in(o, onnx_name(o, op->in[0], x));
	onnx_ints(o, "axes", &last, 1);
	onnx_end(o, onnx_made(o, mean));
	two(o, "Sub", x, mean, onnx_made(o, d));
	two(o, "Mul", d, d, onnx_made(o, t));
	onnx_begin(o, "ReduceMean");
	onnx_in(o, t);
	onnx_ints(o, "axes", &last, 1);
	onnx_end(o, onnx_made(o, u));
	two(o, "Max", u, onnx_number(o, 1e-30F, n), onnx_made(o, t));
	one(o, "Sqrt", t, onnx_made(o, u));
	two(o, "Div", d, u, onnx_name(o, op->out, y));
	return 0;
}

static int op_LRN(struct onnx *o, const struct ir_op *op)
{
	begin_x(o, "LRN");
	onnx_int(o, "size", op->span);
	onnx_float(o, "alpha", op->lrn_a * (float)op->span); /* divides by the size */
	onnx_float(o, "beta", op->lrn_beta);
	onnx_float(o, "bias", op->lrn_k);
	end_op(o);
	return 0;
}

/* --- Elements elsewhere ----------------------------------------------------------------------- */

static int op_RESAMPLE(struct onnx *o, const struct ir_op *op)
{
	char name[ONNX_NAME];

	begin_x(o, "Resize");
	onnx_in(o, ""); /* no region of interest, no scales: the sizes tell */
	onnx_in(o, "");
	onnx_in(o, onnx_numbers(o, op->out->dim, op->out->rank, name));
	onnx_text(o, "mode", "nearest");
	onnx_text(o, "nearest_mode", "floor");
	onnx_text(o, "coordinate_transformation_mode", "asymmetric");
	end_op(o);
	return 0;
}

static int op_CONCAT(struct onnx *o, const struct ir_op *op)
{
	char name[ONNX_NAME];

	onnx_begin(o, "Concat");
	for (int i = 0; i < op->n_in; i++)
		onnx_in(o, onnx_name(o, op->in[i], name));
	onnx_int(o, "axis", op->axis);
	end_op(o);
	return 0;
}

static int op_VIEW(struct onnx *o, const struct ir_op *op)
{
	char name[ONNX_NAME];

	begin_x(o, "Reshape");
	onnx_in(o, onnx_numbers(o, op->out->dim, op->out->rank, name));
	end_op(o);
	return 0;
}

static int op_PERMUTE(struct onnx *o, const struct ir_op *op)
{
	int64_t perm[IR_RANK];

	for (int i = 0; i < op->out->rank; i++)
		perm[i] = op->perm[i];
	begin_x(o, "Transpose");
	onnx_ints(o, "perm", perm, op->out->rank);
	end_op(o);
	return 0;
}

static int op_PAD(struct onnx *o, const struct ir_op *op)
{
	const int rank = op->out->rank;
	int64_t pads[2 * IR_RANK];
	char name[ONNX_NAME];

	for (int i = 0; i < rank; i++) {
		pads[i] = op->pad[0][i];
		pads[rank + i] = op->pad[1][i];
	}
	begin_x(o, "Pad");
	onnx_in(o, onnx_numbers(o, pads, 2 * rank, name));
	end_op(o);
	return 0;
}

static int op_SLICE(struct onnx *o, const struct ir_op *op)
{
	int64_t end[IR_RANK];
	char name[ONNX_NAME];

	for (int i = 0; i < op->out->rank; i++)
		end[i] = op->from[i] + op->out->dim[i];
	begin_x(o, "Slice");
	onnx_in(o, onnx_numbers(o, op->from, op->out->rank, name));
	onnx_in(o, onnx_numbers(o, end, op->out->rank, name));
	end_op(o);
	return 0;
}

static int op_KERNEL(struct onnx *o, const struct ir_op *op)
{
	return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected what its operators can say, found '%s', "
	            "which only this library computes", op->name);
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
