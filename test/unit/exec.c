/* SPDX-License-Identifier: Apache-2.0 */
/* exec: every operation, with its attributes, layouts and post-ops, against the loops of test/ref;
 * random graphs, in which buffers are shared and overwritten; the memory plan; two threads. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../ref/ref.h"
#include "base/num.h"
#include "exec/kernels.h"
#include "exec/memory_plan.h"
#include "exec/plan.h"
#include "exec/shim.h"
#include "passes/passes.h"

#define MAX_IO 8

static struct arena arena;
static struct ir ir;
static uint32_t seed;

static uint32_t next(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

static int64_t pick(int64_t low, int64_t high)
{
	return low + next() % (uint32_t)(high - low + 1);
}

static float uniform(void)
{
	return (float)next() / (float)(1 << 23) - 1;
}

static void start(uint32_t s)
{
	seed = s * 7919 + 1;
	arena_free(&arena);
	ir_init(&ir, &arena);
	ir.origin = "test";
}

static struct ir_val *input(int rank, const int64_t *dim)
{
	return ir_input(&ir, rank, dim);
}

#define DIM(...) (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
	(int64_t[]){ __VA_ARGS__ }

/* A constant in one of the orders in which coefficients lie in a file: row-major, column-major, or
 * row-major inside something larger. */
static struct ir_val *constant(int rank, const int64_t *dim)
{
	int64_t larger[IR_RANK], stride[IR_RANK], n;
	int style = (int)pick(0, 2);
	float *data;

	for (int i = 0; i < rank; i++)
		larger[i] = dim[i] + (style == 2);
	n = dims_product(larger, rank);
	data = arena_alloc(&arena, (size_t)n, sizeof *data);
	for (int64_t i = 0; i < n; i++)
		data[i] = uniform();
	dims_strides(larger, rank, style == 1 ? 'f' : 'c', stride);
	return ir_const(&ir, data, rank, dim, stride);
}

static void post(struct ir_val *v, enum ir_eltwise f, float a, float b)
{
	struct ir_op *op = v->def;

	op->post[op->n_post++] =
	        (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = f, .a = a, .b = b };
}

static void post_sum(struct ir_val *v, struct ir_val *operand)
{
	struct ir_op *op = v->def;

	op->post[op->n_post++] = (struct ir_post){ .kind = IR_POST_SUM, .operand = operand };
	operand->uses++;
}

/* Row-major, or channels last, as callers hold their arrays. */
static struct exec_layout layout(const struct ir_val *v)
{
	struct exec_layout l = { { 0 } };
	int64_t dim[IR_RANK], stride[IR_RANK];
	bool last = v->rank > 2 && next() % 2;

	for (int i = 0; i < v->rank; i++)
		dim[i] = v->dim[last && i > 0 ? (i == v->rank - 1 ? 1 : i + 1) : i];
	dims_strides(dim, v->rank, 'c', stride);
	for (int i = 0; i < v->rank; i++)
		l.stride[last && i > 0 ? (i == v->rank - 1 ? 1 : i + 1) : i] = stride[i];
	return l;
}

struct io {
	struct exec_layout in_layout[MAX_IO], out_layout[MAX_IO];
	float *in[MAX_IO], *out[MAX_IO], *expected[MAX_IO];
};

static void io_new(struct io *io)
{
	memset(io, 0, sizeof *io);
	for (int k = 0; k < ir.n_inputs; k++) {
		int64_t n = ir_elements(ir.inputs[k]);
		io->in_layout[k] = layout(ir.inputs[k]);
		io->in[k] = malloc((size_t)n * sizeof(float));
		for (int64_t i = 0; i < n; i++)
			io->in[k][i] = uniform();
	}
	for (int k = 0; k < ir.n_outputs; k++) {
		int64_t n = ir_elements(ir.outputs[k]);
		io->out_layout[k] = layout(ir.outputs[k]);
		io->out[k] = calloc((size_t)n, sizeof(float));
		io->expected[k] = calloc((size_t)n, sizeof(float));
	}
}

static void io_free(struct io *io)
{
	for (int k = 0; k < MAX_IO; k++) {
		free(io->in[k]);
		free(io->out[k]);
		free(io->expected[k]);
	}
}

static double bound; /* beside the tolerance: for numbers of 8 bits */

static void same(const struct io *io, double tolerance, const char *what)
{
	for (int k = 0; k < ir.n_outputs; k++) {
		double largest = 1e-30, worst = 0;
		for (int64_t i = 0; i < ir_elements(ir.outputs[k]); i++) {
			double d = fabs((double)io->out[k][i] - io->expected[k][i]);
			largest = fmax(largest, fabs(io->expected[k][i]));
			worst = d > worst || isnan(d) ? d : worst;
		}
		ck_assert_msg(worst <= tolerance * largest + bound,
		              "%s: output %d: off by %.2g of %.2g", what, k, worst, largest);
	}
}

static enum dl4j_precision precision;

/* Run the ir both ways, twice, so that what a run leaves behind would show. */
static void check(double tolerance, const char *what)
{
	struct exec_options options = { .precision = precision, .threads = 1 + (int)(next() % 2) };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct exec_state *state;
	struct io io;

	ck_assert_msg(ir.err.code == 0, "%s: %s", what, ir.err.msg);
	io_new(&io);
	ck_assert_int_eq(ref_run(&ir, io.in_layout, io.out_layout, (const float *const *)io.in,
	                         io.expected, &err), 0);
	ck_assert_msg(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err) == 0,
	              "%s: %s", what, err.msg);
	ck_assert_msg(exec_state_new(&state, plan, &err) == 0, "%s: %s", what, err.msg);
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(exec_run(state, (const float *const *)io.in, io.out, &err) == 0,
		              "%s: %s", what, err.msg);
		same(&io, tolerance, what);
	}
	exec_state_free(state);
	exec_plan_free(plan);
	io_free(&io);
}

/* A window that fits on the image. */
static struct ir_window window(int n, const int64_t *size, bool pooling)
{
	struct ir_window w = { .n = n };

	for (int i = 0; i < n; i++) {
		w.kernel[i] = pick(1, 4);
		w.stride[i] = pick(1, 3);
		w.dilation[i] = pick(1, 8) > 6 ? 2 : 1;
		int64_t reach = (w.kernel[i] - 1) * w.dilation[i] + 1;
		int64_t most = pooling ? w.kernel[i] / 2 : reach - 1;
		w.pad_lo[i] = most > 0 ? pick(0, most) : 0;
		w.pad_hi[i] = most > 0 ? pick(0, most) : 0;
		if (size[i] < reach) {
			w.kernel[i] = w.dilation[i] = 1;
			w.pad_lo[i] = w.pad_hi[i] = 0;
		}
	}
	return w;
}

static struct ir_val *image(int n, int64_t channels)
{
	int64_t dim[IR_RANK] = { pick(1, 3), channels };

	for (int i = 0; i < n; i++)
		dim[2 + i] = pick(3, n == 3 ? 5 : 9);
	return input(2 + n, dim);
}

static const struct {
	enum ir_eltwise f;
	float a, b;
} functions[] = {
	{ IR_LINEAR, 2.5F, -1 }, { IR_CLIP, -0.5F, 0.25F }, { IR_ABS, 0, 0 }, { IR_POW, 1, 2 },
	{ IR_POW, 0.5F, 3 }, { IR_TANH, 0, 0 }, { IR_LOGISTIC, 0, 0 }, { IR_RELU, 0, 0 },
	{ IR_RELU, 0.1F, 0 }, { IR_ELU, 1, 0 }, { IR_ELU, 0.3F, 0 }, { IR_SOFTPLUS, 0, 0 },
	{ IR_SWISH, 1, 0 }, { IR_SWISH, 1.702F, 0 }, { IR_THRESHOLD, 0.2F, 0.5F },
	{ IR_THRESHOLD, 0, 0 }, { IR_ABOVE, 0.3F, 0 },
};

/* Without a step, which makes much of a rounding, and without a bound, which hides how large the
 * rounded number was. */
static bool smooth(enum ir_eltwise f)
{
	return f != IR_ABOVE && f != IR_THRESHOLD && f != IR_CLIP;
}

/* A number a channel. */
static void post_channel(struct ir_val *v, int kind)
{
	int64_t dim[IR_RANK] = { 1, v->dim[1], 1, 1, 1, 1 };
	struct ir_val *operand = constant(v->rank, dim);

	v->def->post[v->def->n_post++] = (struct ir_post){ .kind = kind, .operand = operand };
	operand->uses++;
}

static void random_posts(struct ir_val *v)
{
	int n = (int)pick(0, 2), k = (int)pick(0, COUNT(functions) - 1);

	if (next() % 4 == 0)
		post(v, IR_RELU, 0.2F, 0);
	if (v->rank > 1 && next() % 4 == 0) {
		post_channel(v, IR_POST_SCALE);
		post_channel(v, IR_POST_SHIFT);
	}

	if (next() % 2)
		post_sum(v, ir_eltwise(&ir, input(v->rank, v->dim), IR_LINEAR, 1.5, 0.5));
	for (int i = 0; i < n; i++, k = (k + 5) % COUNT(functions))
		if (precision == DL4J_F32 || smooth(functions[k].f))
			post(v, functions[k].f, functions[k].a, functions[k].b);
	if (v->rank > 1 && next() % 4 == 0)
		post_channel(v, IR_POST_SHIFT);
	/* the operand was made after v's operation: put it before */
	if (ir.ops[ir.n_ops - 1] != v->def) {
		struct ir_op *last = ir.ops[ir.n_ops - 1];
		ir.ops[ir.n_ops - 1] = ir.ops[ir.n_ops - 2];
		ir.ops[ir.n_ops - 2] = last;
	}
}

