/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of src/onnx: the bytes of each kind of field, and what is in a written file, read back
 * by a reader of our own. That ONNX Runtime computes the same, test/oracle/check_onnx.py shows. */
#include <stdlib.h>
#include <string.h>

#include "onnx/onnx.h"
#include "onnx/proto.h"
#include "unit.h"

static struct arena arena;
static struct ir ir;

static void start(void)
{
	arena_free(&arena);
	ir_init(&ir, &arena);
	ir.origin = "here";
}

static void end(void)
{
	arena_free(&arena);
}

#define DIM(...) (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
	(int64_t[]){ __VA_ARGS__ }

/* --- proto ------------------------------------------------------------------------------------ */

static void bytes_are(struct str *s, const char *bytes, size_t n)
{
	ck_assert(!s->failed);
	ck_assert_uint_eq(s->len, n);
	ck_assert_int_eq(memcmp(s->text, bytes, n), 0);
	s->len = 0;
}

#define BYTES(s, text) bytes_are(s, text, sizeof text - 1)

START_TEST(fields)
{
	struct str s = { 0 }, inner = { 0 };

	proto_int(&s, 1, 0);
	BYTES(&s, "\x08\x00");
	proto_int(&s, 1, 300);
	BYTES(&s, "\x08\xac\x02");
	proto_int(&s, 20, -1);
	BYTES(&s, "\xa0\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
	proto_float(&s, 2, -1.5F);
	BYTES(&s, "\x15\x00\x00\xc0\xbf");
	proto_text(&s, 3, "ab");
	BYTES(&s, "\x1a\x02" "ab");
	proto_int(&inner, 1, 1);
	proto_message(&s, 4, &inner);
	BYTES(&s, "\x22\x02\x08\x01");
	proto_message(&s, 4, &inner); /* emptied by then */
	BYTES(&s, "\x22\x00");
	str_free(&s);
	str_free(&inner);
}
END_TEST

/* --- The file --------------------------------------------------------------------------------- */

static struct str file;

static int collect(void *to, const void *bytes, size_t n)
{
	str_addn(to, bytes, n);
	return 0;
}

/* The next field in [*at, end): its number; a length-delimited one's bytes are [*from, *to). */
static int field(const unsigned char **at, const unsigned char **from, const unsigned char **to)
{
	uint64_t key = 0, n = 0;
	int shift = 0;

	do
		key |= (uint64_t)(**at & 127) << shift, shift += 7;
	while (*(*at)++ & 128);
	*from = *to = *at;
	if ((key & 7) == 5) {
		*at += 4;
		return (int)(key >> 3);
	}
	shift = 0;
	do
		n |= (uint64_t)(**at & 127) << shift, shift += 7;
	while (*(*at)++ & 128);
	if ((key & 7) == 2) {
		*from = *at;
		*at += n;
	}
	*to = *at;
	return (int)(key >> 3);
}

/* Appends the text of field `wanted` of a message. */
static void text_of(struct str *out, const unsigned char *at, const unsigned char *end, int wanted)
{
	const unsigned char *from, *to;

	while (at < end)
		if (field(&at, &from, &to) == wanted)
			str_addf(out, "%.*s ", (int)(to - from), (const char *)from);
	ck_assert_ptr_eq(at, end);
}

/* "Conv Relu Identity | in | out |": the nodes' types, the inputs, the outputs of the graph. */
static void listing(struct str *out)
{
	enum { GRAPH = 7, NODE = 1, INPUT = 11, OUTPUT = 12, TYPE = 4, NAME = 1 };
	static const int part[][2] = { { NODE, TYPE }, { INPUT, NAME }, { OUTPUT, NAME } };
	const unsigned char *at = (unsigned char *)file.text, *end = at + file.len, *from, *to;
	const unsigned char *graph = NULL, *graph_end = NULL;

	while (at < end)
		if (field(&at, &from, &to) == GRAPH) {
			graph = from;
			graph_end = to;
		}
	ck_assert_ptr_eq(at, end);
	ck_assert_ptr_nonnull(graph);
	for (int i = 0; i < 3; i++) {
		for (at = graph; at < graph_end;)
			if (field(&at, &from, &to) == part[i][0])
				text_of(out, from, to, part[i][1]);
		ck_assert_ptr_eq(at, graph_end);
		str_add(out, i < 2 ? "| " : "");
	}
}

static const int straight[] = { 0, 1, 2, 3, 4, 5 }, last[] = { 0, 2, 3, 1 };

static void gives(const struct onnx_port *ports, const char *expected)
{
	struct dl4j_error err = { 0 };
	struct str text = { 0 };

	file.len = 0;
	ck_assert_msg(onnx_write(&ir, ports, collect, &file, &err) == 0, "%s", err.msg);
	ck_assert(!file.failed);
	listing(&text);
	ck_assert_str_eq(text.text, expected);
	str_free(&text);
}

static struct ir_val *constant(int rank, const int64_t *dim)
{
	float *data;
	struct ir_val *v = ir_new_const(&ir, rank, dim, &data);

	for (int64_t i = 0; i < ir_elements(v); i++)
		data[i] = (float)i;
	return v;
}

START_TEST(ports)
{
	const struct onnx_port plain[] = { { "in", straight }, { "out", straight } };
	const struct onnx_port turned[] = { { "in", last }, { "out", last } };
	struct ir_val *x = ir_input(&ir, DIM(2, 3, 5, 4));

	ir_output(&ir, ir_eltwise(&ir, x, IR_TANH, 0, 0));
	gives(plain, "Identity Tanh Identity | in | out ");
	gives(turned, "Transpose Tanh Transpose | in | out ");
}
END_TEST

/* Constants stand behind the nodes, once, in the order that they are needed in. */
START_TEST(weights)
{
	const struct onnx_port names[] = { { "in", straight }, { "out", straight } };
	const struct ir_window w = { 1, { 1 }, { 1 }, { 1 }, { 0 }, { 0 } };
	struct ir_val *x = ir_input(&ir, DIM(1, 3, 4)), *y;
	static const float expected[] = { 0, 3, 1, 4, 2, 5 };
	bool found = false;

	y = ir_deconv(&ir, x, constant(DIM(1, 2, 3, 1)), NULL, &w); /* [g,o,i,k] to [i,o,k] */
	ir_output(&ir, ir_binary(&ir, IR_ADD, y, y));
	gives(names, "Identity ConvTranspose Add Identity | in | out ");
	for (size_t i = 0; i + sizeof expected <= file.len; i++)
		found |= !memcmp(file.text + i, expected, sizeof expected);
	ck_assert(found);
}
END_TEST

START_TEST(operations)
{
	const struct onnx_port names[] = { { "in", straight }, { "out", straight } };
	const struct ir_window w = { 2, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 } };
	struct ir_val *x = ir_input(&ir, DIM(2, 4, 6, 6)), *y;

	y = ir_conv(&ir, x, constant(DIM(2, 3, 2, 3, 3)), constant(DIM(6)), &w);
	y = ir_pool(&ir, ir_pool(&ir, y, IR_POOL_MAX, &w), IR_POOL_AVG, &w);
	y = ir_affine(&ir, y, constant(DIM(6)), constant(DIM(6)));
	y = ir_resample(&ir, ir_lrn(&ir, y, 5, 1, 1, 1), (int64_t[]){ 2, 1 });
	y = ir_slice(&ir, ir_pad(&ir, y, (int64_t[]){ 0, 0, 1, 0 }, (int64_t[]){ 0, 0, 0, 0 }),
	             (int64_t[]){ 0, 0, 1, 0 }, (int64_t[]){ 2, 6, 12, 6 });
	y = ir_permute(&ir, y, (int[]){ 0, 2, 3, 1 });
	y = ir_view(&ir, y, DIM(2, 432));
	y = ir_layernorm(&ir, ir_matmul(&ir, y, constant(DIM(432, 5)), constant(DIM(5))));
	y = ir_concat(&ir, (struct ir_val *[]){ y, y }, 2, 1);
	ir_output(&ir, ir_softmax(&ir, y, 1));
	gives(names, "Identity Conv MaxPool AveragePool Mul Add LRN Resize Pad Slice Transpose Reshape "
	      "Gemm ReduceMean Sub Mul ReduceMean Max Sqrt Div Concat Softmax Identity | in | out ");
}
END_TEST

