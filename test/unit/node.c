/* SPDX-License-Identifier: Apache-2.0 */
/* node: names of classes, parameter tables and shapes of each layer by numbers worked out by hand,
 * windows under each ConvolutionMode, and what a few layers compute, by DL4J's own numbers. */
#include "unit.h"

#include <math.h>
#include <stdint.h>

#include "config/fields.h"
#include "node/activation.h"
#include "node/window.h"
#include "ref/ref.h"

static struct arena arena;

static void end(void)
{
	arena_free(&arena);
}

static int read_node(struct node **out, enum node_kind kind, const char *text,
                     enum release release, const char *const *variables, struct dl4j_error *err)
{
	struct reading r = { &arena, release, variables };
	cJSON *json = cJSON_Parse(text);
	int code;

	ck_assert_msg(json != NULL, "%s", text);
	code = fields_read(out, json, kind, &r, err);
	cJSON_Delete(json);
	return code;
}

static struct node *node_of(enum node_kind kind, const char *text)
{
	struct dl4j_error err = { 0 };
	struct node *n;

	ck_assert_msg(!read_node(&n, kind, text, RELEASE_M2, NULL, &err), "%s: %s", text, err.msg);
	ck_assert_msg(n->type != NULL, "%s", text);
	return n;
}

#define CLASS(name, ...) \
	"{\"@class\":\"org.deeplearning4j.nn.conf.layers." name "\"" __VA_ARGS__ "}"

/* --- node ------------------------------------------------------------------------------------- */

static const struct {
	enum node_kind kind;
	const char *name, *type;
} names[] = {
	{ NODE_LAYER, "org.deeplearning4j.nn.conf.layers.DenseLayer", "DenseLayer" },
	{ NODE_LAYER, "DenseLayer", "DenseLayer" },
	{ NODE_LAYER, "dense", "DenseLayer" },
	{ NODE_LAYER, "convolution", "ConvolutionLayer" },
	{ NODE_LAYER, "org.deeplearning4j.nn.conf.layers.Convolution2D", "ConvolutionLayer" },
	{ NODE_LAYER, "batchNormalization", "BatchNormalization" },
	{ NODE_LAYER, "GlobalPooling", "GlobalPoolingLayer" },
	{ NODE_LAYER, "org.deeplearning4j.nn.conf.layers.misc.FrozenLayer", "FrozenLayer" },
	{ NODE_LAYER, "Dense", NULL },
	{ NODE_LAYER, "denselayer", NULL },
	{ NODE_LAYER, "DenseLayer2", NULL },
	{ NODE_LAYER, "MergeVertex", NULL },
	{ NODE_LAYER, "", NULL },
	{ NODE_LAYER, ".", NULL },
	{ NODE_LAYER, "org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer", NULL },
	{ NODE_VERTEX, "org.deeplearning4j.nn.conf.graph.MergeVertex", "MergeVertex" },
	{ NODE_VERTEX, "DenseLayer", NULL },
	{ NODE_PREPROCESSOR, "cnnToFeedForward", "CnnToFeedForwardPreProcessor" },
	{ NODE_ACTIVATION, "org.nd4j.linalg.activations.impl.ActivationReLU", "ReLU" },
	{ NODE_ACTIVATION, "ReLU", "ReLU" },
	{ NODE_ACTIVATION, "RELU", "ReLU" },
	{ NODE_ACTIVATION, "relu", "ReLU" },
	{ NODE_ACTIVATION, "org.nd4j.linalg.activations.impl.ActivationTanH", "TanH" },
	{ NODE_ACTIVATION, "tanh", "TanH" },
	{ NODE_ACTIVATION, "ActivationReLU6", "ReLU6" },
	{ NODE_ACTIVATION, "HardTanh", "HardTanH" },
	{ NODE_ACTIVATION, "leakyrelu", "LReLU" },
	{ NODE_ACTIVATION, "LReLU", "LReLU" },
	{ NODE_ACTIVATION, "THRESHOLDEDRELU", "ThresholdedReLU" },
	{ NODE_ACTIVATION, "Nothing", NULL },
	{ NODE_ACTIVATION, "", NULL },
};

START_TEST(by_name)
{
	const struct node_type *t = node_find(names[_i].kind, names[_i].name);

	ck_assert_msg(!t == !names[_i].type, "%s", names[_i].name);
	if (t)
		ck_assert_str_eq(t->name, names[_i].type);
}
END_TEST

/* Every type is found under each of its names, by nobody else's; its fields lie inside it. */
START_TEST(registry)
{
	for (int i = 0; i < node_types(); i++) {
		const struct node_type *t = node_type_at(i);
		size_t size = t->size ? t->size : sizeof(struct node);
		ck_assert_ptr_eq(node_find(t->kind, t->name), t);
		for (int k = 0; k < COUNT(t->alias) && t->alias[k]; k++)
			ck_assert_ptr_eq(node_find(t->kind, t->alias[k]), t);
		for (const struct field *f = t->fields; f && f->json; f++) {
			ck_assert_uint_ge(f->offset, offsetof(struct node, nin));
			ck_assert_uint_lt(f->offset, size);
			ck_assert_msg(f->kind != FIELD_KIND_ENUM || f->names, "%s.%s", t->name, f->json);
			ck_assert_msg(f->kind != FIELD_KIND_DIMS || f->len <= DL4J_MAX_RANK, "%s.%s",
			              t->name, f->json);
		}
		ck_assert_msg(!t->params || t->kind != NODE_ACTIVATION, "%s", t->name);
	}
}
END_TEST

START_TEST(wrapped)
{
	const struct node *n = node_of(NODE_LAYER, "{\"@class\":\"FrozenLayer\",\"layer\":"
		"{\"@class\":\"FrozenLayerWithBackprop\",\"underlying\":{\"@class\":\"DenseLayer\","
		"\"nin\":2,\"nout\":3}}}");

	ck_assert_str_eq(n->type->name, "FrozenLayer");
	ck_assert_str_eq(node_inner(n)->type->name, "DenseLayer");
	ck_assert_ptr_eq(node_inner(node_inner(n)), node_inner(n));
}
END_TEST

START_TEST(variables)
{
	static const char *const list[] = { "gamma", "log10stdev", NULL };
	struct node n = { .variables = list }, none = { .variables = NULL };

	ck_assert(node_has_variable(&n, "log10stdev"));
	ck_assert(!node_has_variable(&n, "var"));
	ck_assert(!node_has_variable(&n, "gamm"));
	ck_assert(!node_has_variable(&none, "var"));
}
END_TEST

START_TEST(input_counts)
{
	struct dl4j_shape in[2] = { shape_ff(2), shape_ff(2) }, out;
	struct dl4j_error err = { 0 };

	unit_refused(node_infer(node_of(NODE_LAYER, CLASS("ActivationLayer")), in, 2, &out, &err),
	             &err, DL4J_ESHAPE, "expected 1 input, found 2");
	ck_assert_int_eq(node_infer(node_of(NODE_VERTEX, CLASS("MergeVertex")), in, 2, &out, &err), 0);
}
END_TEST

static Suite *node_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("node", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_loop_test(tests, by_name, 0, COUNT(names));
	tcase_add_test(tests, registry);
	tcase_add_test(tests, wrapped);
	tcase_add_test(tests, variables);
	tcase_add_test(tests, input_counts);
	return suite;
}

/* --- window ----------------------------------------------------------------------------------- */

static struct window window1(int mode, int64_t kernel, int64_t stride, int64_t pad,
                             int64_t dilation)
{
	return (struct window){ { 2, { kernel, 1 } }, { 2, { stride, 1 } }, { 2, { pad, 0 } },
		                { 2, { dilation, 1 } }, mode };
}

