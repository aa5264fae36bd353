/* SPDX-License-Identifier: Apache-2.0 */
/* passes: what each makes of a few operations, where it must leave them alone, and that they
 * compute the same afterwards; random graphs through all of them. */
#include "unit.h"

#include <math.h>
#include <stdint.h>

#include "base/num.h"
#include "base/str.h"
#include "passes/passes.h"
#include "ref/ref.h"
#include "starve.h"

static struct arena arena;
static struct ir ir;
static uint32_t seed;

static void start(void)
{
	arena_free(&arena);
	ir_init(&ir, &arena);
	ir.origin = "test";
	seed = 1;
}

static void end(void)
{
	arena_free(&arena);
}

static uint32_t next(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

static float uniform(void)
{
	return (float)next() / (float)(1 << 23) - 1;
}

#define D(...) (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
	(int64_t[]){ __VA_ARGS__ }
#define INPUT(...) ir_input(&ir, D(__VA_ARGS__))

static struct ir_val *constant(int rank, const int64_t *dim, char order)
{
	int64_t stride[IR_RANK], n = dims_product(dim, rank);
	float *data = ARENA_NEW(&arena, float, (size_t)n);

	for (int64_t i = 0; i < n; i++)
		data[i] = uniform();
	dims_strides(dim, rank, order, stride);
	return ir_const(&ir, data, rank, dim, stride);
}

#define CONSTANT(...) constant(D(__VA_ARGS__), 'c')

static struct ir_window window(int64_t kernel, int64_t pad)
{
	return (struct ir_window){ 2, { kernel, kernel }, { 1, 1 }, { 1, 1 }, { pad, pad },
		                   { pad, pad } };
}

/* A convolution of 3 by 3 that keeps the size, in `groups`, to `out` channels. */
static struct ir_val *conv_to(struct ir_val *x, int64_t groups, int64_t out, bool bias)
{
	struct ir_window w = window(3, 1);

	return ir_conv(&ir, x, CONSTANT(groups, out / groups, x->dim[1] / groups, 3, 3),
	               bias ? CONSTANT(out) : NULL, &w);
}

static struct ir_val *conv(struct ir_val *x)
{
	return conv_to(x, 1, x->dim[1], true);
}

static struct ir_val *affine(struct ir_val *x)
{
	return ir_affine(&ir, x, CONSTANT(x->dim[1]), CONSTANT(x->dim[1]));
}

static struct ir_val *relu(struct ir_val *x)
{
	return ir_eltwise(&ir, x, IR_RELU, 0, 0);
}

static struct ir_val *add(struct ir_val *x, struct ir_val *y)
{
	return ir_binary(&ir, IR_ADD, x, y);
}

static struct ir_val *pad(struct ir_val *x, int64_t channels)
{
	return ir_pad(&ir, x, (int64_t[]){ 0, channels, 1, 2 }, (int64_t[]){ 0, 0, 3, 0 });
}

static struct ir_val *pool(struct ir_val *x)
{
	struct ir_window w = window(3, 1);

	return ir_pool(&ir, x, IR_POOL_MAX, &w);
}

/* The operations' names, each with a '+' and a letter for what follows in it. */
static const char *listing(void)
{
	static char text[4096];
	size_t at = 0;

	text[0] = '\0';
	for (int i = 0; i < ir.n_ops; i++) {
		const struct ir_op *op = ir.ops[i];
		if (!op)
			continue;
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", at ? " " : "",
		                       ir_name(op->code));
		for (int k = 0; k < op->n_post; k++)
			at += (size_t)snprintf(text + at, sizeof text - at, "+%c",
			                       "eAas"[op->post[k].kind]);
	}
	return text;
}

/* --- The same numbers before and after -------------------------------------------------------- */

#define MOST 8

struct run {
	float *in[MOST], *out[MOST];
};

static void plain(const struct ir_val *v, struct exec_layout *l)
{
	dims_strides(v->dim, v->rank, 'c', l->stride);
}

static void run_ref(struct run *r, bool fresh)
{
	struct exec_layout in[MOST], out[MOST];
	struct dl4j_error err = { 0 };

	ck_assert_int_le(ir.n_inputs, MOST);
	ck_assert_int_le(ir.n_outputs, MOST);
	for (int k = 0; k < ir.n_inputs; k++) {
		int64_t n = ir_elements(ir.inputs[k]);
		plain(ir.inputs[k], &in[k]);
		if (!fresh)
			continue;
		r->in[k] = ARENA_NEW(&arena, float, (size_t)n);
		for (int64_t i = 0; i < n; i++)
			r->in[k][i] = uniform();
	}
	for (int k = 0; k < ir.n_outputs; k++) {
		plain(ir.outputs[k], &out[k]);
		r->out[k] = ARENA_NEW(&arena, float, (size_t)ir_elements(ir.outputs[k]));
	}
	ck_assert_int_eq(ref_run(&ir, in, out, (const float *const *)r->in, r->out, &err), 0);
}

