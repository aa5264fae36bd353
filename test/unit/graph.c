/* SPDX-License-Identifier: Apache-2.0 */
/* graph: the order of vertices, stored or as DL4J's hash tables have it; the layout of parameters;
 * shapes as far as a zip tells them; which operations are emitted. */
#include "starve.h"

#include <stdint.h>

#include "base/str.h"
#include "config/config.h"

static const struct ndarray newest = { .rank = 1, .mode = "MIXED_DATA_TYPES" };
static const struct dl4j_limits limits = {
	.json_depth = 16, .json_nodes = 100000, .json_string_bytes = 65536, .json_number_chars = 64,
	.vertices = 1000
};

static struct arena arena;

static void end(void)
{
	arena_free(&arena);
}

/* --- Networks in few words -------------------------------------------------------------------- */

struct net {
	struct str vertices, inputs;
	struct graph g;
	struct dl4j_error err;
};

#define DENSE(in, out) "{\"@class\":\"DenseLayer\",\"nin\":" #in ",\"nout\":" #out "}"
#define CONV(in, out, more) "{\"@class\":\"ConvolutionLayer\",\"nin\":" #in ",\"nout\":" #out \
	",\"kernelSize\":[3,3]" more "}"
#define BN(n) "{\"@class\":\"BatchNormalization\",\"nin\":" #n ",\"nout\":" #n "}"
#define ADD "{\"@class\":\"ElementWiseVertex\",\"op\":\"Add\"}"
#define MERGE "{\"@class\":\"MergeVertex\"}"
#define TO_FF "{\"@class\":\"CnnToFeedForwardPreProcessor\"}"

/* Add a vertex; `from` is a JSON list's inside. */
static void vertex(struct net *n, const char *name, const char *json, const char *from)
{
	const char *comma = n->vertices.len ? "," : "";

	str_addf(&n->vertices, "%s\"%s\":%s", comma, name, json);
	str_addf(&n->inputs, "%s\"%s\":[%s]", comma, name, from);
}

static void layer(struct net *n, const char *name, const char *json, const char *from,
                  const char *pre)
{
	char text[1024];

	snprintf(text, sizeof text, "{\"@class\":\"LayerVertex\",\"layerConf\":{\"layer\":%s},"
	         "\"preProcessor\":%s}", json, pre);
	vertex(n, name, text, from);
}

static int build(struct net *n, const char *inputs, const char *outputs, const char *order)
{
	struct str text = { 0 };
	struct wiring w;
	int r;

	str_addf(&text, "{\"networkInputs\":[%s],\"networkOutputs\":[%s],\"topologicalOrderStr\":%s,"
	         "\"vertices\":{%s},\"vertexInputs\":{%s}}", inputs, outputs, order,
	         n->vertices.text, n->inputs.text);
	ck_assert(!text.failed);
	r = config_read(&w, text.text, text.len, &newest, &limits, &arena, &n->err);
	if (!r)
		r = graph_new(&n->g, &w, &arena, &n->err);
	str_free(&text);
	str_free(&n->vertices);
	str_free(&n->inputs);
	return r;
}

static void built(struct net *n, const char *inputs, const char *outputs, const char *order)
{
	ck_assert_msg(!build(n, inputs, outputs, order), "%s", n->err.msg);
}

/* The steps' names in order. */
static void ordered(const struct graph *g, const char *expected)
{
	struct str names = { 0 };

	for (int i = 0; i < g->n_steps; i++)
		str_addf(&names, "%s%s", i ? " " : "", g->steps[i].name);
	ck_assert_str_eq(names.text, expected);
	str_free(&names);
}

static const struct step *step(const struct net *n, const char *name)
{
	int i = graph_find(&n->g, name);

	ck_assert_msg(i >= 0, "%s", name);
	return &n->g.steps[i];
}

/* --- sort ------------------------------------------------------------------------------------- */

START_TEST(first_in_first_out)
{
	struct net n = { 0 };

	vertex(&n, "sum", ADD, "\"b\",\"a\"");
	layer(&n, "b", DENSE(2, 2), "\"y\"", "null");
	layer(&n, "c", DENSE(2, 2), "\"x\"", "null");
	layer(&n, "a", DENSE(2, 2), "\"x\"", "null");
	built(&n, "\"y\",\"x\"", "\"sum\"", "null");
	ordered(&n.g, "y x b c a sum");
	for (int i = 0; i < 6; i++) { /* declared: inputs, then as in the file */
		static const char *const names[] = { "y", "x", "sum", "b", "c", "a" };
		ck_assert_int_lt(n.g.declared[i], 6);
		ck_assert_str_eq(n.g.steps[n.g.declared[i]].name, names[i]);
	}
	ck_assert_int_eq(n.g.n_inputs, 2);
	ck_assert_str_eq(n.g.steps[n.g.inputs[0]].name, "y");
	ck_assert_str_eq(n.g.steps[n.g.inputs[1]].name, "x");
	ck_assert_str_eq(n.g.steps[n.g.outputs[0]].name, "sum");
	ck_assert_int_eq(step(&n, "sum")->n_in, 2); /* in the order of the mentions */
	ck_assert_str_eq(n.g.steps[step(&n, "sum")->in[0]].name, "b");
	ck_assert_str_eq(n.g.steps[step(&n, "sum")->in[1]].name, "a");
	ck_assert_ptr_null(step(&n, "x")->node);
}
END_TEST