/* What a convolution of any kind reads; its window, and its weights' dimensions. */
static struct ir_val *convolved(int n, int64_t *dim, struct ir_window *w)
{
	int64_t groups = pick(0, 2) ? 1 : pick(1, 5) * 4;
	int64_t each_in = groups > 1 && next() % 2 ? 1 : pick(1, 20);
	int64_t each_out = groups > 1 && next() % 2 ? 1 : pick(1, 20);
	struct ir_val *x = image(n, groups * each_in);

	*w = window(n, x->dim + 2, false);
	dim[0] = groups;
	dim[1] = each_out;
	dim[2] = each_in;
	memcpy(dim + 3, w->kernel, sizeof w->kernel);
	return x;
}

static void convolve(int n, double tolerance)
{
	for (uint32_t s = 0; s < 150; s++) {
		start(s + 1000 * (uint32_t)n);
		struct ir_window w;
		int64_t dim[IR_RANK];
		struct ir_val *x = convolved(n, dim, &w);
		struct ir_val *weights = constant(3 + n, dim);
		struct ir_val *bias = next() % 2 ? constant(DIM(dim[0] * dim[1])) : NULL;
		struct ir_val *y = ir_conv(&ir, x, weights, bias, &w);
		if (s >= 75)
			random_posts(y);
		ir_output(&ir, y);
		check(tolerance, unit_text("conv %dd, seed %u", n, s));
	}
}

/* A batch norm behind an activation, then a residual, in blocks and not, full and not. */
static void channels_after(double tolerance)
{
	static const int64_t channels[] = { 16, 32, 20, 5 };

	for (uint32_t s = 0; s < 8; s++) {
		start(s);
		const int64_t n = channels[s % 4];
		struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
		struct ir_val *x = input(DIM(2, n, 40, 9));
		struct ir_val *before = ir_conv(&ir, x, constant(DIM(1, n, n, 3, 3)), NULL, &w);
		struct ir_val *r = ir_eltwise(&ir, x, IR_LINEAR, 2, 0);
		struct ir_val *y = ir_conv(&ir, before, constant(DIM(1, n, n, 3, 3)), NULL, &w);
		post(y, IR_RELU, s < 4 ? 0 : 0.1F, 0);
		post_channel(y, IR_POST_SCALE);
		post_channel(y, IR_POST_SHIFT);
		post_sum(y, r);
		post(y, IR_RELU, s < 4 ? 0 : 0.1F, 0);
		ir_output(&ir, y);
		check(tolerance, unit_text("numbers a channel, seed %u", s));
	}
}

START_TEST(conv)
{
	convolve(_i, 1e-5);
}
END_TEST

/* oneDNN 3.8.1 proposes an implementation that computes other numbers. */
START_TEST(conv_of_columns)
{
	for (uint32_t s = 0; s < 20; s++) {
		start(s);
		int64_t step = pick(2, 3), rows = pick(1, 3);
		struct ir_window w = { 2, { rows, 2 }, { 1, step }, { 1, 1 }, { rows - 1 }, { 0 } };
		struct ir_val *x = input(DIM(pick(1, 2), 1, pick(3, 7), pick(2, step + 1)));
		ir_output(&ir, ir_conv(&ir, x, constant(DIM(1, pick(1, 20), 1, rows, 2)), NULL, &w));
		check(1e-5, unit_text("one place a row, seed %u", s));
	}
}
END_TEST

/* How many calls of the current ir's plan are called so, or done by what is. */
static int calls_named(const char *name)
{
	const struct exec_options one = { .threads = 1 };
	struct exec_layout in[4], out[4];
	struct exec_plan *plan;
	struct exec_state *state;
	struct dl4j_op_stats stats[64];
	struct dl4j_error err = { 0 };
	const float *from[4] = { 0 };
	float *to[4] = { 0 };
	int n = 64, found = 0;

	for (int i = 0; i < ir.n_inputs; i++)
		in[i] = layout(ir.inputs[i]);
	for (int i = 0; i < ir.n_outputs; i++)
		out[i] = layout(ir.outputs[i]);
	ck_assert_msg(!exec_plan_new(&plan, &ir, in, out, &one, &err), "%s", err.msg);
	ck_assert_msg(!exec_state_new(&state, plan, &err), "%s", err.msg);
	ck_assert_int_eq(exec_profile(state, from, to, 0, stats, &n, &err), 0);
	for (int i = 0; i < n; i++)
		found += !strcmp(stats[i].op, name) || strstr(stats[i].impl, name);
	exec_state_free(state);
	exec_plan_free(plan);
	return found;
}

/* A convolution that the pass wants by Winograd's transforms: its weights are row-major. */
static struct ir_val *winograd_conv(struct ir_val *x, int64_t channels)
{
	static const struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 0 }, { 1, 1 } };
	float *weights;
	struct ir_val *constant = ir_new_const(&ir, DIM(1, channels, x->dim[1], 3, 3), &weights);

	for (int64_t i = 0; i < ir_elements(constant); i++)
		weights[i] = uniform();
	return ir_conv(&ir, x, constant, NULL, &w);
}

/* Blocks that are full and that are not, several examples, and what follows. */
START_TEST(winograd)
{
	for (uint32_t s = 0; s < 16; s++) {
		start(s);
		struct ir_val *x = input(DIM(pick(1, 3), pick(0, 1) ? 32 : 47, pick(29, 36), 29));
		struct ir_val *y = winograd_conv(x, pick(0, 1) ? 64 : 79);
		if (s >= 4)
			random_posts(y);
		ir_output(&ir, y);
		pass_winograd(&ir);
		ck_assert(y->def->winograd);
		check(1e-5, unit_text("seed %u", s));
#ifdef __x86_64__
		if (shim_prefers_blocks && __builtin_cpu_supports("avx512bw"))
			ck_assert_int_eq(calls_named("wino_4x3"), 1);
#endif
	}
}
END_TEST

/* So many of four examples, from the first on. */
static void winograd_some(int64_t n, const float *x, float *out, int threads)
{
	const struct exec_options options = { .threads = threads };
	struct exec_layout from, to;
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct exec_state *state;

	start(1);
	ir_output(&ir, winograd_conv(input(DIM(n, 64, 29, 30)), 64));
	pass_winograd(&ir);
	dims_strides(ir.inputs[0]->dim, 4, 'c', from.stride);
	dims_strides(ir.outputs[0]->dim, 4, 'c', to.stride);
	ck_assert_int_eq(exec_plan_new(&plan, &ir, &from, &to, &options, &err), 0);
	ck_assert_int_eq(exec_state_new(&state, plan, &err), 0);
	for (int64_t i = 0; i < 4; i += n) {
		const float *in = x + i * 64 * 29 * 30;
		float *result = out + i * 64 * 29 * 29;
		ck_assert_int_eq(exec_run(state, &in, &result, &err), 0);
	}
	exec_state_free(state);
	exec_plan_free(plan);
}

START_TEST(winograd_apart)
{
	enum { IN = 4 * 64 * 29 * 30, OUT = 4 * 64 * 29 * 29 };
	static float x[IN], together[OUT], apart[OUT];

	start(2);
	for (int i = 0; i < IN; i++)
		x[i] = uniform();
	winograd_some(4, x, together, 1);
	for (int64_t n = 1; n <= 4; n *= 2)
		for (int threads = 1; threads <= 2; threads++) {
			winograd_some(n, x, apart, threads);
			ck_assert_msg(!memcmp(apart, together, sizeof apart),
			              "%d at a time, %d threads", (int)n, threads);
		}
}
END_TEST

/* What follows a convolution: in bfloat16 where there is a primitive, else in floats. */
static struct ir_val *mixed_graph(struct ir_val *x)
{
	const int64_t c = x->dim[1];
	struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
	struct ir_val *a = ir_conv(&ir, x, constant(DIM(1, c, c, 3, 3)), constant(DIM(c)), &w);
	struct ir_val *own = ir_eltwise(&ir, x, IR_SWISH, 1, 0), *b, *y;

	b = ir_conv(&ir, ir_eltwise(&ir, a, IR_ELU, 1, 0), constant(DIM(c, 1, 1, 3, 3)), NULL, &w);
	post_sum(b, own);
	ir_output(&ir, b);
	y = ir_concat(&ir, (struct ir_val *[]){ a, ir_binary(&ir, IR_ADD, a, b) }, 2, 1);
	y = ir_pad(&ir, y, (int64_t[]){ 0, 0, 1, 0 }, (int64_t[]){ 0, 0, 0, 1 });
	y = ir_affine(&ir, y, constant(DIM(2 * c)), constant(DIM(2 * c)));
	y = ir_conv(&ir, y, constant(DIM(1, c, 2 * c, 3, 3)), NULL, &w);
	y = ir_resample(&ir, ir_pool(&ir, y, IR_POOL_AVG, &w), (int64_t[]){ 2, 2 });
	y = ir_lrn(&ir, y, 5, 0.1F, 0.75F, 2);
	ir_output(&ir, y);
	y = ir_view(&ir, y, 2, (int64_t[]){ y->dim[0], ir_elements(y) / y->dim[0] });
	y = ir_matmul(&ir, ir_eltwise(&ir, y, IR_LINEAR, 0.1F, 0), constant(DIM(y->dim[1], 7)), NULL);
	return ir_softmax(&ir, ir_eltwise(&ir, y, IR_LINEAR, 0.1F, 0), 1);
}