/* A padding as wide as the window. */
START_TEST(padding)
{
	static const char *const expected[] = {
		[IR_POOL_MAX] = "Identity Pad MaxPool Identity | in | out ",
		[IR_POOL_AVG] = "Identity Pad Expand Pad AveragePool AveragePool Div Identity | in | out ",
		[IR_POOL_AVG_PADDED] = "Identity Pad AveragePool Identity | in | out ",
	};
	const struct onnx_port names[] = { { "in", straight }, { "out", straight } };
	const struct ir_window w = { 1, { 2 }, { 1 }, { 3 }, { 2 }, { 1 } };

	ir_output(&ir, ir_pool(&ir, ir_input(&ir, DIM(2, 4, 6)), (enum ir_pool)_i, &w));
	gives(names, expected[_i]);
}
END_TEST

static int two_nodes(struct onnx *o, const struct ir_op *op)
{
	(void)op;
	onnx_texts(o, "how", (const char *const[]){ "so", "or so" }, 2);
	onnx_floats(o, "much", (const float[]){ 1, 2 }, 2);
	return ONNX_RESULT(o, "Outer", ONNX(o, "Inner", onnx_in(o, 0)), "", onnx_in(o, 1));
}

static void nothing(const void *how, float *const *at)
{
	(void)how;
	(void)at;
}

