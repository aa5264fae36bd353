/* SPDX-License-Identifier: Apache-2.0 */
/* inside: the library with each of its allocations, and each call of oneDNN, failing in turn:
 * inside DATA STEP [PREFIX...], over the golden cases whose names begin so. It must say what
 * failed, or do without and put out the same, and give back all that it took. Functions of ours
 * stand in for malloc, which fails for the library's own code alone, and for oneDNN's. */
#include <dirent.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cli/npy.h"
#include "dl4j.h"
#include "exec/exec.h"
#include "hard/live.h"

enum kind { NOTHING, ALLOCATION, BACKEND };

/* The `at`-th call of the kind fails, or with `on` that and all after it; a oneDNN function with
 * that status. */
static struct {
	enum kind kind;
	int status, on;
	long at, calls;
} fault;
static int armed;

#define OURS(code) (armed && (code) >= __executable_start && (code) < etext)
#define CALLER ((const char *)__builtin_return_address(0))
extern const char __executable_start[], etext[];

static int strikes(enum kind kind)
{
	if (kind != fault.kind)
		return 0;
	fault.calls++;
	return fault.on ? fault.calls >= fault.at : fault.calls == fault.at;
}

int live_watches(const void *caller)
{
	return OURS((const char *)caller);
}

int live_strikes(const void *caller)
{
	(void)caller;
	return strikes(ALLOCATION);
}

static long left_over(void)
{
	long n = 0;

	for (int at = 0; live_next(&at);)
		n++;
	live_forget();
	return n;
}

/* --- oneDNN ----------------------------------------------------------------------------------- */

/* Functions of at most six arguments, all of them numbers or pointers: passed on as they came. */
#define ARGS long a, long b, long c, long d, long e, long f
typedef int backend_function(ARGS);
static long objects;

static int call_next(const char *name, ARGS)
{
	backend_function *next;

	*(void **)&next = dlsym(RTLD_NEXT, name);
	return next(a, b, c, d, e, f);
}