START_TEST(bf16)
{
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct exec_options options = { .precision = precision = DL4J_BF16 };
	struct exec_layout l = { { 2, 1 } };

	if (!exec_has_bf16()) {
		start(1);
		ir_output(&ir, ir_eltwise(&ir, input(DIM(2, 2)), IR_ABS, 0, 0));
		unit_refused(exec_plan_new(&plan, &ir, &l, &l, &options, &err), &err, DL4J_EUNSUPPORTED,
		             "precision bf16: expected a processor with AVX512_BF16 or AMX, found one "
		             "without");
		return;
	}
	convolve(2, 0.02);
	channels_after(0.02);
	for (uint32_t s = 0; s < 20; s++) {
		start(s);
		struct ir_window w = { 2, { 3, 2 }, { 2, 1 }, { 1, 2 }, { 1, 1 }, { 1, 1 } };
		struct ir_window one = { 2, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 0 }, { 0 } };
		struct ir_val *x = input(DIM(2, s % 2 ? 32 : 5, 9, 7));
		x = ir_conv(&ir, x, constant(DIM(1, 33, x->dim[1], 1, 1)), NULL, &one);
		x = ir_pool(&ir, x, IR_POOL_MAX, &w);
		post(x, IR_RELU, 0, 0);
		ir_output(&ir, ir_conv(&ir, x, constant(DIM(1, 9, 33, 1, 1)), NULL, &one));
		check(0.02, unit_text("largest of a window, seed %u", s));
	}
	for (uint32_t s = 0; s < 20; s++) {
		start(s);
		ir_output(&ir, mixed_graph(input(DIM(2, s % 2 ? 16 : 5, 6, 7))));
		check(0.05, unit_text("mixed graph, seed %u", s)); /* some ten roundings of 2^-9 */
	}
}
END_TEST

static int16_t bf16_bits(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return (int16_t)(bits >> 16);
}

static float of_bf16(int16_t x)
{
	uint32_t bits = (uint32_t)(uint16_t)x << 16;
	float y;

	memcpy(&y, &bits, sizeof y);
	return y;
}

/* The largest of the window of cell (oy, ox), in a picture whose channels come last. */
static float largest_of(const struct kernel_max_pool *k, const int16_t *x, int64_t oy, int64_t ox)
{
	const struct ir_window *w = &k->window;
	float most = -INFINITY;

	for (int64_t i = 0; i < w->kernel[0] * w->kernel[1]; i++) {
		int64_t y = oy * w->stride[0] - w->pad_lo[0] + i / w->kernel[1] * w->dilation[0];
		int64_t z = ox * w->stride[1] - w->pad_lo[1] + i % w->kernel[1] * w->dilation[1];

		if (y >= 0 && y < k->in[0] && z >= 0 && z < k->in[1])
			most = fmaxf(most, of_bf16(x[(y * k->in[1] + z) * k->channels]));
	}
	return most;
}

/* Windows of all kinds, from padding to padding, and of numbers of both signs. */
START_TEST(max_pool)
{
	enum { MOST_BF16 = 2 * 40 * 12 * 12 };
	static int16_t x[MOST_BF16], y[MOST_BF16];

	start((uint32_t)_i);
	struct kernel_max_pool k = { .n = pick(1, 2), .channels = pick(1, 40), .window.n = 2 };
	for (int i = 0; i < 2; i++) {
		struct ir_window *w = &k.window;

		w->kernel[i] = pick(1, 3);
		w->stride[i] = pick(1, 3);
		w->dilation[i] = pick(1, 2);
		w->pad_lo[i] = pick(0, (w->kernel[i] - 1) * w->dilation[i] / 2);
		k.in[i] = pick(w->kernel[i] * w->dilation[i], 12);
		k.out[i] = (k.in[i] + 2 * w->pad_lo[i] - (w->kernel[i] - 1) * w->dilation[i] - 1) /
		           w->stride[i] + 1;
	}
	for (int i = 0; i < MOST_BF16; i++)
		x[i] = bf16_bits(i % 7 ? uniform() * (i % 3 ? 1 : 1000) : -0.0F * (float)(i % 2));
	kernel_max_pool(&k, (float *[]){ (float *)x, (float *)y });
	for (int64_t i = 0; i < k.n * k.out[0] * k.out[1] * k.channels; i++) {
		int64_t cell = i / k.channels, row = cell / k.out[1];
		const int16_t *from = x + row / k.out[0] * k.in[0] * k.in[1] * k.channels;
		float want = largest_of(&k, from + i % k.channels, row % k.out[0], cell % k.out[1]);

		ck_assert_msg(of_bf16(y[i]) == want, "seed %d, number %d", _i, (int)i);
	}
}
END_TEST

/* --- 8 bits ----------------------------------------------------------------------------------- */

enum { SIDE = 6, MOST = 20 * SIDE * SIDE };

/* Integers; in the network x / 16, weights / 64, and bias / 1024 stand for them, whose sums float32
 * holds exactly. */
struct whole {
	int channels;
	bool depthwise, below; /* what it reads goes below zero: -127 to 127, else 0 to 255 */
	int weights[9 * 20 * 20], bias[20];
};

static void whole_new(struct whole *w, int channels, bool depthwise, bool below)
{
	const int row = depthwise ? 9 : 9 * channels;

	*w = (struct whole){ .channels = channels, .depthwise = depthwise, .below = below };
	for (int i = 0; i < channels * row; i++)
		w->weights[i] = (int)(i % row == 4 ? 127 : pick(-30, 30)); /* a step is 1/64 */
	for (int i = 0; i < channels; i++)
		w->bias[i] = (int)pick(-3000, 3000);
}

static int at(const int *x, int channel, int i, int k)
{
	return i < 0 || k < 0 || i >= SIDE || k >= SIDE ? 0 : x[(channel * SIDE + i) * SIDE + k];
}

/* A window of 3 x 3, padded by 1. */
static void whole_conv(const struct whole *w, const int *x, int *out)
{
	const int row = w->depthwise ? 1 : w->channels;

	for (int n = 0; n < w->channels * SIDE * SIDE; n++) {
		int o = n / (SIDE * SIDE), i = n / SIDE % SIDE, k = n % SIDE;
		out[n] = w->bias[o];
		for (int c = 0; c < row; c++)
			for (int t = 0; t < 9; t++)
				out[n] += w->weights[(o * row + c) * 9 + t] *
				          at(x, w->depthwise ? o : c, i + t / 3 - 1, k + t % 3 - 1);
	}
}

static struct ir_val *whole_op(const struct whole *w, struct ir_val *x)
{
	const struct ir_window window = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
	const int64_t c = w->channels, each = w->depthwise ? 1 : c;
	float *weights, *bias;
	struct ir_val *wv = ir_new_const(&ir, DIM(c / each, each, each, 3, 3), &weights);
	struct ir_val *y = ir_conv(&ir, x, wv, ir_new_const(&ir, DIM(c), &bias), &window);

	for (int64_t i = 0; i < ir_elements(wv); i++)
		weights[i] = (float)w->weights[i] / 64;
	for (int64_t i = 0; i < c; i++)
		bias[i] = (float)w->bias[i] / 1024;
	y->def->low = w->below ? -127.0F / 16 : 0;
	y->def->high = w->below ? 127.0F / 16 : 255.0F / 16;
	return y;
}

/* Two convolutions: between them is rounded, to the nearest even one where two are as near, and
 * what does not fit is cut off. The second's sums come out as floats, or as what they are rounded
 * to: 2^-8. */
static void whole_pair(uint32_t s)
{
	static struct whole first, second;
	static int x[MOST], middle[MOST], sums[MOST];
	struct exec_options options = { .precision = DL4J_INT8, .threads = 1 };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct exec_state *state;
	struct io io;
	int channels;

	start(s);
	channels = s % 4 == 0 ? 5 : s % 4 == 1 ? 16 : (int)pick(1, 20);
	whole_new(&first, channels, s % 3 == 0, next() % 2);
	whole_new(&second, channels, s % 5 == 0, next() % 2);
	struct ir_val *y = whole_op(&first, input(DIM(1, channels, SIDE, SIDE)));
	if (!second.below)
		post(y, IR_RELU, 0, 0);
	ir_output(&ir, whole_op(&second, y));
	io_new(&io);
	dims_strides(ir.inputs[0]->dim, 4, 'c', io.in_layout[0].stride);
	dims_strides(ir.outputs[0]->dim, 4, 'c', io.out_layout[0].stride);
	for (int i = 0; i < channels * SIDE * SIDE; i++) {
		x[i] = (int)(first.below ? pick(-40, 40) : pick(0, 80));
		io.in[0][i] = (float)x[i] / 16;
	}
	whole_conv(&first, x, middle);
	for (int i = 0; i < channels * SIDE * SIDE; i++)
		middle[i] = (int)fmax(second.below ? -128 : 0,
		                      fmin(second.below ? 127 : 255, rint(middle[i] / 64.0)));
	whole_conv(&second, middle, sums);
	ck_assert_msg(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err) == 0,
	              "%s", err.msg);
	ck_assert_int_eq(exec_state_new(&state, plan, &err), 0);
	ck_assert_int_eq(exec_run(state, (const float *const *)io.in, io.out, &err), 0);
	for (int i = 0; i < channels * SIDE * SIDE; i++)
		ck_assert_msg(fabs(io.out[0][i] - sums[i] / 1024.0) <=
		                      (exec_has_bf16() ? fabs(sums[i] / 1024.0) / 256 : 0),
		              "seed %u, %d channels, element %d: %g, expected %g", s, channels, i,
		              io.out[0][i], sums[i] / 1024.0);
	exec_state_free(state);
	exec_plan_free(plan);
	io_free(&io);
}