/* The sum's operand dies with the operation that overwrites it. */
static void check_sums(void)
{
	for (int i = 0; i < ir.n_ops; i++)
		for (int p = 0; ir.ops[i] && p < ir.ops[i]->n_post; p++) {
			const struct ir_val *x = ir.ops[i]->post[p].operand;
			if (ir.ops[i]->post[p].kind != IR_POST_SUM)
				continue;
			ck_assert_ptr_nonnull(x->def);
			for (int k = 0; k < ir.n_outputs; k++)
				ck_assert_ptr_ne(ir.outputs[k], x);
			for (int k = i + 1; k < ir.n_ops; k++)
				for (int j = 0; ir.ops[k] && j < ir.ops[k]->n_in; j++)
					ck_assert_msg(ir.ops[k]->in[j] != x, "read after it was overwritten");
			for (int j = 0; j < ir.ops[i]->n_in; j++)
				ck_assert_ptr_ne(ir.ops[i]->in[j], x);
		}
}

static void (*const all_passes)(struct ir *) = NULL; /* passes_run */

static void each(struct ir *of, enum ir_code code, void (*fuse)(struct ir *, int))
{
	for (int i = 0; i < of->n_ops; i++)
		if (of->ops[i] && of->ops[i]->code == code)
			fuse(of, i);
}

static void all_activation(struct ir *of)
{
	each(of, IR_ELTWISE, fuse_activation);
}

static void all_affine(struct ir *of)
{
	each(of, IR_AFFINE, fuse_affine);
}

static void all_sum(struct ir *of)
{
	each(of, IR_BINARY, fuse_sum);
}

/* Apply a pass; the ir must be sound, list these operations and compute the same. */
static void gives(void (*pass)(struct ir *), const char *expected)
{
	struct dl4j_error err = { 0 };
	struct run before, after;
	int n_out = ir.n_outputs;

	ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
	ck_assert_msg(!ir_verify(&ir, &err), "%s", err.msg);
	memset(&before, 0, sizeof before);
	run_ref(&before, true);
	after = before;
	if (pass)
		pass(&ir);
	else
		ck_assert_msg(!passes_run(&ir, true, &err), "%s", err.msg);
	ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
	ir_sweep(&ir);
	ck_assert_msg(!ir_verify(&ir, &err), "%s", err.msg);
	if (expected)
		ck_assert_str_eq(listing(), expected);
	check_sums();
	ck_assert_int_eq(ir.n_outputs, n_out);
	run_ref(&after, false);
	for (int k = 0; k < ir.n_outputs; k++) {
		double largest = 1, worst = 0;
		for (int64_t i = 0; i < ir_elements(ir.outputs[k]); i++) {
			largest = fmax(largest, fabs((double)before.out[k][i]));
			worst = fmax(worst, fabs((double)before.out[k][i] - (double)after.out[k][i]));
		}
		ck_assert_msg(worst <= 2e-6 * largest, "output %d: off by %g of %g", k, worst, largest);
	}
}

/* Once more: nothing is left to do. */
static void idempotent(void (*pass)(struct ir *))
{
	char before[4096];

	snprintf(before, sizeof before, "%s", listing());
	gives(pass, before);
}

/* --- drop_dead -------------------------------------------------------------------------------- */

START_TEST(dead)
{
	struct ir_val *x = INPUT(1, 2, 5, 5), *y = relu(x), *chain = x;

	for (int i = 0; i < 5; i++)
		chain = conv(add(chain, y));
	ir_output(&ir, pool(y));
	gives(pass_drop_dead, "ELTWISE POOL");
	ck_assert_int_eq(x->uses, 1);
	ck_assert_int_eq(y->uses, 1);
}
END_TEST

START_TEST(alive)
{
	struct ir_val *x = INPUT(1, 2, 5, 5), *y = relu(x);

	ir_output(&ir, y);
	ir_output(&ir, add(y, x));
	gives(pass_drop_dead, "ELTWISE BINARY");
}
END_TEST

static Suite *drop_dead_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("drop_dead", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, dead);
	tcase_add_test(tests, alive);
	return suite;
}

/* --- fold_pad --------------------------------------------------------------------------------- */