START_TEST(stored)
{
	struct net n = { 0 };

	layer(&n, "a", DENSE(2, 2), "\"x\"", "null");
	layer(&n, "b", DENSE(2, 3), "\"x\"", "null");
	built(&n, "\"x\"", "\"a\",\"b\"", "[\"x\",\"b\",\"a\"]");
	ordered(&n.g, "x b a");
	ck_assert_int_eq(step(&n, "b")->offset, 0);
	ck_assert_int_eq(step(&n, "a")->offset, 9);
	n = (struct net){ 0 }; /* an input behind a vertex that does not need it */
	layer(&n, "a", DENSE(2, 2), "\"y\"", "null");
	vertex(&n, "sum", ADD, "\"a\",\"x\"");
	built(&n, "\"x\",\"y\"", "\"sum\"", "[\"y\",\"a\",\"x\",\"sum\"]");
	ordered(&n.g, "y a x sum");
}
END_TEST

static const struct {
	const char *name, *from, *second, *second_from; /* two vertices that add */
	const char *outputs, *order, *msg;
} bad[] = {
	{ "x", "\"x\"", "b", "\"x\"", "\"b\"", "null", "vertex 'x' is declared twice" },
	{ "a", "\"x\"", "b", "\"c\"", "\"b\"", "null", "vertex 'b': input 'c' does not exist" },
	{ "a", "\"b\"", "b", "\"a\"", "\"b\"", "null", "vertex 'a' is part of a cycle" },
	{ "a", "\"x\"", "b", "\"x\",\"b\"", "\"a\"", "null", "vertex 'b' is part of a cycle" },
	{ "a", "\"x\"", "b", "\"a\"", "\"c\"", "null", "networkOutputs: vertex 'c' does not exist" },
	{ "a", "\"x\"", "b", "\"a\"", "\"b\"", "[\"x\",\"a\"]",
	  "topologicalOrderStr: expected 3 vertices, found 2" },
	{ "a", "\"x\"", "b", "\"a\"", "\"b\"", "[\"x\",\"a\",\"c\"]",
	  "topologicalOrderStr: vertex 'c' does not exist" },
	{ "a", "\"x\"", "b", "\"a\"", "\"b\"", "[\"x\",\"b\",\"a\"]",
	  "topologicalOrderStr: vertex 'b' stands twice or before one of its inputs" },
	{ "a", "\"x\"", "b", "\"x\"", "\"b\"", "[\"x\",\"a\",\"a\"]",
	  "topologicalOrderStr: vertex 'a' stands twice or before one of its inputs" },
};

START_TEST(bad_orders)
{
	struct net n = { 0 };

	vertex(&n, bad[_i].name, ADD, bad[_i].from);
	vertex(&n, bad[_i].second, ADD, bad[_i].second_from);
	unit_refused(build(&n, "\"x\"", bad[_i].outputs, bad[_i].order), &n.err, DL4J_EFORMAT,
	             bad[_i].msg);
}
END_TEST

/* An input that is mentioned twice is one edge. */
START_TEST(mentioned_twice)
{
	struct net n = { 0 };

	vertex(&n, "sum", ADD, "\"a\",\"x\",\"a\",\"a\"");
	layer(&n, "a", DENSE(2, 2), "\"x\"", "null");
	built(&n, "\"x\"", "\"sum\"", "null");
	ordered(&n.g, "x a sum");
	ck_assert_int_eq(step(&n, "sum")->n_in, 4);
	n = (struct net){ 0 };
	vertex(&n, "sum", ADD, "\"a\",\"x\",\"a\"");
	layer(&n, "a", DENSE(2, 2), "\"x\"", "null");
	built(&n, "\"x\"", "\"sum\"", "[\"x\",\"a\",\"sum\"]");
	ordered(&n.g, "x a sum");
}
END_TEST

