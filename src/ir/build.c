/* SPDX-License-Identifier: Apache-2.0 */
/* build: makes values and operations, and derives each result's dimensions.
 * What does not fit is an error in words, because it comes from a file. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "ir/ir.h"

static const char *dims_text(const struct ir_val *x, char *text, size_t size)
{
	size_t at = 0;

	text[0] = '\0';
	for (int i = 0; i < x->rank; i++) /* fits: IR_RANK numbers of at most 20 characters */
		at += (size_t)snprintf(text + at, size - at, "%s%" PRId64, i ? "," : "", x->dim[i]);
	return text;
}

#define DIMS(x) dims_text((x), (char[128]){ 0 }, 128)

/* What failed builders return: harmless to read, never executed. */
static struct ir_val *dummy(void)
{
	static struct ir_val v = { .rank = 1, .dim = { 1 } };
	return &v;
}

static struct ir_val *broken(struct ir *ir)
{
	if (!ir->err.code)
		fail_memory(&ir->err);
	return dummy();
}

#define REFUSE(ir, ...) (fail(&(ir)->err, DL4J_ESHAPE, __VA_ARGS__), dummy())

struct ir_val *ir_value(struct ir *ir, int rank, const int64_t *dim)
{
	struct ir_val *v;

	if (ir->err.code)
		return dummy();
	if (rank < 1 || rank > IR_RANK)
		return REFUSE(ir, "expected rank 1 to %d, found %d", IR_RANK, rank);
	for (int i = 0; i < rank; i++)
		if (dim[i] < 1)
			return REFUSE(ir, "an axis of the result has size %" PRId64
			              ": the input is too small", dim[i]);
	/* 2^40 floats: far above any limit, far below what could overflow in bytes */
	if (dims_product(dim, rank) < 0 || dims_product(dim, rank) > (int64_t)1 << 40) {
		fail(&ir->err, DL4J_ELIMIT, "an activation would need more than 4 TiB");
		return dummy();
	}
	v = ARENA_NEW(ir->arena, struct ir_val, 1);
	if (!v)
		return broken(ir);
	v->id = ir->n_vals++;
	v->rank = rank;
	memcpy(v->dim, dim, (size_t)rank * sizeof *dim);
	return v;
}

struct ir_val *ir_const(struct ir *ir, const float *data, int rank, const int64_t *dim,
                        const int64_t *stride)
{
	struct ir_val *v = ir_value(ir, rank, dim);

	if (ir->err.code)
		return v;
	v->data = data;
	v->from = ir->from;
	v->until = ir->until;
	if (stride)
		memcpy(v->stride, stride, (size_t)rank * sizeof *stride);
	else
		dims_strides(dim, rank, 'c', v->stride);
	return v;
}

struct ir_val *ir_new_const(struct ir *ir, int rank, const int64_t *dim, float **data)
{
	int64_t n = dims_product(dim, rank);

	*data = n < 0 ? NULL : ARENA_NEW(ir->arena, float, (size_t)n);
	return *data ? ir_const(ir, *data, rank, dim, NULL) : broken(ir);
}

struct ir_val *ir_computed(struct ir *ir, int rank, const int64_t *dim, ir_formula *formula,
                           const void *how, size_t size)
{
	struct ir_computed *c;
	float *out;
	struct ir_val *v = ir_new_const(ir, rank, dim, &out);
	void *copy;

	if (ir->err.code)
		return v;
	if (!ir->late) {
		formula(how, out);
		return v;
	}
	c = ARENA_NEW(ir->arena, struct ir_computed, 1);
	copy = arena_alloc(ir->arena, 1, size);
	if (!c || !copy) {
		fail_memory(&ir->err);
		return broken(ir);
	}
	*c = (struct ir_computed){ formula, memcpy(copy, how, size), out, v->from, v->until, NULL };
	*ir->end = c;
	ir->end = &c->next;
	return v;
}

static bool list_add(struct ir *ir, struct ir_val ***list, int *n, struct ir_val *x)
{
	struct ir_val **grown = ARENA_NEW(ir->arena, struct ir_val *, (size_t)*n + 1);

	if (!grown)
		return false;
	if (*n)
		memcpy(grown, *list, (size_t)*n * sizeof *grown);
	grown[(*n)++] = x;
	*list = grown;
	return true;
}

struct ir_val *ir_input(struct ir *ir, int rank, const int64_t *dim)
{
	struct ir_val *v = ir_value(ir, rank, dim);