START_TEST(padding)
{
	struct ir_val *x = INPUT(2, 3, 6, 5);

	ir_output(&ir, conv(pad(x, 0)));
	gives(pass_fold_pad, "CONV");
	ck_assert_int_eq(ir.ops[0]->window.pad_lo[0], 2);
	ck_assert_int_eq(ir.ops[0]->window.pad_hi[0], 4);
	ck_assert_int_eq(ir.ops[0]->window.pad_lo[1], 3);
	ck_assert_int_eq(ir.ops[0]->window.pad_hi[1], 1);
	ck_assert_ptr_eq(ir.ops[0]->in[0], x);
	idempotent(pass_fold_pad);
}
END_TEST

START_TEST(padding_for_two)
{
	struct ir_val *p = pad(INPUT(2, 3, 6, 5), 0);

	ir_output(&ir, conv(p));
	ir_output(&ir, conv(p));
	gives(pass_fold_pad, "CONV CONV");
}
END_TEST

/* Read by something else too: the padded value stays for that. */
START_TEST(padding_used_twice)
{
	struct ir_val *p = pad(INPUT(2, 3, 6, 5), 0);

	ir_output(&ir, conv(p));
	ir_output(&ir, p);
	gives(pass_fold_pad, "PAD CONV");
	ck_assert_ptr_eq(ir.ops[1]->in[0], ir.inputs[0]);
	start();
	p = pad(INPUT(2, 3, 6, 5), 0);
	ir_output(&ir, add(conv(p), p));
	gives(pass_fold_pad, "PAD CONV BINARY");
}
END_TEST

/* A maximum ignores padding, but not zeros. */
START_TEST(padding_before_pooling)
{
	ir_output(&ir, pool(pad(INPUT(2, 3, 6, 5), 0)));
	gives(pass_fold_pad, "PAD POOL");
	ck_assert_int_eq(ir.ops[1]->window.pad_lo[0], 1);
}
END_TEST

START_TEST(padded_channels)
{
	ir_output(&ir, conv(pad(INPUT(2, 3, 6, 5), 1)));
	gives(pass_fold_pad, "PAD CONV");
	for (int axis = 0; axis < 2; axis++)
		for (int side = 0; side < 2; side++) {
			int64_t p[2][4] = { { 0, 0, 1, 1 }, { 0, 0, 1, 1 } };
			start();
			p[side][axis] = 1;
			ir_output(&ir, conv(ir_pad(&ir, INPUT(2, 3, 6, 5), p[0], p[1])));
			gives(pass_fold_pad, "PAD CONV");
		}
}
END_TEST

START_TEST(padded_weights)
{
	struct ir_window w = window(3, 0);
	struct ir_val *weights = ir_pad(&ir, INPUT(1, 2, 3, 2, 2), (int64_t[]){ 0, 0, 0, 1, 1 },
	                                (int64_t[]){ 0, 0, 0, 0, 0 });

	ir_output(&ir, ir_conv(&ir, INPUT(2, 3, 6, 5), weights, NULL, &w));
	gives(pass_fold_pad, "PAD CONV");
}
END_TEST

static Suite *fold_pad_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fold_pad", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, padding);
	tcase_add_test(tests, padding_for_two);
	tcase_add_test(tests, padding_used_twice);
	tcase_add_test(tests, padding_before_pooling);
	tcase_add_test(tests, padded_channels);
	tcase_add_test(tests, padded_weights);
	return suite;
}

/* --- fold_affine ------------------------------------------------------------------------------ */

START_TEST(affine_conv)
{
	static const int64_t groups[] = { 1, 2, 4 };

	for (int i = 0; i < 6; i++) { /* plain, grouped, depthwise; with a bias and without */
		start();
		ir_output(&ir, affine(conv_to(INPUT(2, 4, 5, 6), groups[i % 3], 8, i > 2)));
		gives(pass_fold_affine, "CONV");
		ck_assert_int_eq(ir.ops[0]->n_in, 3);
		idempotent(pass_fold_affine);
	}
}
END_TEST

START_TEST(affine_matmul)
{
	for (int i = 0; i < 4; i++) {
		struct ir_val *w;
		start();
		w = constant(D(7, 3), i % 2 ? 'f' : 'c');
		ir_output(&ir, affine(ir_matmul(&ir, INPUT(2, 7), w, i > 1 ? CONSTANT(3) : NULL)));
		gives(pass_fold_affine, "MATMUL");
	}
}
END_TEST

