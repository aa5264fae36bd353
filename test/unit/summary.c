/* SPDX-License-Identifier: Apache-2.0 */
/* summary: the tables' rules one by one, on networks written out here; whole tables of DL4J are
 * compared by test/golden/run, and one of Keras here. */
#include "summary/summary.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "summary/table.h"

static const struct dl4j_limits limits = {
	.json_depth = 100, .json_nodes = 1 << 20, .json_string_bytes = 65536, .json_number_chars = 64,
	.vertices = 10000
};

struct net {
	struct arena arena;
	struct graph g;
	struct dl4j_error err;
};

/* `rank` as in config_read: 1 makes it a zip of 1.0.0-M2.1, 2 one of 1.0.0-beta7. */
static void open_net(struct net *n, const char *json, int rank)
{
	const struct ndarray flat = { .rank = rank, .mode = "MIXED_DATA_TYPES" };
	struct wiring w;

	*n = (struct net){ .err = { 0 } };
	ck_assert_msg(!config_read(&w, json, strlen(json), &flat, &limits, &n->arena, &n->err), "%s",
	              n->err.msg);
	ck_assert_msg(!graph_new(&n->g, &w, &n->arena, &n->err), "%s", n->err.msg);
}

static char *slurp(const char *name)
{
	const char *top = getenv("srcdir");
	char path[4096];
	char *text = calloc(1, 1 << 20);
	FILE *in;

	snprintf(path, sizeof path, "%s/data/golden-large/%s", top ? top : ".", name);
	in = fopen(path, "rb");
	ck_assert_msg(in != NULL, "%s cannot be read", path);
	ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, in), (1 << 20) - 1);
	fclose(in);
	return text;
}

#define LAYERS "org.deeplearning4j.nn.conf.layers."
#define RELU \
	"\"activationFn\":{\"@class\":\"org.nd4j.linalg.activations.impl.ActivationReLU\"," \
	"\"negativeSlope\":null}"
#define CONV(name, in, out, k) \
	"{\"@class\":\"" LAYERS "ConvolutionLayer\",\"layerName\":\"" name "\",\"nin\":" in \
	",\"nout\":" out ",\"kernelSize\":[" k "," k "],\"stride\":[1,1],\"padding\":[0,0]," \
	"\"convolutionMode\":\"Truncate\",\"hasBias\":true," RELU "}"
#define BN(name, n) \
	"{\"@class\":\"" LAYERS "BatchNormalization\",\"layerName\":\"" name "\",\"nin\":" n \
	",\"nout\":" n "}"
#define DENSE(name, in, out) \
	"{\"@class\":\"" LAYERS "DenseLayer\",\"layerName\":\"" name "\",\"nin\":" in \
	",\"nout\":" out ",\"hasBias\":true," RELU "}"
#define ACT(name) "{\"@class\":\"" LAYERS "ActivationLayer\",\"layerName\":\"" name "\"," RELU "}"
#define FROZEN(layer) "{\"@class\":\"" LAYERS "misc.FrozenLayer\",\"layer\":" layer "}"
#define CONF(layer, variables) "{\"layer\":" layer ",\"variables\":[" variables "]}"
#define VERTEX(name, conf) \
	"\"" name "\":{\"@class\":\"org.deeplearning4j.nn.conf.graph.LayerVertex\",\"layerConf\":" \
	conf "}"
#define WB "\"W\",\"b\""
#define STATS "\"gamma\",\"beta\",\"mean\",\"var\""

/* A MultiLayerNetwork: a frozen convolution, then flattened into a dense layer. */
#define CHAIN \
	"{\"confs\":[" CONF(FROZEN(CONV("conv", "3", "4", "3")), WB) "," CONF(BN("bn", "4"), STATS) \
	"," CONF(DENSE("dense", "80", "5"), WB) "],\"inputPreProcessors\":{\"2\":{\"@class\":" \
	"\"org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor\"," \
	"\"inputHeight\":5,\"inputWidth\":4,\"numChannels\":4}}}"

/* Two branches of different length that meet in an Add. */
#define BRANCHES \
	"{\"vertices\":{" VERTEX("conv2d_with_a_name_beyond_measure", \
	CONF(CONV("", "3", "1200", "1"), WB)) "," \
	VERTEX("short", CONF(CONV("", "3", "1200", "1"), WB)) "," \
	VERTEX("leaky_re_lu_7", CONF(ACT(""), "")) "," VERTEX("act", CONF(ACT(""), "")) "," \
	"\"sum\":{\"@class\":\"org.deeplearning4j.nn.conf.graph.ElementWiseVertex\",\"op\":\"Add\"}}," \
	"\"vertexInputs\":{\"conv2d_with_a_name_beyond_measure\":[\"in\"],\"short\":[\"in\"]," \
	"\"leaky_re_lu_7\":[\"conv2d_with_a_name_beyond_measure\"],\"act\":[\"leaky_re_lu_7\"]," \
	"\"sum\":[\"short\",\"act\"]},\"networkInputs\":[\"in\"],\"networkOutputs\":[\"sum\"]}"

