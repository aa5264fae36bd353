/* SPDX-License-Identifier: Apache-2.0 */
/* ir: what the builder derives and what it refuses, and what the verifier finds in lists of
 * operations that were broken on purpose. */
#include "unit.h"

#include <stdint.h>

#include "ir/ir.h"

static struct arena arena;
static struct ir ir;

static void start(void)
{
	arena_free(&arena);
	ir_init(&ir, &arena);
	ir.origin = "conv1";
}

static void end(void)
{
	arena_free(&arena);
}

#define D(...) (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
	(int64_t[]){ __VA_ARGS__ }
#define INPUT(...) ir_input(&ir, D(__VA_ARGS__))

static float zeros[10000];

#define CONSTANT(...) ir_const(&ir, zeros, D(__VA_ARGS__), NULL)

/* Rank and dimensions of a value. */
static void is(const struct ir_val *x, int rank, const int64_t *dim)
{
	ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
	ck_assert_int_eq(x->rank, rank);
	for (int i = 0; i < rank; i++)
		ck_assert_int_eq(x->dim[i], dim[i]);
}

/* The builder's last call was refused so. */
static void refused(int code, const char *msg)
{
	unit_refused(ir.err.code, &ir.err, code, msg);
	start();
}

static struct ir_window window2(int64_t kernel, int64_t stride, int64_t pad)
{
	return (struct ir_window){ 2, { kernel, kernel }, { stride, stride }, { 1, 1 },
		                   { pad, pad }, { pad, pad } };
}

/* --- build ------------------------------------------------------------------------------------ */

START_TEST(dimensions)
{
	struct ir_val *x = INPUT(2, 6, 9, 8), *flat = INPUT(2, 10), *series = INPUT(2, 5, 7);
	struct ir_window w = { 2, { 3, 2 }, { 2, 1 }, { 1, 2 }, { 1, 0 }, { 0, 1 } };
	struct ir_window one = { 1, { 3 }, { 1 }, { 2 }, { 4 }, { 0 } };

	/* (9 + 1 - 3) / 2 + 1 and 8 + 1 - 3 + 1 */
	is(ir_conv(&ir, x, CONSTANT(1, 4, 6, 3, 2), CONSTANT(4), &w), D(2, 4, 4, 7));
	is(ir_conv(&ir, x, CONSTANT(3, 5, 2, 3, 2), NULL, &w), D(2, 15, 4, 7));
	is(ir_conv(&ir, series, CONSTANT(1, 4, 5, 3), NULL, &one), D(2, 4, 7));
	is(ir_pool(&ir, x, IR_POOL_MAX, &w), D(2, 6, 4, 7));
	is(ir_matmul(&ir, flat, CONSTANT(10, 3), CONSTANT(3)), D(2, 3));
	is(ir_eltwise(&ir, x, IR_TANH, 0, 0), D(2, 6, 9, 8));
	is(ir_affine(&ir, x, CONSTANT(6), CONSTANT(6)), D(2, 6, 9, 8));
	/* (9 - 1) * 2 + 3 - 1 and (8 - 1) * 1 + 3 - 1 */
	is(ir_deconv(&ir, x, CONSTANT(1, 4, 6, 3, 2), CONSTANT(4), &w), D(2, 4, 18, 9));
	is(ir_resample(&ir, x, (int64_t[]){ 2, 3 }), D(2, 6, 18, 24));
	is(ir_softmax(&ir, flat, 1), D(2, 10));
	is(ir_layernorm(&ir, flat), D(2, 10));
	is(ir_binary(&ir, IR_ADD, x, INPUT(1, 6, 1, 8)), D(2, 6, 9, 8));
	is(ir_binary(&ir, IR_MUL, INPUT(2, 1), INPUT(1, 3)), D(2, 3));
	is(ir_concat(&ir, (struct ir_val *[]){ x, INPUT(2, 1, 9, 8), x }, 3, 1), D(2, 13, 9, 8));
	is(ir_concat(&ir, &x, 1, 3), D(2, 6, 9, 8));
	is(ir_view(&ir, x, D(2, 432)), D(2, 432));
	is(ir_permute(&ir, x, (int[]){ 0, 2, 3, 1 }), D(2, 9, 8, 6));
	is(ir_pad(&ir, x, (int64_t[]){ 0, 0, 1, 2 }, (int64_t[]){ 0, 0, 3, 4 }), D(2, 6, 13, 14));
	is(ir_slice(&ir, x, (int64_t[]){ 0, 5, 3, 0 }, (int64_t[]){ 2, 1, 6, 8 }), D(2, 1, 6, 8));
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
}
END_TEST