/* Weights that two operations share are not scaled for both. */
START_TEST(affine_shared_weights)
{
	struct ir_window w = window(3, 1);
	struct ir_val *x = INPUT(2, 4, 5, 6), *weights = CONSTANT(1, 4, 4, 3, 3), *bias = CONSTANT(4);

	ir_output(&ir, affine(ir_conv(&ir, x, weights, bias, &w)));
	ir_output(&ir, ir_conv(&ir, x, weights, bias, &w));
	gives(pass_fold_affine, "CONV CONV");
}
END_TEST

START_TEST(affine_twice)
{
	ir_output(&ir, affine(affine(conv(INPUT(2, 4, 5, 6)))));
	gives(pass_fold_affine, "CONV");
}
END_TEST

START_TEST(affine_stays)
{
	struct ir_window w = window(3, 1);
	struct ir_val *x = INPUT(2, 4, 5, 6), *y = conv(x);

	ir_output(&ir, add(affine(y), y)); /* the convolution's result is used twice */
	gives(pass_fold_affine, "CONV AFFINE BINARY");
	start();
	y = conv(INPUT(2, 4, 5, 6)); /* and here put out */
	ir_output(&ir, y);
	ir_output(&ir, affine(y));
	gives(pass_fold_affine, "CONV AFFINE");
	start();
	ir_output(&ir, affine(INPUT(2, 4, 5, 6)));
	gives(pass_fold_affine, "AFFINE");
	start();
	ir_output(&ir, affine(pool(INPUT(2, 4, 5, 6))));
	gives(pass_fold_affine, "POOL AFFINE");
	start();
	ir_output(&ir, affine(relu(conv(INPUT(2, 4, 5, 6)))));
	gives(pass_fold_affine, "CONV ELTWISE AFFINE");
	all_activation(&ir);
	ir_sweep(&ir);
	gives(pass_fold_affine, "CONV+e AFFINE"); /* a function stands between */
	start(); /* what is not constant cannot be folded */
	ir_output(&ir, ir_affine(&ir, conv(INPUT(2, 4, 5, 6)), INPUT(4), CONSTANT(4)));
	gives(pass_fold_affine, "CONV AFFINE");
	start();
	ir_output(&ir, ir_affine(&ir, conv(INPUT(2, 4, 5, 6)), CONSTANT(4), INPUT(4)));
	gives(pass_fold_affine, "CONV AFFINE");
	start();
	ir_output(&ir, affine(ir_conv(&ir, INPUT(2, 4, 5, 6), INPUT(1, 4, 4, 3, 3), NULL, &w)));
	gives(pass_fold_affine, "CONV AFFINE");
}
END_TEST

/* A bias that is computed cannot be folded either. */
START_TEST(affine_computed_bias)
{
	struct ir_window w = window(3, 1);

	ir_output(&ir, affine(ir_conv(&ir, INPUT(2, 4, 5, 6), CONSTANT(1, 4, 4, 3, 3), INPUT(4), &w)));
	gives(pass_fold_affine, "CONV AFFINE");
}
END_TEST

static Suite *fold_affine_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fold_affine", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, affine_conv);
	tcase_add_test(tests, affine_matmul);
	tcase_add_test(tests, affine_shared_weights);
	tcase_add_test(tests, affine_twice);
	tcase_add_test(tests, affine_stays);
	tcase_add_test(tests, affine_computed_bias);
	return suite;
}

/* --- fold_linear ------------------------------------------------------------------------------ */

static struct ir_val *linear(struct ir_val *x)
{
	return ir_eltwise(&ir, x, IR_LINEAR, 0.17, 0.25);
}

START_TEST(linear_after_affine)
{
	ir_output(&ir, linear(affine(pool(INPUT(2, 4, 5, 6)))));
	gives(pass_fold_linear, "POOL AFFINE");
	idempotent(pass_fold_linear);
	start();
	ir_output(&ir, linear(linear(affine(INPUT(2, 4)))));
	gives(pass_fold_linear, "AFFINE");
}
END_TEST

START_TEST(linear_stays)
{
	struct ir_val *a = affine(INPUT(2, 4, 5, 6));

	ir_output(&ir, add(linear(a), a)); /* the batch norm's result is used twice */
	gives(pass_fold_linear, "AFFINE ELTWISE BINARY");
	start();
	ir_output(&ir, relu(affine(INPUT(2, 4, 5, 6))));
	gives(pass_fold_linear, "AFFINE ELTWISE");
	start();
	ir_output(&ir, linear(pool(INPUT(2, 4, 5, 6))));
	gives(pass_fold_linear, "POOL ELTWISE");
	start(); /* what is not constant cannot be folded */
	ir_output(&ir, linear(ir_affine(&ir, INPUT(2, 4), INPUT(4), CONSTANT(4))));
	gives(pass_fold_linear, "AFFINE ELTWISE");
	start();
	ir_output(&ir, linear(ir_affine(&ir, INPUT(2, 4), CONSTANT(4), INPUT(4))));
	gives(pass_fold_linear, "AFFINE ELTWISE");
}
END_TEST