/* Over `n` cells: the size after, and the padding that this takes, or an error. */
static const struct {
	int mode;
	int64_t kernel, stride, pad, dilation, n, out, before, after;
	const char *msg;
} slides[] = {
	{ MODE_TRUNCATE, 3, 1, 0, 1, 7, 5, 0, 0, NULL },
	{ MODE_TRUNCATE, 3, 2, 0, 1, 7, 3, 0, 0, NULL },
	{ MODE_TRUNCATE, 3, 2, 0, 1, 8, 3, 0, 0, NULL }, /* the last cell is left out */
	{ MODE_TRUNCATE, 3, 2, 1, 1, 8, 4, 1, 1, NULL },
	{ MODE_TRUNCATE, 3, 1, 0, 2, 7, 3, 0, 0, NULL },
	{ MODE_TRUNCATE, 3, 1, 0, 1, 3, 1, 0, 0, NULL },
	{ MODE_TRUNCATE, 3, 1, 0, 1, 0, 0, 0, 0, NULL }, /* unknown stays unknown */
	{ MODE_TRUNCATE, 3, 1, 0, 1, 2, 0, 0, 0,
	  "kernelSize: expected at most 2 (the input with its padding), found 3" },
	{ MODE_TRUNCATE, 3, 1, 1, 3, 4, 0, 0, 0,
	  "kernelSize: expected at most 6 (the input with its padding), found 7" },
	{ MODE_STRICT, 3, 2, 0, 1, 7, 3, 0, 0, NULL },
	{ MODE_STRICT, 3, 2, 0, 1, 8, 0, 0, 0,
	  "convolutionMode Strict: expected a stride that divides 5, found 2" },
	{ MODE_STRICT, 3, 1, 0, 1, 2, 0, 0, 0,
	  "kernelSize: expected at most 2 (the input with its padding), found 3" },
	{ MODE_STRICT, 2, 3, 1, 1, 6, 3, 1, 1, NULL },
	{ MODE_SAME, 3, 1, 0, 1, 5, 5, 1, 1, NULL },
	{ MODE_SAME, 2, 1, 0, 1, 5, 5, 0, 1, NULL }, /* the odd cell comes after */
	{ MODE_SAME, 3, 2, 0, 1, 4, 2, 0, 1, NULL },
	{ MODE_SAME, 3, 2, 0, 1, 5, 3, 1, 1, NULL },
	{ MODE_SAME, 3, 2, 7, 1, 5, 3, 1, 1, NULL }, /* the field padding says nothing */
	{ MODE_SAME, 3, 1, 0, 2, 7, 7, 2, 2, NULL },
	{ MODE_SAME, 5, 1, 0, 1, 2, 2, 2, 2, NULL }, /* larger than the input */
	{ MODE_SAME, 1, 1, 0, 1, 9, 9, 0, 0, NULL },
	{ MODE_SAME, 1, 2, 0, 1, 4, 2, 0, -1, NULL }, /* a stride that skips the last cells */
	{ MODE_SAME, 1, 3, 0, 1, 4, 2, 0, 0, NULL },
	{ MODE_SAME, 1, 3, 0, 1, 5, 2, 0, -1, NULL },
	{ MODE_SAME, 2, 5, 0, 1, 10, 2, 0, -3, NULL },
	{ MODE_SAME, 3, 1, 0, 1, 0, 0, 0, 0, NULL },
	{ MODE_CAUSAL, 3, 1, 0, 1, 5, 5, 2, 0, NULL },
	{ MODE_CAUSAL, 3, 1, 0, 2, 5, 5, 4, 0, NULL },
	{ MODE_CAUSAL, 3, 2, 0, 1, 5, 3, 2, 0, NULL },
};

START_TEST(slide)
{
	struct window w = window1(slides[_i].mode, slides[_i].kernel, slides[_i].stride,
	                          slides[_i].pad, slides[_i].dilation);
	struct dl4j_shape in = shape_cnn(4, slides[_i].n, 6, false), out;
	struct ir_val x = { .rank = 4, .dim = { 1, 4, slides[_i].n, 6 } };
	struct dl4j_error err = { 0 };
	struct ir_window r;

	if (slides[_i].msg) {
		unit_refused(window_infer(&w, &in, 5, &out, &err), &err, DL4J_ESHAPE, slides[_i].msg);
		return;
	}
	ck_assert_msg(!window_infer(&w, &in, 5, &out, &err), "%s", err.msg);
	ck_assert_int_eq(out.c, 5);
	ck_assert_int_eq(out.h, slides[_i].out);
	ck_assert_int_eq(out.w, 6);
	ck_assert(!out.channels_last);
	if (!slides[_i].n)
		return;
	r = window_resolve(&w, &x);
	ck_assert_int_eq(r.n, 2);
	ck_assert_int_eq(r.pad_lo[0], slides[_i].before);
	ck_assert_int_eq(r.pad_hi[0], slides[_i].after);
	ck_assert_int_eq(r.kernel[0], slides[_i].kernel);
	ck_assert_int_eq(r.stride[0], slides[_i].stride);
	ck_assert_int_eq(r.dilation[0], slides[_i].dilation);
	ck_assert(r.pad_lo[1] == 0 && r.pad_hi[1] == 0 && r.kernel[1] == 1);
}
END_TEST

/* Whatever the sizes, the operation has the shape that was inferred. */
START_TEST(agree)
{
	static float weights[64];

	for (int mode = MODE_STRICT; mode <= MODE_CAUSAL; mode++)
		for (int64_t i = 0; i < 5 * 4 * 3 * 2 * 12; i++) {
			struct window w = window1(mode, 1 + i % 5, 1 + i / 5 % 4, i / 20 % 3, 1 + i / 60 % 2);
			int64_t n = 1 + i / 120;
			struct dl4j_shape in = shape_cnn(1, n, 6, false), out;
			struct dl4j_error err = { 0 };
			struct arena a = { 0 };
			struct ir ir;
			struct ir_val *x, *y;
			struct ir_window r;
			if (window_infer(&w, &in, 1, &out, &err))
				continue;
			ir_init(&ir, &a);
			x = ir_input(&ir, 4, (int64_t[]){ 1, 1, n, 6 });
			r = window_resolve(&w, x);
			y = ir_conv(&ir, x, ir_const(&ir, weights, 5, (int64_t[]){ 1, 1, 1,
			            w.kernel.v[0], 1 }, NULL), NULL, &r);
			ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
			ck_assert_int_eq(y->dim[2], out.h);
			arena_free(&a);
		}
}
END_TEST

static Suite *window_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("window", &tests);

	tcase_add_loop_test(tests, slide, 0, COUNT(slides));
	tcase_add_test(tests, agree);
	return suite;
}

/* --- params ----------------------------------------------------------------------------------- */

#define CONV "\"nin\":3,\"nout\":4,\"kernelSize\":[5,2]"