/* A window whose padding is below zero leaves out cells at the end. */
START_TEST(negative_padding)
{
	struct ir_window w = { 2, { 1, 1 }, { 2, 2 }, { 1, 1 }, { 0, 0 }, { -1, -1 } };

	is(ir_conv(&ir, INPUT(1, 1, 4, 2), CONSTANT(1, 1, 1, 1, 1), NULL, &w), D(1, 1, 2, 1));
}
END_TEST

START_TEST(uses)
{
	struct ir_val *x = INPUT(1, 4), *y = ir_eltwise(&ir, x, IR_ABS, 0, 0);
	struct ir_val *z = ir_binary(&ir, IR_ADD, y, y), *u = ir_binary(&ir, IR_ADD, z, x);

	ir_output(&ir, z);
	ir_output(&ir, u);
	ck_assert_int_eq(x->uses, 2);
	ck_assert_int_eq(y->uses, 2);
	ck_assert_int_eq(z->uses, 2);
	ck_assert_int_eq(u->uses, 1);
	ck_assert_ptr_null(x->def);
	ck_assert_ptr_eq(y->def, ir.ops[0]);
	ck_assert_str_eq(ir.ops[0]->origin, "conv1");
	ck_assert_int_eq(ir.n_ops, 3);
	ck_assert_int_eq(ir.n_outputs, 2);
	ck_assert_ptr_eq(ir.outputs[1], u);
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
}
END_TEST

START_TEST(constants)
{
	struct ir_val *c = ir_const(&ir, zeros, D(2, 3, 4), NULL);
	struct ir_val *f = ir_const(&ir, zeros, D(2, 3), (int64_t[]){ 1, 2 });
	float *data;
	struct ir_val *made = ir_new_const(&ir, D(5, 7), &data);

	ck_assert(c->stride[0] == 12 && c->stride[1] == 4 && c->stride[2] == 1);
	ck_assert(f->stride[0] == 1 && f->stride[1] == 2);
	ck_assert_ptr_eq(made->data, data);
	ck_assert(made->stride[0] == 7 && made->stride[1] == 1);
	ck_assert_float_eq(data[34], 0);
	ck_assert_int_eq(ir_elements(c), 24);
	ck_assert(ir_same_dims(f, INPUT(2, 3)));
	ck_assert(!ir_same_dims(f, INPUT(3, 2)));
	ck_assert(!ir_same_dims(f, INPUT(2, 3, 1)));
}
END_TEST

static void twice(const void *how, float *out)
{
	const float *const *x = how;

	for (int i = 0; i < 3; i++)
		out[i] = 2 * (*x)[i];
}

/* Late ones are computed when what they are made of is there, each after those before it. */
START_TEST(computed)
{
	float late[3] = { 0 };
	const float *x = late;
	struct ir_val *now, *then, *next;

	now = ir_computed(&ir, D(3), twice, &x, sizeof x);
	ck_assert_float_eq(now->data[2], 0);
	ir.late = true;
	ir.from = 10;
	ir.until = 20;
	then = ir_computed(&ir, D(3), twice, &x, sizeof x);
	x = then->data;
	ir.from = 5;
	ir.until = 30;
	next = ir_computed(&ir, D(3), twice, &x, sizeof x);
	ck_assert(next->from == 5 && next->until == 30);
	late[2] = 7;
	ck_assert_int_eq(ir_compute(&ir, 19), 5);
	ck_assert_float_eq(then->data[2], 0);
	ck_assert_int_eq(ir_compute(&ir, 20), 5);
	ck_assert_float_eq(then->data[2], 14);
	ck_assert_float_eq(next->data[2], 0);
	late[2] = 8; /* not again */
	ck_assert_int_eq(ir_compute(&ir, INT64_MAX), INT64_MAX);
	ck_assert_float_eq(then->data[2], 14);
	ck_assert_float_eq(next->data[2], 28);
	ck_assert_float_eq(now->data[2], 0);
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
}
END_TEST