static Suite *fold_linear_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fold_linear", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, linear_after_affine);
	tcase_add_test(tests, linear_stays);
	return suite;
}

/* --- fuse_affine ------------------------------------------------------------------------------ */

START_TEST(affine_after_function)
{
	ir_output(&ir, affine(relu(conv(INPUT(2, 4, 5, 6)))));
	all_activation(&ir);
	ir_sweep(&ir);
	gives(all_affine, "CONV+e+A+a");
	idempotent(all_affine);
	start();
	ir_output(&ir, affine(ir_matmul(&ir, INPUT(2, 7), CONSTANT(7, 3), NULL)));
	gives(all_affine, "MATMUL+A+a");
	start();
	ir_output(&ir, affine(affine(affine(affine(affine(conv(INPUT(2, 4, 5, 6))))))));
	gives(all_affine, "CONV+A+a+A+a+A+a+A+a AFFINE"); /* as many as there is room for */
}
END_TEST

START_TEST(affine_not_fused)
{
	struct ir_val *y = conv(INPUT(2, 4, 5, 6));

	ir_output(&ir, add(affine(y), y));
	gives(all_affine, "CONV AFFINE BINARY");
	start();
	ir_output(&ir, affine(pool(INPUT(2, 4, 5, 6))));
	gives(all_affine, "POOL AFFINE");
	start();
	ir_output(&ir, ir_affine(&ir, conv(INPUT(2, 4, 5, 6)), INPUT(4), CONSTANT(4)));
	gives(all_affine, "CONV AFFINE");
	start();
	ir_output(&ir, ir_affine(&ir, conv(INPUT(2, 4, 5, 6)), CONSTANT(4), INPUT(4)));
	gives(all_affine, "CONV AFFINE");
}
END_TEST

/* As InceptionResNet has it. */
START_TEST(affine_in_residual)
{
	struct ir_val *r = pool(INPUT(2, 4, 5, 6));

	ir_output(&ir, relu(add(r, linear(affine(relu(conv(r)))))));
	/* the convolution reads the residual itself */
	gives(all_passes, "POOL CONV+e+A+a BINARY ELTWISE");
	start();
	r = pool(INPUT(2, 4, 5, 6));
	ir_output(&ir, relu(add(r, linear(affine(relu(conv(conv(r))))))));
	gives(all_passes, "POOL CONV CONV+e+A+a+s+e");
}
END_TEST

static Suite *fuse_affine_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fuse_affine", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, affine_after_function);
	tcase_add_test(tests, affine_not_fused);
	tcase_add_test(tests, affine_in_residual);
	return suite;
}

/* --- fuse_activation -------------------------------------------------------------------------- */

START_TEST(functions)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *y = conv(x);

	for (int i = 0; i < IR_POSTS + 2; i++)
		y = ir_eltwise(&ir, y, i % 2 ? IR_TANH : IR_LINEAR, 1.5, 0.5);
	ir_output(&ir, y);
	/* as many as there is room for */
	gives(all_activation, "CONV+e+e+e+e+e+e+e+e ELTWISE ELTWISE");
	ck_assert_int_eq(ir.ops[0]->post[0].eltwise, IR_LINEAR);
	ck_assert_float_eq(ir.ops[0]->post[0].a, 1.5F);
	ck_assert_float_eq(ir.ops[0]->post[0].b, 0.5F);
	ck_assert_int_eq(ir.ops[0]->post[1].eltwise, IR_TANH);
	idempotent(all_activation);
	start();
	ir_output(&ir, relu(ir_matmul(&ir, INPUT(2, 7), CONSTANT(7, 3), NULL)));
	gives(all_activation, "MATMUL+e");
}
END_TEST

START_TEST(functions_stay)
{
	struct ir_val *y = conv(INPUT(2, 4, 5, 6));

	ir_output(&ir, add(relu(y), y));
	gives(all_activation, "CONV ELTWISE BINARY");
	start();
	y = conv(INPUT(2, 4, 5, 6));
	ir_output(&ir, relu(y));
	ir_output(&ir, y);
	gives(all_activation, "CONV ELTWISE");
	start();
	ir_output(&ir, relu(INPUT(2, 4)));
	gives(all_activation, "ELTWISE");
	start();
	y = conv(INPUT(2, 4, 5, 6));
	ir_output(&ir, relu(pool(y)));
	gives(all_activation, "CONV POOL ELTWISE");
}
END_TEST

