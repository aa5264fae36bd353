/* SPDX-License-Identifier: Apache-2.0 */
/* exec: bytes choose the operations of a small graph; the executor, with passes and without, must
 * compute what the plain loops of test/ref do. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "exec/exec.h"
#include "fuzz/fuzz.h"
#include "passes/passes.h"
#include "ref/ref.h"

enum { VALUES = 24, OUTPUTS = 4 };

struct build {
	const uint8_t *at, *end;
	struct arena arena;
	struct ir ir;
	uint32_t seed;
};

static unsigned take(struct build *b, unsigned choices)
{
	return b->at < b->end ? *b->at++ % choices : 0;
}

static float uniform(struct build *b)
{
	b->seed = b->seed * 1664525u + 1013904223u;
	return (float)(b->seed >> 8) / (1 << 23) - 1;
}

static struct ir_val *constant(struct build *b, int rank, const int64_t *dim, double scale)
{
	int64_t stride[IR_RANK], n = dims_product(dim, rank);
	float *data = ARENA_NEW(&b->arena, float, (size_t)n);

	for (int64_t i = 0; i < n; i++)
		data[i] = uniform(b) * (float)scale;
	dims_strides(dim, rank, take(b, 2) ? 'f' : 'c', stride);
	return ir_const(&b->ir, data, rank, dim, stride);
}

static struct ir_window window(struct build *b)
{
	struct ir_window w = { .n = 2 };

	for (int i = 0; i < 2; i++) {
		w.kernel[i] = 1 + take(b, 3);
		w.stride[i] = 1 + take(b, 2);
		w.dilation[i] = 1 + take(b, 2);
		w.pad_lo[i] = take(b, (unsigned)w.kernel[i]);
		w.pad_hi[i] = take(b, (unsigned)w.kernel[i]);
	}
	return w;
}

static bool fits(const struct ir_val *x, const struct ir_window *w)
{
	for (int i = 0; i < 2; i++)
		if (x->dim[2 + i] + w->pad_lo[i] + w->pad_hi[i] <
		    (w->kernel[i] - 1) * w->dilation[i] + 1)
			return false;
	return true;
}

static struct ir_val *convolution(struct build *b, struct ir_val *x)
{
	struct ir_window w = window(b);
	int64_t c = x->dim[1], groups = take(b, 2) ? c : 1, out = groups * (1 + take(b, 5));
	int64_t dim[] = { groups, out / groups, c / groups, w.kernel[0], w.kernel[1] };

	if (!fits(x, &w))
		return x;
	return ir_conv(&b->ir, x,
	               constant(b, 5, dim, 1.0 / (double)(dim[2] * dim[3] * dim[4])),
	               take(b, 2) ? constant(b, 1, &out, 1) : NULL, &w);
}

static struct ir_val *operation(struct build *b, struct ir_val *x, struct ir_val *y)
{
	static const enum ir_eltwise functions[] = { IR_RELU, IR_TANH, IR_LOGISTIC, IR_ABS, IR_ELU,
		                                     IR_SOFTPLUS, IR_SWISH, IR_CLIP };
	int64_t before[4], after[4], factor[2], from[4], dim[4], c = x->dim[1];
	struct ir_window w;

	switch (take(b, 12)) {
	case 0:
	case 1:
		return convolution(b, x);
	case 2:
		w = window(b);
		w.dilation[0] = w.dilation[1] = 1; /* else a window could lie in padding alone */
		return fits(x, &w) ? ir_pool(&b->ir, x, (enum ir_pool)take(b, IR_POOLS), &w) : x;
	case 3:
		return ir_eltwise(&b->ir, x, functions[take(b, 8)], take(b, 2), 1);
	case 4:
		return ir_same_dims(x, y) ? ir_binary(&b->ir, (enum ir_binary)(take(b, 2) * IR_MAX), x, y) :
		                            x;
	case 5:
		return ir_affine(&b->ir, x, constant(b, 1, &c, 1), constant(b, 1, &c, 1));
	case 6:
		return ir_same_dims(x, y) && c < 12 ?
		       ir_concat(&b->ir, (struct ir_val *[]){ x, y }, 2, (int)take(b, 4)) : x;
	case 7:
		return ir_permute(&b->ir, x, take(b, 2) ? (int[]){ 0, 1, 3, 2 } : (int[]){ 0, 2, 1, 3 });
	case 8:
		for (int i = 0; i < 4; i++) {
			before[i] = i ? take(b, 3) : 0;
			after[i] = i ? take(b, 3) : 0;
		}
		return ir_pad(&b->ir, x, before, after);
	case 9:
		for (int i = 0; i < 4; i++) {
			from[i] = take(b, (unsigned)(x->dim[i] < 4 ? x->dim[i] : 4));
			dim[i] = 1 + take(b, (unsigned)(x->dim[i] - from[i] < 250 ? x->dim[i] - from[i] : 250));
		}
		return ir_slice(&b->ir, x, from, dim);
	case 10:
		factor[0] = 1 + take(b, 2);
		factor[1] = 1 + take(b, 2);
		return ir_resample(&b->ir, x, factor);
	default:
		return ir_softmax(&b->ir, x, (int)take(b, 4));
	}
}