static const struct {
	const char *json, *table;
} tables[] = {
	{ CLASS("DenseLayer", ",\"nin\":3,\"nout\":4"), "W[3,4]f b[4]c" },
	{ CLASS("DenseLayer", ",\"nin\":3,\"nout\":4,\"hasBias\":false"), "W[3,4]f" },
	{ CLASS("DenseLayer", ",\"nin\":3,\"nout\":4,\"hasLayerNorm\":true"), "W[3,4]f b[4]c g[4]c" },
	{ CLASS("OutputLayer", ",\"nin\":3,\"nout\":4"), "W[3,4]f b[4]c" },
	{ CLASS("ConvolutionLayer", "," CONV), "b[4]c W[4,3,5,2]c" },
	{ CLASS("ConvolutionLayer", "," CONV ",\"hasBias\":false"), "W[4,3,5,2]c" },
	{ CLASS("DepthwiseConvolution2D", ",\"nin\":3,\"nout\":6,\"depthMultiplier\":2,"
	        "\"kernelSize\":[5,2]"), "b[6]c W[5,2,3,2]c" },
	{ CLASS("SeparableConvolution2D", "," CONV ",\"depthMultiplier\":2"),
	  "b[4]c W[2,3,5,2]c pW[4,6,1,1]c" },
	{ CLASS("BatchNormalization", ",\"nin\":3,\"nout\":3"), "gamma[3]c beta[3]c mean[3]c var[3]c" },
	{ CLASS("BatchNormalization", ",\"nin\":3,\"nout\":3,\"lockGammaBeta\":true"),
	  "mean[3]c var[3]c" },
	{ CLASS("FrozenLayer", ",\"layer\":" CLASS("DenseLayer", ",\"nin\":3,\"nout\":4")),
	  "W[3,4]f b[4]c" },
	{ CLASS("FrozenLayerWithBackprop", ",\"underlying\":" CLASS("ConvolutionLayer", "," CONV)),
	  "b[4]c W[4,3,5,2]c" },
	{ CLASS("SubsamplingLayer"), "" }, { CLASS("ActivationLayer"), "" },
	{ CLASS("DropoutLayer"), "" }, { CLASS("LossLayer"), "" },
	{ CLASS("GlobalPoolingLayer"), "" }, { CLASS("ZeroPaddingLayer"), "" },
};

static void print_table(struct str *s, const struct node *n)
{
	struct param p[PARAM_MAX];
	int count = node_params(n, p);

	str_add(s, "");
	for (int i = 0; i < count; i++) {
		str_addf(s, "%s%s", i ? " " : "", p[i].key);
		for (int k = 0; k < p[i].rank; k++)
			str_addf(s, "%s%lld", k ? "," : "[", (long long)p[i].dim[k]);
		str_addf(s, "]%c", p[i].order);
	}
}

START_TEST(one_table)
{
	struct str s = { 0 };

	print_table(&s, node_of(NODE_LAYER, tables[_i].json));
	ck_assert_str_eq(s.text, tables[_i].table);
	str_free(&s);
}
END_TEST

/* The list of variables tells how batch normalization stores its variance. */
START_TEST(log_std)
{
	static const char *const list[] = { "gamma", "beta", "mean", "log10stdev", NULL };
	struct dl4j_error err = { 0 };
	struct str s = { 0 };
	struct node *n;

	ck_assert_int_eq(read_node(&n, NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":2,\"nout\":2"),
	                           RELEASE_M2, list, &err), 0);
	print_table(&s, n);
	ck_assert_str_eq(s.text, "gamma[2]c beta[2]c mean[2]c log10stdev[2]c");
	str_free(&s);
}
END_TEST

/* What the fields alone cannot say. */
static const struct {
	enum node_kind kind;
	int code;
	const char *json, *msg;
} checks[] = {
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("DepthwiseConvolution2D", "," CONV),
	  "nout: expected 3, nin times depthMultiplier, found 4" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("DepthwiseConvolution2D", ",\"nin\":2147483647,\"nout\":1,"
	  "\"depthMultiplier\":2147483647"),
	  "nout: expected 4611686014132420609, nin times depthMultiplier, found 1" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("FrozenLayer"), "expected the frozen layer, found none" },
	{ NODE_LAYER, DL4J_EUNSUPPORTED, CLASS("SeparableConvolution2D", ",\"nin\":1,\"nout\":4,"
	  "\"depthMultiplier\":2"),
	  "nOut: expected the depthMultiplier, 2, as no release computes another for one channel, "
	  "found 4" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("ElementWiseMultiplicationLayer", ",\"nin\":3,\"nout\":4"),
	  "expected an nout of nin, found 3 and 4" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("VariationalAutoencoder", ",\"nin\":3,\"nout\":4"),
	  "expected 1 to 13 encoder and decoder layers, found 0 and 0" },
	{ NODE_LAYER, DL4J_EUNSUPPORTED, CLASS("VariationalAutoencoder", ",\"nin\":3,\"nout\":4,"
	  "\"encoderLayerSizes\":[5],\"decoderLayerSizes\":[6],\"outputDistribution\":"
	  "{\"@class\":\"a.OddDistribution\"}"),
	  "outputDistribution: expected a Gaussian, Bernoulli, Exponential or Composite one or a "
	  "LossFunctionWrapper, found OddDistribution" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("VariationalAutoencoder", ",\"nin\":3,\"nout\":4,"
	  "\"encoderLayerSizes\":[5],\"decoderLayerSizes\":[6],\"outputDistribution\":"
	  "{\"Composite\":{\"distributionSizes\":[1,1],\"reconstructionDistributions\":"
	  "[{\"Gaussian\":{}},{\"Bernoulli\":{}}]}}"),
	  "outputDistribution: expected parts that make up the input, found others" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("Yolo2OutputLayer", ",\"boundingBoxes\":{\"data\":[1,2,3]}"),
	  "boundingBoxes: expected pairs of numbers, found 3 numbers" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("Yolo2OutputLayer", ",\"boundingBoxes\":{"
	  "\"dataBuffer\":[1,2],\"orderingField\":\"f\"}"),
	  "boundingBoxes: expected an array of order 'c', found another" },
	{ NODE_VERTEX, DL4J_EFORMAT, CLASS("UnstackVertex", ",\"from\":2,\"stackSize\":2"),
	  "from: expected less than the stackSize, 2, found 2" },
	{ NODE_VERTEX, DL4J_EFORMAT, CLASS("ReshapeVertex", ",\"newShape\":[3]"),
	  "newShape: expected 2 to 5 numbers, found 1" },
	{ NODE_VERTEX, DL4J_EFORMAT, CLASS("PreprocessorVertex", ",\"preProcessor\":null"),
	  "expected what it wraps, found none" },
	{ NODE_LAYER, DL4J_EUNSUPPORTED,
	  CLASS("RBM", ",\"nin\":1,\"nout\":1,\"hiddenUnit\":\"GAUSSIAN\""),
	  "hiddenUnit: expected BINARY, RECTIFIED, SOFTMAX or IDENTITY, found GAUSSIAN, of which DL4J "
	  "puts out noise" },
	{ NODE_PREPROCESSOR, DL4J_EFORMAT, CLASS("ReshapePreprocessor", ",\"targetShape\":[]"),
	  "targetShape: expected 2 to 5 numbers with the batch, found 1" },
	{ NODE_LAYER, DL4J_EUNSUPPORTED, CLASS("SubsamplingLayer", ",\"poolingType\":\"SUM\""),
	  "poolingType: expected MAX, AVG or PNORM, found SUM, which no release of DL4J computes" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("SubsamplingLayer", ",\"poolingType\":\"PNORM\""),
	  "pnorm: expected at least 1, found 0" },
	{ NODE_LAYER, DL4J_EUNSUPPORTED, CLASS("GlobalPoolingLayer", ",\"poolingDimensions\":[3,2]"),
	  "poolingDimensions: expected [2], [1], [2,3], [1,2] or [2,3,4], found another list" },
	{ NODE_LAYER, DL4J_EUNSUPPORTED, CLASS("GlobalPoolingLayer",
	  ",\"poolingDimensions\":[2,3,4,5]"),
	  "poolingDimensions: expected [2], [1], [2,3], [1,2] or [2,3,4], found another list" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("DenseLayer", ",\"nin\":3"),
	  "nout: expected at least 1, found 0" },
	{ NODE_LAYER, DL4J_EFORMAT, CLASS("DenseLayer", ",\"nin\":0,\"nout\":3"),
	  "nin: expected at least 1, found 0" },
	{ NODE_PREPROCESSOR, DL4J_ELIMIT, CLASS("FeedForwardToCnnPreProcessor",
	  ",\"inputHeight\":2147483647,\"inputWidth\":2147483647,\"numChannels\":4"),
	  "the size overflows" },
};