/* Whatever axes go together, the elements are those of the plainest loop. */
START_TEST(gather)
{
	static const int axes[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 0, 2, 1 } };
	float x[3 * 4 * 5] = { 0 }, scale[4], out[3 * 4 * 5];
	struct ir_val *v = ir_const(&ir, x, D(3, 4, 5), NULL);

	for (int i = 0; i < 60; i++)
		x[i] = (float)(i + 1);
	for (int i = 0; i < 4; i++)
		scale[i] = (float)(1 << i);
	v->scale = _i % 2 ? scale : NULL;
	v->scale_stride[1] = 1;
	const int *axis = axes[_i / 2];
	const struct ir_source s = ir_source(v, 3, axis);
	ir_gather(&s, out);
	for (int64_t i = 0; i < 60; i++) {
		int64_t at[3], rest = i;
		for (int k = 2; k >= 0; k--) {
			at[axis[k]] = rest % s.dim[k];
			rest /= s.dim[k];
		}
		ck_assert_float_eq(out[i], x[(at[0] * 4 + at[1]) * 5 + at[2]] *
		                           (v->scale ? scale[at[1]] : 1));
	}
}
END_TEST

START_TEST(many)
{
	struct ir_val *x = INPUT(1, 1);

	for (int i = 0; i < 1000; i++)
		x = ir_eltwise(&ir, x, IR_LINEAR, 1, 1);
	ir_output(&ir, x);
	ck_assert_int_eq(ir.n_ops, 1000);
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
	for (int i = 0; i < 1000; i++)
		ck_assert_ptr_eq(ir.ops[i]->in[0], i ? ir.ops[i - 1]->out : ir.inputs[0]);
}
END_TEST

START_TEST(refuse_values)
{
	ir_value(&ir, 0, NULL);
	refused(DL4J_ESHAPE, "expected rank 1 to 6, found 0");
	ir_value(&ir, 7, (int64_t[]){ 1, 1, 1, 1, 1, 1, 1 });
	refused(DL4J_ESHAPE, "expected rank 1 to 6, found 7");
	INPUT(1, 0, 3);
	refused(DL4J_ESHAPE, "an axis of the result has size 0: the input is too small");
	INPUT(1, -4);
	refused(DL4J_ESHAPE, "an axis of the result has size -4: the input is too small");
	is(INPUT(1 << 20, 1 << 20), D(1 << 20, 1 << 20));
	INPUT(1 << 20, 1 << 20, 2);
	refused(DL4J_ELIMIT, "an activation would need more than 4 TiB");
	INPUT(INT64_MAX, INT64_MAX);
	refused(DL4J_ELIMIT, "an activation would need more than 4 TiB");
}
END_TEST