static void build(struct build *b)
{
	struct ir_val *v[VALUES];
	int64_t dim[4] = { 1 + take(b, 2), 1 + take(b, 9), 1 + take(b, 7), 1 + take(b, 7) };
	int n = 0;

	v[n++] = ir_input(&b->ir, 4, dim);
	v[n++] = ir_input(&b->ir, 4, dim);
	while (n < VALUES && b->at < b->end) {
		struct ir_val *x = v[take(b, (unsigned)n)], *y = v[take(b, (unsigned)n)];
		struct ir_val *z = ir_elements(x) < 20000 ? operation(b, x, y) : x;
		if (b->ir.err.code)
			return;
		v[n++] = z;
	}
	for (int i = 0; i < OUTPUTS - 1; i++)
		ir_output(&b->ir, v[i ? (int)take(b, (unsigned)n) : n - 1]);
}

struct arrays {
	struct exec_layout in[2], out[OUTPUTS];
	float *x[2], *expected[OUTPUTS], *found[OUTPUTS];
};

static float *values(struct build *b, const struct ir_val *v, struct exec_layout *l)
{
	int64_t n = ir_elements(v);
	float *x = ARENA_NEW(&b->arena, float, (size_t)n);

	dims_strides(v->dim, v->rank, 'c', l->stride);
	for (int64_t i = 0; i < n; i++)
		x[i] = uniform(b);
	return x;
}

/* Also of infinities the kind must agree, but there are none here: weights are small. */
static void compare(const struct ir *ir, const struct arrays *a)
{
	for (int k = 0; k < ir->n_outputs; k++) {
		double largest = 1, worst = 0;
		for (int64_t i = 0; i < ir_elements(ir->outputs[k]); i++) {
			double x = (double)a->expected[k][i], y = (double)a->found[k][i];
			largest = fmax(largest, fabs(x));
			worst = isnan(x) == isnan(y) ? fmax(worst, fabs(x - y)) : INFINITY;
		}
		if (worst > 1e-4 * largest)
			fuzz_wrong("the executor and the plain loops differ");
	}
}

static void run(struct build *b, struct arrays *a)
{
	const struct exec_options how = { .threads = 1, .max_bytes = 64 << 20 };
	struct dl4j_error err = { 0 };
	struct exec_plan *plan = NULL;
	struct exec_state *state = NULL;

	if (exec_plan_new(&plan, &b->ir, a->in, a->out, &how, &err) ||
	    exec_state_new(&state, plan, &err))
		fuzz_wrong(err.msg);
	for (int i = 0; i < 2; i++) { /* what the first run leaves must not reach the second */
		if (exec_run(state, (const float *const *)a->x, a->found, &err))
			fuzz_wrong(err.msg);
		compare(&b->ir, a);
	}
	exec_state_free(state);
	exec_plan_free(plan);
}

void fuzz_exec(const uint8_t *bytes, size_t n)
{
	struct build b = { .at = bytes, .end = bytes + n, .seed = 1 };
	struct arrays a;
	struct dl4j_error err = { 0 };

	memset(&a, 0, sizeof a);
	ir_init(&b.ir, &b.arena);
	b.ir.origin = "fuzz";
	build(&b);
	if (!b.ir.err.code) {
		if (ir_verify(&b.ir, &err))
			fuzz_wrong(err.msg);
		for (int i = 0; i < b.ir.n_inputs; i++)
			a.x[i] = values(&b, b.ir.inputs[i], &a.in[i]);
		for (int i = 0; i < b.ir.n_outputs; i++) {
			a.expected[i] = values(&b, b.ir.outputs[i], &a.out[i]);
			a.found[i] = values(&b, b.ir.outputs[i], &a.out[i]);
		}
		if (ref_run(&b.ir, a.in, a.out, (const float *const *)a.x, a.expected, &err))
			fuzz_wrong(err.msg);
		run(&b, &a);
		if (passes_run(&b.ir, true, &err))
			fuzz_wrong(err.msg);
		run(&b, &a);
	}
	arena_free(&b.arena);
}