static struct ir_val *in_range(struct ir_val *v, float low, float high)
{
	v->def->low = low;
	v->def->high = high;
	return v;
}

/* What an error of half a step in both factors, 1/127 each at most, makes of a sum of n products of
 * numbers between -1 and 1: six standard deviations. */
static double rounding(int64_t n)
{
	return 6 * sqrt((double)n * 2 / 3 / 12) / 127;
}

/* One of each kind, its error bounded by the steps. */
static void int8_convs(int n)
{
	for (uint32_t s = 0; s < 60; s++) {
		start(s + 1000 * (uint32_t)n);
		struct ir_window w;
		int64_t dim[IR_RANK];
		struct ir_val *x = convolved(n, dim, &w);
		bool below = next() % 2, sum = next() % 2;
		struct ir_val *y = below ? x : ir_eltwise(&ir, x, IR_RELU, 0, 0);
		struct ir_val *weights = constant(3 + n, dim);
		y = ir_conv(&ir, y, weights, next() % 2 ? constant(DIM(dim[0] * dim[1])) : NULL, &w);
		in_range(y, below ? -1 : 0, 1);
		if (sum)
			random_posts(y);
		ir_output(&ir, y);
		bound = rounding(ir_elements(weights) / (dim[0] * dim[1]));
		check(0.02, unit_text("conv %dd of 8 bits, seed %u", n, s));
	}
}

/* Where several read a value, pooling and concatenation on the way, a product with a function that
 * 8 bits cannot follow, and weights that are not finite: these stay floats. */
static void int8_graph(uint32_t s)
{
	start(s);
	const int64_t c = s % 2 ? 16 : 5;
	struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
	struct ir_window one = { 2, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 0, 0 } };
	struct ir_val *x = input(DIM(2, c, 7, 6));
	struct ir_val *p = ir_pool(&ir, ir_eltwise(&ir, x, IR_RELU, 0, 0), IR_POOL_MAX, &w);
	struct ir_val *a = in_range(ir_conv(&ir, p, constant(DIM(1, c, c, 1, 1)), NULL, &one), 0, 1);
	post(a, IR_TANH, 0, 0);
	struct ir_val *b = in_range(ir_conv(&ir, p, constant(DIM(1, c, c, 1, 1)), NULL, &one), 0, 1);
	post(b, IR_CLIP, -1, 1);
	struct ir_val *both = ir_concat(&ir, (struct ir_val *[]){ a, b, x }, 3, 1);
	struct ir_val *y = ir_conv(&ir, both, constant(DIM(1, c, 3 * c, 1, 1)), constant(DIM(c)), &one);
	in_range(y, -1, 1);
	ir_output(&ir, ir_binary(&ir, IR_ADD, y, ir_pool(&ir, y, IR_POOL_AVG, &w)));
	y = ir_view(&ir, y, 2, (int64_t[]){ 2, ir_elements(y) / 2 });
	y = ir_eltwise(&ir, y, IR_TANH, 0, 0);
	y = in_range(ir_matmul(&ir, y, constant(DIM(y->dim[1], 7)), constant(DIM(7))), -1, 1);
	ir_output(&ir, ir_softmax(&ir, y, 1));
	bound = 2 * rounding(c * 42 + 8 * c);
	check(0.05, unit_text("graph of 8 bits, seed %u", s));
}

/* 2.6.3's AMX kernel for windows of one cell, made for 64 channels, here with a part of them. */
static void int8_few_rows(void)
{
	const struct ir_window one = { 2, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 0, 0 } };

	start(96);
	struct ir_val *y = ir_conv(&ir, input(DIM(2, 96, 6, 6)), constant(DIM(1, 96, 96, 1, 1)), NULL,
	                           &one);
	ir_output(&ir, in_range(y, -1, 1));
	bound = rounding(96);
	check(0.02, "few rows of 96 channels");
}

/* Weights that are not finite stay floats, and so does what they make; a list may have gaps. */
static void int8_not_finite(void)
{
	struct exec_options options = { .precision = DL4J_INT8, .threads = 1 };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct exec_state *state;
	struct io io;

	start(1);
	float *weights = ARENA_NEW(&arena, float, 4);
	weights[0] = INFINITY;
	weights[3] = 2;
	struct ir_val *x = input(DIM(1, 2));
	ir_eltwise(&ir, x, IR_ABS, 0, 0);
	ir_drop(&ir, 0);
	ir_output(&ir, in_range(ir_matmul(&ir, x, ir_const(&ir, weights, DIM(2, 2), NULL), NULL),
	                        -1, 1));
	io_new(&io);
	dims_strides(ir.inputs[0]->dim, 2, 'c', io.in_layout[0].stride);
	dims_strides(ir.outputs[0]->dim, 2, 'c', io.out_layout[0].stride);
	io.in[0][0] = io.in[0][1] = 1;
	ck_assert_msg(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err) == 0,
	              "%s", err.msg);
	ck_assert_int_eq(exec_state_new(&state, plan, &err), 0);
	ck_assert_int_eq(exec_run(state, (const float *const *)io.in, io.out, &err), 0);
	ck_assert(isinf(io.out[0][0]) && io.out[0][1] == 2);
	exec_state_free(state);
	exec_plan_free(plan);
	io_free(&io);
}

START_TEST(int8)
{
	if (!exec_has_int8())
		return;
	for (uint32_t s = 0; s < 60; s++)
		whole_pair(s);
	precision = DL4J_INT8;
	for (int n = 1; n <= 3; n++)
		int8_convs(n);
	for (uint32_t s = 0; s < 20; s++)
		int8_graph(s);
	int8_few_rows();
	int8_not_finite();
}
END_TEST

/* --- How threads wait ------------------------------------------------------------------------- */

static long switches; /* that the system is said to have made, while not negative */
static bool no_threads;

int __real_getrusage(int who, struct rusage *r);
int __wrap_getrusage(int who, struct rusage *r);
int __wrap_getrusage(int who, struct rusage *r)
{
	const int status = __real_getrusage(who, r);

	r->ru_nivcsw = switches;
	return status;
}

typedef void *body(void *arg);
int __real_pthread_create(pthread_t *t, const pthread_attr_t *how, body *work, void *arg);
int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *how, body *work, void *arg);
int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *how, body *work, void *arg)
{
	return no_threads ? EAGAIN : __real_pthread_create(t, how, work, arg);
}

static int threads_here(void)
{
	DIR *d = opendir("/proc/self/task");
	int n = -2; /* . and .. */

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Windows of time in which the system took so many cores from us. */
static void windows(int n, long taken)
{
	for (int i = 0; i < n; i++) {
		const struct exec_turn turn = exec_begin(2);
		usleep(25000);
		switches += taken;
		exec_end(&turn);
	}
}

static bool soon(int threads)
{
	for (int i = 0; i < 200 && threads_here() != threads; i++)
		usleep(10000);
	return threads_here() == threads;
}

/* A team more while the cores are wanted by others: one, and only till they are ours again. */
START_TEST(crowded)
{
	const int before = threads_here(), cores = omp_get_num_procs();

	windows(2, 0);
	ck_assert(soon(before));
	no_threads = true;
	windows(1, 1000);
	no_threads = false;
	ck_assert(soon(before));
	windows(3, 1000);
	ck_assert(soon(before + 1 + cores));
	windows(9, 0);
	ck_assert(soon(before + 1 + cores));
	windows(2, 0);
	ck_assert(soon(before));
}
END_TEST

/* The weights may be computed too. */
START_TEST(computed_weights)
{
	start(1);
	struct ir_val *x = input(DIM(2, 3, 7, 6));
	struct ir_val *weights = input(DIM(1, 5, 3, 2, 2)), *bias = input(DIM(5));
	struct ir_window w = { 2, { 2, 2 }, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 1, 1 } };
	ir_output(&ir, ir_conv(&ir, x, weights, bias, &w));
	struct ir_val *a = input(DIM(4, 4)), *b = input(DIM(4, 4));
	struct ir_val *c = ir_matmul(&ir, a, b, NULL);
	ir_output(&ir, ir_binary(&ir, IR_ADD, ir_matmul(&ir, c, c, NULL), c));
	check(3e-6, "computed weights");
}
END_TEST