START_TEST(refuse_windows)
{
	struct ir_window w = window2(3, 1, 0), huge = window2(INT32_MAX, 1, 0);

	ir_conv(&ir, INPUT(1, 2, 5), CONSTANT(1, 4, 2, 3, 3), NULL, &w);
	refused(DL4J_ESHAPE, "expected an array of rank 4, found [1,2,5]");
	ir_conv(&ir, INPUT(1, 2, 5, 5), CONSTANT(1, 4, 2, 3), NULL, &w);
	refused(DL4J_ESHAPE, "expected an array of rank 4, found [1,2,5,5]");
	ir_conv(&ir, INPUT(1, 2, 5, 5), CONSTANT(2, 4, 2, 3, 3), NULL, &w);
	refused(DL4J_ESHAPE, "expected 4 input channels, found [1,2,5,5]");
	ir_conv(&ir, INPUT(1, 2, 5, 2), CONSTANT(1, 4, 2, 3, 3), NULL, &w);
	refused(DL4J_ESHAPE, "the window does not fit: expected at least 3 cells, padding included, "
	        "found 2");
	ir_conv(&ir, INPUT(1, 2, 5, 5), CONSTANT(1, 4, 2, 3, 3), CONSTANT(5), &w);
	refused(DL4J_ESHAPE, "expected a bias of [4], found [5]");
	ir_conv(&ir, INPUT(1, 2, 5, 5), CONSTANT(2, 4, 1, 3, 3), CONSTANT(4), &w);
	refused(DL4J_ESHAPE, "expected a bias of [8], found [4]");
	ir_conv(&ir, INPUT(1, 2, 5, 5), CONSTANT(1, 4, 2, 3, 3), CONSTANT(1, 4), &w);
	refused(DL4J_ESHAPE, "expected a bias of [4], found [1,4]");
	ir_pool(&ir, INPUT(1, 2, 5), IR_POOL_MAX, &w);
	refused(DL4J_ESHAPE, "expected an array of rank 4, found [1,2,5]");
	ir_pool(&ir, INPUT(1, 2, 2, 5), IR_POOL_AVG, &w);
	refused(DL4J_ESHAPE, "the window does not fit: expected at least 3 cells, padding included, "
	        "found 2");
	w = window2(3, 1, 4);
	ir_deconv(&ir, INPUT(1, 2, 5, 5), CONSTANT(1, 4, 2, 3, 3), NULL, &w);
	refused(DL4J_ESHAPE, "an axis of the result has size -1: the input is too small");
	ir_resample(&ir, INPUT(1, 2, 5, 5), (int64_t[]){ 1, INT64_MAX });
	refused(DL4J_ESHAPE, "an axis of the result has size -1: the input is too small");
	huge.dilation[0] = INT32_MAX;
	ir_pool(&ir, INPUT(1, 2, 5, 5), IR_POOL_AVG, &huge);
	refused(DL4J_ESHAPE, "the window does not fit: expected at least 4611686011984936963 cells, "
	        "padding included, found 5");
}
END_TEST