START_TEST(check)
{
	struct dl4j_error err = { 0 };
	struct node *n;

	unit_refused(read_node(&n, checks[_i].kind, checks[_i].json, RELEASE_M2, NULL, &err), &err,
	             checks[_i].code, checks[_i].msg);
}
END_TEST

static Suite *params_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("params", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_loop_test(tests, one_table, 0, COUNT(tables));
	tcase_add_test(tests, log_std);
	tcase_add_loop_test(tests, check, 0, COUNT(checks));
	return suite;
}

/* --- infer ------------------------------------------------------------------------------------ */

#define FF(n) { .kind = DL4J_FF, .c = n }
#define RNN(n, steps) { .kind = DL4J_RNN, .c = n, .t = steps }
#define CNN(ch, height, width) { .kind = DL4J_CNN, .c = ch, .h = height, .w = width }
#define NHWC(ch, height, width) \
	{ .kind = DL4J_CNN, .c = ch, .h = height, .w = width, .channels_last = 1 }
#define CALLED_NCHW(ch, height, width) \
	{ .kind = DL4J_CNN, .c = ch, .h = height, .w = width, .channels_last = LAST_CALLED_FIRST }
#define OUT_CNN(h, w, c, format) "InputTypeConvolutional(h=" #h ",w=" #w ",c=" #c "," #format ")"
#define OUT_FF(n) "InputTypeFeedForward(" #n ")"
#define BIG 2147483647