/* Consumers 4, 11, 17 and 18 of one vertex: a HashSet of 16 buckets visits 17 and 18 first. */
START_TEST(hash_buckets)
{
	struct net n = { 0 };
	char name[16];

	for (int i = 0; i < 18; i++) {
		bool late = i == 3 || i == 10 || i == 16 || i == 17;
		snprintf(name, sizeof name, "d%d", i);
		layer(&n, name, DENSE(2, 2), late ? "\"d0\"" : "\"in\"", "null");
	}
	built(&n, "\"in\"", "\"d17\"", "null");
	ordered(&n.g, "in d0 d1 d2 d4 d5 d6 d7 d8 d9 d11 d12 d13 d14 d15 d16 d17 d3 d10");
	ck_assert_int_eq(step(&n, "d16")->offset, 84);
	ck_assert_int_eq(step(&n, "d17")->offset, 90);
	ck_assert_int_eq(step(&n, "d3")->offset, 96);
	ck_assert_int_eq(step(&n, "d10")->offset, 102);
	ck_assert_int_eq(n.g.n_params, 108);
}
END_TEST

/* Consumers 2 to `last`, 17 and 34 of "hub", the vertex of index 1; their `inputs`. */
static void hub(struct net *n, int last, const char *inputs)
{
	char name[16];

	*n = (struct net){ 0 };
	vertex(n, "hub", ADD, "\"in\"");
	for (int i = 2; i <= 34; i++) {
		snprintf(name, sizeof name, "v%d", i);
		if (i <= last || i == 17 || i == 34)
			vertex(n, name, ADD, inputs);
		else
			vertex(n, name, ADD, "\"v34\"");
	}
	built(n, "\"in\"", "\"v2\"", "null");
}

/* With more than 12 consumers the table has 32 buckets; within one the order is that of adding. */
START_TEST(larger_tables)
{
	static const char *const few[] = { "in", "hub", "v17", "v2", "v34", "v3", "v4" };
	static const char *const many[] = { "in", "hub", "v2", "v34", "v3", "v4", "v5" };
	struct net n;

	hub(&n, 11, "\"hub\""); /* 12 in all */
	for (int i = 0; i < COUNT(few); i++)
		ck_assert_str_eq(n.g.steps[i].name, few[i]);
	hub(&n, 11, "\"hub\",\"hub\""); /* a set: each consumer is in it once */
	for (int i = 0; i < COUNT(few); i++)
		ck_assert_str_eq(n.g.steps[i].name, few[i]);
	hub(&n, 12, "\"hub\"");
	for (int i = 0; i < COUNT(many); i++)
		ck_assert_str_eq(n.g.steps[i].name, many[i]);
	ck_assert_str_eq(n.g.steps[14].name, "v17");
}
END_TEST

static Suite *sort_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("sort", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_test(tests, first_in_first_out);
	tcase_add_test(tests, stored);
	tcase_add_loop_test(tests, bad_orders, 0, COUNT(bad));
	tcase_add_test(tests, mentioned_twice);
	tcase_add_test(tests, hash_buckets);
	tcase_add_test(tests, larger_tables);
	return suite;
}

/* --- graph ------------------------------------------------------------------------------------ */

START_TEST(layout)
{
	struct net n = { 0 };
	const struct step *s;

	layer(&n, "conv", CONV(3, 4, ""), "\"in\"", "null");
	layer(&n, "bn", BN(4), "\"conv\"", "null");
	layer(&n, "frozen", "{\"@class\":\"FrozenLayer\",\"layer\":" CONV(4, 2, ",\"hasBias\":false")
	      "}", "\"bn\"", "null");
	layer(&n, "fc", DENSE(8, 5), "\"frozen\"", TO_FF);
	built(&n, "\"in\"", "\"fc\"", "null");
	ordered(&n.g, "in conv bn frozen fc");
	s = step(&n, "conv");
	ck_assert(s->offset == 0 && s->length == 4 + 4 * 3 * 9 && s->n_params == 2);
	ck_assert_str_eq(s->params[0].key, "b");
	ck_assert_str_eq(s->params[1].key, "W");
	s = step(&n, "bn");
	ck_assert(s->offset == 112 && s->length == 16 && s->n_params == 4);
	s = step(&n, "frozen");
	ck_assert(s->offset == 128 && s->length == 2 * 4 * 9 && s->n_params == 1);
	s = step(&n, "fc");
	ck_assert(s->offset == 200 && s->length == 45);
	ck_assert_int_eq(step(&n, "in")->length, 0);
	ck_assert_int_eq(n.g.n_params, 245);
	ck_assert_int_eq(graph_runs(&n.g, &n.err), 0);
}
END_TEST