/* A class that nobody knows, and names that need care. */
#define STRANGE \
	"{\"vertices\":{" VERTEX("a<\\\"b\\\\", CONF(DENSE("", "2", "3"), WB)) "," \
	VERTEX("odd", CONF("{\"@class\":\"my.own.OddLayer\"}", "")) "," \
	VERTEX("last", CONF(DENSE("", "3", "2"), WB)) "}," \
	"\"vertexInputs\":{\"a<\\\"b\\\\\":[\"in\"],\"odd\":[\"a<\\\"b\\\\\"],\"last\":[\"odd\"]}," \
	"\"networkInputs\":[\"in\"],\"networkOutputs\":[\"last\"]}"

/* --- table ------------------------------------------------------------------------------------ */

START_TEST(widths)
{
	/* as Java: UTF-16 units */
	ck_assert_uint_eq(table_width(""), 0);
	ck_assert_uint_eq(table_width("abc"), 3);
	ck_assert_uint_eq(table_width("\xce\xbb"), 1);         /* lambda */
	ck_assert_uint_eq(table_width("\xe5\x8d\xb7"), 1);     /* a CJK character */
	ck_assert_uint_eq(table_width("\xf0\x9f\x98\x80"), 2); /* beyond 16 bits */
}
END_TEST

START_TEST(columns)
{
	struct table t = { .n_columns = 2 };
	struct str out = { 0 };

	table_cell(&t, "A");
	table_cell(&t, "Bee");
	table_cell(&t, "\xce\xbb\xce\xbb");
	table_cell(&t, "");
	ck_assert_uint_eq(table_print(&out, &t), 8);
	ck_assert_str_eq(out.text, "========\nA    Bee\n========\n\xce\xbb\xce\xbb      \n");
	table_free(&t);
	str_free(&out);
}
END_TEST

/* --- DL4J ------------------------------------------------------------------------------------- */

static void has(const struct str *out, const char *text)
{
	ck_assert_msg(out->text && strstr(out->text, text), "expected to find:\n%s\nin:\n%s", text,
	              out->text);
}

static void dl4j(const char *json, int rank, const struct dl4j_shape *in, const char *const *texts)
{
	struct str out = { 0 };
	struct net n;

	open_net(&n, json, rank);
	ck_assert_int_eq(summary_dl4j(&out, &n.g, n.g.release, in, &n.err), 0);
	ck_assert_int_eq(out.text[0], '\n');
	for (; *texts; texts++)
		has(&out, *texts);
	str_free(&out);
	arena_free(&n.arena);
}

START_TEST(multilayer)
{
	const struct dl4j_shape in = shape_cnn(3, 7, 6, false);

	/* the order of the flat vector, and no row for the input */
	dl4j(CHAIN, 2, NULL, (const char *[]){
		"=\nLayerName (LayerType)         nIn,nOut   TotalParams   ParamsShape  ",
		"=\n0 (Frozen ConvolutionLayer)   3,4        112           b:{1,4}, W:{4,3,3,3}  ",
		"\nbn (BatchNormalization)       4,4        16            gamma:{1,4}, beta:{1,4}, "
		"mean:{1,4}, var:{1,4}\n",
		"\ndense (DenseLayer)            80,5       405           W:{80,5}, b:{1,5}  ",
		"-\n            Total Parameters:  533\n        Trainable Parameters:  421\n"
		"           Frozen Parameters:  112\n=", NULL });
	dl4j(CHAIN, 1, &in, (const char *[]){
		"b:{4}, W:{4,3,3,3}", "gamma:{4}, beta:{4}, mean:{4}, var:{4}",
		" InputTypeConvolutional(h=5,w=4,c=4,NCHW)--> InputTypeFeedForward(80)   "
		"InputTypeFeedForward(5)  ", NULL });
}
END_TEST