	if (!ir->err.code && !list_add(ir, &ir->inputs, &ir->n_inputs, v))
		return broken(ir);
	return v;
}

void ir_output(struct ir *ir, struct ir_val *x)
{
	if (ir->err.code)
		return;
	if (!list_add(ir, &ir->outputs, &ir->n_outputs, x))
		broken(ir);
	else
		x->uses++;
}

static bool make_room(struct ir *ir)
{
	struct ir_op **ops;

	if (ir->n_ops < ir->room)
		return true;
	ops = ARENA_NEW(ir->arena, struct ir_op *, (size_t)ir->room * 2 + 64);
	if (!ops)
		return false;
	if (ir->n_ops)
		memcpy(ops, ir->ops, (size_t)ir->n_ops * sizeof *ops);
	ir->ops = ops;
	ir->room = ir->room * 2 + 64;
	return true;
}

/* Add `op`, a filled-in template, with a result of these dimensions. */
static struct ir_val *emit(struct ir *ir, struct ir_op op, struct ir_val *const *in, int n_in,
                           int rank, const int64_t *dim)
{
	struct ir_val *out = ir_value(ir, rank, dim);
	struct ir_op *made;

	if (ir->err.code)
		return dummy();
	made = ARENA_NEW(ir->arena, struct ir_op, 1);
	op.in = ARENA_NEW(ir->arena, struct ir_val *, (size_t)n_in + 1);
	if (!made || !op.in || !make_room(ir))
		return broken(ir);
	memcpy(op.in, in, (size_t)n_in * sizeof *in);
	for (int i = 0; i < n_in; i++)
		in[i]->uses++;
	op.n_in = n_in;
	op.out = out;
	op.origin = ir->origin;
	*made = op;
	out->def = made;
	ir->ops[ir->n_ops++] = made;
	return out;
}

static struct ir_val *emit_same(struct ir *ir, struct ir_op op, struct ir_val *x)
{
	return emit(ir, op, &x, 1, x->rank, x->dim);
}

/* Sizes after a window has slid over the spatial axes of x; false when it does not fit. */
static bool slide(struct ir *ir, const struct ir_val *x, const struct ir_window *w, int64_t *dim)
{
	for (int i = 0; i < w->n; i++) {
		int64_t reach = (w->kernel[i] - 1) * w->dilation[i] + 1;
		int64_t room = x->dim[2 + i] + w->pad_lo[i] + w->pad_hi[i] - reach;
		if (room < 0) {
			fail(&ir->err, DL4J_ESHAPE, "the window does not fit: expected at least %"
			     PRId64 " cells, padding included, found %" PRId64, reach, room + reach);
			return false;
		}
		dim[2 + i] = room / w->stride[i] + 1;
	}
	return true;
}

static bool has_bias_of(struct ir *ir, const struct ir_val *bias, int64_t n)
{
	if (!bias || (bias->rank == 1 && bias->dim[0] == n))
		return true;
	fail(&ir->err, DL4J_ESHAPE, "expected a bias of [%" PRId64 "], found [%s]", n, DIMS(bias));
	return false;
}

/* The reverse: what a window covers that each cell adds to. */
static void spread(const struct ir_val *x, const struct ir_window *w, int64_t *dim)
{
	for (int i = 0; i < w->n; i++)
		dim[2 + i] = (x->dim[2 + i] - 1) * w->stride[i] + (w->kernel[i] - 1) * w->dilation[i] +
		             1 - w->pad_lo[i] - w->pad_hi[i];
}

static struct ir_val *convolve(struct ir *ir, enum ir_code code, struct ir_val *x,
                               struct ir_val *weights, struct ir_val *bias,
                               const struct ir_window *window)
{
	struct ir_val *in[] = { x, weights, bias };
	int64_t dim[IR_RANK] = { x->dim[0], weights->dim[0] * weights->dim[1] };

	if (ir->err.code)
		return dummy();
	if (x->rank != 2 + window->n || weights->rank != 3 + window->n)
		return REFUSE(ir, "expected an array of rank %d, found [%s]", 2 + window->n, DIMS(x));
	if (x->dim[1] != weights->dim[0] * weights->dim[2])
		return REFUSE(ir, "expected %" PRId64 " input channels, found [%s]",
		              weights->dim[0] * weights->dim[2], DIMS(x));
	if (!has_bias_of(ir, bias, dim[1]))
		return dummy();
	if (code == IR_DECONV)
		spread(x, window, dim);
	else if (!slide(ir, x, window, dim))
		return dummy();
	return emit(ir, (struct ir_op){ .code = code, .window = *window }, in, bias ? 3 : 2, x->rank,
	            dim);
}

