/* SPDX-License-Identifier: Apache-2.0 */
/* recurrent: layers over time with the numbers that DL4J gives, 1.0.0-M2.1 where no other is named:
 * parameter i is 0.5 cos(0.9 i), number k of the input is 2 sin(1 + 0.7 k). */
#include "unit.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/num.h"
#include "config/fields.h"
#include "exec/exec.h"
#include "node/product.h"
#include "node/recurrence.h"

#define MOST 32

#define LSTM(name) "{\"@class\":\"" name "\",\"nin\":2,\"nout\":2,\"activationFn\":\"tanh\"}"
#define ATTENTION(name, nin, nout, heads, project) \
	"{\"@class\":\"" name "\",\"nin\":" nin ",\"nout\":" nout ",\"nheads\":" heads "," \
	"\"headSize\":2,\"projectInput\":" project ",\"activation\":\"TANH\"}"

static const struct {
	const char *json;
	int64_t c, t;
	int zeroed; /* a step of the input, or -1 */
	int first, n; /* which numbers of the result */
	double want[15];
} layers[] = {
	{ LSTM("LSTM"), 2, 3, -1, 0, 6,
	  { 0.0984090, 0.0780074, -0.0218478, -0.0487489, 0.00181057, 0.119142 } },
	{ LSTM("GravesLSTM"), 2, 3, -1, 0, 6,
	  { 0.118692, 0.0822830, -0.0458266, -0.109533, -0.121054, -0.0116787 } },
	{ LSTM("GravesBidirectionalLSTM"), 2, 3, -1, 0, 6,
	  { 0.0323979, 0.0272195, -0.0412274, 0.105646, -0.0584941, -0.0833145 } },
	{ LSTM("SimpleRnn"), 2, 3, -1, 0, 6,
	  { 0.824750, 0.523542, 0.106202, -0.336861, 0.290771, 0.725911 } },
	{ "{\"@class\":\"Bidirectional\",\"mode\":\"CONCAT\",\"fwd\":" LSTM("SimpleRnn")
	  ",\"bwd\":" LSTM("SimpleRnn") "}", 2, 3, -1, 6, 6,
	  { -0.940277, -0.799980, -0.184763, 0.0270379, -0.323816, -0.692744 } },
	/* by 1.0.0-beta4, the last release that computes it */
	{ "{\"@class\":\"SimpleRnn\",\"nin\":4,\"nout\":3,\"hasLayerNorm\":true,"
	  "\"activationFn\":\"tanh\"}", 4, 5, -1, 0, 15,
	  { 0.117500275, 0.46378234, 0.2605449, 0.7708286, 0.65526813, 0.7187932, 0.77562124,
	    0.9041314, 0.2114713, 0.33772385, -0.18287371, -0.5132501, -0.5111284, -0.44722673,
	    -0.36894017 } },
	{ LSTM("LSTM"), 2, 3, 1, 0, 3, { 0.0984089, -0.0406019, -0.0747672 } },
	{ "{\"@class\":\"MaskZeroLayer\",\"maskingValue\":0,\"underlying\":" LSTM("LSTM") "}",
	  2, 3, 1, 0, 3, { 0.0984089, 0, -0.0563549 } },
	{ ATTENTION("SelfAttentionLayer", "3", "4", "2", "true"), 3, 2, -1, 0, 8,
	  { -0.611144, -0.608655, 0.0859949, 0.0538422, 0.718054, 0.675593, 0.806705, 0.786068 } },
	{ ATTENTION("SelfAttentionLayer", "2", "2", "1", "false"), 2, 3, -1, 0, 6,
	  { 1.75116, 1.70451, 1.60739, -0.925961, -1.36986, -1.58082 } },
	{ ATTENTION("RecurrentAttentionLayer", "3", "2", "1", "true"), 3, 2, -1, 0, 4,
	  { 0.797106, 0.944260, -0.400294, 0.290402 } },
};

static struct arena arena;

static void setup(void)
{
	arena = (struct arena){ 0 };
}

static void teardown(void)
{
	arena_free(&arena);
}

static struct node *read_layer(const char *text, struct dl4j_error *err)
{
	const struct reading r = { .arena = &arena, .release = RELEASE_M2 };
	cJSON *json = cJSON_Parse(text);
	struct node *n = NULL;
	int code = fields_read(&n, json, NODE_LAYER, &r, err);

	cJSON_Delete(json);
	return code ? NULL : n;
}

static struct exec_layout plain(const struct ir_val *v)
{
	struct exec_layout l;

	dims_strides(v->dim, v->rank, 'c', l.stride);
	return l;
}