static const struct ir_kernel odd = { .name = "ODD", .function = nothing };

static const struct ir_kernel even = { "EVEN", nothing, two_nodes, .with_product = true };

/* A kernel's own nodes, in the place of the product before it too. */
START_TEST(kernels)
{
	const struct onnx_port names[] = { { "in", straight }, { "out", straight } };
	struct ir_val *x = ir_input(&ir, DIM(2, 3));
	struct ir_val *in[] = { ir_matmul(&ir, x, constant(DIM(3, 4)), NULL), constant(DIM(1)) };

	ir_output(&ir, ir_kernel(&ir, &even, "", 1, in, 2, 2, in[0]->dim));
	gives(names, "Identity Inner Outer Identity | in | out ");
}
END_TEST

static int full(void *to, const void *bytes, size_t n)
{
	(void)to;
	(void)bytes;
	(void)n;
	return 17;
}

START_TEST(refused)
{
	const struct onnx_port names[] = { { "in", straight }, { "out", straight } };
	const struct ir_window w = { 1, { 2 }, { 1 }, { 2 }, { 0 }, { 0 } };
	struct dl4j_error err = { 0 };
	struct ir_val *x = ir_input(&ir, DIM(2, 4, 6));

	ir_output(&ir, ir_kernel(&ir, &odd, &w, sizeof w, &x, 1, 3, x->dim));
	unit_refused(onnx_write(&ir, names, collect, &file, &err), &err, DL4J_EUNSUPPORTED, "vertex "
	             "'here': ONNX: expected what its operators can say, found 'ODD', which only this "
	             "library computes");
	start();
	ir_output(&ir, ir_eltwise(&ir, ir_input(&ir, DIM(2, 4)), IR_ABS, 0, 0));
	ck_assert_int_eq(onnx_write(&ir, names, full, NULL, &err), 17);
}
END_TEST

static Suite *onnx_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("onnx", &tests);

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, fields);
	tcase_add_test(tests, ports);
	tcase_add_test(tests, weights);
	tcase_add_test(tests, operations);
	tcase_add_loop_test(tests, padding, 0, IR_POOLS);
	tcase_add_test(tests, kernels);
	tcase_add_test(tests, refused);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ onnx_suite(), NULL });
}