static Suite *fuse_activation_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fuse_activation", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, functions);
	tcase_add_test(tests, functions_stay);
	return suite;
}

/* --- fuse_sum --------------------------------------------------------------------------------- */

/* x -> POOL r; CONV(x) + r, with the convolution on either side. */
START_TEST(residual)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *r = pool(x), *c = conv(x);

	ir_output(&ir, _i ? add(c, r) : add(r, c));
	gives(all_sum, "POOL CONV+s");
	ck_assert_ptr_eq(ir.ops[1]->post[0].operand, r);
	ck_assert_ptr_eq(ir.ops[1]->out, ir.outputs[0]);
	ck_assert_int_eq(r->uses, 1);
	idempotent(all_sum);
}
END_TEST

/* The operand is made after the convolution, which must wait for it. */
START_TEST(residual_later)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *c = conv(x), *r = pool(x);

	ir_output(&ir, add(c, r));
	gives(all_sum, "POOL CONV+s");
}
END_TEST

START_TEST(two_convolutions)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *a = conv(x), *b = conv(x);

	ir_output(&ir, add(a, b));
	gives(all_sum, "CONV CONV+s"); /* one into the other, not both */
}
END_TEST

/* As in residual nets: the sum is the next block's operand. */
START_TEST(blocks)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *y = pool(x);

	for (int i = 0; i < 3; i++)
		y = add(conv(relu(y)), y);
	ir_output(&ir, y);
	gives(all_sum, "POOL ELTWISE CONV+s ELTWISE CONV+s ELTWISE CONV+s");
}
END_TEST

/* Each a reason to leave the addition alone. */
START_TEST(sums_stay)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *r, *c;

	ir_output(&ir, add(conv(pool(x)), x)); /* the operand is a network input */
	gives(all_sum, "POOL CONV BINARY");
	start();
	x = INPUT(2, 4, 5, 6);
	ir_output(&ir, add(conv(x), CONSTANT(2, 4, 5, 6))); /* a constant */
	gives(all_sum, "CONV BINARY");
	start();
	r = pool(INPUT(2, 4, 5, 6)); /* what the convolution itself reads */
	ir_output(&ir, add(conv(r), r));
	gives(all_sum, "POOL CONV BINARY");
	start();
	x = INPUT(2, 4, 5, 6); /* put out too */
	r = pool(x);
	ir_output(&ir, r);
	ir_output(&ir, add(conv(x), r));
	gives(all_sum, "POOL CONV BINARY");
	start();
	x = INPUT(2, 4, 5, 6); /* read again later */
	r = pool(x);
	ir_output(&ir, add(conv(x), r));
	ir_output(&ir, relu(r));
	gives(all_sum, "POOL CONV BINARY ELTWISE");
	start();
	x = INPUT(2, 4, 5, 6); /* the convolution's result is read again */
	c = conv(x);
	r = pool(x);
	ir_output(&ir, add(c, r));
	ir_output(&ir, relu(c));
	gives(all_sum, "CONV POOL BINARY ELTWISE");
	start();
	c = conv(INPUT(2, 4, 5, 6)); /* twice the same */
	ir_output(&ir, add(c, c));
	gives(all_sum, "CONV BINARY");
	start();
	x = INPUT(2, 4, 5, 6); /* another shape, broadcast */
	c = conv(x);
	r = ir_eltwise(&ir, INPUT(2, 4, 1, 1), IR_ABS, 0, 0);
	ir_output(&ir, add(c, r));
	gives(all_sum, "CONV ELTWISE BINARY");
	start();
	x = INPUT(2, 4, 5, 6); /* a difference */
	c = conv(x);
	r = pool(x);
	ir_output(&ir, ir_binary(&ir, IR_SUB, c, r));
	gives(all_sum, "CONV POOL BINARY");
	start();
	x = INPUT(2, 4, 5, 6); /* no convolution */
	c = relu(x);
	r = pool(x);
	ir_output(&ir, add(c, r));
	gives(all_sum, "ELTWISE POOL BINARY");
}
END_TEST

/* Views share memory with what they look at. */
START_TEST(views)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *r = pool(x), *c = conv(x), *v;

	v = ir_view(&ir, r, D(2, 4, 5, 6));
	ir_output(&ir, add(c, v));
	gives(all_sum, "POOL CONV VIEW BINARY");
	start();
	x = INPUT(2, 4, 5, 6);
	r = pool(x);
	v = ir_view(&ir, r, D(2, 120));
	ir_output(&ir, add(conv(x), r));
	ir_output(&ir, relu(v));
	gives(all_sum, "POOL VIEW CONV BINARY ELTWISE");
}
END_TEST