/* One example through the layer. */
static void run(const struct node *layer, struct ir *ir, const struct dl4j_shape *shape,
                const float *in, float *out)
{
	float flat[512];
	struct param table[PARAM_MAX];
	struct param_data params[PARAM_MAX];
	const struct exec_options options = { .threads = 1 };
	struct ir_val *x = ir_input(ir, 3, (int64_t[]){ 1, shape->c, shape->t });
	struct lowering lo = { .ir = ir, .in = &x, .shape = shape, .n_in = 1, .batch = 1,
		               .params = params, .n_params = node_params(layer, table) };
	struct exec_plan *plan;
	struct exec_state *state;
	struct exec_layout from, to;
	struct dl4j_error err = { 0 };
	int64_t at = 0;

	for (int i = 0; i < COUNT(flat); i++)
		flat[i] = (float)(0.5 * cos(0.9 * i));
	for (int i = 0; i < lo.n_params; i++) {
		params[i] = (struct param_data){ table[i], flat + at };
		at += dims_product(table[i].dim, table[i].rank);
	}
	ck_assert_int_le(at, COUNT(flat));
	node_lower(layer, &lo);
	ir_output(ir, lo.out);
	ck_assert_msg(ir->err.code == 0, "%s", ir->err.msg);
	ck_assert_int_le(ir_elements(lo.out), MOST);
	from = plain(x);
	to = plain(lo.out);
	ck_assert_int_eq(exec_plan_new(&plan, ir, &from, &to, &options, &err), 0);
	ck_assert_int_eq(exec_state_new(&state, plan, &err), 0);
	ck_assert_int_eq(exec_run(state, &in, &out, &err), 0);
	exec_state_free(state);
	exec_plan_free(plan);
}

START_TEST(numbers)
{
	const struct dl4j_shape shape = shape_rnn(layers[_i].c, layers[_i].t, false);
	float in[MOST], out[MOST];
	struct dl4j_error err = { 0 };
	struct node *layer = read_layer(layers[_i].json, &err);
	struct ir ir;

	ck_assert_msg(layer != NULL, "%s", err.msg);
	for (int i = 0; i < shape.c * shape.t; i++)
		in[i] = i % shape.t == layers[_i].zeroed ? 0 : (float)(2 * sin(1 + 0.7 * i));
	ir_init(&ir, &arena);
	run(layer, &ir, &shape, in, out);
	for (int i = 0; i < layers[_i].n; i++)
		ck_assert_msg(fabs((double)out[layers[_i].first + i] - layers[_i].want[i]) < 6e-6,
		              "number %d: expected %g, found %g", i, layers[_i].want[i],
		              (double)out[layers[_i].first + i]);
}
END_TEST

static const struct {
	const char *json, *msg;
	int code;
} refused[] = {
	{ "{\"@class\":\"Bidirectional\",\"fwd\":" LSTM("LSTM") "}",
	  "expected two layers, fwd and bwd, found one", DL4J_EFORMAT },
	{ "{\"@class\":\"LastTimeStep\"}", "expected the layer inside, found none", DL4J_EFORMAT },
	{ ATTENTION("RecurrentAttentionLayer", "3", "2", "1", "false"),
	  "without a projection: expected nOut to be nIn, 3, found 2", DL4J_ESHAPE },
	{ ATTENTION("SelfAttentionLayer", "3", "0", "1", "true"),
	  "nout: expected at least 1, found 0", DL4J_EFORMAT },
};

START_TEST(refusals)
{
	struct dl4j_error err = { 0 };

	ck_assert_ptr_null(read_layer(refused[_i].json, &err));
	unit_refused(err.code, &err, refused[_i].code, refused[_i].msg);
}
END_TEST

START_TEST(other_inputs)
{
	const struct dl4j_shape wide = shape_rnn(3, 4, false), row = shape_ff(2);
	struct dl4j_error err = { 0 };
	struct dl4j_shape out;
	const struct node *layer = read_layer(LSTM("LSTM"), &err);

	unit_refused(node_infer(layer, &wide, 1, &out, &err), &err, DL4J_ESHAPE,
	             "nIn: expected 3, the size of its input, found 2");
	unit_refused(node_infer(layer, &row, 1, &out, &err), &err, DL4J_ESHAPE,
	             "expected recurrent input, found feed-forward");
}
END_TEST

/* --- What the steps are computed by ----------------------------------------------------------- */

static void fill(float *x, int64_t n, float by)
{
	for (int64_t i = 0; i < n; i++)
		x[i] = by * (float)cos(0.9 * (double)i);
}