START_TEST(too_many_parameters)
{
	struct net n = { 0 };

	layer(&n, "conv", "{\"@class\":\"ConvolutionLayer\",\"nin\":2147483647,\"nout\":2147483647,"
	      "\"kernelSize\":[2147483647,1]}", "\"in\"", "null");
	unit_refused(build(&n, "\"in\"", "\"conv\"", "null"), &n.err, DL4J_ELIMIT,
	             "layer 'conv': the number of parameters overflows");
	n = (struct net){ 0 }; /* each fits, their sum does not */
	layer(&n, "lstm", "{\"@class\":\"LSTM\",\"nin\":1073741824,\"nout\":1073741824}", "\"in\"",
	      "null");
	unit_refused(build(&n, "\"in\"", "\"lstm\"", "null"), &n.err, DL4J_ELIMIT,
	             "layer 'lstm': the number of parameters overflows");
	n = (struct net){ 0 };
	vertex(&n, "far", "{\"@class\":\"AttentionVertex\",\"ninQueries\":2147483647,\"ninKeys\":1,"
	       "\"ninValues\":1,\"nout\":2147483647,\"nheads\":2147483647,\"headSize\":2147483647}",
	       "\"in\",\"in\",\"in\"");
	unit_refused(build(&n, "\"in\"", "\"far\"", "null"), &n.err, DL4J_ELIMIT,
	             "vertex 'far': the number of parameters overflows");
	n = (struct net){ 0 };
	layer(&n, "a", DENSE(2147483647, 2147483647), "\"in\"", "null");
	layer(&n, "b", DENSE(2147483647, 2147483647), "\"in\"", "null");
	layer(&n, "c", DENSE(2147483647, 2147483647), "\"in\"", "null");
	unit_refused(build(&n, "\"in\"", "\"a\"", "null"), &n.err, DL4J_ELIMIT,
	             "layer 'c': the number of parameters overflows");
}
END_TEST

START_TEST(finding)
{
	struct net n = { 0 };

	layer(&n, "b", DENSE(2, 2), "\"a\"", "null");
	layer(&n, "B", DENSE(2, 2), "\"a\"", "null");
	layer(&n, "", DENSE(2, 2), "\"a\"", "null");
	built(&n, "\"a\"", "\"b\"", "null");
	ck_assert_int_eq(graph_find(&n.g, "a"), 0);
	ck_assert_int_eq(graph_find(&n.g, "b"), 1);
	ck_assert_int_eq(graph_find(&n.g, "B"), 2);
	ck_assert_int_eq(graph_find(&n.g, ""), 3);
	ck_assert_int_eq(graph_find(&n.g, "A"), -1);
	ck_assert_int_eq(graph_find(&n.g, "bb"), -1);
	ck_assert_int_eq(graph_find(&n.g, "zzz"), -1);
}
END_TEST

/* The layers of a MultiLayerNetwork follow one another, whatever they are called. */
START_TEST(chain)
{
	static const char text[] = "{\"confs\":[{\"layer\":{\"@class\":\"DenseLayer\",\"nin\":2,"
		"\"nout\":3,\"layerName\":\"fc\"}},{\"layer\":{\"@class\":\"DenseLayer\",\"nin\":3,"
		"\"nout\":4,\"layerName\":\"fc\"}},{\"layer\":{\"@class\":\"OutputLayer\",\"nin\":4,"
		"\"nout\":5}}]}";
	struct dl4j_error err = { 0 };
	struct wiring w;
	struct graph g;

	ck_assert_int_eq(config_read(&w, text, strlen(text), &newest, &limits, &arena, &err), 0);
	ck_assert_int_eq(graph_new(&g, &w, &arena, &err), 0);
	ordered(&g, "input fc fc 2");
	for (int i = 1; i < 4; i++) {
		ck_assert_int_eq(g.steps[i].n_in, 1);
		ck_assert_int_eq(g.steps[i].in[0], i - 1);
		ck_assert(g.steps[i].is_layer);
	}
	ck_assert_int_eq(g.steps[2].offset, 9);
	ck_assert_int_eq(g.steps[3].offset, 25);
	ck_assert_int_eq(g.n_params, 50);
	ck_assert_int_eq(g.outputs[0], 3);
	ck_assert_int_eq(graph_find(&g, "fc"), 1);
	ck_assert_int_eq(graph_runs(&g, &err), 0);
}
END_TEST