static const struct {
	enum node_kind kind;
	const char *json;
	struct dl4j_shape in[3];
	int n_in;
	const char *text; /* the result as DL4J prints it, or the error */
} shapes[] = {
	{ NODE_LAYER, CLASS("DenseLayer", ",\"nin\":3,\"nout\":4"), { FF(3) }, 1, OUT_FF(4) },
	{ NODE_LAYER, CLASS("DenseLayer", ",\"nin\":3,\"nout\":4"), { FF(0) }, 1, OUT_FF(4) },
	{ NODE_LAYER, CLASS("DenseLayer", ",\"nin\":3,\"nout\":4"), { FF(5) }, 1,
	  "nIn: expected 5, the size of its input, found 3" },
	{ NODE_LAYER, CLASS("DenseLayer", ",\"nin\":3,\"nout\":4"), { CNN(3, 1, 1) }, 1,
	  "expected feed-forward input, found convolutional; a preprocessor is missing" },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { CNN(3, 9, 8) }, 1,
	  OUT_CNN(5, 7, 4, NCHW) },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV ",\"convolutionMode\":\"Same\","
	  "\"stride\":[2,3]"), { CNN(3, 9, 8) }, 1, OUT_CNN(5, 3, 4, NCHW) },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { CNN(3, 0, 0) }, 1,
	  OUT_CNN(0, 0, 4, NCHW) },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { CNN(2, 9, 8) }, 1,
	  "nIn: expected 2, the channels of its input, found 3" },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { FF(3) }, 1,
	  "expected convolutional input, found feed-forward" },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV ",\"cnn2dDataFormat\":\"NHWC\""),
	  { NHWC(3, 9, 8) }, 1, OUT_CNN(5, 7, 4, NHWC) },
	/* [n,9,8,3] named NCHW has 9 channels, and a picture of 8 by 3 */
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { NHWC(3, 9, 8) }, 1,
	  "nIn: expected 9, the channels of its input, found 3" },
	{ NODE_LAYER, CLASS("ConvolutionLayer", ",\"nin\":9,\"nout\":2,\"kernelSize\":[1,1]"),
	  { NHWC(3, 9, 8) }, 1, OUT_CNN(8, 3, 2, NCHW) },
	/* behind a Reshape of beta7: whichever way its channels fit */
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { CALLED_NCHW(3, 9, 8) }, 1,
	  OUT_CNN(5, 7, 4, NCHW) },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV ",\"cnn2dDataFormat\":\"NHWC\""),
	  { CALLED_NCHW(3, 9, 8) }, 1, OUT_CNN(5, 7, 4, NHWC) },
	{ NODE_LAYER, CLASS("ConvolutionLayer", ",\"nin\":9,\"nout\":2,\"kernelSize\":[1,1]"),
	  { CALLED_NCHW(3, 9, 8) }, 1, OUT_CNN(8, 3, 2, NCHW) },
	{ NODE_LAYER, CLASS("ConvolutionLayer", "," CONV), { CALLED_NCHW(4, 9, 8) }, 1,
	  "nIn: expected 9, the channels of its input, found 3" },
	{ NODE_LAYER, CLASS("DepthwiseConvolution2D", ",\"nin\":3,\"nout\":6,\"depthMultiplier\":2,"
	  "\"kernelSize\":[2,2]"), { CNN(3, 4, 4) }, 1, OUT_CNN(3, 3, 6, NCHW) },
	{ NODE_LAYER, CLASS("SeparableConvolution2D", "," CONV ",\"padding\":[2,0]"),
	  { CNN(3, 4, 4) }, 1, OUT_CNN(4, 3, 4, NCHW) },
	{ NODE_LAYER, CLASS("Yolo2OutputLayer", ",\"boundingBoxes\":{\"data\":[1,2,3,4]}"),
	  { CNN(11, 3, 2) }, 1, "expected channels for 2 boxes of at least 6, found 11" },
	{ NODE_LAYER, CLASS("CapsuleLayer", ",\"inputCapsules\":4,\"inputCapsuleDimensions\":3,"
	  "\"capsules\":2,\"capsuleDimensions\":5"), { RNN(4, 2) }, 1,
	  "expected 4 capsules of 3, found 4 of 2" },
	{ NODE_VERTEX, CLASS("SubsetVertex", ",\"from\":1,\"to\":3"), { FF(3) }, 1,
	  "expected a part of axis 1, of size 3, found 1 to 3" },
	{ NODE_VERTEX, CLASS("StackVertex"), { FF(3), FF(4) }, 2,
	  "expected inputs of one shape, found another in input 1" },
	{ NODE_VERTEX, CLASS("L2Vertex"), { FF(3), RNN(3, 1) }, 2,
	  "expected two inputs of one kind, found another" },
	{ NODE_VERTEX, CLASS("L2NormalizeVertex", ",\"dimension\":[2]"), { FF(3) }, 1,
	  "dimension: expected 1 to 1, found 2" },
	{ NODE_PREPROCESSOR, CLASS("PermutePreprocessor", ",\"permutationIndices\":[1,1]"),
	  { RNN(3, 4) }, 1,
	  "permutationIndices: expected the axes 1 to 2 in some order, found others" },
	{ NODE_PREPROCESSOR, CLASS("ReshapePreprocessor", ",\"targetShape\":[4,2]"), { FF(9) }, 1,
	  "targetShape: expected 9 numbers, found 8" },
	{ NODE_LAYER, CLASS("SubsamplingLayer", ",\"kernelSize\":[2,2],\"stride\":[2,2]"),
	  { CNN(3, 9, 8) }, 1, OUT_CNN(4, 4, 3, NCHW) },
	{ NODE_LAYER, CLASS("SubsamplingLayer", ",\"kernelSize\":[3,3],\"stride\":[2,2],"
	  "\"convolutionMode\":\"Same\""), { CNN(3, 9, 8) }, 1, OUT_CNN(5, 4, 3, NCHW) },
	{ NODE_LAYER, CLASS("ZeroPaddingLayer", ",\"padding\":[1,2,3,4]"), { CNN(3, 9, 8) }, 1,
	  OUT_CNN(12, 15, 3, NCHW) },
	{ NODE_LAYER, CLASS("ZeroPaddingLayer", ",\"padding\":[1,2,3,4]"), { CNN(3, 0, 8) }, 1,
	  OUT_CNN(0, 15, 3, NCHW) },
	{ NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":3,\"nout\":3"), { CNN(3, 9, 8) }, 1,
	  OUT_CNN(9, 8, 3, NCHW) },
	{ NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":3,\"nout\":3"), { FF(3) }, 1, OUT_FF(3) },
	{ NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":4,\"nout\":4"), { CNN(3, 9, 8) }, 1,
	  "nOut: expected 3, the channels of its input, found 4" },
	{ NODE_LAYER, CLASS("GlobalPoolingLayer"), { CNN(3, 9, 8) }, 1, OUT_FF(3) },
	{ NODE_LAYER, CLASS("GlobalPoolingLayer", ",\"collapseDimensions\":false"),
	  { CNN(3, 9, 8) }, 1, OUT_CNN(1, 1, 3, NCHW) },
	{ NODE_LAYER, CLASS("GlobalPoolingLayer"), { RNN(3, 9) }, 1, OUT_FF(3) },
	{ NODE_LAYER, CLASS("GlobalPoolingLayer"), { FF(3) }, 1,
	  "expected convolutional or recurrent input, found feed-forward" },
	{ NODE_LAYER, CLASS("GlobalPoolingLayer", ",\"poolingDimensions\":[2,3]"), { RNN(3, 9) }, 1,
	  "poolingDimensions: expected 1 numbers, found 2" },
	{ NODE_LAYER, CLASS("GlobalPoolingLayer", ",\"poolingDimensions\":[1,2]"), { NHWC(3, 9, 8) },
	  1, OUT_FF(3) },
	{ NODE_LAYER, CLASS("DropoutLayer"), { CNN(3, 9, 8) }, 1, OUT_CNN(9, 8, 3, NCHW) },
	{ NODE_LAYER, CLASS("FrozenLayer", ",\"layer\":" CLASS("DenseLayer", ",\"nin\":3,\"nout\":4")),
	  { FF(3) }, 1, OUT_FF(4) },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor"), { CNN(3, 9, 8) }, 1, OUT_FF(216) },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor"), { CNN(3, 0, 8) }, 1, OUT_FF(0) },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor"), { FF(5) }, 1, OUT_FF(5) },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor"), { CNN(BIG, BIG, BIG) }, 1,
	  "cnnToFeedForward: the size overflows" },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor", ",\"inputHeight\":9,"
	  "\"inputWidth\":8,\"numChannels\":3"), { CNN(3, 0, 0) }, 1, OUT_FF(216) },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor", ",\"inputHeight\":9,"
	  "\"inputWidth\":8,\"numChannels\":3"), { CNN(3, 9, 7) }, 1,
	  "cnnToFeedForward: expected 3x9x8 (c,h,w), found 3x9x7" },
	{ NODE_PREPROCESSOR, CLASS("FeedForwardToCnnPreProcessor", ",\"inputHeight\":9,"
	  "\"inputWidth\":8,\"numChannels\":3"), { FF(216) }, 1, OUT_CNN(9, 8, 3, NCHW) },
	{ NODE_PREPROCESSOR, CLASS("FeedForwardToCnnPreProcessor", ",\"inputHeight\":9,"
	  "\"inputWidth\":8,\"numChannels\":3"), { FF(215) }, 1,
	  "feedForwardToCnn: expected feed-forward input of size 216, found 215" },
	{ NODE_VERTEX, CLASS("MergeVertex"), { CNN(3, 9, 8), CNN(4, 9, 8), CNN(5, 9, 8) }, 3,
	  OUT_CNN(9, 8, 12, NCHW) },
	{ NODE_VERTEX, CLASS("MergeVertex", ",\"mergeAxis\":3"), { NHWC(3, 9, 8), NHWC(4, 9, 8) }, 2,
	  OUT_CNN(9, 8, 7, NHWC) },
	{ NODE_VERTEX, CLASS("MergeVertex", ",\"mergeAxis\":2"), { CNN(3, 9, 8), CNN(3, 1, 8) }, 2,
	  OUT_CNN(10, 8, 3, NCHW) },
	{ NODE_VERTEX, CLASS("MergeVertex"), { FF(3), FF(4) }, 2, OUT_FF(7) },
	{ NODE_VERTEX, CLASS("MergeVertex"), { FF(3), FF(0) }, 2, OUT_FF(0) },
	{ NODE_VERTEX, CLASS("MergeVertex"), { FF(3), CNN(3, 1, 1) }, 2,
	  "expected inputs of one kind, found another in input 1" },
	{ NODE_VERTEX, CLASS("MergeVertex", ",\"mergeAxis\":2"), { FF(3), FF(4) }, 2,
	  "mergeAxis: expected 1 to 1, found 2" },
	{ NODE_VERTEX, CLASS("MergeVertex"), { FF(BIG), FF(BIG) }, 2,
	  "expected sizes of at most 2147483647, found more" },
	{ NODE_LAYER, CLASS("Deconvolution2D", ",\"nin\":1,\"nout\":1,\"kernelSize\":[2,2],"
	  "\"stride\":[2147483647,1]"), { CNN(1, BIG, 1) }, 1,
	  "expected sizes of at most 2147483647, found more" },
	{ NODE_LAYER, CLASS("Upsampling2D", ",\"size\":[2147483647,2]"), { CNN(1, BIG, 1) }, 1,
	  "size: expected a result of at most 2147483647 cells an axis, found more" },
	{ NODE_LAYER, CLASS("ZeroPaddingLayer", ",\"padding\":[2147483647,2147483647,0,0]"),
	  { CNN(1, 1, 1) }, 1, "expected sizes of at most 2147483647, found more" },
	{ NODE_PREPROCESSOR, CLASS("CnnToFeedForwardPreProcessor"), { CNN(2, 1 << 20, 1 << 20) }, 1,
	  "expected sizes of at most 2147483647, found more" },
	{ NODE_VERTEX, CLASS("ElementWiseVertex", ",\"op\":\"Product\""),
	  { NHWC(3, 9, 8), CALLED_NCHW(3, 1, 1) }, 2, OUT_CNN(9, 8, 3, NHWC) },
	{ NODE_VERTEX, CLASS("ElementWiseVertex", ",\"op\":\"Add\""), { CNN(3, 9, 8), CNN(3, 9, 8) },
	  2, OUT_CNN(9, 8, 3, NCHW) },
	{ NODE_VERTEX, CLASS("ElementWiseVertex", ",\"op\":\"Max\""), { CNN(3, 1, 1), CNN(3, 9, 8) },
	  2, OUT_CNN(9, 8, 3, NCHW) },
	{ NODE_VERTEX, CLASS("ElementWiseVertex", ",\"op\":\"Add\""), { CNN(3, 9, 8), CNN(3, 9, 7) },
	  2, "expected inputs of one shape, found another in input 1" },
	{ NODE_VERTEX, CLASS("ElementWiseVertex", ",\"op\":\"Subtract\""), { FF(3), FF(3), FF(3) }, 3,
	  "op Subtract: expected at most 2 inputs, found 3" },
	{ NODE_VERTEX, CLASS("ScaleVertex", ",\"scaleFactor\":2"), { CNN(3, 9, 8) }, 1,
	  OUT_CNN(9, 8, 3, NCHW) },
};

START_TEST(infer)
{
	struct node *n = node_of(shapes[_i].kind, shapes[_i].json);
	struct dl4j_error err = { 0 };
	struct str s = { 0 };
	struct dl4j_shape out;

	if (node_infer(n, shapes[_i].in, shapes[_i].n_in, &out, &err)) {
		ck_assert_str_eq(err.msg, shapes[_i].text);
		return;
	}
	shape_print(&s, &out, true);
	ck_assert_str_eq(s.text, shapes[_i].text);
	str_free(&s);
}
END_TEST

static Suite *infer_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("infer", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_loop_test(tests, infer, 0, COUNT(shapes));
	return suite;
}

/* --- lower ------------------------------------------------------------------------------------ */