START_TEST(refuse_others)
{
	ir_matmul(&ir, INPUT(2, 3), CONSTANT(4, 5), NULL);
	refused(DL4J_ESHAPE, "expected an array [n,4], found [2,3]");
	ir_matmul(&ir, INPUT(2, 4, 1), CONSTANT(4, 5), NULL);
	refused(DL4J_ESHAPE, "expected an array [n,4], found [2,4,1]");
	ir_matmul(&ir, INPUT(2, 4), CONSTANT(4, 5), CONSTANT(4));
	refused(DL4J_ESHAPE, "expected a bias of [5], found [4]");
	ir_binary(&ir, IR_ADD, INPUT(2, 3), INPUT(2, 3, 1));
	refused(DL4J_ESHAPE, "expected arrays of one rank, found [2,3] and [2,3,1]");
	ir_binary(&ir, IR_ADD, INPUT(2, 3), INPUT(2, 4));
	refused(DL4J_ESHAPE, "expected arrays of one shape, found [2,3] and [2,4]");
	ir_affine(&ir, INPUT(2, 3), CONSTANT(4), CONSTANT(3));
	refused(DL4J_ESHAPE, "expected 4 channels, found [2,3]");
	ir_affine(&ir, INPUT(2, 3), CONSTANT(3), CONSTANT(4));
	refused(DL4J_ESHAPE, "expected 3 channels, found [2,3]");
	ir_affine(&ir, INPUT(3), CONSTANT(3), CONSTANT(3));
	refused(DL4J_ESHAPE, "expected 3 channels, found [3]");
	ir_concat(&ir, (struct ir_val *[]){ INPUT(2, 3), INPUT(1, 3) }, 2, 1);
	refused(DL4J_ESHAPE, "expected arrays equal but for axis 1, found [2,3] and [1,3]");
	ir_concat(&ir, (struct ir_val *[]){ INPUT(2, 3), INPUT(2, 3, 1) }, 2, 1);
	refused(DL4J_ESHAPE, "expected arrays equal but for axis 1, found [2,3] and [2,3,1]");
	ir_concat(&ir, (struct ir_val *[]){ INPUT(2, 3) }, 1, 2);
	refused(DL4J_ESHAPE, "axis 2 does not exist in [2,3]");
	ir_concat(&ir, (struct ir_val *[]){ INPUT(2, 3) }, 1, -1);
	refused(DL4J_ESHAPE, "axis -1 does not exist in [2,3]");
	ir_view(&ir, INPUT(2, 3), D(5));
	refused(DL4J_ESHAPE, "[2,3] cannot be reshaped to 5 elements");
	ir_view(&ir, INPUT(2, 3), D(INT64_MAX, 2));
	refused(DL4J_ESHAPE, "[2,3] cannot be reshaped to -1 elements");
	ir_pad(&ir, INPUT(2, 3), (int64_t[]){ 0, -2 }, (int64_t[]){ 0, -1 });
	refused(DL4J_ESHAPE, "an axis of the result has size 0: the input is too small");
	ir_slice(&ir, INPUT(2, 3), (int64_t[]){ 0, 1 }, (int64_t[]){ 2, 3 });
	refused(DL4J_ESHAPE, "expected a part of [2,3], found 1 to 3 on axis 1");
	ir_slice(&ir, INPUT(2, 3), (int64_t[]){ -1, 0 }, (int64_t[]){ 2, 3 });
	refused(DL4J_ESHAPE, "expected a part of [2,3], found -1 to 0 on axis 0");
	ir_slice(&ir, INPUT(2, 3), (int64_t[]){ 1, 0 }, (int64_t[]){ 0, 3 });
	refused(DL4J_ESHAPE, "expected a part of [2,3], found 1 to 0 on axis 0");
}
END_TEST

/* The first failure stays; what comes after is neither made nor trips. */
START_TEST(sticky)
{
	struct ir_window w = window2(2, 1, 0);
	struct ir_val *x = INPUT(1, 2, 5, 5), *bad = ir_view(&ir, x, D(7)), *y = bad;
	float *data;

	for (int i = 0; i < 3; i++) {
		y = ir_conv(&ir, y, CONSTANT(1, 4, 2, 3, 3), CONSTANT(4), &w);
		y = ir_matmul(&ir, y, CONSTANT(4, 2), NULL);
		y = ir_pool(&ir, y, IR_POOL_MAX, &w);
		y = ir_resample(&ir, y, (int64_t[]){ 2, 2 });
		y = ir_eltwise(&ir, y, IR_TANH, 0, 0);
		y = ir_binary(&ir, IR_ADD, y, x);
		y = ir_affine(&ir, y, CONSTANT(2), ir_new_const(&ir, D(2), &data));
		y = ir_softmax(&ir, y, 1);
		y = ir_layernorm(&ir, y);
		y = ir_concat(&ir, (struct ir_val *[]){ y, x }, 2, 1);
		y = ir_view(&ir, y, D(3));
		y = ir_permute(&ir, y, (int[]){ 0, 1, 2, 3 });
		y = ir_pad(&ir, y, (int64_t[]){ 0 }, (int64_t[]){ 0 });
		y = ir_slice(&ir, y, (int64_t[]){ 0 }, (int64_t[]){ 1 });
		ir_output(&ir, y);
	}
	ck_assert_ptr_eq(y, bad);
	ck_assert_int_eq(ir.n_ops, 0);
	ck_assert_int_eq(ir.n_outputs, 0);
	ck_assert_int_eq(x->uses, 0);
	refused(DL4J_ESHAPE, "[1,2,5,5] cannot be reshaped to 7 elements");
}
END_TEST