START_TEST(unknown_classes)
{
	struct net n = { 0 };

	layer(&n, "a", DENSE(2, 2), "\"in\"", "null");
	layer(&n, "mine", "{\"@class\":\"com.acme.MyLayer\"}", "\"a\"", "null");
	layer(&n, "b", DENSE(2, 2), "\"mine\"", "null");
	built(&n, "\"in\"", "\"b\"", "null");
	ck_assert_int_eq(n.g.n_params, -1);
	ck_assert(step(&n, "a")->known);
	ck_assert(!step(&n, "mine")->known && !step(&n, "b")->known);
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_EUNSUPPORTED, "layer 'mine': expected a "
	             "class this program can run (see 'dl4j list types'), found 'MyLayer'");
	n = (struct net){ 0 };
	layer(&n, "a", DENSE(2, 2), "\"in\"", "{\"@class\":\"ComposableInputPreProcessor\","
	      "\"inputPreProcessors\":[" TO_FF "]}");
	built(&n, "\"in\"", "\"a\"", "null");
	ck_assert_msg(!graph_runs(&n.g, &n.err), "%s", n.err.msg);
	n = (struct net){ 0 };
	vertex(&n, "sum", ADD, "");
	built(&n, "\"in\"", "\"sum\"", "null");
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_ESHAPE,
	             "vertex 'sum': expected an input, found none");
	/* inside others */
	n = (struct net){ 0 };
	layer(&n, "a", DENSE(2, 2), "\"in\"", "{\"@class\":\"ComposableInputPreProcessor\","
	      "\"inputPreProcessors\":[" TO_FF ",{\"@class\":\"a.OddPreProcessor\"}]}");
	built(&n, "\"in\"", "\"a\"", "null");
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_EUNSUPPORTED, "layer 'a': expected a "
	             "class this program can run (see 'dl4j list types'), found 'OddPreProcessor'");
	n = (struct net){ 0 };
	layer(&n, "a", "{\"@class\":\"DenseLayer\",\"nin\":2,\"nout\":2,\"activationFn\":"
	      "{\"@class\":\"a.ActivationOdd\"}}", "\"in\"", "null");
	built(&n, "\"in\"", "\"a\"", "null");
	ck_assert_int_eq(n.g.n_params, 6);
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_EUNSUPPORTED, "layer 'a': expected a "
	             "class this program can run (see 'dl4j list types'), found 'ActivationOdd'");
	n = (struct net){ 0 };
	layer(&n, "a", "{\"@class\":\"FrozenLayer\",\"layer\":{\"@class\":\"Odd\"}}", "\"in\"", "null");
	built(&n, "\"in\"", "\"a\"", "null");
	ck_assert_int_eq(n.g.n_params, -1);
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_EUNSUPPORTED, "layer 'a': expected a "
	             "class this program can run (see 'dl4j list types'), found 'Odd'");
	n = (struct net){ 0 };
	layer(&n, "a", DENSE(2, 2), "\"in\"", "{\"@class\":\"a.b.OddPreProcessor\"}");
	built(&n, "\"in\"", "\"a\"", "null");
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_EUNSUPPORTED, "layer 'a': expected a "
	             "class this program can run (see 'dl4j list types'), found 'OddPreProcessor'");
	n = (struct net){ 0 };
	vertex(&n, "v", "{\"@class\":\"a.b.OddVertex\"}", "\"in\"");
	built(&n, "\"in\"", "\"v\"", "null");
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_EUNSUPPORTED, "vertex 'v': expected a "
	             "class this program can run (see 'dl4j list types'), found 'OddVertex'");
}
END_TEST

static Suite *graph_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("graph", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_test(tests, layout);
	tcase_add_test(tests, too_many_parameters);
	tcase_add_test(tests, finding);
	tcase_add_test(tests, chain);
	tcase_add_test(tests, unknown_classes);
	return suite;
}

/* --- infer ------------------------------------------------------------------------------------ */

static void shape_is(struct dl4j_shape s, const char *expected)
{
	struct str text = { 0 };

	shape_print(&text, &s, true);
	ck_assert_str_eq(text.text, expected);
	str_free(&text);
}

/* What the first layers of a network tell of its input, which is not stored. */
static const struct {
	const char *first, *pre, *second;
	int told;
	struct dl4j_shape shape;
} inputs[] = {
	{ DENSE(7, 2), "null", DENSE(2, 2), 1, { .kind = DL4J_FF, .c = 7 } },
	{ DENSE(90, 2), TO_FF, DENSE(2, 2), 1, { .kind = DL4J_CNN } },
	{ CONV(3, 2, ""), "null", BN(2), 1, { .kind = DL4J_CNN, .c = 3 } },
	{ CONV(3, 2, ",\"cnn2dDataFormat\":\"NHWC\""), "null", BN(2), 1,
	  { .kind = DL4J_CNN, .c = 3, .channels_last = 1 } },
	{ "{\"@class\":\"ActivationLayer\"}", "null", CONV(3, 2, ""), 1, { .kind = DL4J_CNN, .c = 3 } },
	{ "{\"@class\":\"DropoutLayer\"}", "null", DENSE(7, 2), 1, { .kind = DL4J_FF, .c = 7 } },
	{ "{\"@class\":\"FrozenLayer\",\"layer\":" DENSE(7, 2) "}", "null", DENSE(2, 2), 1,
	  { .kind = DL4J_FF, .c = 7 } },
	{ CONV(3, 2, ""), "{\"@class\":\"FeedForwardToCnnPreProcessor\",\"inputHeight\":5,"
	  "\"inputWidth\":6,\"numChannels\":3}", BN(2), 1,
	  { .kind = DL4J_FF, .c = 90, .d = 3, .h = 5, .w = 6 } },
	{ DENSE(90, 2), "{\"@class\":\"CnnToFeedForwardPreProcessor\",\"inputHeight\":5,"
	  "\"inputWidth\":6,\"numChannels\":3}", DENSE(2, 2), 1,
	  { .kind = DL4J_CNN, .c = 3, .h = 5, .w = 6 } },
	{ "{\"@class\":\"GlobalPoolingLayer\"}", "null", DENSE(7, 2), 0, { 0 } },
	{ "{\"@class\":\"a.Odd\"}", "null", DENSE(7, 2), 0, { 0 } },
};