/* The layer's values for a batch of shape `in`, its flat parameters and its input given. */
static void run(struct node *n, const struct dl4j_shape *in, int64_t batch, const float *flat,
                const float *x, float *y)
{
	struct param table[PARAM_MAX];
	struct param_data params[PARAM_MAX];
	struct exec_layout in_layout, out_layout;
	struct dl4j_error err = { 0 };
	int64_t dim[DL4J_MAX_RANK];
	struct ir_val *value;
	struct lowering lo = { .in = &value, .shape = in, .n_in = 1, .params = params };
	struct ir ir;
	int rank = shape_dims(in, batch, dim);

	lo.n_params = node_params(n, table);
	for (int i = 0; i < lo.n_params; i++) {
		params[i] = (struct param_data){ table[i], flat };
		for (int64_t k = 1, d = 0; d <= table[i].rank; d++)
			d < table[i].rank ? (void)(k *= table[i].dim[d]) : (void)(flat += k);
	}
	ir_init(&ir, &arena);
	lo.ir = &ir;
	value = ir_input(&ir, rank, dim);
	node_lower(n, &lo);
	ir_output(&ir, lo.out);
	ck_assert_msg(!ir.err.code, "%s", ir.err.msg);
	ck_assert_msg(!ir_verify(&ir, &err), "%s", err.msg);
	for (int i = 0; i < 2; i++) {
		const struct ir_val *v = i ? lo.out : value;
		struct exec_layout *l = i ? &out_layout : &in_layout;
		int64_t stride = 1;
		for (int k = v->rank - 1; k >= 0; k--) {
			l->stride[k] = stride;
			stride *= v->dim[k];
		}
	}
	ck_assert_int_eq(ref_run(&ir, &in_layout, &out_layout, &x, &y, &err), 0);
}

static void near(const float *got, const float *expected, int n)
{
	for (int i = 0; i < n; i++)
		ck_assert_msg(fabsf(got[i] - expected[i]) <= 2e-6F * fmaxf(1, fabsf(expected[i])),
		              "%d: %.9g, expected %.9g", i, (double)got[i], (double)expected[i]);
}

/* Numbers that DL4J 1.0.0-M2.1 gave for these parameters and inputs. */
static void cosines(float *flat, int n, float *x, int m)
{
	for (int i = 0; i < n; i++)
		flat[i] = 0.5F * cosf(0.9F * (float)i);
	for (int i = 0; i < m; i++)
		x[i] = 2 * sinf(1 + 0.7F * (float)i);
}

START_TEST(output_layer)
{
	static const float expected[] = {
		0.219326F, 0.0150996F, 0.749590F, 0.0159852F, 0.0832711F, 0.292037F, 0.0522260F, 0.572466F
	};
	struct dl4j_shape in = FF(3);
	float flat[16], x[6], y[8];

	cosines(flat, 16, x, 6);
	run(node_of(NODE_LAYER, CLASS("OutputLayer", ",\"nin\":3,\"nout\":4,\"activationFn\":"
	            "{\"@class\":\"org.nd4j.linalg.activations.impl.ActivationSoftmax\"}")),
	    &in, 2, flat, x, y);
	near(y, expected, 8);
}
END_TEST

START_TEST(layer_norm)
{
	static const float expected[] = { 0.145296F, 0.845881F, 0.594720F, 0.153913F, 0.629774F,
		                          0.774160F };
	struct dl4j_shape in = FF(2);
	float flat[12], x[4], y[6];

	cosines(flat, 12, x, 4);
	run(node_of(NODE_LAYER, CLASS("DenseLayer", ",\"nin\":2,\"nout\":3,\"hasLayerNorm\":true")),
	    &in, 2, flat, x, y);
	near(y, expected, 6);
}
END_TEST

START_TEST(conv_same)
{
	static const float expected[] = { 303, 225, 253, 163 };
	struct dl4j_shape in = CNN(1, 4, 4);
	float flat[10] = { 0 }, x[16], y[4];

	for (int i = 1; i < 10; i++)
		flat[i] = (float)i;
	for (int i = 0; i < 16; i++)
		x[i] = (float)i;
	run(node_of(NODE_LAYER, CLASS("ConvolutionLayer", ",\"nin\":1,\"nout\":1,\"kernelSize\":[3,3],"
	            "\"stride\":[2,2],\"convolutionMode\":\"Same\"")), &in, 1, flat, x, y);
	near(y, expected, 4);
}
END_TEST

/* Output channel c*m + j is filter j of input channel c; the weights lie as [h,w,c,m]. */
START_TEST(depthwise)
{
	static const float flat[] = { 0, 0, 0, 100, 1, 2, 3, 4 }, x[] = { 10, 1000 };
	static const float expected[] = { 10, 20, 3000, 4100 };
	struct dl4j_shape in = CNN(2, 1, 1);
	float y[4];

	run(node_of(NODE_LAYER, CLASS("DepthwiseConvolution2D", ",\"nin\":2,\"nout\":4,"
	            "\"depthMultiplier\":2,\"kernelSize\":[1,1]")), &in, 1, flat, x, y);
	near(y, expected, 4);
}
END_TEST

/* Depth weights lie as [m,c,h,w]; middle channel c*m + j. */
START_TEST(separable)
{
	static const float flat[] = { 5, 1, 2, 3, 4, 1, 10, 100, 1000 }, x[] = { 1, 7 };
	struct dl4j_shape in = CNN(2, 1, 1);
	/* middle: 1*1, 1*3, 7*2, 7*4 */
	static const float expected[] = { 5 + 1 + 30 + 1400 + 28000 };
	float y[1];

	run(node_of(NODE_LAYER, CLASS("SeparableConvolution2D", ",\"nin\":2,\"nout\":1,"
	            "\"depthMultiplier\":2,\"kernelSize\":[1,1]")), &in, 1, flat, x, y);
	near(y, expected, 1);
}
END_TEST

static void count_up(float *v, int n)
{
	for (int i = 0; i < n; i++)
		v[i] = (float)(i + 1);
}

START_TEST(deconv)
{
	static const float all[] = { 1, 2, 5, 4, 6 }, same[] = { 1, 2, 5, 4 };
	struct dl4j_shape in = CNN(1, 2, 2);
	float flat[10] = { 0 }, x[4], y[25];

	count_up(flat + 1, 9);
	count_up(x, 4);
	run(node_of(NODE_LAYER, CLASS("Deconvolution2D", ",\"nin\":1,\"nout\":1,\"kernelSize\":[3,3],"
	            "\"stride\":[2,2]")), &in, 1, flat, x, y);
	near(y, all, 5);
	run(node_of(NODE_LAYER, CLASS("Deconvolution2D", ",\"nin\":1,\"nout\":1,\"kernelSize\":[3,3],"
	            "\"stride\":[2,2],\"convolutionMode\":\"Same\"")), &in, 1, flat, x, y);
	near(y, same, 4);
}
END_TEST

START_TEST(conv_causal)
{
	static const struct {
		const char *fields;
		float expected[5];
		int n;
	} cases[] = {
		{ "\"stride\":[1]", { 100, 210, 321, 432, 543 }, 5 },
		{ "\"dilation\":[2,2]", { 100, 200, 310, 420, 531 }, 5 },
		{ "\"stride\":[2,2]", { 100, 321, 543 }, 3 },
	};
	static const float flat[] = { 0, 1, 10, 100 };
	struct dl4j_shape in = RNN(1, 5);
	float x[5], y[5];
	char text[300];

	count_up(x, 5);
	snprintf(text, sizeof text, CLASS("Convolution1DLayer", ",\"nin\":1,\"nout\":1,"
	         "\"kernelSize\":[3,3],\"convolutionMode\":\"Causal\",%s"), cases[_i].fields);
	run(node_of(NODE_LAYER, text), &in, 1, flat, x, y);
	near(y, cases[_i].expected, cases[_i].n);
}
END_TEST