/* A constant whose size no number holds. */
START_TEST(endless_constant)
{
	const int64_t most = INT64_C(1) << 40;
	float *data;

	ir_new_const(&ir, D(most, most), &data);
	ck_assert_ptr_null(data);
	refused(DL4J_EMEMORY, "out of memory");
}
END_TEST

/* A message about many axes is cut, not overrun. */
START_TEST(long_message)
{
	const int64_t most = INT64_C(1) << 40;

	ir_binary(&ir, IR_ADD, INPUT(most, 1, 1, 1, 1, 1), INPUT(most - 1, 1, 1, 1, 1, 1));
	refused(DL4J_ESHAPE, "expected arrays of one shape, found [1099511627776,1,1,1,1,1] and "
	        "[1099511627775,1,1,1,1,1]");
}
END_TEST

static Suite *build_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("build", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, dimensions);
	tcase_add_test(tests, negative_padding);
	tcase_add_test(tests, uses);
	tcase_add_test(tests, constants);
	tcase_add_test(tests, computed);
	tcase_add_loop_test(tests, gather, 0, 8);
	tcase_add_test(tests, many);
	tcase_add_test(tests, refuse_values);
	tcase_add_test(tests, refuse_windows);
	tcase_add_test(tests, refuse_others);
	tcase_add_test(tests, sticky);
	tcase_add_test(tests, endless_constant);
	tcase_add_test(tests, long_message);
	return suite;
}

/* --- ir --------------------------------------------------------------------------------------- */

/* x -> ABS a -> TANH b, and a + b, which is the output. */
static void small_ir(void)
{
	struct ir_val *x = INPUT(2, 3), *a = ir_eltwise(&ir, x, IR_ABS, 0, 0);
	struct ir_val *b = ir_eltwise(&ir, a, IR_TANH, 0, 0);

	ir_output(&ir, ir_binary(&ir, IR_ADD, a, b));
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
}

static void broken(const char *msg)
{
	struct dl4j_error err = { 0 };

	unit_refused(ir_verify(&ir, &err), &err, DL4J_EBACKEND, msg);
	start();
	small_ir();
}

START_TEST(verify)
{
	struct ir_op *op;

	small_ir();
	ir.ops[1]->out->uses++;
	broken("value 2 says 2 uses, has 1");
	ir.ops[0]->out->uses--;
	broken("value 1 says 1 uses, has 2");
	ir.outputs[0]->uses--;
	broken("value 3 says 0 uses, has 1");
	op = ir.ops[0];
	ir.ops[0] = ir.ops[1];
	ir.ops[1] = op;
	broken("ELTWISE of 'conv1' reads value 1 before it is computed");
	ir.ops[2]->n_in = 1;
	broken("BINARY of 'conv1': expected 2 inputs, found 1");
	ir.ops[0]->n_in = 0;
	broken("ELTWISE of 'conv1': expected 1 inputs, found 0");
	ir.ops[1]->out = ir.ops[0]->out;
	broken("ELTWISE of 'conv1': value 1 is computed twice");
	ir.ops[1] = ir.ops[0];
	broken("ELTWISE of 'conv1': value 1 is computed twice");
	ir.ops[1]->out->id = 1;
	broken("ELTWISE of 'conv1': value 1 is computed twice");
	ir.ops[2]->out->id = 9;
	broken("BINARY of 'conv1': value 9 is computed twice");
	ir.ops[1]->out->dim[1] = 0;
	broken("ELTWISE of 'conv1': an empty result");
	ir.n_ops--;
	broken("output 0 is never computed");
	ir.ops[0]->post[ir.ops[0]->n_post++] =
		(struct ir_post){ .kind = IR_POST_SUM, .operand = ir.ops[1]->out };
	ir.ops[1]->out->uses++;
	broken("ELTWISE of 'conv1' reads value 2 before it is computed");
}
END_TEST