START_TEST(matmul)
{
	for (uint32_t s = 0; s < 60; s++) {
		start(s);
		int64_t k = pick(1, 70), m = pick(1, 40);
		struct ir_val *x = input(DIM(pick(1, 5), k));
		struct ir_val *weights = constant(DIM(k, m));
		struct ir_val *y =
		        ir_matmul(&ir, x, weights, next() % 2 ? constant(DIM(m)) : NULL);
		if (s >= 30)
			random_posts(y);
		ir_output(&ir, y);
		check(3e-6, unit_text("matmul, seed %u", s));
	}
}
END_TEST

/* Functions of one kind with other numbers, one after the other. */
START_TEST(repeated_posts)
{
	start(3);
	struct ir_val *y = ir_matmul(&ir, input(DIM(4, 7)), constant(DIM(7, 3)), constant(DIM(3)));
	post(y, IR_LINEAR, 0.2F, 0.5F);
	post(y, IR_CLIP, 0, 1);
	post(y, IR_LINEAR, 0.85F, -1);
	ir_output(&ir, y);
	struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
	y = ir_conv(&ir, input(DIM(2, 8, 7, 7)), constant(DIM(1, 16, 8, 3, 3)), NULL, &w);
	post(y, IR_RELU, 0.1F, 0);
	post(y, IR_LINEAR, -1, 0.25F);
	post(y, IR_RELU, 0.3F, 0);
	ir_output(&ir, y);
	check(3e-6, "functions of one kind");
	channels_after(3e-6);
}
END_TEST

START_TEST(pool)
{
	for (uint32_t s = 0; s < 120; s++) {
		start(s + 1000 * (uint32_t)_i);
		struct ir_val *x = image(_i, pick(1, 36));
		struct ir_window w = window(_i, x->dim + 2, true);
		if (s % 10 == 9)
			for (int i = 0; i < _i; i++) {
				w.kernel[i] = x->dim[2 + i];
				w.pad_lo[i] = w.pad_hi[i] = 0;
				w.dilation[i] = 1;
			}
		struct ir_val *y = ir_pool(&ir, x, (enum ir_pool)(s % IR_POOLS), &w);
		if (s >= 60)
			random_posts(y);
		ir_output(&ir, y);
		check(2e-6, unit_text("pool %dd, seed %u", _i, s));
	}
}
END_TEST

/* The same value in the layout that a convolution chose: one by the identity. */
static struct ir_val *blocked(struct ir_val *x)
{
	int64_t c = x->dim[1], dim[IR_RANK] = { 1, c, c, 1, 1, 1 };
	struct ir_window w = { x->rank - 2, { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 }, { 0 }, { 0 } };
	float *data;
	struct ir_val *identity = ir_new_const(&ir, 1 + x->rank, dim, &data);

	for (int64_t i = 0; i < c; i++)
		data[i * c + i] = 1;
	return ir_conv(&ir, x, identity, NULL, &w);
}

START_TEST(deconv)
{
	for (uint32_t s = 0; s < 60; s++) {
		start(s + 1000 * (uint32_t)_i);
		struct ir_val *x = image(_i, pick(1, 36));
		struct ir_window w = { .n = _i };
		int64_t dim[IR_RANK] = { 1, pick(1, 36), x->dim[1] };
		for (int i = 0; i < _i; i++) {
			w.kernel[i] = dim[3 + i] = pick(1, 4);
			w.stride[i] = pick(1, 3);
			w.dilation[i] = pick(1, 2);
			/* cut off, or added where the stride leaves more than the kernel fills */
			w.pad_lo[i] = pick(0, (w.kernel[i] - 1) * w.dilation[i] / 2);
			w.pad_hi[i] = w.kernel[i] == 1 ? 1 - w.stride[i] : w.pad_lo[i];
		}
		struct ir_val *weights = constant(3 + _i, dim);
		struct ir_val *bias = next() % 2 ? constant(DIM(dim[1])) : NULL;
		struct ir_val *y = ir_deconv(&ir, s % 3 ? x : blocked(x), weights, bias, &w);
		if (s >= 30)
			random_posts(y);
		ir_output(&ir, y);
		check(1e-5, unit_text("deconv %dd, seed %u", _i, s));
	}
}
END_TEST

START_TEST(resample)
{
	for (uint32_t s = 0; s < 40; s++) {
		start(s + 1000 * (uint32_t)_i);
		struct ir_val *x = image(_i, pick(1, 36));
		int64_t factor[] = { pick(1, 4), pick(1, 4), pick(1, 4) };
		ir_output(&ir, ir_resample(&ir, s % 2 ? x : blocked(x), factor));
		check(2e-6, unit_text("resample %dd, seed %u", _i, s));
	}
}
END_TEST

/* Views have strides along sizes of 1 that are not those of their layout. */
START_TEST(sizes_of_one)
{
	static const int perm[2][4] = { { 0, 2, 1, 3 }, { 0, 1, 3, 2 } };

	for (uint32_t s = 0; s < 40; s++) {
		start(s);
		int64_t channels = s % 3 ? 1 : pick(1, 9), rows = s % 2 ? 7 : 1;
		struct ir_val *x = input(DIM(pick(1, 2), channels, rows, pick(1, 7)));
		struct ir_val *y = ir_permute(&ir, x, perm[s / 2 % 2]);
		struct ir_val *z = ir_binary(&ir, IR_ADD, y, y);
		ir_output(&ir, ir_resample(&ir, y, (int64_t[]){ pick(1, 2), pick(1, 2) }));
		ir_output(&ir, ir_permute(&ir, ir_eltwise(&ir, z, IR_CLIP, 0, 1), perm[1]));
		ir_output(&ir, ir_eltwise(&ir, z, IR_CLIP, 0, 1));
		check(2e-6, unit_text("sizes of one, seed %u", s));
	}
}
END_TEST

START_TEST(lrn)
{
	for (uint32_t s = 0; s < 40; s++) {
		start(s);
		struct ir_val *x = image(2, s % 4 ? pick(1, 36) : 32);
		ir_output(&ir, ir_lrn(&ir, s % 2 ? x : blocked(x), 2 * pick(0, 3) + 1, 0.3,
		                      s % 3 ? 0.75 : 0.5, 1.5));
		check(3e-6, unit_text("lrn, seed %u", s));
	}
}
END_TEST

START_TEST(eltwise)
{
	static const double range[] = { 0.01, 3, 30 };

	for (int k = 0; k < COUNT(functions); k++)
		for (int i = 0; i < COUNT(range); i++) {
			start((uint32_t)k);
			struct ir_val *x = input(DIM(2, 13, 25, 14));
			x = ir_eltwise(&ir, i == 1 ? blocked(x) : x, IR_LINEAR, range[i], 0);
			ir_output(&ir, ir_eltwise(&ir, x, functions[k].f, functions[k].a,
			                          functions[k].b));
			check(1e-6, unit_text("function %d, range %g", functions[k].f, range[i]));
		}
}
END_TEST

/* Powers of what is not negative, which may have any exponent. */
START_TEST(powers)
{
	static const float exponent[] = { 0.5F, -0.75F, -1, 1.0F / 3, -0.5F, 2.5F };

	for (int i = 0; i < COUNT(exponent); i++) {
		start((uint32_t)i);
		struct ir_val *x = ir_eltwise(&ir, input(DIM(1, 5, 30, 30)), IR_ABS, 0, 0);
		x = ir_eltwise(&ir, x, IR_LINEAR, 20, 0.25);
		ir_output(&ir, ir_eltwise(&ir, x, IR_POW, 1.5, exponent[i]));
		check(1e-6, unit_text("power of %g", (double)exponent[i]));
	}
}
END_TEST

START_TEST(binary)
{
	for (uint32_t s = 0; s < 200; s++) {
		start(s);
		int rank = (int)pick(1, 6);
		int64_t dim[2][IR_RANK];
		struct ir_val *x[2];
		for (int i = 0; i < rank; i++)
			dim[0][i] = dim[1][i] = pick(1, 6);
		if (s % 2)
			for (int i = 0; i < rank; i++)
				dim[next() % 2][i] = next() % 2 ? 1 : dim[0][i] > 1 ? dim[0][i] : dim[1][i];
		for (int i = 0; i < rank; i++)
			if (dim[0][i] != dim[1][i] && dim[0][i] != 1 && dim[1][i] != 1)
				dim[0][i] = dim[1][i];
		for (int i = 0; i < 2; i++) {
			x[i] = next() % 4 ? input(rank, dim[i]) : constant(rank, dim[i]);
			if (rank > 2 && rank < 6 && next() % 2)
				x[i] = blocked(x[i]);
		}
		if (s % 5 == IR_DIV)
			x[1] = ir_eltwise(&ir, ir_eltwise(&ir, x[1], IR_ABS, 0, 0), IR_LINEAR, 1, 1);
		struct ir_val *y = ir_binary(&ir, (enum ir_binary)(s % IR_BINARIES), x[0], x[1]);
		if (s >= 150)
			random_posts(y);
		ir_output(&ir, y);
		check(3e-6, unit_text("binary, seed %u", s));
	}
}
END_TEST