/* A convolution that is moved to its addition must not read there what another has overwritten. */
START_TEST(moved_past_another)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *r = pool(x), *a = conv(r), *z = relu(x);

	ir_output(&ir, add(conv(x), r)); /* takes the place of r */
	ir_output(&ir, add(a, z));       /* a reads r */
	gives(all_sum, "POOL CONV ELTWISE CONV+s BINARY");
}
END_TEST

/* The operand goes into a later sum, as after a pass before; or another does. */
START_TEST(summed_later)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *r[2] = { pool(x), pool(x) }, *later;

	ir_output(&ir, add(conv(x), r[0]));
	later = conv(x);
	later->def->post[later->def->n_post++] =
		(struct ir_post){ .kind = IR_POST_SUM, .operand = r[_i] };
	r[_i]->uses++;
	ir_output(&ir, later);
	gives(all_sum, _i ? "POOL POOL CONV+s CONV+s" : "POOL POOL CONV BINARY CONV+s");
}
END_TEST

START_TEST(functions_then_sum)
{
	struct ir_val *x = INPUT(2, 4, 5, 6), *c = relu(conv(x)), *r = pool(x);

	ir_output(&ir, add(c, r));
	all_activation(&ir);
	ir_sweep(&ir);
	gives(all_sum, "POOL CONV+e+s");
}
END_TEST

static Suite *fuse_sum_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fuse_sum", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_loop_test(tests, residual, 0, 2);
	tcase_add_test(tests, residual_later);
	tcase_add_test(tests, two_convolutions);
	tcase_add_test(tests, blocks);
	tcase_add_test(tests, sums_stay);
	tcase_add_test(tests, views);
	tcase_add_test(tests, moved_past_another);
	tcase_add_loop_test(tests, summed_later, 0, 2);
	tcase_add_test(tests, functions_then_sum);
	return suite;
}

/* --- winograd --------------------------------------------------------------------------------- */

/* What it makes of a convolution of x, `out` channels from groups, by weights in that order. */
static bool wanted(struct ir_val *x, int64_t groups, int64_t out, struct ir_window w, char order)
{
	const int64_t dim[] = { groups, out / groups, x->dim[1] / groups, w.kernel[0], w.kernel[1] };
	struct ir_val *y = ir_conv(&ir, x, constant(5, dim, order), NULL, &w);

	pass_winograd(&ir);
	ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
	return y->def->winograd;
}

START_TEST(winograd_pays)
{
	struct ir_window w = window(3, 1), wide = window(5, 2), stride = w, dilated = window(3, 2);

	stride.stride[1] = 2;
	dilated.dilation[0] = dilated.dilation[1] = 2;
	ck_assert(wanted(INPUT(1, 32, 28, 28), 1, 64, w, 'c'));
	ck_assert(wanted(INPUT(3, 512, 14, 56), 1, 512, w, 'c'));
	ck_assert(!wanted(INPUT(1, 513, 28, 28), 1, 512, w, 'c'));
	ck_assert(!wanted(INPUT(1, 31, 28, 28), 1, 64, w, 'c'));
	ck_assert(!wanted(INPUT(1, 32, 28, 28), 1, 63, w, 'c'));
	ck_assert(!wanted(INPUT(4, 32, 27, 29), 1, 64, w, 'c')); /* 783 cells of an example */
	ck_assert(!wanted(INPUT(1, 64, 28, 28), 2, 64, w, 'c'));
	ck_assert(!wanted(INPUT(1, 32, 60, 60), 1, 64, wide, 'c'));
	ck_assert(!wanted(INPUT(1, 32, 60, 60), 1, 64, stride, 'c'));
	ck_assert(!wanted(INPUT(1, 32, 60, 60), 1, 64, dilated, 'c'));
}
END_TEST

/* Weights in another order only where they are copied anyway. */
START_TEST(winograd_order)
{
	struct ir_val *x = INPUT(1, 32, 28, 28);

	ck_assert(!wanted(x, 1, 64, window(3, 1), 'f'));
	ir.ops[0]->in[1]->scale = ir.ops[0]->in[1]->data;
	pass_winograd(&ir);
	ck_assert(ir.ops[0]->winograd);
}
END_TEST

static Suite *winograd_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("winograd", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, winograd_pays);
	tcase_add_test(tests, winograd_order);
	return suite;
}