START_TEST(drop)
{
	struct ir_val *unused;

	small_ir();
	unused = ir_eltwise(&ir, ir.ops[1]->out, IR_ABS, 0, 0);
	unused->def->post[unused->def->n_post++] =
		(struct ir_post){ .kind = IR_POST_SUM, .operand = ir.ops[0]->out };
	ir.ops[0]->out->uses++;
	ck_assert_int_eq(ir.ops[1]->out->uses, 2);
	ir_drop(&ir, 3);
	ck_assert_ptr_null(ir.ops[3]);
	ck_assert_int_eq(ir.ops[0]->out->uses, 2);
	ck_assert_int_eq(ir.ops[1]->out->uses, 1);
	ir_sweep(&ir);
	ck_assert_int_eq(ir.n_ops, 3);
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
	ir.ops[3] = ir.ops[2];
	ir.ops[2] = ir.ops[1];
	ir.ops[1] = NULL;
	ir.n_ops = 4;
	ir_sweep(&ir); /* in their order */
	ck_assert_int_eq(ir.n_ops, 3);
	ck_assert_int_eq(ir_verify(&ir, &ir.err), 0);
}
END_TEST

/* A dropped operation's functions have no operand to forget; its sum has. */
START_TEST(drop_posts)
{
	struct ir_val *x = INPUT(2, 3), *y = ir_eltwise(&ir, x, IR_ABS, 0, 0);
	struct ir_op *op = ir_eltwise(&ir, x, IR_ABS, 0, 0)->def;

	op->post[op->n_post++] = (struct ir_post){ .kind = IR_POST_SUM, .operand = y };
	op->post[op->n_post++] = (struct ir_post){ .kind = IR_POST_ELTWISE, .eltwise = IR_TANH };
	y->uses++;
	ir_drop(&ir, 1);
	ck_assert_int_eq(x->uses, 1);
	ck_assert_int_eq(y->uses, 0);
	ck_assert_ptr_null(ir.ops[1]);
}
END_TEST

/* An output may be a constant, which nothing computes. */
START_TEST(constant_output)
{
	struct dl4j_error err = { 0 };

	ir_output(&ir, CONSTANT(2, 3));
	ck_assert_msg(!ir_verify(&ir, &err), "%s", err.msg);
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(ir_name(IR_CONV), "CONV");
	ck_assert_str_eq(ir_name(IR_PAD), "PAD");
	ck_assert_str_eq(ir_name(IR_LAYERNORM), "LAYERNORM");
}
END_TEST

START_TEST(costs)
{
	struct ir_val *x = INPUT(2, 6, 9, 8), *c, *m, *p, *v;
	struct ir_window w = window2(3, 1, 1);

	c = ir_conv(&ir, x, CONSTANT(3, 4, 2, 3, 3), CONSTANT(12), &w);
	ck_assert_double_eq(ir_flops(c->def), 2.0 * (2 * 12 * 9 * 8) * (2 * 3 * 3));
	ck_assert_double_eq(ir_bytes(c->def), 4.0 * (864 + 1728 + 216 + 12));
	c->def->post[c->def->n_post++] = (struct ir_post){ .kind = IR_POST_SUM, .operand = c };
	ck_assert_double_eq(ir_bytes(c->def), 4.0 * (864 + 1728 + 216 + 12 + 1728));
	m = ir_matmul(&ir, INPUT(3, 10), CONSTANT(10, 7), NULL);
	ck_assert_double_eq(ir_flops(m->def), 2.0 * 3 * 7 * 10);
	p = ir_pool(&ir, x, IR_POOL_AVG, &w);
	ck_assert_double_eq(ir_flops(p->def), 864.0 * 9);
	v = ir_view(&ir, x, D(864));
	ck_assert_double_eq(ir_flops(v->def), 0);
	ck_assert_double_eq(ir_bytes(v->def), 0);
	ck_assert_double_eq(ir_flops(ir_eltwise(&ir, x, IR_ABS, 0, 0)->def), 864);
}
END_TEST

static Suite *ir_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("ir", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, verify);
	tcase_add_test(tests, drop);
	tcase_add_test(tests, drop_posts);
	tcase_add_test(tests, constant_output);
	tcase_add_test(tests, names);
	tcase_add_test(tests, costs);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ build_suite(), ir_suite(), NULL });
}