START_TEST(affine)
{
	for (uint32_t s = 0; s < 60; s++) {
		start(s);
		int64_t dim[IR_RANK];
		int rank = (int)pick(2, 6);
		for (int i = 0; i < rank; i++)
			dim[i] = i == 1 ? pick(1, 40) : pick(1, 4);
		struct ir_val *x = input(rank, dim);
		if (rank > 2 && rank < 6 && next() % 2)
			x = blocked(x);
		struct ir_val *y = ir_affine(&ir, x, constant(1, dim + 1), constant(1, dim + 1));
		if (s >= 30)
			random_posts(y);
		ir_output(&ir, y);
		check(3e-6, unit_text("affine, seed %u", s));
	}
}
END_TEST

START_TEST(norms)
{
	for (uint32_t s = 0; s < 80; s++) {
		start(s);
		int64_t dim[IR_RANK];
		int rank = (int)pick(1, 5);
		for (int i = 0; i < rank; i++)
			dim[i] = pick(1, 20);
		struct ir_val *x = ir_eltwise(&ir, input(rank, dim), IR_LINEAR, 10, 0);
		if (rank > 2 && next() % 2)
			x = blocked(x);
		struct ir_val *y = s % 4 ? ir_softmax(&ir, x, (int)pick(0, rank - 1))
		                         : ir_layernorm(&ir, x);
		if (s >= 60)
			random_posts(y);
		ir_output(&ir, y);
		check(2e-6, unit_text("norm, seed %u", s));
	}
}
END_TEST

START_TEST(moves)
{
	for (uint32_t s = 0; s < 250; s++) {
		start(s);
		int64_t dim[IR_RANK], lo[IR_RANK], hi[IR_RANK], n;
		int rank = (int)pick(1, 6), perm[IR_RANK];
		struct ir_val *x, *y, *list[3];
		for (int i = 0; i < rank; i++)
			dim[i] = i == 1 && next() % 2 ? 16 * pick(1, 2) : pick(1, 5);
		x = next() % 5 ? input(rank, dim) : constant(rank, dim);
		if (rank > 2 && rank < 6 && next() % 2)
			x = blocked(x);
		switch (s % 5) {
		case 0:
			n = dims_product(dim, rank);
			y = ir_view(&ir, x, next() % 2 ? 1 : 3, (int64_t[]){ n, 1, 1 });
			break;
		case 1:
			for (int i = 0; i < rank; i++) {
				int k = (int)pick(0, i);
				perm[i] = perm[k];
				perm[k] = i;
			}
			y = ir_permute(&ir, x, perm);
			break;
		case 2:
			for (int i = 0; i < rank; i++) {
				lo[i] = pick(0, 5) ? 0 : pick(1, 3);
				hi[i] = pick(0, 5) ? 0 : pick(1, 3);
			}
			y = ir_pad(&ir, x, lo, hi);
			break;
		case 3:
			for (int i = 0; i < rank; i++) {
				lo[i] = pick(0, 2) ? 0 : pick(0, dim[i] - 1);
				hi[i] = pick(0, 2) ? dim[i] - lo[i] : pick(1, dim[i] - lo[i]);
			}
			y = ir_slice(&ir, x, lo, hi);
			break;
		default: {
			int axis = (int)pick(0, rank - 1), count = (int)pick(1, 3);
			for (int i = 0; i < count; i++) {
				dim[axis] = next() % 2 ? 16 : pick(1, 5);
				list[i] = input(rank, dim);
				if (rank > 2 && rank < 6 && next() % 2)
					list[i] = blocked(list[i]);
			}
			y = ir_concat(&ir, list, count, axis);
		}
		}
		if (s >= 200)
			random_posts(y);
		if (next() % 2 && !y->def->n_post)
			ir_output(&ir, x);
		ir_output(&ir, y);
		check(3e-6, unit_text("move %u, seed %u", s % 5, s));
	}
}
END_TEST

/* A layer's own function: x + 2 y. */
struct weigh {
	int64_t n;
};

static void weigh(const void *how, float *const *at)
{
	for (int64_t i = 0; i < ((const struct weigh *)how)->n; i++)
		at[2][i] = at[0][i] + 2 * at[1][i];
}

static const struct ir_kernel weighing = { .name = "weigh", .function = weigh };

/* Values of one shape, made from each other in every way that may alias or overwrite. */
static void random_graph(void)
{
	struct ir_val *v[40];
	int n = 0, steps = (int)pick(5, 25);
	int64_t c = pick(0, 1) ? 16 : pick(2, 20), d = pick(2, 6);

	for (; n < 2; n++)
		v[n] = input(DIM(2, c, d, d));
	while (n < steps) {
		struct ir_val *x = v[pick(n > 6 ? n - 6 : 0, n - 1)];
		struct ir_val *y = v[pick(n > 6 ? n - 6 : 0, n - 1)];
		struct ir_val *t;
		int64_t dim[] = { 1, c, c, 3, 3 };
		struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
		switch (pick(0, 12)) {
		case 0:
		case 1:
			x = ir_eltwise(&ir, ir_conv(&ir, x, constant(5, dim), NULL, &w), IR_LINEAR,
			               1.0 / (double)c, 0);
			break;
		case 2:
			x = ir_conv(&ir, x, constant(5, dim), NULL, &w);
			post_sum(x, y);
			post(x, IR_TANH, 0, 0);
			break;
		case 3:
			x = ir_pool(&ir, x, IR_POOL_MAX, &w);
			break;
		case 4:
			x = ir_eltwise(&ir, x, IR_RELU, 0.25, 0);
			break;
		case 5:
			x = ir_eltwise(&ir, x, IR_ABOVE, 0.25, 0);
			break;
		case 6:
			x = ir_binary(&ir, IR_MAX, x, y);
			break;
		case 7:
			t = ir_permute(&ir, y, (int[]){ 0, 1, 3, 2 });
			x = ir_binary(&ir, IR_SUB, x, t);
			break;
		case 8:
			t = ir_view(&ir, x, 2, (int64_t[]){ 2, c * d * d });
			x = ir_view(&ir, ir_eltwise(&ir, t, IR_TANH, 0, 0), 4,
			            (int64_t[]){ 2, c, d, d });
			break;
		case 9:
			t = ir_concat(&ir, (struct ir_val *[]){ x, y }, 2, 1);
			dim[2] = 2 * c;
			x = ir_eltwise(&ir, ir_conv(&ir, t, constant(5, dim), NULL, &w), IR_TANH, 0, 0);
			break;
		case 10:
			t = ir_pad(&ir, x, (int64_t[]){ 0, 0, 1, 0 }, (int64_t[]){ 0, c, 0, 1 });
			x = ir_slice(&ir, t, (int64_t[]){ 0, 0, 0, 1 }, (int64_t[]){ 2, c, d, d });
			break;
		case 11:
			x = ir_kernel(&ir, &weighing, &(struct weigh){ 2 * c * d * d },
			              sizeof(struct weigh), (struct ir_val *[]){ x, y }, 2, 4, x->dim);
			x = ir_eltwise(&ir, x, IR_LINEAR, 1.0 / 3, 0);
			break;
		default:
			x = ir_affine(&ir, x, constant(DIM(c)), constant(DIM(c)));
		}
		v[n++] = x;
	}
	ir_output(&ir, v[n - 1]);
	for (int i = 0; i < 3; i++)
		ir_output(&ir, v[pick(0, n - 1)]);
}

START_TEST(graphs)
{
	for (uint32_t s = 0; s < 120; s++) {
		start(s + 1000);
		random_graph();
		check(3e-5, unit_text("graph, seed %u", s));
	}
}
END_TEST

/* Where oneDNN has no primitive, or not here: each function's own loop, against its formula. */
START_TEST(loops)
{
	static const struct {
		enum ir_eltwise f;
		float a, b;
	} all[] = {
		{ IR_LINEAR, 2, 3 }, { IR_CLIP, -1, 2 }, { IR_ABS, 0, 0 }, { IR_POW, 2, 3 },
		{ IR_TANH, 0, 0 }, { IR_LOGISTIC, 0, 0 }, { IR_RELU, 0.25F, 0 }, { IR_ELU, 0.5F, 0 },
		{ IR_SOFTPLUS, 0, 0 }, { IR_SWISH, 2, 0 }, { IR_THRESHOLD, 0.5F, 0.25F },
		{ IR_ABOVE, 0.5F, 0 },
	};
	static const float x[] = { -30, -2, -0.5F, -1e-6F, 0, 0.25F, 0.5F, 1, 3, 30 };

	ck_assert_int_eq(COUNT(all), IR_ELTWISES);
	for (int i = 0; i < COUNT(all); i++) {
		const struct kernel_eltwise how = { all[i].f, all[i].a, all[i].b,
		                                    COUNT(x) };
		const double a = how.a, b = how.b;
		float in[COUNT(x)], out[COUNT(x)];
		memcpy(in, x, sizeof in);
		kernel_eltwise(&how, (float *const[]){ in, out });
		for (int k = 0; k < COUNT(x); k++) {
			const double v = x[k], expected[IR_ELTWISES] = {
				[IR_LINEAR] = a * v + b, [IR_CLIP] = fmin(fmax(v, a), b), [IR_ABS] = fabs(v),
				[IR_POW] = a * pow(v, b), [IR_TANH] = tanh(v),
				[IR_LOGISTIC] = 1 / (1 + exp(-v)), [IR_RELU] = v > 0 ? v : a * v,
				[IR_ELU] = v > 0 ? v : a * expm1(v), [IR_SOFTPLUS] = log1p(exp(v)),
				[IR_SWISH] = v / (1 + exp(-a * v)),
				[IR_THRESHOLD] = v >= a ? v : b * (v - a), [IR_ABOVE] = v > a ? v : 0,
			};
			ck_assert_msg(fabs(out[k] - expected[how.f]) <= 1e-6 * fabs(expected[how.f]),
			              "function %d of %g: expected %g, found %g", how.f, v,
			              expected[how.f], (double)out[k]);
		}
	}
}
END_TEST