START_TEST(lrn)
{
	static const float expected[] = { 0.399384F, 0.598140F, 0.661950F, 0.662240F, 0.640061F,
		                          0.803316F };
	struct dl4j_shape in = CNN(7, 1, 1);
	float x[7], y[7];

	count_up(x, 7);
	run(node_of(NODE_LAYER, CLASS("LocalResponseNormalization", ",\"alpha\":0.1")), &in, 1, NULL,
	    x, y);
	near(y, expected, 6);
}
END_TEST

START_TEST(upsampling)
{
	static const float x[] = { 1, 2 }, expected[] = { 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2 };
	struct dl4j_shape in = CNN(1, 1, 2);
	float y[12];

	run(node_of(NODE_LAYER, CLASS("Upsampling2D", ",\"size\":[3,2]")), &in, 1, NULL, x, y);
	near(y, expected, 12);
}
END_TEST

/* Block cell first, then channel. */
START_TEST(space_to_depth)
{
	static const float expected[] = { 1, 5, 2, 6, 3, 7, 4, 8 };
	struct dl4j_shape in = CNN(2, 2, 2);
	float x[8], y[8];

	count_up(x, 8);
	run(node_of(NODE_LAYER, CLASS("SpaceToDepthLayer", ",\"blockSize\":2,\"dataFormat\":\"NCHW\"")),
	    &in, 1, NULL, x, y);
	near(y, expected, 8);
}
END_TEST

START_TEST(batch_norm)
{
	static const float flat[] = { 2, 3, /* gamma */ 10, 20, /* beta */ 1, 2, /* mean */ 4, 9 };
	static const float x[] = { 3, 5 }, expected[] = { 12, 23 };
	struct dl4j_shape in = FF(2);
	float y[2];

	run(node_of(NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":2,\"nout\":2,\"eps\":0")),
	    &in, 1, flat, x, y);
	near(y, expected, 2);
}
END_TEST

/* The base-10 logarithm of the standard deviation, where the file lists it. */
START_TEST(batch_norm_log_std)
{
	static const char *const list[] = { "gamma", "beta", "mean", "log10stdev", NULL };
	static const float flat[] = { 2, 3, 10, 20, 1, 2, 0, 1 };
	static const float x[] = { 3, 22 }, expected[] = { 14, 26 };
	struct dl4j_shape in = FF(2);
	struct dl4j_error err = { 0 };
	struct node *n;
	float y[2];

	ck_assert_int_eq(read_node(&n, NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":2,\"nout\":2,"
	                           "\"eps\":0"), RELEASE_M2, list, &err), 0);
	run(n, &in, 1, flat, x, y);
	near(y, expected, 2);
}
END_TEST

/* Locked: gamma and beta are the fields', but only where neither is trivial. */
START_TEST(batch_norm_locked)
{
	static const float flat[] = { 1, 2, 4, 9 }, x[] = { 3, 5 };
	static const float both[] = { 8, 8 }, plain[] = { 1, 1 };
	struct dl4j_shape in = FF(2);
	float y[2];

	run(node_of(NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":2,\"nout\":2,\"eps\":0,"
	            "\"lockGammaBeta\":true,\"gamma\":3,\"beta\":5")), &in, 1, flat, x, y);
	near(y, both, 2);
	run(node_of(NODE_LAYER, CLASS("BatchNormalization", ",\"nin\":2,\"nout\":2,\"eps\":0,"
	            "\"lockGammaBeta\":true,\"gamma\":3,\"beta\":0")), &in, 1, flat, x, y);
	near(y, plain, 2);
}
END_TEST

/* A missing avgPoolIncludePadInDivisor, and what each release makes of true. */
START_TEST(average_divisor)
{
	static const struct {
		enum release release;
		const char *field;
		float corner;
	} cases[] = {
		{ RELEASE_0_9, "", 1 }, { RELEASE_BETA3, "", 1 }, { RELEASE_BETA4, "", 4 },
		{ RELEASE_BETA7, "", 4 }, { RELEASE_M2, "", 4 },
		{ RELEASE_BETA6, ",\"avgPoolIncludePadInDivisor\":true", 4 },
		{ RELEASE_M1, ",\"avgPoolIncludePadInDivisor\":true", 1 },
		{ RELEASE_BETA7, ",\"avgPoolIncludePadInDivisor\":true", 4 },
		{ RELEASE_M2, ",\"avgPoolIncludePadInDivisor\":true", 1 },
		{ RELEASE_M2, ",\"avgPoolIncludePadInDivisor\":false", 4 },
	};
	static const float x[] = { 4, 4, 4, 4 };
	struct dl4j_shape in = CNN(1, 2, 2);
	float y[9];

	for (int i = 0; i < COUNT(cases); i++) {
		char json[512];
		struct dl4j_error err = { 0 };
		struct node *n;
		snprintf(json, sizeof json, CLASS("SubsamplingLayer", ",\"poolingType\":\"AVG\","
		         "\"kernelSize\":[2,2],\"padding\":[1,1]%s"), cases[i].field);
		ck_assert_int_eq(read_node(&n, NODE_LAYER, json, cases[i].release, NULL, &err), 0);
		run(n, &in, 1, NULL, x, y);
		near(y, &cases[i].corner, 1);
		ck_assert_float_eq(y[4], 4);
	}
}
END_TEST

/* What releases before 1.0.0-beta compute otherwise, each next to one that does not. */
static const struct {
	enum release release;
	const char *json;
	struct dl4j_shape in;
	float x[4], y[4];
} eras[] = {
	/* a maximum has the padding's zeros before it */
	{ RELEASE_0_9, "{\"subsampling\":{\"kernelSize\":[1,2],\"padding\":[0,1]}}", CNN(1, 1, 3),
	  { -1, -2, -3 }, { 0, -1, -2, 0 } },
	{ RELEASE_ALPHA, "{\"subsampling\":{\"kernelSize\":[1,2],\"padding\":[0,1]}}", CNN(1, 1, 3),
	  { -1, -2, -3 }, { -1, -1, -2, -3 } },
	/* eps is for training */
	{ RELEASE_ALPHA, "{\"batchNormalization\":{\"nin\":1,\"nout\":1,\"eps\":3,"
	  "\"lockGammaBeta\":true}}", FF(1), { 4 }, { 4 } },
	{ RELEASE_BETA, "{\"batchNormalization\":{\"nin\":1,\"nout\":1,\"eps\":3,"
	  "\"lockGammaBeta\":true}}", FF(1), { 4 }, { 2 } },
	/* a softmax is one of rows only */
	{ RELEASE_ALPHA, "{\"activation\":{\"activationFn\":{\"Softmax\":{}}}}", CNN(1, 1, 2),
	  { 5, 5 }, { 5, 5 } },
	{ RELEASE_ALPHA, "{\"activation\":{\"activationFn\":{\"Softmax\":{}}}}", FF(2),
	  { 5, 5 }, { 0.5F, 0.5F } },
	/* an RReLU cuts off at 0, then at the mean slope */
	{ RELEASE_0_5, "{\"activation\":{\"activationFn\":{\"RReLU\":{}}}}", FF(2), { -1, 0.125F },
	  { 0, 0.125F } },
	{ RELEASE_0_9, "{\"activation\":{\"activationFn\":{\"RReLU\":{\"l\":0.25,\"u\":0.75}}}}",
	  FF(2), { -1, 0.125F }, { 0.5F, 0.5F } },
};

START_TEST(era)
{
	static const float flat[] = { 0, 1 }; /* a mean and a variance */
	struct dl4j_error err = { 0 };
	struct node *n;
	float y[4] = { 0 };

	ck_assert_int_eq(read_node(&n, NODE_LAYER, eras[_i].json, eras[_i].release, NULL, &err), 0);
	run(n, &eras[_i].in, 1, flat, eras[_i].x, y);
	near(y, eras[_i].y, 4);
}
END_TEST