/* --- passes ----------------------------------------------------------------------------------- */

/* A residual block with all that passes do. */
START_TEST(block)
{
	struct ir_val *x = pool(INPUT(2, 4, 6, 7)), *y;

	y = relu(affine(conv(relu(x))));
	y = affine(conv_to(conv_to(y, 4, 4, false), 1, 4, true));
	y = relu(add(y, x));
	conv(y); /* dead */
	ir_output(&ir, y);
	gives(all_passes, "POOL ELTWISE CONV+e CONV CONV+s+e");
	idempotent(all_passes);
}
END_TEST

/* A pass whose result does not verify is named. */
START_TEST(broken)
{
	struct dl4j_error err = { 0 };
	struct ir_val *x = INPUT(2, 4, 6, 7);

	ir_output(&ir, conv(relu(x)));
	ir.ops[0]->out->uses++;
	unit_refused(passes_run(&ir, true, &err), &err, DL4J_EBACKEND,
	             "pass drop_dead: value 1 says 2 uses, has 1");
}
END_TEST

static struct ir_val *pick(struct ir_val *const *list, int n)
{
	return list[next() % 3 ? (uint32_t)n - 1 - next() % (uint32_t)(n < 3 ? n : 3) :
	            next() % (uint32_t)n];
}

START_TEST(random_graphs)
{
	for (uint32_t s = 0; s < 60; s++) {
		struct ir_val *list[40], *y;
		int n = 0, count = 6 + (int)(s % 20), k;
		start();
		seed = s * 7919 + 100 * (uint32_t)_i + 1;
		list[n++] = INPUT(1, 4, 4, 5);
		while (n < count) {
			struct ir_val *x = pick(list, n);
			switch (next() % 8) {
			case 0:
			case 1:
				y = conv_to(x, next() % 2 ? 1 : 4, 4, next() % 2);
				break;
			case 2:
				y = affine(x);
				break;
			case 3:
				y = ir_eltwise(&ir, x, next() % 2 ? IR_RELU : IR_TANH, 0, 0);
				break;
			case 4:
				y = pool(x);
				break;
			case 5: { /* zeros around, taken away again by a window without padding */
				struct ir_window w = window(3, 0);
				y = ir_pad(&ir, x, (int64_t[]){ 0, 0, 1, 1 }, (int64_t[]){ 0, 0, 1, 1 });
				y = ir_conv(&ir, y, CONSTANT(1, 4, 4, 3, 3), NULL, &w);
				break;
			}
			case 6:
				y = ir_view(&ir, x, D(1, 4, 4, 5));
				break;
			default:
				y = add(x, pick(list, n));
			}
			list[n++] = y;
		}
		for (k = 0; k < 1 + (int)(s % 3); k++)
			ir_output(&ir, k ? pick(list, n) : list[n - 1]);
		gives(all_passes, NULL);
		idempotent(all_passes);
	}
}
END_TEST

/* All that passes do to a batch norm, and to a residual behind two convolutions. */
static int passes_once(const void *how, struct dl4j_error *err)
{
	static const float numbers[64];
	const struct ir_window w = window(3, 1);
	struct ir_val *x, *y;

	(void)how;
	start();
	x = y = INPUT(1, 2, 4, 4);
	for (int i = 0; i < 2; i++) {
		y = ir_conv(&ir, y, ir_const(&ir, numbers, D(1, 2, 2, 3, 3), NULL), NULL, &w);
		y = ir_eltwise(&ir, y, i ? IR_TANH : IR_LINEAR, 1, 0);
		y = ir_affine(&ir, y, ir_const(&ir, numbers, D(2), NULL),
		              ir_const(&ir, numbers, D(2), NULL));
		y = ir_eltwise(&ir, y, IR_LINEAR, 0.5F, 1);
	}
	ir_output(&ir, ir_binary(&ir, IR_ADD, y, ir_eltwise(&ir, x, IR_TANH, 0, 0)));
	*err = ir.err;
	return ir.err.code ? ir.err.code : passes_run(&ir, true, err);
}

START_TEST(starved)
{
	unit_starved(passes_once, NULL);
}
END_TEST

static Suite *passes_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("passes", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, block);
	tcase_add_test(tests, broken);
	tcase_add_test(tests, starved);
	tcase_add_loop_test(tests, random_graphs, 0, 6);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ drop_dead_suite(), fold_pad_suite(), fold_affine_suite(),
	                              fold_linear_suite(), fuse_affine_suite(),
	                              fuse_activation_suite(), fuse_sum_suite(), winograd_suite(),
	                              passes_suite(), NULL });
}