START_TEST(computation_graph)
{
	const struct dl4j_shape in = shape_cnn(3, 7, 6, false);

	/* the order of "variables" */
	dl4j(BRANCHES, 1, NULL, (const char *[]){
		"\nin (InputVertex)                                       -,-        -             ",
		"\nshort (ConvolutionLayer)                               3,1200     4,800         "
		"W:{1200,3,1,1}, b:{1200}   [in]",
		"\nact (ActivationLayer)                                  -,-        0             "
		"-                          [leaky_re_lu_7]",
		"[short, act]", NULL });
	dl4j(BRANCHES, 2, &in, (const char *[]){
		"[in]                                  InputTypeConvolutional(h=7,w=6,c=3,NCHW)      "
		"InputTypeConvolutional(h=7,w=6,c=1200,NCHW)\n",
		"[short, act]                          -                                             "
		"InputTypeConvolutional(h=7,w=6,c=1200,NCHW)\n", NULL });
}
END_TEST

START_TEST(unknown_class)
{
	const struct dl4j_shape in = shape_ff(2);

	dl4j(STRANGE, 1, NULL, (const char *[]){
		"\na<\"b\\ (DenseLayer)        2,3        9             W:{2,3}, b:{3}   [in]  ",
		"\nodd (OddLayer)            -,-        -             -                [a<\"b\\]   ",
		"Total Parameters:  -\n        Trainable Parameters:  -\n", NULL });
	dl4j(STRANGE, 1, &in, (const char *[]){
		"[a<\"b\\]         InputTypeFeedForward(3)   -                      \n",
		"[odd]           -                         -                      \n", NULL });
}
END_TEST

/* --- Keras ------------------------------------------------------------------------------------ */

static void keras(const char *json, const struct dl4j_shape *in, const float *flat,
                  const char *expected_note, const char *const *texts)
{
	struct str out = { 0 }, note = { 0 };
	struct net n;

	open_net(&n, json, 1);
	ck_assert_int_eq(summary_keras(&out, &note, &n.g, "net", in, flat, &n.err), 0);
	ck_assert_int_eq(strncmp(out.text, "Model: \"net\"\n", 13), 0);
	for (; *texts; texts++)
		has(&out, *texts);
	if (expected_note)
		has(&note, expected_note);
	else
		ck_assert_ptr_null(note.text);
	str_free(&out);
	str_free(&note);
	arena_free(&n.arena);
}

START_TEST(keras_chain)
{
	const struct dl4j_shape in = shape_cnn(3, 7, 6, false);

	keras(CHAIN, &in, NULL, "the names of Flatten", (const char *[]){
		"Layer (type)                 Output Shape              Param #   \n",
		"\n0 (Conv2D)                   (None, 5, 4, 4)           112       \n",
		"\nbn (BatchNormalization)      (None, 5, 4, 4)           16        \n",
		"\nflatten_1 (Flatten)          (None, 80)                0         \n",
		/* the frozen convolution, and half of the batch normalization */
		"Total params: 533\nTrainable params: 413\nNon-trainable params: 120\n", NULL });
	keras(CHAIN, NULL, NULL, "--input-type", (const char *[]){
		"\n0 (Conv2D)                   (None, None, None, 4)     112       \n", NULL });
}
END_TEST

START_TEST(keras_branches)
{
	const struct dl4j_shape in = shape_cnn(3, 1007, 1006, false);

	/* cells are cut; a default name tells the class; the longer branch comes first; further
	 * connections have lines of their own */
	keras(BRANCHES, &in, NULL, "may have been other classes", (const char *[]){
		"=\nin (InputLayer)                 (None, 1007, 1006, 3 0"
		"                                            \n",
		"_\nconv2d_with_a_name_beyond_measu (None, 1007, 1006, 1 4800        "
		"in[0][0]                         \n_",
		"_\nleaky_re_lu_7 (LeakyReLU)       (None, 1007, 1006, 1 0           "
		"conv2d_with_a_name_beyond_measure\n_",
		"\nact (Activation)                (None, 1007, 1006, 1 0           "
		"leaky_re_lu_7[0][0]              \n",
		"_\nsum (Add)                       (None, 1007, 1006, 1 0           "
		"short[0][0]                      \n"
		"                                                                 "
		"act[0][0]                        \n=", NULL });
}
END_TEST