/* Columns over the batch: 1 2 6 less their mean 3, by a deviation of sqrt((14 - s^2 / 3) / 2) that
 * takes off for the skewness s = 18 / 14^1.5 times the whole part of sqrt(3). */
START_TEST(statistics)
{
	const float x[] = { 1, 2, 6 };
	const double s = 18 / pow(14, 1.5), by = sqrt((14 - s * s / 3) / 2) + 1e-5;
	const float mean[] = { -2, -1, 3 };
	const float both[] = { (float)(-2 / by), (float)(-1 / by), (float)(3 / by) };
	const float variance[] = { (float)(1 / by), (float)(2 / by), (float)(6 / by) };
	struct dl4j_shape in = FF(1);
	float y[3];

	run(node_of(NODE_PREPROCESSOR, "{\"zeroMean\":{}}"), &in, 3, NULL, x, y);
	near(y, mean, 3);
	run(node_of(NODE_PREPROCESSOR, "{\"zeroMeanAndUnitVariance\":{}}"), &in, 3, NULL, x, y);
	near(y, both, 3);
	run(node_of(NODE_PREPROCESSOR, "{\"unitVariance\":{}}"), &in, 3, NULL, x, y);
	near(y, variance, 3);
}
END_TEST

START_TEST(p_norm)
{
	static const float x[] = { -3, 4, 0, 12 }, expected[] = { 13 };
	struct dl4j_shape in = CNN(1, 2, 2);
	float y[1];

	run(node_of(NODE_LAYER, CLASS("SubsamplingLayer", ",\"poolingType\":\"PNORM\",\"pnorm\":2,"
	            "\"kernelSize\":[2,2]")), &in, 1, NULL, x, y);
	near(y, expected, 1);
	run(node_of(NODE_LAYER, CLASS("GlobalPoolingLayer", ",\"poolingType\":\"PNORM\"")), &in, 1,
	    NULL, x, y);
	near(y, expected, 1);
}
END_TEST

/* Layers that hand their input on make no operation at all. */
START_TEST(nothing)
{
	static const char *const list[] = {
		CLASS("DropoutLayer", ",\"activationFn\":{\"@class\":\"ActivationTanH\"}"),
		CLASS("ActivationLayer"), CLASS("LossLayer"),
		CLASS("ActivationLayer", ",\"activationFn\":{\"@class\":\"ActivationIdentity\"}"),
	};
	struct dl4j_shape in = FF(3);

	for (int i = 0; i < COUNT(list); i++) {
		struct ir ir;
		struct ir_val *x;
		struct lowering lo = { .ir = &ir, .in = &x, .shape = &in, .n_in = 1 };
		ir_init(&ir, &arena);
		x = ir_input(&ir, 2, (int64_t[]){ 1, 3 });
		node_lower(node_of(NODE_LAYER, list[i]), &lo);
		ck_assert_ptr_eq(lo.out, x);
		ck_assert_int_eq(ir.n_ops, 0);
	}
}
END_TEST

/* Functions by formulas of their own, at points on both sides of every bend. */
static const struct {
	const char *json;
	double at[6]; /* at -3, -1, -0.25, 0.25, 1 and 5 */
} functions[] = {
	{ "\"CUBE\"", { -27, -1, -0.015625, 0.015625, 1, 125 } },
	{ "\"HARDSIGMOID\"", { 0, 0.3, 0.45, 0.55, 0.7, 1 } },
	{ "\"HARDTANH\"", { -1, -1, -0.25, 0.25, 1, 1 } },
	{ "\"IDENTITY\"", { -3, -1, -0.25, 0.25, 1, 5 } },
	{ "\"LEAKYRELU\"", { -0.03, -0.01, -0.0025, 0.25, 1, 5 } },
	{ "{\"LReLU\":{\"alpha\":0.5}}", { -1.5, -0.5, -0.125, 0.25, 1, 5 } },
	{ "\"RELU\"", { 0, 0, 0, 0.25, 1, 5 } },
	{ "{\"@class\":\"ActivationReLU\",\"max\":4,\"threshold\":0.5,\"negativeSlope\":2}",
	  { -7, -3, -1.5, -0.5, 1, 4 } },
	{ "{\"@class\":\"ActivationReLU\",\"max\":null,\"threshold\":0,\"negativeSlope\":2}",
	  { -6, -2, -0.5, 0.25, 1, 5 } },
	{ "\"RELU6\"", { 0, 0, 0, 0.25, 1, 5 } },
	{ "{\"@class\":\"ActivationRReLU\",\"l\":0.5,\"u\":0.7}", { 0.6, 0.6, 0.6, 0.6, 1, 5 } },
	{ "\"SOFTSIGN\"", { -0.75, -0.5, -0.2, 0.2, 0.5, 5.0 / 6 } },
	{ "\"SIGMOID\"", { 0.0474258732, 0.268941421, 0.437823499, 0.562176501, 0.731058579,
	                   0.993307149 } },
	{ "\"SOFTPLUS\"", { 0.0485873516, 0.313261688, 0.575939178, 0.825939178, 1.31326169,
	                    5.00671535 } },
	{ "\"TANH\"", { -0.995054754, -0.761594156, -0.244918662, 0.244918662, 0.761594156,
	                0.999909204 } },
	{ "\"RECTIFIEDTANH\"", { 0, 0, 0, 0.244918662, 0.761594156, 0.999909204 } },
	{ "\"ELU\"", { -0.950212932, -0.632120559, -0.221199217, 0.25, 1, 5 } },
	{ "{\"ELU\":{\"alpha\":2}}", { -1.90042586, -1.26424112, -0.442398434, 0.25, 1, 5 } },
	{ "\"SWISH\"", { -0.14227762, -0.268941421, -0.109455875, 0.140544125, 0.731058579,
	                 4.96653575 } },
	{ "\"THRESHOLDEDRELU\"", { 0, 0, 0, 0, 0, 5 } },
	{ "{\"@class\":\"ActivationThresholdedReLU\",\"theta\":0.2}", { 0, 0, 0, 0.25, 1, 5 } },
};

START_TEST(activation)
{
	static const float x[] = { -3, -1, -0.25F, 0.25F, 1, 5 };
	struct dl4j_shape in = FF(6);
	char json[256];
	float y[6];

	snprintf(json, sizeof json, CLASS("ActivationLayer", ",\"activationFn\":%s"),
	         functions[_i].json);
	run(node_of(NODE_LAYER, json), &in, 1, NULL, x, y);
	for (int i = 0; i < 6; i++)
		ck_assert_msg(fabs((double)y[i] - functions[_i].at[i]) < 1e-6, "%s at %g: %.9g, expected "
		              "%.9g", functions[_i].json, (double)x[i], (double)y[i], functions[_i].at[i]);
}
END_TEST

static Suite *lower_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("lower", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_test(tests, output_layer);
	tcase_add_test(tests, layer_norm);
	tcase_add_test(tests, conv_same);
	tcase_add_test(tests, depthwise);
	tcase_add_test(tests, separable);
	tcase_add_test(tests, deconv);
	tcase_add_loop_test(tests, conv_causal, 0, 3);
	tcase_add_test(tests, lrn);
	tcase_add_test(tests, upsampling);
	tcase_add_test(tests, space_to_depth);
	tcase_add_test(tests, batch_norm);
	tcase_add_test(tests, batch_norm_log_std);
	tcase_add_test(tests, batch_norm_locked);
	tcase_add_test(tests, average_divisor);
	tcase_add_loop_test(tests, era, 0, COUNT(eras));
	tcase_add_test(tests, statistics);
	tcase_add_test(tests, p_norm);
	tcase_add_test(tests, nothing);
	tcase_add_loop_test(tests, activation, 0, COUNT(functions));
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ node_suite(), window_suite(), params_suite(), infer_suite(),
	                              lower_suite(), NULL });
}