START_TEST(words_of_status)
{
	ck_assert_str_eq(shim_status(dnnl_out_of_memory), "out of memory");
	ck_assert_str_eq(shim_status(dnnl_invalid_arguments), "invalid arguments");
	ck_assert_str_eq(shim_status(dnnl_unimplemented), "not implemented");
	ck_assert_str_eq(shim_status(dnnl_runtime_error), "runtime error");
	ck_assert_str_eq(shim_status(dnnl_not_required), "failed");
}
END_TEST

/* Told to do without the instructions, oneDNN has no fast bfloat16 and 8 bits: they are refused. */
START_TEST(without_bf16)
{
	struct exec_options options = { .threads = 1, .precision = DL4J_BF16 };
	struct exec_layout l = { { 3, 1 } };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan = NULL;
	char backend[100];

	setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1); /* read once, in this process that Check forked */
	start(1);
	ir_output(&ir, ir_eltwise(&ir, input(DIM(2, 3)), IR_TANH, 0, 0));
	unit_refused(exec_plan_new(&plan, &ir, &l, &l, &options, &err), &err, DL4J_EUNSUPPORTED,
	             "precision bf16: expected a processor with AVX512_BF16 or AMX, found one without");
	options.precision = DL4J_INT8;
	unit_refused(exec_plan_new(&plan, &ir, &l, &l, &options, &err), &err, DL4J_EUNSUPPORTED,
	             "precision int8: expected a processor with AVX512_VNNI, AVX_VNNI or AMX, found "
	             "one without");
	ck_assert_ptr_null(plan);
	exec_backend(backend, sizeof backend);
	ck_assert_msg(!strstr(backend, "bf16") && !strstr(backend, "amx"), "%s", backend);
}
END_TEST

START_TEST(placement)
{
	struct span spans[200];
	int64_t total, sum = 0;

	for (uint32_t s = 0; s < 50; s++) {
		seed = s;
		sum = 0;
		for (int i = 0; i < 200; i++) {
			int first = (int)pick(0, 300);
			spans[i] = (struct span){ pick(1, 40000), first, first + (int)pick(0, 9), 0 };
			sum += spans[i].size;
		}
		ck_assert_int_eq(memory_plan(spans, 200, &total), 0);
		for (int i = 0; i < 200; i++) {
			ck_assert_int_eq(spans[i].offset % (spans[i].size >= 4096 ? 4096 : 64), 0);
			ck_assert_int_le(spans[i].offset + spans[i].size, total);
			for (int k = 0; k < i; k++)
				ck_assert_msg(spans[i].last < spans[k].first ||
				              spans[k].last < spans[i].first ||
				              spans[i].offset + spans[i].size <= spans[k].offset ||
				              spans[k].offset + spans[k].size <= spans[i].offset,
				              "seed %u: %d and %d share bytes", s, i, k);
		}
		ck_assert_int_lt(total, sum / 4);
	}
	/* a chain needs two buffers, however long it is */
	for (int i = 0; i < 200; i++)
		spans[i] = (struct span){ 4096, i, i + 1, 0 };
	ck_assert_int_eq(memory_plan(spans, 200, &total), 0);
	ck_assert_int_eq(total, 8192);
}
END_TEST

START_TEST(limit)
{
	struct exec_options options = { .threads = 1, .max_bytes = 100000 };
	struct exec_layout l[2] = { { { 3 * 64 * 64, 64 * 64, 64, 1 } },
	                            { { 32 * 64 * 64, 64 * 64, 64, 1 } } };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct ir_window w = { 2, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 0 }, { 0 } };

	start(1);
	struct ir_val *x = input(DIM(1, 3, 64, 64));
	x = ir_conv(&ir, x, constant(DIM(1, 32, 3, 1, 1)), NULL, &w);
	x = ir_conv(&ir, x, constant(DIM(1, 32, 32, 1, 1)), NULL, &w);
	ir_output(&ir, x);
	ck_assert_int_eq(exec_plan_new(&plan, &ir, &l[0], &l[1], &options, &err), DL4J_ELIMIT);
	ck_assert_msg(strstr(err.msg, "limit") != NULL, "%s", err.msg);
}
END_TEST

/* One value, under its vertex' name or its operation's, and the outputs together. */
START_TEST(limited_values)
{
	struct exec_options options = { .threads = 1, .max_bytes = 5000000 };
	const struct exec_layout big = { { 2500000, 1 } }, small = { { 500000, 1 } };
	const struct exec_layout three[] = { small, small, small };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan = NULL;
	struct ir_val *x;

	for (int named = 0; named < 2; named++) {
		start(1);
		ir.origin = named ? "tanh" : NULL;
		ir_output(&ir, ir_eltwise(&ir, input(DIM(1, 2500000)), IR_TANH, 0, 0));
		unit_refused(exec_plan_new(&plan, &ir, &big, &big, &options, &err), &err, DL4J_ELIMIT,
		             unit_text("'%s' alone needs 10 MB, the limit is 5 MB",
		                       named ? "tanh" : "ELTWISE"));
	}
	start(1);
	x = input(DIM(1, 500000));
	for (int i = 0; i < 3; i++)
		ir_output(&ir, ir_eltwise(&ir, x, IR_LINEAR, i, 0));
	unit_refused(exec_plan_new(&plan, &ir, &small, three, &options, &err), &err, DL4J_ELIMIT,
	             "the outputs need 6 MB, the limit is 5 MB");
	ck_assert_ptr_null(plan);
	options.max_bytes = 0; /* none; a list with a gap, as a pass may leave it */
	ir_drop(&ir, 1);
	ir.outputs[1] = ir.outputs[2];
	ir.n_outputs = 2;
	ck_assert_msg(!exec_plan_new(&plan, &ir, &small, three, &options, &err), "%s", err.msg);
	exec_plan_free(plan);
}
END_TEST

/* A chain of blocks with residuals needs two buffers, or one and the caller's. */
START_TEST(reuse)
{
	struct exec_options options = { .threads = 1 };
	struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
	const int64_t one = 32 * 64 * 64 * sizeof(float);
	struct dl4j_error err = { 0 };
	int64_t activations, constants;
	struct exec_plan *plan;
	struct io io;

	start(1);
	struct ir_val *x = input(DIM(1, 32, 64, 64));
	x = ir_conv(&ir, x, constant(DIM(1, 32, 32, 3, 3)), NULL, &w);
	for (int i = 0; i < 6; i++) {
		struct ir_val *y = ir_conv(&ir, x, constant(DIM(1, 32, 32, 3, 3)), NULL, &w);
		post(y, IR_RELU, 0, 0);
		y = ir_conv(&ir, y, constant(DIM(1, 32, 32, 3, 3)), NULL, &w);
		post_sum(y, x);
		x = ir_eltwise(&ir, y, IR_TANH, 0, 0);
	}
	ir_output(&ir, x);
	io_new(&io);
	ck_assert_int_eq(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err), 0);
	exec_plan_memory(plan, &activations, &constants);
	ck_assert_msg(activations >= one && activations < 3 * one, "%lld bytes of activations",
	              (long long)activations);
	ck_assert_int_ge(constants, 13 * 32 * 32 * 9 * 4);
	exec_plan_free(plan);
	io_free(&io);
}
END_TEST

/* Parameters that come bit by bit, and go: who reads too early or too late sees NaN. */
struct parameters {
	const float *all;
	float *now;
	int64_t there, gone, n;
	int calls, fail_at;
};

static int bring(void *self, int64_t from, int64_t until, struct dl4j_error *err)
{
	struct parameters *p = self;

	if (++p->calls == p->fail_at)
		return fail(err, DL4J_EIO, "no more");
	for (; p->there < until && p->there < p->n; p->there++)
		p->now[p->there] = p->all[p->there];
	for (; p->gone < from && p->gone < p->there; p->gone++)
		p->now[p->gone] = NAN;
	return 0;
}

static struct ir_val *parameter(const float *flat, int64_t *at, int rank, const int64_t *dim,
                                char order)
{
	int64_t stride[IR_RANK], n = dims_product(dim, rank);
	struct ir_val *v;

	dims_strides(dim, rank, order, stride);
	ir.from = *at;
	ir.until = *at + n;
	v = ir_const(&ir, flat + *at, rank, dim, stride);
	*at += n;
	return v;
}