START_TEST(input_shape)
{
	struct dl4j_shape s = { .c = 77 };
	struct net n = { 0 };

	layer(&n, "a", inputs[_i].first, "\"in\"", inputs[_i].pre);
	layer(&n, "b", inputs[_i].second, "\"a\"", "null");
	built(&n, "\"in\"", "\"b\"", "null");
	ck_assert_int_eq(graph_input_shape(&n.g, 0, &s), inputs[_i].told);
	ck_assert_int_eq(s.kind, inputs[_i].shape.kind);
	ck_assert_int_eq(s.c, inputs[_i].shape.c);
	ck_assert_int_eq(s.d, inputs[_i].shape.d);
	ck_assert_int_eq(s.h, inputs[_i].shape.h);
	ck_assert_int_eq(s.w, inputs[_i].shape.w);
	ck_assert_int_eq(s.channels_last, inputs[_i].shape.channels_last);
}
END_TEST

/* Each input by its own readers. */
START_TEST(two_inputs)
{
	struct net n = { 0 };
	struct dl4j_shape s;

	layer(&n, "a", DENSE(7, 2), "\"y\"", "null");
	layer(&n, "b", CONV(3, 2, ""), "\"x\"", "null");
	built(&n, "\"x\",\"y\"", "\"a\",\"b\"", "null");
	ck_assert(graph_input_shape(&n.g, 0, &s) && s.kind == DL4J_CNN && s.c == 3);
	ck_assert(graph_input_shape(&n.g, 1, &s) && s.kind == DL4J_FF && s.c == 7);
}
END_TEST

static void small_net(struct net *n)
{
	*n = (struct net){ 0 };
	layer(n, "conv", CONV(3, 4, ""), "\"in\"", "null");
	layer(n, "same", CONV(4, 4, ",\"convolutionMode\":\"Same\""), "\"conv\"", "null");
	vertex(n, "both", MERGE, "\"conv\",\"same\"");
	layer(n, "fc", DENSE(96, 5), "\"both\"", TO_FF);
	built(n, "\"in\"", "\"fc\"", "null");
}

START_TEST(shapes)
{
	struct net n;
	struct dl4j_shape in = shape_cnn(3, 6, 5, false), all[5], before[5];

	small_net(&n);
	shape_is(step(&n, "conv")->shape, "InputTypeConvolutional(h=0,w=0,c=4,NCHW)");
	shape_is(step(&n, "both")->shape, "InputTypeConvolutional(h=0,w=0,c=8,NCHW)");
	shape_is(step(&n, "fc")->shape, "InputTypeFeedForward(5)");
	ck_assert(step(&n, "fc")->known);
	ck_assert_int_eq(graph_infer(&n.g, &in, all, before, &n.err), 0);
	shape_is(all[0], "InputTypeConvolutional(h=6,w=5,c=3,NCHW)");
	shape_is(all[1], "InputTypeConvolutional(h=4,w=3,c=4,NCHW)");
	shape_is(all[3], "InputTypeConvolutional(h=4,w=3,c=8,NCHW)");
	shape_is(all[4], "InputTypeFeedForward(5)");
	shape_is(before[1], "InputTypeConvolutional(h=6,w=5,c=3,NCHW)");
	shape_is(before[4], "InputTypeFeedForward(96)"); /* after the preprocessor */
	n = (struct net){ 0 }; /* a size that is not known is one all the same */
	layer(&n, "conv", CONV(3, 4, ""), "\"in\"", "null");
	layer(&n, "flat", "{\"@class\":\"ActivationLayer\"}", "\"conv\"", TO_FF);
	layer(&n, "same", "{\"@class\":\"ActivationLayer\"}", "\"flat\"", "null");
	built(&n, "\"in\"", "\"same\"", "null");
	ck_assert(step(&n, "flat")->known && step(&n, "same")->known);
	shape_is(step(&n, "same")->shape, "InputTypeFeedForward(0)");
}
END_TEST