/* conv 3x3x3x4 + 4, then gamma, beta, mean, var of 4 each, then dense 80x5 + 5 */
START_TEST(keras_scale)
{
	const struct dl4j_shape in = shape_cnn(3, 7, 6, false);
	float flat[533] = { 0 }, *gamma = flat + 112, *var = flat + 124;

	for (int i = 0; i < 4; i++)
		gamma[i] = var[i] = 1;
	keras(CHAIN, &in, flat, "Flatten", (const char *[]){ "Total params: 533\n", NULL });
	flat[118] = 0.5f; /* a trained beta: gamma was not there */
	keras(CHAIN, &in, flat, "Flatten", (const char *[]){ "Total params: 529\n", NULL });
	gamma[1] = 0.5f;
	keras(CHAIN, &in, flat, "Flatten", (const char *[]){ "Total params: 533\n", NULL });
	flat[118] = 0; /* beta was not there */
	keras(CHAIN, &in, flat, "Flatten", (const char *[]){ "Total params: 529\n", NULL });
}
END_TEST

START_TEST(keras_unknown)
{
	keras(STRANGE, NULL, NULL, "no class of the meaning of OddLayer", (const char *[]){
		"odd (OddLayer)               ?                         0         \n", NULL });
}
END_TEST

/* What Keras itself printed for the network that DL4J then imported. */
START_TEST(keras_xception)
{
	char *json = slurp("xception-seed000-beta7/configuration.json");
	char *expected = slurp("xception-seed000-beta7/summary-keras.txt");
	struct str out = { 0 }, note = { 0 };
	struct net n;

	open_net(&n, json, 2);
	ck_assert_str_eq(zoo_find(&n.g)->name, "xception");
	ck_assert_int_eq(summary_keras(&out, &note, &n.g, NULL, NULL, NULL, &n.err), 0);
	ck_assert_str_eq(out.text, expected);
	ck_assert_ptr_null(note.text);
	str_free(&out);
	arena_free(&n.arena);
	free(json);
	free(expected);
}
END_TEST

/* --- JSON and Graphviz ------------------------------------------------------------------------ */

START_TEST(json)
{
	const struct dl4j_shape in = shape_cnn(3, 7, 6, false);
	struct str out = { 0 };
	struct net n;

	open_net(&n, CHAIN, 1);
	ck_assert_int_eq(summary_json(&out, &n.g, &in, &n.err), 0);
	has(&out, "\t\"type\": \"MultiLayerNetwork\",\n\t\"release\": \"1.0.0-M2.1\",\n"
	    "\t\"zoo\": null,\n\t\"parameters\": 533,\n\t\"frozenParameters\": 112,\n");
	has(&out, "\"class\": \"FrozenLayer\", \"known\": true, \"inputs\": [\"input\"], "
	    "\"wraps\": \"ConvolutionLayer\", \"activation\": \"ReLU\", \"nIn\": 3, \"nOut\": 4, "
	    "\"frozen\": true, ");
	has(&out, "\"offset\": 128, \"length\": 405, \"parameters\": [{\"name\": \"W\", \"shape\": "
	    "[80, 5], \"order\": \"f\", \"offset\": 128}, {\"name\": \"b\", \"shape\": [5], "
	    "\"order\": \"c\", \"offset\": 528}]}\n\t]\n}\n");
	str_free(&out);
	arena_free(&n.arena);
	open_net(&n, STRANGE, 1);
	ck_assert_int_eq(summary_json(&out, &n.g, NULL, &n.err), 0);
	has(&out, "\"parameters\": null");
	has(&out, "{\"name\": \"odd\", \"kind\": \"layer\", \"class\": \"OddLayer\", \"known\": false, "
	    "\"inputs\": [\"a<\\\"b\\\\\"]");
	has(&out, "\"shape\": null");
	str_free(&out);
	arena_free(&n.arena);
}
END_TEST

START_TEST(dot)
{
	struct str out = { 0 };
	struct net n;

	open_net(&n, STRANGE, 1);
	ck_assert_int_eq(summary_dot(&out, &n.g, NULL, &n.err), 0);
	has(&out, "label=<<b>a&lt;&quot;b\\</b><br/>DenseLayer, ReLU<br/>3<br/>9 parameters>];\n"
	    "\tn0 -> n1;\n");
	has(&out, "\tn1 -> n2;\n");
	str_free(&out);
	arena_free(&n.arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("summary");
	TCase *tests = tcase_create("summary");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, widths);
	tcase_add_test(tests, columns);
	tcase_add_test(tests, multilayer);
	tcase_add_test(tests, computation_graph);
	tcase_add_test(tests, unknown_class);
	tcase_add_test(tests, keras_chain);
	tcase_add_test(tests, keras_branches);
	tcase_add_test(tests, keras_scale);
	tcase_add_test(tests, keras_unknown);
	tcase_add_test(tests, keras_xception);
	tcase_add_test(tests, json);
	tcase_add_test(tests, dot);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