#define BACKEND(name, made)                                                         \
	int name(ARGS);                                                             \
	int name(ARGS)                                                              \
	{                                                                           \
		int status;                                                         \
		if (!OURS(CALLER))                                                  \
			return call_next(#name, a, b, c, d, e, f);                  \
		status = strikes(BACKEND) ? fault.status :                          \
		                            call_next(#name, a, b, c, d, e, f);     \
		objects += status == 0 && made;                                     \
		return status;                                                      \
	}
#define BACKEND_END(name)                                            \
	int name(ARGS);                                              \
	int name(ARGS)                                               \
	{                                                            \
		objects -= OURS(CALLER) && a;                        \
		return call_next(#name, a, b, c, d, e, f);           \
	}
#pragma GCC visibility push(default) /* so that ours are called */
BACKEND(dnnl_engine_create, 1)
BACKEND_END(dnnl_engine_destroy)
BACKEND(dnnl_stream_create, 1)
BACKEND_END(dnnl_stream_destroy)
BACKEND(dnnl_memory_create, 1)
BACKEND_END(dnnl_memory_destroy)
BACKEND(dnnl_primitive_create, 1)
BACKEND_END(dnnl_primitive_destroy)
BACKEND(dnnl_primitive_attr_create, 1)
BACKEND_END(dnnl_primitive_attr_destroy)
BACKEND(dnnl_post_ops_create, 1)
BACKEND_END(dnnl_post_ops_destroy)
BACKEND(dnnl_stream_wait, 0)
BACKEND(dnnl_memory_set_data_handle, 0)
BACKEND(dnnl_primitive_execute, 0)
BACKEND(dnnl_primitive_desc_query, 0)
BACKEND(dnnl_primitive_attr_set_scratchpad_mode, 0)
BACKEND(dnnl_primitive_attr_set_post_ops, 0)
/* Version 2's; nothing calls them with version 3. */
BACKEND(dnnl_primitive_desc_iterator_create, 1)
BACKEND_END(dnnl_primitive_desc_iterator_destroy)
BACKEND(dnnl_primitive_desc_iterator_next, 0)
BACKEND(dnnl_reorder_primitive_desc_create, 0)
BACKEND(dnnl_memory_desc_init_by_strides, 0)
BACKEND(dnnl_memory_desc_init_by_tag, 0)
BACKEND(dnnl_memory_desc_permute_axes, 0)
BACKEND(dnnl_memory_desc_init_submemory, 0)
#pragma GCC visibility pop

/* --- One network ------------------------------------------------------------------------------ */

enum { MOST = 64 };

static struct net {
	char name[128], zip[512];
	int n_in, n_out, rank[MOST], masked[MOST];
	struct npy in[2 * MOST]; /* then those of the masks */
	dl4j_array shape[MOST];
	const float *data[2 * MOST];
	float *out[MOST], *expected[MOST];
	size_t n[MOST];
} net;

static int attempt_network(dl4j_error *err)
{
	dl4j_run_options options = { .threads = 1, .masked = net.masked };
	dl4j_model *model = NULL;
	dl4j_runner *runner = NULL, *other = NULL;
	char *text = NULL, *note = NULL;
	struct dl4j_op_stats *stats = NULL;
	int n = 0, r = dl4j_model_open(&model, net.zip, NULL, err);

	for (int style = 0; r == 0 && fault.kind == ALLOCATION && style < 4; style++) {
		const dl4j_summary_options how = { .style = style };
		r = dl4j_model_summary(&text, &note, model, &how, err);
		free(text);
		free(note);
		text = note = NULL;
	}
	if (r == 0)
		r = dl4j_runner_new(&runner, model, net.shape, &options, err);
	if (r == 0)
		r = dl4j_runner_clone(&other, runner, err);
	if (r == 0)
		r = dl4j_runner_run(other, net.data, net.out, err);
	if (r == 0)
		r = dl4j_runner_profile(other, net.data, net.out, 1, NULL, &n, err);
	if (r == 0) {
		armed = 0;
		stats = calloc((size_t)n, sizeof *stats);
		armed = 1;
		r = dl4j_runner_profile(other, net.data, net.out, 1, stats, &n, err);
		free(stats);
	}
	dl4j_runner_free(other);
	dl4j_runner_free(runner);
	dl4j_model_free(model);
	return r;
}

/* --- One operation ---------------------------------------------------------------------------- */

static float numbers[144 * 4096]; /* all constants, and the input */

#define D(...) (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
	(int64_t[]){ __VA_ARGS__ }
#define CONSTANT(...) ir_const(ir, numbers, D(__VA_ARGS__), NULL)

static const struct ir_window three = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };

static struct ir_val *conv(struct ir *ir, struct ir_val *x, int64_t groups, int64_t out)
{
	return ir_conv(ir, x, CONSTANT(groups, out / groups, x->dim[1] / groups, 3, 3), CONSTANT(out),
	               &three);
}

static void posts(struct ir *ir, struct ir_val *x, struct ir_post p)
{
	if (ir->err.code)
		return;
	x->def->post[x->def->n_post++] = p;
	if (p.operand)
		p.operand->uses++;
}

/* With sum: that is added. */
static void post(struct ir *ir, struct ir_val *x, enum ir_eltwise f, struct ir_val *sum)
{
	posts(ir, x, (struct ir_post){ .kind = sum ? IR_POST_SUM : IR_POST_ELTWISE, .eltwise = f,
	                               .a = 1, .operand = sum });
}

/* A number a channel times, another more; then what is negative gets a tenth. */
static void post_channels(struct ir *ir, struct ir_val *x)
{
	const int64_t dim[IR_RANK] = { 1, x->dim[1], 1, 1 };

	posts(ir, x, (struct ir_post){ .kind = IR_POST_SCALE,
	                               .operand = ir_const(ir, numbers, x->rank, dim, NULL) });
	posts(ir, x, (struct ir_post){ .kind = IR_POST_SHIFT,
	                               .operand = ir_const(ir, numbers, x->rank, dim, NULL) });
	posts(ir, x, (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = IR_RELU, .a = 0.1F });
}

/* In no layout that primitives know: [2,3,5,5] of x. */
static struct ir_val *odd(struct ir *ir, struct ir_val *x)
{
	return ir_slice(ir, x, (int64_t[]){ 0, 1, 0, 1 }, (int64_t[]){ 2, 3, 5, 5 });
}

static struct ir_val *first(struct ir *ir, struct ir_val *x)
{
	return ir_slice(ir, x, (int64_t[4]){ 0 }, (int64_t[]){ 1, x->dim[1], 6, 6 });
}

static struct ir_val *many(struct ir *ir, struct ir_val *x, int n)
{
	struct ir_val *all[8];

	for (int i = 0; i < n; i++)
		all[i] = x;
	return ir_concat(ir, all, n, 1);
}

static struct ir_val *product(struct ir *ir, struct ir_val *x, int64_t out)
{
	return ir_matmul(ir, x, CONSTANT(x->dim[1], out), CONSTANT(out));
}

static void doubled(const void *how, float *const *at)
{
	for (int64_t i = 0; i < *(const int64_t *)how; i++)
		at[1][i] = 2 * at[0][i];
}

static const struct ir_kernel doubling = { .name = "doubled", .function = doubled };

enum { OPERATIONS = 77 }; /* of operate() */

/* The result of operation `which` on x, [2,4,6,6]. */
static struct ir_val *operate(struct ir *ir, struct ir_val *x, int which)
{
	const int64_t n = 2 * 4 * 6 * 6;
	struct ir_val *y = ir_eltwise(ir, x, IR_ABS, 0, 0), *z, *w;
	struct ir_val *row = ir_view(ir, x, D(2, 144));

	switch (which) {
	case 0:
		z = conv(ir, x, 1, 4);
		post(ir, z, IR_RELU, y);
		post(ir, z, IR_TANH, NULL);
		return z;
	case 1:
		z = conv(ir, y, 2, 4); /* a sum that cannot be fused, since y is read again */
		post(ir, z, IR_ABOVE, NULL);
		post(ir, z, IR_LINEAR, y);
		return ir_binary(ir, IR_ADD, z, y);
	case 2:
		return conv(ir, conv(ir, conv(ir, x, 1, 32), 1, 32), 32, 32);
	case 3:
		return ir_affine(ir, conv(ir, x, 1, 20), CONSTANT(20), CONSTANT(20));
	case 4:
		return ir_eltwise(ir, conv(ir, x, 1, 20), IR_LINEAR, 2, 1);
	case 5:
		return ir_deconv(ir, x, CONSTANT(1, 4, 4, 3, 3), NULL, &three);
	case 6:
		return ir_deconv(ir, x, CONSTANT(2, 2, 2, 3, 3), CONSTANT(4), &three);
	case 7:
		return ir_matmul(ir, ir_view(ir, x, D(2, 144)), CONSTANT(144, 5), CONSTANT(5));
	case 8: /* computed weights */
		z = ir_matmul(ir, ir_view(ir, x, D(2, 144)), ir_view(ir, y, D(144, 2)), NULL);
		return z;
	case 9:
		return ir_pool(ir, conv(ir, x, 1, 20), IR_POOL_MAX, &three);
	case 10:
		return ir_resample(ir, x, (int64_t[]){ 2, 2 });
	case 11:
		return ir_resample(ir, conv(ir, x, 1, 32), (int64_t[]){ 2, 2 });
	case 12:
		return ir_lrn(ir, x, 3, 1e-4, 0.75, 2);
	case 13:
		return ir_binary(ir, IR_SUB, x, y);
	case 14:
		return ir_binary(ir, IR_MUL, conv(ir, x, 1, 20), CONSTANT(1, 20, 1, 1));
	case 15:
		return ir_binary(ir, IR_DIV, CONSTANT(2, 4, 1, 6), ir_eltwise(ir, y, IR_LINEAR, 1, 1));
	case 16:
		return ir_binary(ir, IR_MAX, ir_slice(ir, y, (int64_t[4]){ 0 },
		                                      (int64_t[]){ 2, 4, 1, 6 }), x);
	case 17:
		return ir_affine(ir, y, CONSTANT(4), CONSTANT(4));
	case 18:
		z = ir_affine(ir, y, CONSTANT(4), CONSTANT(4));
		post(ir, z, IR_RELU, NULL);
		return ir_binary(ir, IR_ADD, z, y);
	case 19:
		return ir_softmax(ir, conv(ir, x, 1, 20), 1);
	case 20:
		return ir_layernorm(ir, ir_view(ir, x, D(2, 144)));
	case 21:
		z = ir_view(ir, y, D(2, 144));
		return ir_binary(ir, IR_ADD, ir_layernorm(ir, z), z);
	case 22:
		return ir_concat(ir, (struct ir_val *[]){ conv(ir, x, 1, 20), y }, 2, 1);
	case 23:
		return ir_view(ir, ir_permute(ir, y, (int[]){ 0, 2, 3, 1 }), D(2, 144));
	case 24:
		return ir_pad(ir, conv(ir, x, 1, 20), (int64_t[]){ 0, 0, 1, 1 }, (int64_t[4]){ 0 });
	case 25:
		return ir_slice(ir, conv(ir, x, 1, 20), (int64_t[]){ 0, 3, 0, 1 },
		                (int64_t[]){ 2, 7, 6, 5 });
	case 26:
		return ir_kernel(ir, &doubling, &n, sizeof n, &y, 1, 4, y->dim);
	case 27:
		return x;
	case 28:
		return CONSTANT(2, 4, 6, 6);
	case 29:
		return ir_eltwise(ir, x, IR_ELU, 1, 0);
	case 30:
		return ir_eltwise(ir, conv(ir, x, 1, 20), IR_POW, 1, 2);
	case 31: /* a sum after a function, added apart */
		z = ir_binary(ir, IR_MUL, x, x);
		post(ir, z, IR_TANH, NULL);
		post(ir, z, IR_LINEAR, y);
		return z;
	case 32:
		return ir_softmax(ir, ir_permute(ir, y, (int[]){ 0, 2, 3, 1 }), 3);
	case 33: /* the same computed weights twice */
		w = ir_view(ir, first(ir, y), D(1, 4, 4, 3, 3));
		return ir_binary(ir, IR_ADD, ir_conv(ir, x, w, NULL, &three),
		                 ir_conv(ir, y, w, NULL, &three));
	case 34: /* read as weights, then in 8 bits */
		z = product(ir, row, 5);
		w = ir_matmul(ir, ir_view(ir, y, D(144, 2)), z, NULL);
		return ir_concat(ir, (struct ir_val *[]){ w, product(ir, z, 5) }, 2, 0);
	case 35: /* weights in an odd layout */
		z = ir_permute(ir, product(ir, row, 5), (int[]){ 1, 0 });
		return ir_matmul(ir, product(ir, row, 5), z, NULL);
	case 36:
		return conv(ir, ir_pool(ir, odd(ir, y), IR_POOL_MAX, &three), 1, 4);
	case 37:
		return conv(ir, many(ir, odd(ir, y), 2), 1, 4);
	case 38: /* fused, where convolutions are fast */
		z = conv(ir, conv(ir, x, 1, 32), 1, 32);
		post_channels(ir, z);
		return z;
	case 39: /* swept */
	case 40:
		w = conv(ir, y, 1, which == 39 ? 32 : 20);
		z = conv(ir, conv(ir, x, 1, 32), 1, which == 39 ? 32 : 20);
		post(ir, z, IR_TANH, NULL);
		post(ir, z, IR_ABOVE, NULL);
		post_channels(ir, z);
		post(ir, z, IR_LINEAR, w);
		return z;
	case 41:
	case 42: /* more than fits a piece */
		z = which == 41 ? product(ir, row, 5) :
		                  product(ir, ir_slice(ir, row, (int64_t[2]){ 0 },
		                                       (int64_t[]){ 2, 4 }), 1100);
		post(ir, z, IR_ABOVE, NULL);
		post_channels(ir, z);
		return z;
	case 43: /* sums of what lies in an odd layout, or another */
		w = odd(ir, x);
		z = conv(ir, odd(ir, y), 1, 3);
		post(ir, z, IR_LINEAR, w);
		return z;
	case 44:
	case 45: /* numbers a channel before it, too */
		w = many(ir, y, 8);
		z = conv(ir, conv(ir, x, 1, 32), 1, 32);
		post(ir, z, IR_ABOVE, NULL);
		if (which == 45)
			post_channels(ir, z);
		post(ir, z, IR_LINEAR, w);
		return z;
	case 46: /* the beginning of a buffer; amidst one */
		return first(ir, y);
	case 47:
		z = conv(ir, first(ir, y), 1, 16);
		ir_concat(ir, (struct ir_val *[]){ conv(ir, first(ir, x), 1, 16), z }, 2, 1);
		return z;
	case 48: /* nothing below zero */
		return conv(ir, ir_eltwise(ir, x, IR_RELU, 0, 0), 1, 4);
	case 49:
		return conv(ir, ir_eltwise(ir, odd(ir, x), IR_RELU, 0, 0), 1, 4);
	case 50:
		return conv(ir, ir_eltwise(ir, x, IR_RELU, 0.1F, 0), 1, 4);
	case 51:
		z = ir_eltwise(ir, x, IR_RELU, 0, 0);
		post(ir, z, IR_TANH, NULL);
		return conv(ir, z, 1, 4);
	case 52: /* floats only, in 8 bits */
		return conv(ir, ir_pool(ir, conv(ir, x, 1, 20), IR_POOL_AVG, &three), 1, 4);
	case 53:
		z = ir_pool(ir, conv(ir, x, 1, 20), IR_POOL_MAX, &three);
		post(ir, z, IR_ABS, NULL);
		return conv(ir, z, 1, 4);
	case 54: /* another range than the readers of its input have */
		z = ir_pool(ir, y, IR_POOL_MAX, &three);
		w = conv(ir, y, 1, 4);
		return ir_binary(ir, IR_ADD, conv(ir, z, 1, 4), w);
	case 55:
		z = many(ir, y, 2);
		w = conv(ir, y, 1, 4);
		return ir_binary(ir, IR_ADD, conv(ir, z, 1, 4), w);
	case 56:
		z = conv(ir, x, 1, 20);
		posts(ir, z, (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = IR_LINEAR,
		                               .a = 0.5F, .b = 0.1F });
		return conv(ir, z, 1, 4);
	case 57: /* twice the same function with other numbers */
		z = conv(ir, x, 1, 20);
		post(ir, z, IR_RELU, NULL);
		posts(ir, z, (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = IR_RELU });
		return conv(ir, z, 1, 4);
	case 58:
		z = conv(ir, x, 1, 20);
		post(ir, z, IR_LINEAR, NULL);
		posts(ir, z, (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = IR_LINEAR, .a = 1,
		                               .b = 0.5F });
		return z;
	case 59:
		return conv(ir, many(ir, y, 4), 1, 32);
	case 60: /* padded channels */
	case 61:
		z = conv(ir, conv(ir, x, 1, 32), 1, 32);
		z = conv(ir, ir_slice(ir, z, (int64_t[4]){ 0 }, (int64_t[]){ 2, 32, 2, 2 }), 1, 20);
		w = ir_affine(ir, z, CONSTANT(20), CONSTANT(20));
		return which == 60 ? w : ir_binary(ir, IR_ADD, w, ir_eltwise(ir, z, IR_ELU, 1, 0));
	case 62:
		return ir_pad(ir, y, (int64_t[]){ 0, 0, 1, 1 }, (int64_t[4]){ 0 });
	case 63:
		return ir_pad(ir, odd(ir, y), (int64_t[]){ 0, 0, 1, 1 }, (int64_t[4]){ 0 });
	case 64:
		return ir_slice(ir, odd(ir, y), (int64_t[]){ 0, 0, 1, 1 }, (int64_t[]){ 2, 3, 2, 2 });
	case 65:
		z = ir_view(ir, odd(ir, y), D(2, 75));
		post(ir, z, IR_TANH, NULL);
		return z;
	case 66:
		z = ir_permute(ir, odd(ir, y), (int[]){ 0, 2, 3, 1 });
		post(ir, z, IR_TANH, NULL);
		return z;
	case 67:
		return ir_layernorm(ir, ir_permute(ir, product(ir, row, 5), (int[]){ 1, 0 }));
	case 68: /* parts of a whole, in its place, or in another layout than its first */
	case 69:
		z = conv(ir, ir_kernel(ir, &doubling, &n, sizeof n, &y, 1, 4, y->dim), 1, 32);
		z = first(ir, z);
		w = conv(ir, conv(ir, z, 1, 32), 1, 32);
		z = which == 68 ? conv(ir, w, 1, 32) : ir_eltwise(ir, first(ir, many(ir, y, 8)),
		                                                  IR_TANH, 0, 0);
		return ir_concat(ir, (struct ir_val *[]){ z, w }, 2, 1);
	case 70: /* more than a piece of weights */
		return product(ir, row, 4096);
	case 71:
		return conv(ir, CONSTANT(2, 4, 6, 6), 1, 4);
	case 72:
		w = ir_view(ir, ir_slice(ir, y, (int64_t[4]){ 0 }, (int64_t[]){ 1, 1, 1, 4 }), D(4));
		return ir_conv(ir, x, CONSTANT(1, 4, 4, 3, 3), w, &three);
	case 73: /* both of a shape that is not the result's */
		return ir_binary(ir, IR_DIV, ir_slice(ir, y, (int64_t[4]){ 0 },
		                                      (int64_t[]){ 2, 4, 1, 6 }),
		                 ir_eltwise(ir, ir_slice(ir, y, (int64_t[4]){ 0 },
		                                         (int64_t[]){ 2, 1, 6, 1 }),
		                            IR_LINEAR, 1, 1));
	case 74:
		z = odd(ir, y);
		return ir_binary(ir, IR_ADD, ir_affine(ir, z, CONSTANT(3), CONSTANT(3)), z);
	case 75:
		return ir_softmax(ir, odd(ir, y), 1);
	default:
		return ir_conv(ir, x, ir_view(ir, ir_slice(ir, y, (int64_t[4]){ 0 },
		                                           (int64_t[]){ 1, 4, 3, 3 }),
		                              D(1, 1, 4, 3, 3)), NULL, &three);
	}
}

static int operation;
static enum dl4j_precision precision;

static int compute(struct ir *ir, dl4j_error *err)
{
	const struct exec_options how = { .threads = 1, .precision = precision };
	struct exec_layout in = { { 0 } }, out[2] = { { { 0 } } };
	struct exec_plan *plan = NULL;
	struct exec_state *state = NULL;
	const float *data = numbers;
	int r;

	dims_strides(ir->inputs[0]->dim, 4, 'c', in.stride);
	for (int i = 0; i < 2; i++)
		dims_strides(ir->outputs[i]->dim, ir->outputs[i]->rank, 'c', out[i].stride);
	r = exec_plan_new(&plan, ir, &in, out, &how, err);
	if (r == 0)
		r = exec_state_new(&state, plan, err);
	if (r == 0)
		r = exec_run(state, &data, net.out, err);
	exec_state_free(state);
	exec_plan_free(plan);
	return r;
}

/* About the largest number in v: those that all is made of are 0.25 on average, at most 0.75. */
static float largest(const struct ir_val *v)
{
	const struct ir_op *op = v->def;

	if (!op)
		return 1;
	if (op->code == IR_MATMUL)
		return 0.3F * (float)op->in[1]->dim[0] * largest(op->in[0]);
	if (op->code != IR_CONV)
		return 2 * largest(op->in[0]);
	return 0.3F * (float)dims_product(op->in[1]->dim + 2, 3) * largest(op->in[0]);
}

static bool never_negative(const struct ir_val *v)
{
	return v->def && v->def->code == IR_ELTWISE && v->def->eltwise == IR_RELU;
}

static int attempt_operation(dl4j_error *err)
{
	struct arena arena = { 0 };
	struct ir_val *x, *result;
	struct ir ir;
	int r;

	ir_init(&ir, &arena);
	x = ir_input(&ir, D(2, 4, 6, 6));
	result = operate(&ir, x, operation);
	for (int i = 0; i < ir.n_ops; i++) { /* what 8 bits need to know */
		ir.ops[i]->high = largest(ir.ops[i]->in[0]);
		ir.ops[i]->low = never_negative(ir.ops[i]->in[0]) ? 0 : -ir.ops[i]->high;
	}
	ir_output(&ir, result);
	ir_output(&ir, result); /* twice: one of them is a copy */
	for (int i = 0; i < 2 && ir.err.code == 0; i++)
		net.n[i] = (size_t)ir_elements(ir.outputs[i]);
	*err = ir.err;
	r = ir.err.code;
	if (r == 0)
		r = ir_verify(&ir, err);
	if (r == 0)
		r = compute(&ir, err);
	arena_free(&arena);
	return r;
}

static int passed, failed;
static float tolerance = 1e-5F;

static void say(const char *what, int ok)
{
	*(ok ? &passed : &failed) += 1;
	printf("%s - %s: %s\n", ok ? "ok" : "not ok", net.name, what);
	fflush(stdout);
}

/* Whether the outputs are those of the run in which nothing failed. */
static int same(void)
{
	for (int i = 0; i < net.n_out; i++) {
		float most = 0, off = 0;
		for (size_t k = 0; k < net.n[i]; k++) {
			most = fmaxf(most, fabsf(net.expected[i][k]));
			off = fmaxf(off, fabsf(net.expected[i][k] - net.out[i][k]));
		}
		if (!(off <= tolerance * most))
			return 0;
	}
	return 1;
}

/* What is wrong with how that failure ended, or NULL. */
static const char *judge(int r, const dl4j_error *err, int struck)
{
	const int memory = r == DL4J_EMEMORY && strstr(err->msg, "out of memory") != NULL;

	if (left_over())
		return "memory is not freed";
	if (objects)
		return "an object of oneDNN's is not destroyed";
	if (r == 0)
		return same() ? NULL : "success, but other outputs";
	if (!struck)
		return "failed by itself";
	if (fault.kind == ALLOCATION || fault.status == 1)
		return memory ? NULL : "out of memory, called something else";
	return memory || (r == DL4J_EBACKEND && strstr(err->msg, "oneDNN: ")) ?
	               NULL : "oneDNN's failure, called something else";
}

static void every(int (*attempt)(dl4j_error *), enum kind kind, int status, int on, long step)
{
	char what[128];
	long bad = 0;

	fault.at = 1;
	do {
		dl4j_error err = { 0 };
		const char *wrong;
		int r;

		fault.kind = kind;
		fault.status = status;
		fault.on = on;
		fault.calls = objects = 0;
		for (int i = 0; i < net.n_out; i++)
			memset(net.out[i], 0, net.n[i] * sizeof(float));
		armed = 1;
		r = attempt(&err);
		armed = 0;
		wrong = judge(r, &err, fault.calls >= fault.at);
		if (wrong && bad++ < 5)
			printf("# %s: call %ld, status %d: %s: %d %s\n", net.name, fault.at, status, wrong, r,
			       err.msg);
	} while (fault.calls >= fault.at && (fault.at += step) && bad < 40);
	snprintf(what, sizeof what, "each %s%s fails, status %d: %ld calls",
	         kind == ALLOCATION ? "allocation" : "call of oneDNN", on ? " and all after it" : "",
	         status, fault.calls);
	say(what, !bad);
}

static void every_way(int (*attempt)(dl4j_error *), long step)
{
	for (int on = 0; on < 2; on++) {
		every(attempt, ALLOCATION, 0, on, step);
		every(attempt, BACKEND, 1, on, step); /* dnnl_out_of_memory */
		every(attempt, BACKEND, 3, on, step); /* dnnl_unimplemented */
		every(attempt, BACKEND, 5, on, step); /* dnnl_runtime_error */
	}
}

static void tear_down(void)
{
	for (int i = 0; i < 2 * MOST; i++)
		npy_free(&net.in[i]);
	for (int i = 0; i < net.n_out; i++) {
		free(net.out[i]);
		free(net.expected[i]);
	}
}

/* Each operation alone, in float32 and, where the processor has them, in bfloat16 and 8 bits. */
static void operations(long step)
{
	const size_t most = 2 * 32 * 12 * 12;

	memset(&net, 0, sizeof net);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		numbers[i] = (float)(i * 37 % 101) / 100 - 0.25F;
	net.n_out = 2;
	for (int i = 0; i < 2; i++) {
		net.out[i] = calloc(most, sizeof(float));
		net.expected[i] = calloc(most, sizeof(float));
	}
	for (operation = 0; operation < OPERATIONS; operation++)
		for (precision = DL4J_F32; precision <= DL4J_INT8; precision++) {
			static const char *const in[] = { "", " in bf16", " in int8" };
			dl4j_error err = { 0 };
			if (!dl4j_has_precision(precision))
				continue;
			fault.kind = NOTHING;
			snprintf(net.name, sizeof net.name, "operation %d%s", operation, in[precision]);
			/* without a fast one it is float32; ranges of 8 bits are estimates, and wide */
			tolerance = precision == DL4J_INT8 ? 0.3F : precision ? 0.1F : 1e-5F;
			if (attempt_operation(&err)) {
				printf("# %s\n", err.msg);
				say("nothing failing", 0);
				continue;
			}
			for (int i = 0; i < 2; i++)
				memcpy(net.expected[i], net.out[i], net.n[i] * sizeof(float));
			every_way(attempt_operation, step);
		}
	tear_down();
}

/* The arrays, and what comes out when nothing fails. */
static int set_up(const char *data)
{
	dl4j_run_options options = { .threads = 1, .masked = net.masked };
	dl4j_error err = { 0 };
	dl4j_model *model = NULL;
	dl4j_runner *runner = NULL;
	int n = 0;

	snprintf(net.zip, sizeof net.zip, "%s/golden/%s/model.zip", data, net.name);
	if (dl4j_model_open(&model, net.zip, NULL, &err))
		return printf("# %s\n", err.msg), -1;
	net.n_in = dl4j_model_inputs(model);
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < net.n_in && n < 2 * MOST; i++) {
			char path[1024];
			int at = snprintf(path, sizeof path, "%s/golden/%s/%s/", data, net.name,
			                  pass ? "mask" : "in");
			snprintf(path + at, sizeof path - (size_t)at, "%s.npy",
			         dl4j_model_input_name(model, i));
			for (; path[at]; at++) /* as the oracle writes names */
				if (strchr(" /\\'", path[at]))
					path[at] = '_';
			if (npy_read(&net.in[n], path, &err)) {
				if (!pass)
					return printf("# %s\n", err.msg), -1;
				continue;
			}
			net.data[n] = net.in[n].data;
			if (pass)
				net.masked[i] = 1;
			else
				net.shape[i].rank = net.in[n].rank;
			if (!pass)
				memcpy(net.shape[i].dim, net.in[n].dim, sizeof net.in[n].dim);
			n++;
		}
	if (dl4j_runner_new(&runner, model, net.shape, &options, &err))
		return printf("# %s\n", err.msg), -1;
	net.n_out = dl4j_runner_outputs(runner);
	if (net.n_in > MOST || net.n_out > MOST)
		return printf("# more than %d arrays\n", MOST), -1;
	for (int i = 0; i < net.n_out; i++) {
		const dl4j_array a = dl4j_runner_output(runner, i);
		net.n[i] = 1;
		for (int k = 0; k < a.rank; k++)
			net.n[i] *= (size_t)a.dim[k];
		net.out[i] = calloc(net.n[i], sizeof(float));
		net.expected[i] = calloc(net.n[i], sizeof(float));
	}
	if (dl4j_runner_run(runner, net.data, net.expected, &err))
		return printf("# %s\n", err.msg), -1;
	dl4j_runner_free(runner);
	dl4j_model_free(model);
	return 0;
}

static int chosen(const char *name, char **prefix, int n)
{
	for (int i = 0; i < n; i++)
		if (!strncmp(name, prefix[i], strlen(prefix[i])))
			return name[0] != '.';
	return n == 0 && name[0] != '.';
}

int main(int argc, char **argv)
{
	const long step = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	struct dirent **names;
	char path[512];
	int n;

	snprintf(path, sizeof path, "%s/golden", argc > 1 ? argv[1] : "");
	n = scandir(path, &names, NULL, alphasort);
	if (step < 1 || n < 0)
		return fprintf(stderr, "usage: inside DATA STEP [PREFIX...]\n"), 2;
	operations(step);
	tolerance = 1e-5F;
	for (int i = 0; i < n; i++) {
		memset(&net, 0, sizeof net);
		snprintf(net.name, sizeof net.name, "%.120s", names[i]->d_name);
		free(names[i]);
		if (!chosen(net.name, argv + 3, argc - 3))
			continue;
		if (set_up(argv[1])) {
			say("nothing failing", 0);
			continue;
		}
		every_way(attempt_network, step);
		tear_down();
	}
	free(names);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