START_TEST(misfits)
{
	struct net n;
	struct dl4j_shape in = shape_cnn(3, 7, 5, false), all[5];

	small_net(&n);
	unit_refused(graph_infer(&n.g, &in, all, NULL, &n.err), &n.err, DL4J_ESHAPE,
	             "layer 'fc': nIn: expected 120, the size of its input, found 96");
	in = shape_cnn(3, 2, 5, false);
	unit_refused(graph_infer(&n.g, &in, all, NULL, &n.err), &n.err, DL4J_ESHAPE, "layer 'conv': "
	             "kernelSize: expected at most 2 (the input with its padding), found 3");
	in = shape_ff(90);
	unit_refused(graph_infer(&n.g, &in, all, NULL, &n.err), &n.err, DL4J_ESHAPE,
	             "layer 'conv': expected convolutional input, found feed-forward");
	in = shape_cnn(3, INT64_C(1) << 31, 5, false);
	unit_refused(graph_infer(&n.g, &in, all, NULL, &n.err), &n.err, DL4J_ELIMIT,
	             "input 'in': expected sizes of at most 2147483647, found more");
	in.c = 0;
	unit_refused(graph_infer(&n.g, &in, all, NULL, &n.err), &n.err, DL4J_ELIMIT,
	             "input 'in': expected sizes of at most 2147483647, found more");
	n = (struct net){ 0 };
	layer(&n, "a", CONV(3, 4, ""), "\"in\"", "{\"@class\":\"FeedForwardToCnnPreProcessor\","
	      "\"inputHeight\":5,\"inputWidth\":6,\"numChannels\":3}");
	built(&n, "\"in\"", "\"a\"", "null");
	in = shape_ff(89);
	unit_refused(graph_infer(&n.g, &in, all, NULL, &n.err), &n.err, DL4J_ESHAPE,
	             "layer 'a': feedForwardToCnn: expected feed-forward input of size 90, found 89");
	/* known without an input's shape: still a summary, but no runner */
	n = (struct net){ 0 };
	layer(&n, "a", DENSE(2, 3), "\"in\"", "null");
	layer(&n, "b", DENSE(4, 5), "\"a\"", "null");
	built(&n, "\"in\"", "\"b\"", "null");
	ck_assert(step(&n, "a")->known);
	unit_refused(graph_runs(&n.g, &n.err), &n.err, DL4J_ESHAPE,
	             "layer 'b': nIn: expected 3, the size of its input, found 4");
}
END_TEST

static Suite *infer_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("infer", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_loop_test(tests, input_shape, 0, COUNT(inputs));
	tcase_add_test(tests, two_inputs);
	tcase_add_test(tests, shapes);
	tcase_add_test(tests, misfits);
	return suite;
}

/* --- lower ------------------------------------------------------------------------------------ */

static int lower(struct net *n, struct ir *ir, const struct dl4j_shape *in, const int *wanted,
                 int n_wanted, const float *flat)
{
	struct lower_request r = { .flat = flat, .inputs = in, .batch = 2, .wanted = wanted,
		                   .n_wanted = n_wanted };
	struct dl4j_shape all[16];

	ir_init(ir, &arena);
	return graph_lower(&n->g, &r, ir, all, &n->err);
}

/* Only what the wanted steps need, each operation with its vertex' name. */
START_TEST(wanted)
{
	static float flat[10000];
	struct dl4j_shape in = shape_cnn(3, 6, 5, false);
	const int both[] = { 3, 1 }, conv[] = { 1 }, fc[] = { 4 };
	struct net n;
	struct ir ir;

	small_net(&n);
	ck_assert_msg(!lower(&n, &ir, &in, both, 2, flat), "%s", n.err.msg);
	ck_assert_int_eq(ir.n_outputs, 2);
	ck_assert(ir.outputs[0]->dim[0] == 2 && ir.outputs[0]->dim[1] == 8);
	ck_assert(ir.outputs[1]->dim[1] == 4 && ir.outputs[1]->dim[2] == 4);
	ck_assert_int_eq(ir.n_ops, 3);
	ck_assert_str_eq(ir.ops[0]->origin, "conv");
	ck_assert_str_eq(ir.ops[2]->origin, "both");
	ck_assert_int_eq(ir_verify(&ir, &n.err), 0);
	ck_assert_int_eq(lower(&n, &ir, &in, conv, 1, flat), 0);
	ck_assert_int_eq(ir.n_ops, 1);
	ck_assert_int_eq(lower(&n, &ir, &in, fc, 1, flat), 0);
	ck_assert_int_eq(ir.n_ops, 5); /* the reshape before fc too */
	ck_assert_int_eq(ir_verify(&ir, &n.err), 0);
}
END_TEST

/* Each parameter starts where the table says. */
START_TEST(parameters)
{
	static float flat[10000];
	struct dl4j_shape in = shape_cnn(3, 6, 5, false);
	const int fc[] = { 4 };
	const struct ir_op *op;
	struct net n;
	struct ir ir;

	small_net(&n);
	ck_assert_int_eq(lower(&n, &ir, &in, fc, 1, flat), 0);
	op = ir.ops[0]; /* conv: b[4], then W */
	ck_assert_ptr_eq(op->in[2]->data, flat);
	ck_assert_ptr_eq(op->in[1]->data, flat + 4);
	ck_assert(op->in[1]->from == 0 && op->in[1]->until == 112); /* all of the layer's */
	op = ir.ops[1];
	ck_assert_ptr_eq(op->in[2]->data, flat + 112);
	ck_assert_ptr_eq(op->in[1]->data, flat + 116);
	op = ir.ops[4]; /* fc: W in column-major order, then b */
	ck_assert_int_eq(op->code, IR_MATMUL);
	ck_assert_ptr_eq(op->in[1]->data, flat + 260);
	ck_assert(op->in[1]->stride[0] == 1 && op->in[1]->stride[1] == 96);
	ck_assert_ptr_eq(op->in[2]->data, flat + 260 + 480);
}
END_TEST