START_TEST(products)
{
	static float x[9 * 33], w[33 * 200], z[9 * 210], want[9 * 210];
	static const int64_t columns[] = { 1, 63, 64, 65, 128, 200 };

	fill(x, 9 * 33, 1);
	fill(w, 33 * 200, 1);
	for (int64_t n = 1; n <= 9; n++)
		for (int64_t rows = 1; rows <= 32; rows += 31) {
			const int64_t m = columns[_i];
			fill(z, 9 * 210, 1);
			memcpy(want, z, sizeof z);
			for (int64_t i = 0; i < n; i++)
				for (int64_t j = 0; j < m; j++) {
					double sum = want[i * 210 + j];
					for (int64_t k = 0; k < rows; k++)
						sum += (double)x[i * 33 + k] * w[k * m + j];
					want[i * 210 + j] = (float)sum;
				}
			product_add(z, 210, x, 33, w, n, rows, m);
			for (int64_t i = 0; i < 9 * 210; i++)
				ck_assert_float_eq_tol(z[i], want[i], 1e-5F);
		}
}
END_TEST

enum { SERIES = 9, LENGTH = 3, SIZE = 64, ALL = (LENGTH + 5) * SERIES * SIZE };

/* RW [size,gates,size] in blocks. */
static void lay_out(float *to, const float *rw, int64_t gates, int64_t width)
{
	for (int64_t b = 0; b < SIZE / width; b++)
		for (int64_t k = 0; k < SIZE; k++)
			for (int64_t g = 0; g < gates; g++, to += width)
				memcpy(to, rw + (k * gates + g) * SIZE + b * width,
				       (size_t)width * sizeof *to);
}

static void compute(struct steps s, int64_t gates, int64_t width, bool usual, int threads,
                    float *out)
{
	static float z[LENGTH * SERIES * 4 * SIZE], rw[4 * SIZE * SIZE], in_blocks[4 * SIZE * SIZE];
	static float h[SERIES * SIZE], c[SERIES * SIZE], peep[3 * SIZE], mask[SERIES * LENGTH];
	float *at[7] = { z, in_blocks, h };
	int n = 3;

	fill(z, (int64_t)COUNT(z), 0.7F);
	fill(rw, (int64_t)COUNT(rw), 0.2F);
	fill(h, (int64_t)COUNT(h), 0.5F);
	fill(c, (int64_t)COUNT(c), 0.9F);
	fill(peep, (int64_t)COUNT(peep), 0.3F);
	for (size_t i = 0; i < COUNT(mask); i++)
		mask[i] = i % 4 != 1;
	s.width = width;
	s.activation = activation_row(&(const struct activation){
		.base.type = node_find(NODE_ACTIVATION, "TanH") }.base);
	s.gate = activation_row(&(const struct activation){
		.base.type = node_find(NODE_ACTIVATION, "Sigmoid") }.base);
	s.activation.is_tanh &= usual;
	lay_out(in_blocks, rw, gates, width);
	if (gates == 4)
		at[n++] = c;
	if (s.peepholes)
		at[n++] = peep;
	if (s.masked)
		at[n++] = mask;
	at[n] = out;
	omp_set_num_threads(threads);
	(gates == 4 ? recurrence_lstm : recurrence_simple)(&s, at);
}

/* In blocks, by several threads, by the shorter way for tanh and sigmoid: the same comes out. */
START_TEST(recurrences)
{
	static float want[ALL], got[ALL];
	const int64_t gates = _i & 8 ? 1 : 4;
	struct steps s = { .t = LENGTH, .size = SIZE, .peepholes = gates == 4 && _i & 1,
		           .backward = _i & 2, .masked = _i & 4 };

	for (s.batch = 1; s.batch <= SERIES; s.batch += 4)
		for (int threads = 1; threads <= 3; threads++) {
			const int64_t n = (LENGTH + (gates == 4)) * s.batch * SIZE;
			compute(s, gates, SIZE, false, 1, want);
			compute(s, gates, PRODUCT_COLUMNS / gates, true, threads, got);
			for (int64_t i = 0; i < n; i++)
				ck_assert_float_eq_tol(got[i], want[i], 2e-6F);
		}
}
END_TEST

int main(void)
{
	TCase *tests;
	Suite *suites[] = { unit_suite("recurrent", &tests), NULL };

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, numbers, 0, COUNT(layers));
	tcase_add_loop_test(tests, refusals, 0, COUNT(refused));
	tcase_add_test(tests, other_inputs);
	tcase_add_loop_test(tests, products, 0, 6);
	tcase_add_loop_test(tests, recurrences, 0, 16);
	return unit_main(suites);
}