struct ir_val *ir_conv(struct ir *ir, struct ir_val *x, struct ir_val *weights,
                       struct ir_val *bias, const struct ir_window *window)
{
	return convolve(ir, IR_CONV, x, weights, bias, window);
}

struct ir_val *ir_deconv(struct ir *ir, struct ir_val *x, struct ir_val *weights,
                         struct ir_val *bias, const struct ir_window *window)
{
	return convolve(ir, IR_DECONV, x, weights, bias, window);
}

struct ir_val *ir_matmul(struct ir *ir, struct ir_val *x, struct ir_val *weights,
                         struct ir_val *bias)
{
	struct ir_val *in[] = { x, weights, bias };

	if (ir->err.code)
		return dummy();
	if (x->rank != 2 || x->dim[1] != weights->dim[0])
		return REFUSE(ir, "expected an array [n,%" PRId64 "], found [%s]", weights->dim[0],
		              DIMS(x));
	if (!has_bias_of(ir, bias, weights->dim[1]))
		return dummy();
	return emit(ir, (struct ir_op){ .code = IR_MATMUL }, in, bias ? 3 : 2, 2,
	            (int64_t[]){ x->dim[0], weights->dim[1] });
}

struct ir_val *ir_pool(struct ir *ir, struct ir_val *x, enum ir_pool kind,
                       const struct ir_window *window)
{
	int64_t dim[IR_RANK] = { x->dim[0], x->dim[1] };

	if (ir->err.code)
		return dummy();
	if (x->rank != 2 + window->n)
		return REFUSE(ir, "expected an array of rank %d, found [%s]", 2 + window->n, DIMS(x));
	if (!slide(ir, x, window, dim))
		return dummy();
	return emit(ir, (struct ir_op){ .code = IR_POOL, .window = *window, .pool = kind }, &x, 1,
	            x->rank, dim);
}

struct ir_val *ir_resample(struct ir *ir, struct ir_val *x, const int64_t *factor)
{
	int64_t dim[IR_RANK];

	if (ir->err.code)
		return dummy();
	memcpy(dim, x->dim, sizeof dim);
	for (int i = 2; i < x->rank; i++)
		dim[i] = dims_product((int64_t[]){ dim[i], factor[i - 2] }, 2);
	return emit(ir, (struct ir_op){ .code = IR_RESAMPLE }, &x, 1, x->rank, dim);
}

struct ir_val *ir_lrn(struct ir *ir, struct ir_val *x, int64_t span, double a, double beta,
                      double k)
{
	return emit_same(ir, (struct ir_op){ .code = IR_LRN, .span = span, .lrn_a = (float)a,
	                                     .lrn_beta = (float)beta, .lrn_k = (float)k }, x);
}

struct ir_val *ir_eltwise(struct ir *ir, struct ir_val *x, enum ir_eltwise f, double a, double b)
{
	return emit_same(ir, (struct ir_op){ .code = IR_ELTWISE, .eltwise = f, .a = (float)a,
	                                     .b = (float)b }, x);
}

struct ir_val *ir_binary(struct ir *ir, enum ir_binary f, struct ir_val *x, struct ir_val *y)
{
	struct ir_val *in[] = { x, y };
	int64_t dim[IR_RANK];

	if (ir->err.code)
		return dummy();
	if (x->rank != y->rank)
		return REFUSE(ir, "expected arrays of one rank, found [%s] and [%s]", DIMS(x), DIMS(y));
	for (int i = 0; i < x->rank; i++) {
		if (x->dim[i] != y->dim[i] && x->dim[i] != 1 && y->dim[i] != 1)
			return REFUSE(ir, "expected arrays of one shape, found [%s] and [%s]", DIMS(x),
			              DIMS(y));
		dim[i] = x->dim[i] > y->dim[i] ? x->dim[i] : y->dim[i];
	}
	return emit(ir, (struct ir_op){ .code = IR_BINARY, .binary = f }, in, 2, x->rank, dim);
}

struct ir_val *ir_affine(struct ir *ir, struct ir_val *x, struct ir_val *scale,
                         struct ir_val *shift)
{
	struct ir_val *in[] = { x, scale, shift };