START_TEST(refusals)
{
	static float flat[10000];
	struct dl4j_shape in = shape_cnn(3, 1 << 20, 1 << 20, false);
	const int big[] = { 1 };
	struct net n;
	struct ir ir;

	n = (struct net){ 0 };
	layer(&n, "big", CONV(3, 4, ""), "\"in\"", "null");
	built(&n, "\"in\"", "\"big\"", "null");
	unit_refused(lower(&n, &ir, &in, big, 1, flat), &n.err, DL4J_ELIMIT,
	             "layer 'big': an activation would need more than 4 TiB");
	small_net(&n);
	in = shape_cnn(3, 7, 5, false);
	unit_refused(lower(&n, &ir, &in, big, 1, flat), &n.err, DL4J_ESHAPE,
	             "layer 'fc': nIn: expected 120, the size of its input, found 96");
}
END_TEST

/* A mask has a word for each step, or for each number where there are no steps; states come behind
 * what is wanted. */
START_TEST(masks_and_states)
{
	static float flat[1000];
	const struct dl4j_shape in[] = { shape_rnn(3, 7, false), shape_ff(5), shape_rnn(2, 4, false) };
	const bool masked[] = { true, true, false };
	struct states states = { .arena = &arena };
	struct lower_request r = { .flat = flat, .inputs = in, .batch = 2, .masked = masked,
		                   .wanted = (int[]){ 3 }, .n_wanted = 1, .states = &states };
	struct dl4j_shape all[5];
	struct net n = { 0 };
	struct ir ir;

	layer(&n, "lstm", "{\"@class\":\"LSTM\",\"nin\":3,\"nout\":4}", "\"a\"", "null");
	built(&n, "\"a\",\"b\",\"c\"", "\"lstm\"", "null");
	ir_init(&ir, &arena);
	ck_assert_msg(!graph_lower(&n.g, &r, &ir, all, &n.err), "%s", n.err.msg);
	ck_assert_int_gt(states.n, 0);
	ck_assert_int_eq(ir.n_inputs, 3 + 2 + states.n);
	ck_assert(ir.inputs[3]->rank == 2 && ir.inputs[3]->dim[0] == 2 && ir.inputs[3]->dim[1] == 7);
	ck_assert(ir.inputs[4]->rank == 2 && ir.inputs[4]->dim[0] == 2 && ir.inputs[4]->dim[1] == 5);
	ck_assert_int_eq(ir.n_outputs, 1 + states.n);
	ck_assert_int_eq(ir_verify(&ir, &n.err), 0);
}
END_TEST

/* From the file's text to operations. */
static int whole(const void *text, struct dl4j_error *err)
{
	static float flat[1000];
	const struct dl4j_shape in = shape_cnn(3, 6, 5, false);
	struct arena mine = { 0 };
	struct dl4j_shape all[8];
	struct wiring w;
	struct graph g;
	struct ir ir;
	struct lower_request r = { .flat = flat, .inputs = &in, .batch = 2, .masked = (bool[]){ false },
		                   .wanted = &(int){ 2 }, .n_wanted = 1 };
	int status = config_read(&w, text, strlen(text), &newest, &limits, &mine, err);

	if (!status)
		status = graph_new(&g, &w, &mine, err);
	if (!status) {
		ir_init(&ir, &mine);
		status = graph_lower(&g, &r, &ir, all, err);
	}
	arena_free(&mine);
	return status;
}

START_TEST(starved)
{
	static const char multilayer[] = "{\"confs\":[{\"layer\":" CONV(3, 4, "") "},{\"layer\":"
		CONV(4, 4, "") "}]}";
	static const char graph[] = "{\"networkInputs\":[\"in\"],\"networkOutputs\":[\"b\"],"
		"\"vertices\":{\"a\":{\"@class\":\"LayerVertex\",\"layerConf\":{\"layer\":"
		CONV(3, 4, "") "}},\"b\":" ADD "},\"vertexInputs\":{\"a\":[\"in\"],\"b\":[\"a\"]}}";

	ck_assert_int_ge(unit_starved(whole, multilayer), 1);
	ck_assert_int_ge(unit_starved(whole, graph), 1);
}
END_TEST

static Suite *lower_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("lower", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_test(tests, wanted);
	tcase_add_test(tests, parameters);
	tcase_add_test(tests, refusals);
	tcase_add_test(tests, masks_and_states);
	tcase_add_test(tests, starved);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ sort_suite(), graph_suite(), infer_suite(), lower_suite(),
	                              NULL });
}