/* Large ones in pieces, with a rest; one with a scale that comes after it. */
START_TEST(late_constants)
{
	enum { IN = 700, MID = 1100, OUT = 1007, ALL = IN * MID + MID + MID * OUT + OUT };
	static const struct ir_window one = { .n = 2, .kernel = { 1, 1 }, .stride = { 1, 1 },
		                              .dilation = { 1, 1 } };
	static const struct ir_window whole = { .n = 2, .kernel = { 3, 2 }, .stride = { 1, 1 },
		                                .dilation = { 1, 1 } };
	struct exec_options options = { .threads = 2, .late = true };
	struct parameters p = { .n = ALL };
	struct dl4j_error err = { 0 };
	struct ir_val *x, *w, *scale;
	float *all = malloc(ALL * sizeof *all);
	struct exec_plan *plan;
	struct exec_state *state;
	struct io io;
	int64_t at = 0;

	start(5);
	p.all = all;
	p.now = malloc(ALL * sizeof *p.now);
	for (int i = 0; i < ALL; i++)
		all[i] = p.now[i] = uniform();
	x = input(DIM(1, IN, 3, 2));
	w = parameter(p.now, &at, DIM(1, MID, IN, 1, 1), 'c');
	scale = parameter(p.now, &at, DIM(MID), 'c');
	w->scale = scale->data;
	w->scale_stride[1] = 1;
	w->until = scale->until;
	x = ir_conv(&ir, x, w, NULL, &one);
	x = ir_view(&ir, ir_pool(&ir, x, IR_POOL_AVG, &whole), DIM(1, MID));
	w = parameter(p.now, &at, DIM(MID, OUT), 'f');
	ir_output(&ir, ir_matmul(&ir, x, w, parameter(p.now, &at, DIM(OUT), 'c')));
	ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
	io_new(&io);
	ck_assert_int_eq(ref_run(&ir, io.in_layout, io.out_layout, (const float *const *)io.in,
	                         io.expected, &err), 0);
	for (int i = 0; i < ALL; i++)
		p.now[i] = NAN;
	ck_assert_int_eq(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err), 0);
	ck_assert_int_eq(exec_state_new(&state, plan, &err), 0);
	p.fail_at = 2;
	unit_refused(exec_plan_pack(plan, bring, &p, &err), &err, DL4J_EIO, "no more");
	p = (struct parameters){ .all = all, .now = p.now, .n = ALL };
	ck_assert_int_eq(exec_plan_pack(plan, bring, &p, &err), 0);
	ck_assert_int_gt(p.calls, 4);       /* pieces */
	ck_assert_int_gt(p.gone, ALL / 2); /* given back on the way */
	ck_assert_int_eq(p.there, ALL);
	ck_assert_int_eq(exec_run(state, (const float *const *)io.in, io.out, &err), 0);
	same(&io, 1e-5, "late");
	exec_state_free(state);
	exec_plan_free(plan);
	io_free(&io);
	free(p.now);
	free(all);
}
END_TEST

struct worker {
	const struct exec_plan *plan;
	struct io *io;
	float *out[MAX_IO];
	int code;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct dl4j_error err = { 0 };
	struct exec_state *state = NULL;

	w->code = exec_state_new(&state, w->plan, &err);
	for (int i = 0; i < 30 && w->code == 0; i++)
		w->code = exec_run(state, (const float *const *)w->io->in, w->out, &err);
	if (state)
		exec_state_free(state);
	return NULL;
}

START_TEST(two_states)
{
	struct exec_options options = { .threads = 1 };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct worker w[2];
	pthread_t thread[2];
	struct io io;

	start(77);
	random_graph();
	io_new(&io);
	ck_assert_int_eq(ref_run(&ir, io.in_layout, io.out_layout, (const float *const *)io.in,
	                         io.expected, &err), 0);
	ck_assert_int_eq(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err), 0);
	for (int i = 0; i < 2; i++) {
		w[i] = (struct worker){ .plan = plan, .io = &io };
		for (int k = 0; k < ir.n_outputs; k++)
			w[i].out[k] = calloc((size_t)ir_elements(ir.outputs[k]), sizeof(float));
		ck_assert_int_eq(pthread_create(&thread[i], NULL, work, &w[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(thread[i], NULL);
		ck_assert_int_eq(w[i].code, 0);
		for (int k = 0; k < ir.n_outputs; k++) {
			memcpy(io.out[k], w[i].out[k],
			       (size_t)ir_elements(ir.outputs[k]) * sizeof(float));
			free(w[i].out[k]);
		}
		same(&io, 3e-5, "two states");
	}
	exec_plan_free(plan);
	io_free(&io);
}
END_TEST

static struct ir_val *conv_3x3(struct ir_val *x, int64_t channels)
{
	struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };

	return ir_conv(&ir, x, constant(DIM(1, channels, x->dim[1], 3, 3)), NULL, &w);
}

/* Of one example, what will be concatenated is computed in its place: also of concatenations, what
 * others read later, and what is put out. */
START_TEST(joined)
{
	for (uint32_t s = 0; s < 12; s++) {
		const int64_t batch = s % 3 == 2 ? 2 : 1, channels = s % 2 ? 16 : 12;
		start(s);
		struct ir_val *x = conv_3x3(input(DIM(batch, 16, 6, 8)), channels);
		struct ir_val *y = conv_3x3(x, 32), *z = conv_3x3(y, channels);
		struct ir_val *a = ir_concat(&ir, (struct ir_val *[]){ x, y }, 2, 1);
		struct ir_val *relu = ir_eltwise(&ir, a, IR_RELU, 0, 0);
		struct ir_val *b = ir_concat(&ir, (struct ir_val *[]){ a, z, x }, 3, 1);
		ir_output(&ir, conv_3x3(relu, channels));
		ir_output(&ir, s > 6 ? b : conv_3x3(b, channels));
		ir_output(&ir, ir_binary(&ir, IR_ADD, z, ir_eltwise(&ir, x, IR_ABS, 0, 0)));
		check(3e-6, unit_text("concatenations, seed %u", s));
		if (shim_prefers_blocks && batch == 1 && channels == 16) /* x, once more */
			ck_assert_int_eq(calls_named("CONCAT"), 1);
	}
}
END_TEST

START_TEST(profile)
{
	struct exec_options options = { .threads = 1 };
	struct dl4j_op_stats stats[256];
	struct dl4j_error err = { 0 };
	struct exec_plan *plan;
	struct exec_state *state;
	struct io io;
	char backend[100];
	double seconds = 0;
	int n = 0;

	start(78);
	random_graph();
	io_new(&io);
	ck_assert_int_eq(exec_plan_new(&plan, &ir, io.in_layout, io.out_layout, &options, &err), 0);
	ck_assert_int_eq(exec_state_new(&state, plan, &err), 0);
	ck_assert_int_eq(exec_profile(state, (const float *const *)io.in, io.out, 3, NULL, &n, &err),
	                 0);
	ck_assert_int_gt(n, 1);
	ck_assert_int_lt(n, 256);
	ck_assert_int_eq(exec_profile(state, (const float *const *)io.in, io.out, 3, stats, &n, &err),
	                 0);
	for (int i = 0; i < n; i++) {
		ck_assert(!stats[i].origin[0] || !strcmp(stats[i].origin, "test"));
		ck_assert(stats[i].op[0] && stats[i].impl[0]);
		ck_assert(stats[i].bytes > 0);
		seconds += stats[i].seconds;
	}
	ck_assert(seconds > 0);
	n = 1;
	ck_assert_int_eq(exec_profile(state, (const float *const *)io.in, io.out, 3, stats, &n, &err),
	                 DL4J_EUSAGE);
	exec_state_free(state);
	exec_plan_free(plan);
	io_free(&io);
	exec_backend(backend, sizeof backend);
	ck_assert_msg(strncmp(backend, "oneDNN ", 7) == 0, "%s", backend);
}
END_TEST

static Suite *exec_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("exec", &tests);

	tcase_add_loop_test(tests, conv, 1, 4);
	tcase_add_test(tests, conv_of_columns);
	tcase_add_test(tests, winograd);
	tcase_add_test(tests, winograd_apart);
	tcase_add_test(tests, bf16);
	tcase_add_loop_test(tests, max_pool, 0, 200);
	tcase_add_test(tests, int8);
	tcase_add_test(tests, crowded);
	tcase_add_test(tests, computed_weights);
	tcase_add_test(tests, matmul);
	tcase_add_test(tests, repeated_posts);
	tcase_add_loop_test(tests, pool, 1, 4);
	tcase_add_loop_test(tests, deconv, 1, 4);
	tcase_add_loop_test(tests, resample, 1, 4);
	tcase_add_test(tests, sizes_of_one);
	tcase_add_test(tests, lrn);
	tcase_add_test(tests, eltwise);
	tcase_add_test(tests, powers);
	tcase_add_test(tests, binary);
	tcase_add_test(tests, affine);
	tcase_add_test(tests, norms);
	tcase_add_test(tests, moves);
	tcase_add_test(tests, graphs);
	tcase_add_test(tests, loops);
	tcase_add_test(tests, words_of_status);
	tcase_add_test(tests, without_bf16);
	tcase_add_test(tests, limit);
	tcase_add_test(tests, limited_values);
	tcase_add_test(tests, reuse);
	tcase_add_test(tests, late_constants);
	tcase_add_test(tests, two_states);
	tcase_add_test(tests, joined);
	tcase_add_test(tests, profile);
	return suite;
}

static Suite *memory_plan_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("memory_plan", &tests);

	tcase_add_test(tests, placement);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ exec_suite(), memory_plan_suite(), NULL });
}