	if (ir->err.code)
		return dummy();
	if (x->rank < 2 || x->dim[1] != scale->dim[0] || x->dim[1] != shift->dim[0])
		return REFUSE(ir, "expected %" PRId64 " channels, found [%s]", scale->dim[0], DIMS(x));
	return emit(ir, (struct ir_op){ .code = IR_AFFINE }, in, 3, x->rank, x->dim);
}

struct ir_val *ir_softmax(struct ir *ir, struct ir_val *x, int axis)
{
	return emit_same(ir, (struct ir_op){ .code = IR_SOFTMAX, .axis = axis }, x);
}

struct ir_val *ir_layernorm(struct ir *ir, struct ir_val *x)
{
	return emit_same(ir, (struct ir_op){ .code = IR_LAYERNORM }, x);
}

struct ir_val *ir_concat(struct ir *ir, struct ir_val *const *x, int n, int axis)
{
	int64_t dim[IR_RANK];

	if (ir->err.code)
		return dummy();
	if (axis < 0 || axis >= x[0]->rank)
		return REFUSE(ir, "axis %d does not exist in [%s]", axis, DIMS(x[0]));
	memcpy(dim, x[0]->dim, sizeof dim);
	for (int k = 1; k < n; k++) {
		for (int i = 0; i < x[0]->rank; i++)
			if (x[k]->rank != x[0]->rank || (i != axis && x[k]->dim[i] != dim[i]))
				return REFUSE(ir, "expected arrays equal but for axis %d, found [%s] and [%s]",
				              axis, DIMS(x[0]), DIMS(x[k]));
		dim[axis] += x[k]->dim[axis];
	}
	return emit(ir, (struct ir_op){ .code = IR_CONCAT, .axis = axis }, x, n, x[0]->rank, dim);
}

struct ir_val *ir_view(struct ir *ir, struct ir_val *x, int rank, const int64_t *dim)
{
	if (ir->err.code)
		return dummy();
	if (dims_product(dim, rank) != ir_elements(x))
		return REFUSE(ir, "[%s] cannot be reshaped to %" PRId64 " elements", DIMS(x),
		              dims_product(dim, rank));
	return emit(ir, (struct ir_op){ .code = IR_VIEW }, &x, 1, rank, dim);
}

struct ir_val *ir_permute(struct ir *ir, struct ir_val *x, const int *perm)
{
	struct ir_op op = { .code = IR_PERMUTE };
	int64_t dim[IR_RANK];

	if (ir->err.code)
		return dummy();
	for (int i = 0; i < x->rank; i++) {
		op.perm[i] = perm[i];
		dim[i] = x->dim[perm[i]];
	}
	return emit(ir, op, &x, 1, x->rank, dim);
}

struct ir_val *ir_pad(struct ir *ir, struct ir_val *x, const int64_t *before,
                      const int64_t *after)
{
	struct ir_op op = { .code = IR_PAD };
	int64_t dim[IR_RANK];

	if (ir->err.code)
		return dummy();
	for (int i = 0; i < x->rank; i++) {
		op.pad[0][i] = before[i];
		op.pad[1][i] = after[i];
		dim[i] = x->dim[i] + before[i] + after[i];
	}
	return emit(ir, op, &x, 1, x->rank, dim);
}

struct ir_val *ir_slice(struct ir *ir, struct ir_val *x, const int64_t *from, const int64_t *dim)
{
	struct ir_op op = { .code = IR_SLICE };

	if (ir->err.code)
		return dummy();
	for (int i = 0; i < x->rank; i++) {
		op.from[i] = from[i];
		if (from[i] < 0 || dim[i] < 1 || from[i] > x->dim[i] - dim[i])
			return REFUSE(ir, "expected a part of [%s], found %" PRId64 " to %" PRId64
			              " on axis %d", DIMS(x), from[i], from[i] + dim[i] - 1, i);
	}
	return emit(ir, op, &x, 1, x->rank, dim);
}

struct ir_val *ir_kernel(struct ir *ir, const struct ir_kernel *kernel, const void *how,
                         size_t size, struct ir_val *const *in, int n_in, int rank,
                         const int64_t *dim)
{
	struct ir_op op = { .code = IR_KERNEL, .kernel = kernel, .size = size };
	void *copy = arena_alloc(ir->arena, 1, size);

	if (ir->err.code)
		return dummy();
	if (!copy)
		return broken(ir);
	op.how = memcpy(copy, how, size);
	return emit(ir, op, in, n_in, rank, dim);
}
