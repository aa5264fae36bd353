/* SPDX-License-Identifier: Apache-2.0 */
/* config: JSON of every kind that must be refused, each kind of field missing, wrong and out of
 * range, and whole networks in both of DL4J's styles. */
#include "starve.h"

#include <math.h>
#include <stdint.h>

#include "base/str.h"
#include "config/calibration.h"
#include "config/config.h"
#include "config/release.h"
#include "config/fields.h"
#include "config/json.h"

static const struct dl4j_limits limits = {
	.json_depth = 8, .json_nodes = 300, .json_string_bytes = 65536, .json_number_chars = 64,
	.vertices = 6
};

static struct arena arena;

static void end(void)
{
	arena_free(&arena);
}

/* --- json ------------------------------------------------------------------------------------- */

/* The bytes in a block of exactly their size, so that sanitizers see a byte too many. */
static int parse(const char *text, size_t n, struct dl4j_error *err)
{
	char *exact = malloc(n + 1);
	cJSON *json = NULL;
	int r;

	memcpy(exact, text, n);
	exact = realloc(exact, n ? n : 1);
	r = json_parse(&json, exact, n, &limits, err);
	free(exact);
	if (!r)
		cJSON_Delete(json);
	return r;
}

static void json_refused(const char *text, size_t n, int code, const char *msg)
{
	struct dl4j_error err = { 0 };

	unit_refused(parse(text, n, &err), &err, code, msg);
}

static const char *const good[] = {
	"{}", "[]", "1", "\"\"", "\" a b \"", "null", "true", " \t\r\n{ } \n",
	"{\"a\":{\"b\":[1,2,{}]}}",
	"[[[[[[[[]]]]]]]]", "[-1.5e-10,1E+3,0]", "[789]", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
	"{\"a\":1,\"A\":2}", "[{\"a\":1},{\"a\":1}]", "\"\xc2\x80\xdf\xbf\"", "\"\xe0\xa0\x80\"",
	"\"\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
	"\"\\ud83d\\ude00\"", "\"\x7f\"", "\"\\\\u0000\"", "\"]]]}}}\"",
};

START_TEST(accepts)
{
	struct dl4j_error err = { 0 };

	ck_assert_msg(!parse(good[_i], strlen(good[_i]), &err), "%s: %s", good[_i], err.msg);
}
END_TEST

static const struct {
	const char *text, *msg; /* msg NULL: any */
} bad[] = {
	{ "", "byte 0: not JSON, or out of memory" },
	{ " ", NULL }, { "{", NULL }, { "}", NULL }, { "]", NULL }, { "[1,]", NULL }, { "[,1]", NULL },
	{ "{\"a\"}", NULL }, { "{\"a\":}", NULL }, { "{1:2}", NULL }, { "{\"a\":1,}", NULL },
	{ "[1 2]", NULL }, { "{]", NULL }, { "[}", NULL }, { "nul", NULL }, { "tru", NULL },
	{ "NaN", NULL }, { "Infinity", NULL }, { "+1", NULL }, { ".5", NULL }, { "\"\\x\"", NULL },
	{ "\"\\u12\"", NULL },
	{ "\"\\ud800\"", NULL }, { "\"\\udc00\"", NULL }, { "\"\\ud800\\u0041\"", NULL },
	{ "]]]][[[[[[[[[[[[]]]]", NULL },
	{ "a", "byte 0: not JSON, or out of memory" }, { "z", "byte 0: not JSON, or out of memory" },
	{ "A", "byte 0: not JSON, or out of memory" }, { "Z", "byte 0: not JSON, or out of memory" },
	{ "{}{}", "byte 2: expected the end, found more" },
	{ "{} x", "byte 3: expected the end, found more" },
	{ "1 1", "byte 2: expected the end, found more" },
	{ "{}]", "byte 2: expected the end, found more" },
	{ "[1]]]]]]]]][[[[[[[[[", "byte 3: expected the end, found more" },
	{ "// c\n{}", "byte 0: expected JSON, found 0x2f" },
	{ "{'a':1}", "byte 1: expected JSON, found 0x27" },
	{ "[1;2]", "byte 2: expected JSON, found 0x3b" },
	{ "\xef\xbb\xbf{}", "byte 0: expected JSON, found 0xef" },
	{ "{}\v", "byte 2: expected JSON, found 0x0b" },
	{ "\"abc", "byte 0: a string without an end" },
	{ "[\"abc\\", "byte 1: a string without an end" },
	{ "\"abc\\\"", "byte 0: a string without an end" },
	{ "\"a\nb\"", "byte 2: a control character in a string" },
	{ "\"a\tb\"", "byte 2: a control character in a string" },
	{ "\"\x1f\"", "byte 1: a control character in a string" },
	{ "\"a\\u0000b\"", "byte 2: a NUL in a string, or not four hexadecimal digits" },
	{ "\"\\u12g4\"", "byte 1: a NUL in a string, or not four hexadecimal digits" },
	{ "\"\\u000\\u0041\"", "byte 1: a NUL in a string, or not four hexadecimal digits" },
	{ "{\"\\u0000\":1}", "byte 2: a NUL in a string, or not four hexadecimal digits" },
	{ "\"\\\\\\u0000\"", "byte 3: a NUL in a string, or not four hexadecimal digits" },
	{ "\"\x80\"", "byte 1: expected UTF-8, found 0x80" },
	{ "\"\xc0\x80\"", "byte 1: expected UTF-8, found 0xc0" },
	{ "\"\xc1\xbf\"", "byte 1: expected UTF-8, found 0xc1" },
	{ "\"ab\xe9\"", "byte 3: expected UTF-8, found 0xe9" }, /* Latin-1 */
	{ "\"\xc3(\"", "byte 1: expected UTF-8, found 0xc3" },
	{ "\"\xe0\x9f\xbf\"", "byte 1: expected UTF-8, found 0xe0" },
	{ "\"\xed\xa0\x80\"", "byte 1: expected UTF-8, found 0xed" }, /* a surrogate */
	{ "\"\xf0\x8f\xbf\xbf\"", "byte 1: expected UTF-8, found 0xf0" },
	{ "\"\xf4\x90\x80\x80\"", "byte 1: expected UTF-8, found 0xf4" },
	{ "\"\xf5\x80\x80\x80\"", "byte 1: expected UTF-8, found 0xf5" },
	{ "\"\xff\"", "byte 1: expected UTF-8, found 0xff" },
	{ "\"\xe2\x82", "byte 1: expected UTF-8, found 0xe2" },
	{ "\"\\\xff\"", "byte 2: expected UTF-8, found 0xff" },
	{ "{\"a\":1,\"b\":2,\"a\":3}", "the key 'a' stands twice in one object" },
	{ "[{\"x\":{\"k\":1,\"k\":1}}]", "the key 'k' stands twice in one object" },
	{ "{\"a\":1,\"\\u0061\":2}", "the key 'a' stands twice in one object" },
	{ "{\"\":1,\"\":2}", "the key '' stands twice in one object" },
};

START_TEST(refuses)
{
	struct dl4j_error err = { 0 };

	if (bad[_i].msg) {
		json_refused(bad[_i].text, strlen(bad[_i].text), DL4J_EFORMAT, bad[_i].msg);
		return;
	}
	ck_assert_msg(parse(bad[_i].text, strlen(bad[_i].text), &err) == DL4J_EFORMAT, "%s",
	              bad[_i].text);
	ck_assert(!strncmp(err.msg, "byte ", 5));
}
END_TEST

START_TEST(nul_bytes)
{
	json_refused("{}\0", 3, DL4J_EFORMAT, "byte 2: expected JSON, found 0x00");
	json_refused("\0{}", 3, DL4J_EFORMAT, "byte 0: expected JSON, found 0x00");
	json_refused("[\0]", 3, DL4J_EFORMAT, "byte 1: expected JSON, found 0x00");
	json_refused("\"a\0b\"", 5, DL4J_EFORMAT, "byte 2: a control character in a string");
}
END_TEST

/* Not deeper than the limit, and not by way of brackets that close too often first. */
START_TEST(depth)
{
	static char deep[400001];

	json_refused("[[[[[[[[[]]]]]]]]]", 18, DL4J_ELIMIT, "byte 8: nested deeper than 8");
	json_refused("[{\"a\":[[[[[[[", 13, DL4J_ELIMIT, "byte 12: nested deeper than 8");
	memset(deep, '[', 200000);
	memset(deep + 200000, ']', 200000);
	json_refused(deep, 400000, DL4J_ELIMIT, "byte 8: nested deeper than 8");
	memset(deep, ']', 200000);
	memset(deep + 200000, '[', 200000);
	ck_assert_int_lt(parse(deep, 400000, &(struct dl4j_error){ 0 }), 0);
}
END_TEST

START_TEST(values)
{
	struct str s = { 0 };
	struct dl4j_error err = { 0 };

	str_add(&s, "[0");
	for (int i = 0; i < 298; i++)
		str_add(&s, ",0");
	str_add(&s, "]");
	ck_assert_int_eq(parse(s.text, s.len, &err), 0); /* the list and 299 numbers */
	s.text[s.len - 1] = ',';
	str_add(&s, "0]");
	json_refused(s.text, s.len, DL4J_ELIMIT, "more than 300 values");
	str_free(&s);
}
END_TEST

START_TEST(lengths)
{
	struct str s = { 0 };
	struct dl4j_error err = { 0 };

	str_add(&s, "[1");
	str_fill(&s, '0', 63);
	str_add(&s, "]");
	ck_assert_int_eq(parse(s.text, s.len, &err), 0);
	str_free(&s);
	str_add(&s, "[1");
	str_fill(&s, '0', 64);
	str_add(&s, "]");
	json_refused(s.text, s.len, DL4J_ELIMIT, "byte 1: a number of over 64 characters");
	str_free(&s);
	str_fill(&s, ' ', 65535); /* where it stands is no matter */
	str_add(&s, "\"x\"");
	ck_assert_int_eq(parse(s.text, s.len, &err), 0);
	str_free(&s);
	str_add(&s, "\"");
	str_fill(&s, 'x', 65535);
	str_add(&s, "\"");
	ck_assert_int_eq(parse(s.text, s.len, &err), 0);
	s.text[s.len - 1] = 'x';
	str_add(&s, "x\"");
	json_refused(s.text, s.len, DL4J_ELIMIT, "byte 0: a string of over 65536 bytes");
	str_free(&s);
}
END_TEST

#define SAMPLE "{\"a\" : [1, -2.5e3, true, null, \"\\u00e9\xc3\xa9\"], \"b\":{}}"

START_TEST(cut_short)
{
	struct dl4j_error err = { 0 };

	for (size_t n = 0; n < strlen(SAMPLE); n++)
		ck_assert_msg(parse(SAMPLE, n, &err) < 0, "%zu bytes", n);
	ck_assert_int_eq(parse(SAMPLE, strlen(SAMPLE), &err), 0);
}
END_TEST

/* Any byte in any place: no crash, no leak; sanitizers look on. */
START_TEST(changed)
{
	char text[sizeof SAMPLE];
	struct dl4j_error err = { 0 };

	for (size_t i = 0; i < sizeof SAMPLE - 1; i++)
		for (int c = 0; c < 256; c++) {
			memcpy(text, SAMPLE, sizeof text);
			text[i] = (char)c;
			parse(text, sizeof SAMPLE - 1, &err);
		}
}
END_TEST

START_TEST(members)
{
	cJSON *json = cJSON_Parse("{\"a\":1,\"b\":null,\"c\":[5],\"A\":2}");

	ck_assert_double_eq(cJSON_GetNumberValue(json_get(json, "a")), 1);
	ck_assert_double_eq(cJSON_GetNumberValue(json_get(json, "A")), 2);
	ck_assert_ptr_null(json_get(json, "b"));
	ck_assert_ptr_null(json_get(json, "C"));
	ck_assert_ptr_null(json_get(json_get(json, "c"), "a"));
	ck_assert_ptr_null(json_get(NULL, "a"));
	cJSON_Delete(json);
}
END_TEST

static const struct {
	const char *text;
	int64_t value; /* -1: refused */
	const char *found;
} integers[] = {
	{ "0", 0, NULL }, { "7", 7, NULL }, { "7.0", 7, NULL }, { "1e2", 100, NULL },
	{ "2147483647", 2147483647, NULL }, { "-0", 0, NULL }, { "-1", -1, "another" },
	{ "2147483648", -1, "another" }, { "1.5", -1, "another" }, { "1e300", -1, "another" },
	{ "1e400", -1, "another" }, { "-1e400", -1, "another" }, { "4294967297", -1, "another" },
	{ "18446744073709551617", -1, "another" }, { "\"7\"", -1, "none" }, { "true", -1, "none" },
	{ "null", -1, "none" }, { "[7]", -1, "none" }, { "{}", -1, "none" },
};

START_TEST(integer)
{
	cJSON *json = cJSON_Parse(integers[_i].text);
	struct dl4j_error err = { 0 };
	int64_t v = -5;

	if (integers[_i].found) {
		unit_refused(json_int(&v, json, 0, 2147483647, &err), &err, DL4J_EFORMAT,
		             unit_text("expected a whole number from 0 to 2147483647, found %s",
		                       integers[_i].found));
	} else {
		ck_assert_int_eq(json_int(&v, json, 0, 2147483647, &err), 0);
		ck_assert_int_eq(v, integers[_i].value);
	}
	cJSON_Delete(json);
}
END_TEST

static Suite *json_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("json", &tests);

	tcase_add_loop_test(tests, accepts, 0, COUNT(good));
	tcase_add_loop_test(tests, refuses, 0, COUNT(bad));
	tcase_add_test(tests, nul_bytes);
	tcase_add_test(tests, depth);
	tcase_add_test(tests, values);
	tcase_add_test(tests, lengths);
	tcase_add_test(tests, cut_short);
	tcase_add_test(tests, changed);
	tcase_add_test(tests, members);
	tcase_add_loop_test(tests, integer, 0, COUNT(integers));
	return suite;
}

/* --- fields ----------------------------------------------------------------------------------- */

static int read_node(struct node **out, enum node_kind kind, const char *text,
                     enum release release, struct dl4j_error *err)
{
	struct reading r = { &arena, release, NULL };
	cJSON *json = cJSON_Parse(text);
	int code;

	ck_assert_msg(json != NULL, "%s", text);
	code = fields_read(out, json, kind, &r, err);
	cJSON_Delete(json);
	return code;
}

static const struct {
	const char *json, *name;
	int body;
} classes[] = {
	{ "{\"@class\":\"a.b.C\",\"x\":1}", "a.b.C", 1 },
	{ "{\"dense\":{\"nin\":1}}", "dense", 1 },
	{ "{\"ReLU\":{}}", "ReLU", 1 },
	{ "\"relu\"", "relu", 0 },
	{ "{}", NULL, 0 }, { "[]", NULL, 0 }, { "5", NULL, 0 }, { "{\"dense\":5}", NULL, 0 },
	{ "{\"dense\":{},\"x\":1}", NULL, 0 }, { "{\"@class\":5,\"x\":{}}", NULL, 0 },
	{ "[\"dense\"]", NULL, 0 }, { "{\"@class\":null}", NULL, 0 },
};

START_TEST(class_name)
{
	cJSON *json = cJSON_Parse(classes[_i].json);
	const char *name;
	const cJSON *body;

	ck_assert_int_eq(fields_class(json, &name, &body), classes[_i].name != NULL);
	if (classes[_i].name) {
		ck_assert_str_eq(name, classes[_i].name);
		ck_assert_int_eq(body != NULL, classes[_i].body);
	}
	cJSON_Delete(json);
}
END_TEST

#define CONV(...) "{\"@class\":\"org.deeplearning4j.nn.conf.layers.ConvolutionLayer\"," \
	"\"nin\":1,\"nout\":1" __VA_ARGS__ "}"
#define POOL(...) "{\"@class\":\"SubsamplingLayer\"" __VA_ARGS__ "}"

#define YOLO(array) "{\"@class\":\"Yolo2OutputLayer\",\"boundingBoxes\":" array "}"
#define COMPOSED(list) "{\"@class\":\"ComposableInputPreProcessor\"," \
	"\"inputPreProcessors\":" list "}"
#define TO_FF "{\"@class\":\"CnnToFeedForwardPreProcessor\"}"

/* One wrong value for each kind of field. */
static const struct {
	enum node_kind kind;
	const char *json, *msg;
} wrong[] = {
	/* a dimension */
	{ NODE_LAYER, POOL(",\"pnorm\":-1"),
	  "pnorm: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, POOL(",\"pnorm\":2147483648"),
	  "pnorm: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, POOL(",\"pnorm\":1.5"),
	  "pnorm: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, POOL(",\"pnorm\":\"2\""),
	  "pnorm: expected a whole number from 0 to 2147483647, found none" },
	{ NODE_PREPROCESSOR, "{\"feedForwardToCnn\":{\"inputWidth\":3}}",
	  "inputHeight: expected a number, found none" },
	{ NODE_PREPROCESSOR, "{\"feedForwardToCnn\":{\"inputHeight\":0,\"inputWidth\":3}}",
	  "inputHeight: expected a whole number from 1 to 2147483647, found another" },
	/* several */
	{ NODE_LAYER, CONV(",\"kernelSize\":[3]"), "kernelSize: expected 2 numbers, found 1" },
	{ NODE_LAYER, CONV(",\"kernelSize\":[]"), "kernelSize: expected 2 numbers, found 0" },
	{ NODE_LAYER, CONV(",\"kernelSize\":[3,3,3]"), "kernelSize: expected 2 numbers, found 3" },
	{ NODE_LAYER, CONV(",\"kernelSize\":[3,0]"),
	  "kernelSize: expected a whole number from 1 to 2147483647, found another" },
	{ NODE_LAYER, CONV(",\"kernelSize\":[3,null]"),
	  "kernelSize: expected a whole number from 1 to 2147483647, found none" },
	{ NODE_LAYER, CONV(",\"kernelSize\":\"3,3\""),
	  "kernelSize: expected a whole number from 1 to 2147483647, found none" },
	{ NODE_LAYER, CONV(",\"stride\":[0,1]"),
	  "stride: expected a whole number from 1 to 2147483647, found another" },
	{ NODE_LAYER, CONV(",\"stride\":0"),
	  "stride: expected a whole number from 1 to 2147483647, found another" },
	{ NODE_LAYER, CONV(",\"dilation\":[1,0]"),
	  "dilation: expected a whole number from 1 to 2147483647, found another" },
	{ NODE_LAYER, CONV(",\"padding\":[-3,0]"),
	  "padding: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, "{\"GlobalPooling\":{\"poolingDimensions\":[1,2,3,4,5,6,7,8,9]}}",
	  "poolingDimensions: expected 8 numbers, found 9" },
	{ NODE_LAYER, CONV(",\"padding\":[[0,-1]]"),
	  "padding: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, "{\"GlobalPooling\":{\"poolingDimensions\":{}}}",
	  "poolingDimensions: expected a whole number from 0 to 2147483647, found none" },
	/* a text */
	{ NODE_VERTEX, "{\"@class\":\"LastTimeStepVertex\",\"maskArrayInputName\":5}",
	  "maskArrayInputName: expected a string" },
	/* an array */
	{ NODE_LAYER, YOLO("5"), "boundingBoxes: expected an array's data, found none" },
	{ NODE_LAYER, YOLO("{\"data\":{}}"), "boundingBoxes: expected an array's data, found none" },
	{ NODE_LAYER, YOLO("{\"data\":[1,\"2\"]}"), "boundingBoxes: expected numbers, found none" },
	{ NODE_LAYER, YOLO("{\"dataBuffer\":[1,2],\"orderingField\":\"f\"}"),
	  "boundingBoxes: expected an array of order 'c', found another" },
	{ NODE_LAYER, YOLO("{\"dataBuffer\":[1,2],\"orderingField\":99}"),
	  "boundingBoxes: expected an array of order 'c', found another" },
	/* preprocessors in a list */
	{ NODE_PREPROCESSOR, COMPOSED("{}"), "inputPreProcessors: expected a list of at most 8" },
	{ NODE_PREPROCESSOR, COMPOSED("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"),
	  "inputPreProcessors: expected a list of at most 8" },
	{ NODE_PREPROCESSOR, COMPOSED("[7]"),
	  "inputPreProcessors: expected an object with a class name, found none" },
	{ NODE_PREPROCESSOR, COMPOSED("[" TO_FF ",null]"),
	  "inputPreProcessors: expected an object with a class name, found none" },
	/* true or false */
	{ NODE_LAYER, CONV(",\"hasBias\":1"), "hasBias: expected true or false" },
	{ NODE_LAYER, CONV(",\"hasBias\":\"true\""), "hasBias: expected true or false" },
	/* a number */
	{ NODE_VERTEX, "{\"ScaleVertex\":{\"scaleFactor\":true}}",
	  "scaleFactor: expected a number" },
	{ NODE_VERTEX, "{\"ScaleVertex\":{\"scaleFactor\":\"nan\"}}",
	  "scaleFactor: expected a number" },
	/* one of a list */
	{ NODE_LAYER, CONV(",\"convolutionMode\":\"Sane\""),
	  "convolutionMode: expected Strict or the like, found Sane" },
	{ NODE_LAYER, CONV(",\"convolutionMode\":2"),
	  "convolutionMode: expected Strict or the like, found no string" },
	{ NODE_VERTEX, "{\"ElementWiseVertex\":{}}", "op: expected Add or the like, found none" },
	{ NODE_VERTEX, "{\"ElementWiseVertex\":{\"op\":\"Divide\"}}",
	  "op: expected Add or the like, found Divide" },
	/* a class */
	{ NODE_LAYER, CONV(",\"activationFn\":5"),
	  "activationFn: expected an object with a class name, found none" },
	{ NODE_LAYER, CONV(",\"activationFn\":{}"),
	  "activationFn: expected an object with a class name, found none" },
	{ NODE_LAYER, CONV(",\"activationFn\":{\"ELU\":{\"alpha\":\"much\"}}"),
	  "activationFn: alpha: expected a number" },
	{ NODE_LAYER, "{\"FrozenLayer\":{\"layer\":{\"dense\":{\"nin\":2,\"nout\":0}}}}",
	  "layer: nout: expected at least 1, found 0" },
	{ NODE_LAYER, "[]", "expected an object with a class name, found none" },
	/* nin and nout */
	{ NODE_LAYER, "{\"dense\":{\"nin\":1.5,\"nout\":1}}",
	  "nin: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, "{\"dense\":{\"nin\":1,\"nout\":-5}}",
	  "nout: expected a whole number from 0 to 2147483647, found another" },
	{ NODE_LAYER, "{\"dense\":{\"nin\":1}}", "nout: expected at least 1, found 0" },
	{ NODE_LAYER, "{\"dense\":{\"nIn\":1,\"nOut\":1}}", "nin: expected at least 1, found 0" },
};

START_TEST(wrong_field)
{
	struct dl4j_error err = { 0 };
	struct node *n;

	unit_refused(read_node(&n, wrong[_i].kind, wrong[_i].json, RELEASE_M2, &err), &err,
	             DL4J_EFORMAT, wrong[_i].msg);
}
END_TEST

/* What each kind of field is when it is missing, and when it is null. */
START_TEST(missing_fields)
{
	static const char *const json[] = {
		"{\"@class\":\"ConvolutionLayer\",\"nin\":1,\"nout\":1}",
		"{\"@class\":\"ConvolutionLayer\",\"nin\":1,\"nout\":1,\"kernelSize\":null,"
		"\"stride\":null,\"convolutionMode\":null,\"hasBias\":null,\"activationFn\":null}",
	};
	struct dl4j_error err = { 0 };

	for (int i = 0; i < COUNT(json); i++) {
		struct node *n;
		ck_assert_int_eq(read_node(&n, NODE_LAYER, json[i], RELEASE_M2, &err), 0);
		for (const struct field *f = n->type->fields; f->json; f++) {
			const void *at = (const char *)n + f->offset;
			if (f->kind == FIELD_KIND_DIMS) {
				const struct dims *d = at;
				ck_assert_int_eq(d->n, 2);
				ck_assert_int_eq(d->v[0], strcmp(f->json, "padding") ? 1 : 0);
				ck_assert_int_eq(d->v[1], d->v[0]);
			} else if (f->kind == FIELD_KIND_BOOL) {
				ck_assert(*(const bool *)at);
			} else if (f->kind == FIELD_KIND_ENUM) {
				ck_assert_str_eq(f->names[*(const int *)at],
				                 strcmp(f->json, "convolutionMode") ? "NCHW" : "Truncate");
			} else if (f->kind == FIELD_KIND_NODE) {
				ck_assert_ptr_null(*(struct node *const *)at);
			}
		}
	}
}
END_TEST

/* The member of `n` that the field `key` fills. */
static const void *member(const struct node *n, const char *key)
{
	for (const struct field *f = n->type->fields; f && f->json; f++)
		if (!strcmp(f->json, key))
			return (const char *)n + f->offset;
	ck_abort_msg("no field %s", key);
}

static struct node *read_well(enum node_kind kind, const char *json, enum release release)
{
	struct dl4j_error err = { 0 };
	struct node *n;

	ck_assert_msg(!read_node(&n, kind, json, release, &err), "%s: %s", json, err.msg);
	return n;
}

START_TEST(good_fields)
{
	struct node *n = read_well(NODE_LAYER, CONV(",\"kernelSize\":[3,5],\"stride\":2,"
		"\"convolutionMode\":\"same\",\"hasBias\":false,\"unheardOf\":{\"a\":[1]},"
		"\"cnn2dDataFormat\":\"nhwc\",\"activationFn\":{\"LReLU\":{\"alpha\":0.25}}"),
		RELEASE_M2);
	const struct dims *d = member(n, "kernelSize");
	const struct floats *floats;
	const struct node *activation;

	ck_assert(d->n == 2 && d->v[0] == 3 && d->v[1] == 5);
	d = member(n, "stride"); /* one number for all axes */
	ck_assert(d->n == 2 && d->v[0] == 2 && d->v[1] == 2);
	ck_assert_int_eq(*(const int *)member(n, "convolutionMode"), 2);
	ck_assert_int_eq(*(const int *)member(n, "cnn2dDataFormat"), 1);
	ck_assert(!*(const bool *)member(n, "hasBias"));
	activation = *(struct node *const *)member(n, "activationFn");
	ck_assert_str_eq(activation->type->name, "LReLU");
	ck_assert_double_eq(*(const double *)member(activation, "alpha"), 0.25);
	ck_assert(n->nin == 1 && n->nout == 1 && n->release == RELEASE_M2);
	ck_assert_str_eq(n->class_name, "ConvolutionLayer");
	n = read_well(NODE_PREPROCESSOR, COMPOSED("[" TO_FF "," TO_FF "," TO_FF "," TO_FF "," TO_FF ","
		TO_FF "," TO_FF "," TO_FF "]"), RELEASE_M2);
	ck_assert_int_eq(((const struct nodes *)member(n, "inputPreProcessors"))->n, 8);
	/* any number of numbers, none when missing */
	n = read_well(NODE_LAYER, "{\"GlobalPooling\":{}}", RELEASE_M2);
	ck_assert_int_eq(((const struct dims *)member(n, "poolingDimensions"))->n, 0);
	n = read_well(NODE_LAYER, "{\"GlobalPooling\":{\"poolingDimensions\":[2]}}", RELEASE_M2);
	d = member(n, "poolingDimensions");
	ck_assert(d->n == 1 && d->v[0] == 2);
	n = read_well(NODE_LAYER, "{\"GlobalPooling\":{\"poolingDimensions\":2}}", RELEASE_M2);
	d = member(n, "poolingDimensions");
	ck_assert(d->n == 1 && d->v[0] == 2);
	n = read_well(NODE_LAYER, YOLO("{\"dataBuffer\":[1,2.5],\"orderingField\":\"c\"}"),
	              RELEASE_M2);
	floats = member(n, "boundingBoxes");
	ck_assert(floats->n == 2 && floats->v[0] == 1 && floats->v[1] == 2.5F);
}
END_TEST

START_TEST(odd_numbers)
{
	static const struct {
		const char *text;
		double value;
	} numbers[] = {
		{ "2.5", 2.5 }, { "-1e-5", -1e-5 }, { "\"NaN\"", NAN }, { "\"Infinity\"", INFINITY },
		{ "\"-Infinity\"", -INFINITY },
	};

	for (int i = 0; i < COUNT(numbers); i++) {
		char json[100];
		double v;
		snprintf(json, sizeof json, "{\"ScaleVertex\":{\"scaleFactor\":%s}}", numbers[i].text);
		v = *(const double *)member(read_well(NODE_VERTEX, json, RELEASE_M2), "scaleFactor");
		ck_assert(isnan(numbers[i].value) ? isnan(v) : v == numbers[i].value);
	}
}
END_TEST

/* A field whose absence means true in the oldest releases only. */
START_TEST(by_release)
{
	const char *key = "avgPoolIncludePadInDivisor";

	ck_assert(*(const bool *)member(read_well(NODE_LAYER, POOL(), RELEASE_0_9), key));
	ck_assert(!*(const bool *)member(read_well(NODE_LAYER, POOL(), RELEASE_BETA7), key));
	ck_assert(!*(const bool *)member(read_well(NODE_LAYER, POOL(), RELEASE_M2), key));
}
END_TEST

/* Up to 0.7 the activation was a string of another name. */
START_TEST(old_activation)
{
	const struct node *n = read_well(NODE_LAYER, "{\"dense\":{\"nin\":1,\"nout\":1,"
		"\"activationFunction\":\"tanh\"}}", RELEASE_0_9);
	const struct node *a = *(struct node *const *)member(n, "activationFn");

	ck_assert_str_eq(a->type->name, "TanH");
	n = read_well(NODE_LAYER, "{\"dense\":{\"nin\":1,\"nout\":1,\"activationFunction\":\"tanh\","
		"\"activationFn\":{\"ReLU\":{}}}}", RELEASE_0_9);
	a = *(struct node *const *)member(n, "activationFn");
	ck_assert_str_eq(a->type->name, "ReLU");
}
END_TEST

/* A function that is but a word takes its number from around the layer, if the layer asks there. */
START_TEST(word_with_number)
{
	cJSON *conf = cJSON_Parse("{\"leakyreluAlpha\":0.25}"), *json;
	struct reading r = { .arena = &arena, .release = RELEASE_0_5, .conf = conf };
	static const struct {
		const char *json;
		double alpha;
	} layers[] = {
		{ "{\"dense\":{\"nin\":1,\"nout\":1,\"activationFunction\":\"leakyrelu\"}}", 0.25 },
		{ "{\"activation\":{\"activationFunction\":\"leakyrelu\"}}", 0.01 },
		{ "{\"dense\":{\"nin\":1,\"nout\":1,\"activationFn\":{\"LReLU\":{}}}}", 0.01 },
	};

	for (int i = 0; i < COUNT(layers); i++) {
		struct dl4j_error err = { 0 };
		struct node *n, *f;
		json = cJSON_Parse(layers[i].json);
		ck_assert_int_eq(fields_read(&n, json, NODE_LAYER, &r, &err), 0);
		cJSON_Delete(json);
		f = *(struct node *const *)member(n, "activationFn");
		ck_assert_double_eq(*(const double *)member(f, "alpha"), layers[i].alpha);
	}
	cJSON_Delete(conf);
}
END_TEST

/* An unknown class is a node without a type, which summaries can name. */
START_TEST(unknown_class)
{
	const struct node *n = read_well(NODE_LAYER, "{\"@class\":\"com.acme.MyLayer\",\"nin\":-7}",
	                                 RELEASE_M2);

	ck_assert_ptr_null(n->type);
	ck_assert_str_eq(n->class_name, "MyLayer");
	n = read_well(NODE_LAYER, "{\"CustomLayer\":{}}", RELEASE_0_9);
	ck_assert_ptr_null(n->type);
	ck_assert_str_eq(n->class_name, "CustomLayer");
}
END_TEST

START_TEST(no_value)
{
	struct reading r = { &arena, RELEASE_M2, NULL };
	struct dl4j_error err = { 0 };
	struct node *n;

	ck_assert_int_eq(fields_read(&n, NULL, NODE_PREPROCESSOR, &r, &err), 0);
	ck_assert_ptr_null(n);
}
END_TEST

struct starved {
	enum node_kind kind;
	const cJSON *json;
};

static int fields_once(const void *how, struct dl4j_error *err)
{
	const struct starved *s = how;
	struct reading r = { &arena, RELEASE_M2, NULL };
	struct node *n;

	arena_free(&arena);
	return fields_read(&n, s->json, s->kind, &r, err);
}

/* No memory for each thing that a kind of field needs. */
START_TEST(starved_fields)
{
	static const struct {
		enum node_kind kind;
		const char *text;
	} nodes[] = {
		{ NODE_VERTEX, "{\"@class\":\"LastTimeStepVertex\",\"maskArrayInputName\":\"in\"}" },
		{ NODE_LAYER, YOLO("{\"data\":[1,2]}") },
		{ NODE_PREPROCESSOR, COMPOSED("[" TO_FF "]") },
		{ NODE_LAYER, CONV(",\"activationFn\":{\"LReLU\":{}}") },
	};

	for (int i = 0; i < COUNT(nodes); i++) {
		cJSON *json = cJSON_Parse(nodes[i].text);
		const struct starved how = { nodes[i].kind, json };
		ck_assert_int_ge(unit_starved(fields_once, &how), 1);
		cJSON_Delete(json);
	}
}
END_TEST

static Suite *fields_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("fields", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_loop_test(tests, class_name, 0, COUNT(classes));
	tcase_add_loop_test(tests, wrong_field, 0, COUNT(wrong));
	tcase_add_test(tests, missing_fields);
	tcase_add_test(tests, good_fields);
	tcase_add_test(tests, odd_numbers);
	tcase_add_test(tests, by_release);
	tcase_add_test(tests, old_activation);
	tcase_add_test(tests, word_with_number);
	tcase_add_test(tests, unknown_class);
	tcase_add_test(tests, no_value);
	tcase_add_test(tests, starved_fields);
	return suite;
}

/* --- config ----------------------------------------------------------------------------------- */

static int read_config(struct wiring *w, const char *text, int rank, struct dl4j_error *err)
{
	const char *mode = strstr(text, "@class") ? "MIXED_DATA_TYPES" : "JAVACPP";
	const struct ndarray flat = { .rank = rank, .mode = mode };

	return config_read(w, text, strlen(text), &flat, &limits, &arena, err);
}

static void read_whole(struct wiring *w, const char *text, int rank)
{
	struct dl4j_error err = { 0 };

	ck_assert_msg(!read_config(w, text, rank, &err), "%s", err.msg);
}

/* Read and wired: what a model's opening does with the text. */
static void refused(const char *text, int code, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct wiring w;
	struct graph g;
	int r = read_config(&w, text, 1, &err);

	if (!r)
		r = graph_new(&g, &w, &arena, &err);
	if (!r) /* shapes that do not fit still make a summary, but no runner */
		r = graph_runs(&g, &err);
	unit_refused(r, &err, code, msg);
}

#define DENSE(more) "{\"@class\":\"org.deeplearning4j.nn.conf.layers.DenseLayer\",\"nin\":2," \
	"\"nout\":2" more "}"
#define CONF(layer) "{\"layer\":" layer ",\"variables\":[\"W\",\"b\"]}"
#define MLN(confs) "{\"confs\":[" confs "],\"inputPreProcessors\":{}}"

START_TEST(multilayer)
{
	struct wiring w;

	read_whole(&w, "{\"confs\":[" CONF(DENSE(",\"layerName\":\"first\"")) "," CONF(DENSE(""))
	           "],\"inputPreProcessors\":{\"1\":{\"@class\":\"CnnToFeedForwardPreProcessor\"},"
	           "\"7\":{\"@class\":\"Nonsense\"}}}", 1);
	ck_assert(w.multilayer);
	ck_assert_int_eq(w.n_vertices, 2);
	ck_assert_str_eq(w.vertices[0].name, "first");
	ck_assert_str_eq(w.vertices[1].name, "1");
	ck_assert(w.vertices[0].is_layer && w.vertices[1].is_layer);
	ck_assert_ptr_null(w.vertices[0].pre);
	ck_assert_str_eq(w.vertices[1].pre->type->name, "CnnToFeedForwardPreProcessor");
	ck_assert_int_eq(w.vertices[0].node->nout, 2);
	ck_assert(node_has_variable(w.vertices[0].node, "b"));
	ck_assert_int_eq(w.n_inputs, 1);
	ck_assert_str_eq(w.inputs[0], "input");
	ck_assert_int_eq(w.n_outputs, 1);
	ck_assert_str_eq(w.outputs[0], "1");
	ck_assert_int_eq(w.release, RELEASE_M2);
}
END_TEST

/* The style of the first layer and the rank of the coefficients tell the release. */
START_TEST(releases)
{
	const char *old = MLN("{\"layer\":{\"dense\":{\"nin\":2,\"nout\":2}}}");
	struct wiring w;

	read_whole(&w, MLN(CONF(DENSE(""))), 1);
	ck_assert_int_eq(w.release, RELEASE_M2);
	read_whole(&w, MLN(CONF(DENSE(""))), 2);
	ck_assert_int_eq(w.release, RELEASE_BETA7);
	read_whole(&w, old, 2);
	ck_assert_int_eq(w.release, RELEASE_ALPHA);
	ck_assert_int_eq(w.vertices[0].node->release, RELEASE_ALPHA);
}
END_TEST

#define LAYER(name, members) "{\"confs\":[{\"layer\":{\"@class\":\"" name "\"" members "}}]"
#define BETA6_DENSE LAYER("DenseLayer", ",\"nin\":2,\"nout\":2,\"weightInitFn\":null")
#define NEW_DENSE \
	LAYER("DenseLayer", ",\"nin\":2,\"nout\":2,\"weightInitFn\":{},\"timeDistributedFormat\":null")

#define OLD(members, more) \
	"{\"confs\":[{\"layer\":{\"dense\":{\"nin\":2,\"nout\":2" members "}}" more
#define WRAPPED "layers wrapped in objects of their name"

/* What each release wrote first or last; of several the newest counts. */
static const struct {
	const char *json, *mode;
	int rank;
	enum release release;
	const char *name, *why;
} told[] = {
	{ OLD(",\"biasL1\":0", ",\"extraArgs\":[]}],\"redistributeParams\":false}"), "JAVACPP", 2,
	  RELEASE_0_5, "0.5.0", "redistributeParams" },
	{ OLD(",\"biasL1\":0", ",\"extraArgs\":[],\"x\":{\"lossFn\":{}}}]}"), "JAVACPP", 2,
	  RELEASE_0_5, "0.6.0 to 0.7.0", "lossFn, layers without pretrain" },
	{ OLD(",\"activationFunction\":\"tanh\"", ",\"extraArgs\":[],\"pretrain\":false}]}"),
	  "JAVACPP", 2, RELEASE_0_5, "0.7.0 to 0.7.1", "layers with extraArgs" },
	{ OLD(",\"biasL1\":0,\"activationFn\":{\"TanH\":{}}", "}]}"), "JAVACPP", 2, RELEASE_0_5,
	  "0.7.2", "activations that are objects, layers with biasL1" },
	{ OLD(",\"l1Bias\":0,\"updater\":\"SGD\",\"learningRate\":0", "}]}"), "JAVACPP", 2,
	  RELEASE_0_9, "0.8.0", "layers with l1Bias, no iupdater" },
	{ OLD(",\"l1Bias\":0,\"iupdater\":{}", "}],\"backprop\":true,\"pretrain\":false}"),
	  "JAVACPP", 2, RELEASE_0_9, "0.9.0 to 0.9.1", "layers with iupdater, no epochCount" },
	{ OLD(",\"l1Bias\":0,\"iupdater\":{}", "}],\"epochCount\":0}"), "JAVACPP", 2,
	  RELEASE_ALPHA, "1.0.0-alpha", "epochCount, " WRAPPED },
	{ LAYER("Odd", "") "}", "JAVACPP", 2, RELEASE_BETA, "1.0.0-beta",
	  "layers with @class, arrays of 32-bit shapes" },
	{ LAYER("Odd", "") ",\"backprop\":true}", "LONG_SHAPE", 2, RELEASE_BETA, "1.0.0-beta2",
	  "arrays of 64-bit shapes without types, no legacyBatchScaledL2" },
	{ LAYER("Odd", "") ",\"legacyBatchScaledL2\":false}", "LONG_SHAPE", 2, RELEASE_BETA3,
	  "1.0.0-beta3", "legacyBatchScaledL2, arrays of 64-bit shapes without types" },
	{ BETA6_DENSE "}", "MIXED_DATA_TYPES", 2, RELEASE_BETA6, "1.0.0-beta4 to 1.0.0-beta6",
	  "typed arrays, parameters of rank 2, no timeDistributedFormat" },
	{ BETA6_DENSE ",\"x\":[{\"gateActivationFn\":null}]}", "MIXED_DATA_TYPES", 2, RELEASE_BETA4,
	  "1.0.0-beta4", "typed arrays, parameters of rank 2, no helperAllowFallback" },
	{ BETA6_DENSE ",\"x\":[{\"avgPoolIncludePadInDivisor\":false}]}", "MIXED_DATA_TYPES", 2,
	  RELEASE_BETA6, "1.0.0-beta5 to 1.0.0-beta6",
	  "avgPoolIncludePadInDivisor, no timeDistributedFormat" },
	{ LAYER("PReLULayer", ",\"nin\":0,\"inputShape\":[2],\"weightInitFn\":{},"
	  "\"sharedAxes\":null") "}",
	  "MIXED_DATA_TYPES", 2, RELEASE_BETA7, "1.0.0-beta4 to 1.0.0-M2",
	  "typed arrays, parameters of rank 2" },
	{ NEW_DENSE "}", "MIXED_DATA_TYPES", 2, RELEASE_BETA7, "1.0.0-beta7 to 1.0.0-M2",
	  "layers with timeDistributedFormat, typed arrays, parameters of rank 2" },
	{ NEW_DENSE "}", NULL, 0, RELEASE_BETA7, "1.0.0-beta7 to 1.0.0-M2",
	  "layers with timeDistributedFormat, no array of parameters" },
	{ NEW_DENSE "}", "MIXED_DATA_TYPES", 1, RELEASE_M2, "1.0.0-M2.1", "parameters of rank 1" },
	/* a class that is told with its package */
	{ LAYER("Odd", "") ",\"x\":{\"@class\":\"org.deeplearning4j.nn.conf.graph.MergeVertex\"}}",
	  "MIXED_DATA_TYPES", 2, RELEASE_BETA7, "1.0.0-beta4 to 1.0.0-beta7",
	  "typed arrays, parameters of rank 2, no mergeAxis" },
	/* put together by hand: what is newest in it */
	{ NEW_DENSE "}", "JAVACPP", 2, RELEASE_BETA7, "1.0.0-beta7",
	  "layers with timeDistributedFormat, arrays of 32-bit shapes" },
};

START_TEST(tells_release)
{
	const struct ndarray flat = { .rank = told[_i].rank, .mode = told[_i].mode };
	const char *text = told[_i].json;
	struct dl4j_error err;
	struct wiring w;

	ck_assert_int_eq(config_read(&w, text, strlen(text), &flat, &limits, &arena, &err), 0);
	ck_assert_str_eq(w.release_name, told[_i].name);
	ck_assert_str_eq(w.release_why, told[_i].why);
	ck_assert_int_eq(w.release, told[_i].release);
}
END_TEST

#define LAYER_VERTEX(more) "{\"@class\":\"org.deeplearning4j.nn.conf.graph.LayerVertex\"," \
	"\"layerConf\":" CONF(DENSE("")) more "}"
#define ADD "{\"@class\":\"org.deeplearning4j.nn.conf.graph.ElementWiseVertex\",\"op\":\"Add\"}"
#define CG(vertices, inputs, more) "{\"networkInputs\":[\"in\"],\"networkOutputs\":[\"out\"]," \
	"\"vertices\":{" vertices "},\"vertexInputs\":{" inputs "}" more "}"
#define V(name, json) "\"" name "\":" json
#define FROM(name, ...) "\"" name "\":[" __VA_ARGS__ "]"

START_TEST(graph)
{
	struct wiring w;

	read_whole(&w, CG(V("z", LAYER_VERTEX(",\"preProcessor\":"
	           "{\"@class\":\"CnnToFeedForwardPreProcessor\"}")) "," V("out", ADD),
	           FROM("z", "\"in\"") "," FROM("out", "\"z\",\"in\"") "," FROM("nobody", "1"),
	           ",\"topologicalOrderStr\":[\"in\",\"z\",\"out\"],\"unheardOf\":7"), 2);
	ck_assert(!w.multilayer);
	ck_assert_int_eq(w.n_vertices, 2);
	ck_assert_str_eq(w.vertices[0].name, "z"); /* in the order of the file */
	ck_assert_str_eq(w.vertices[1].name, "out");
	ck_assert(w.vertices[0].is_layer && !w.vertices[1].is_layer);
	ck_assert_str_eq(w.vertices[0].node->type->name, "DenseLayer");
	ck_assert_str_eq(w.vertices[0].pre->type->name, "CnnToFeedForwardPreProcessor");
	ck_assert_str_eq(w.vertices[1].node->type->name, "ElementWiseVertex");
	ck_assert_int_eq(w.vertices[1].n_in, 2);
	ck_assert_str_eq(w.vertices[1].in[0], "z");
	ck_assert_str_eq(w.vertices[1].in[1], "in");
	ck_assert_int_eq(w.n_order, 3);
	ck_assert_str_eq(w.order[2], "out");
	ck_assert_str_eq(w.inputs[0], "in");
	ck_assert_str_eq(w.outputs[0], "out");
}
END_TEST

START_TEST(old_graph)
{
	struct wiring w;

	read_whole(&w, CG(V("out", "{\"LayerVertex\":{\"layerConf\":{\"layer\":{\"dense\":{\"nin\":2,"
	           "\"nout\":3}}},\"preProcessor\":{\"cnnToFeedForward\":{\"inputHeight\":1,"
	           "\"inputWidth\":1,\"numChannels\":2}}}}"), FROM("out", "\"in\""), ""), 2);
	ck_assert_int_eq(w.release, RELEASE_ALPHA);
	ck_assert(w.vertices[0].is_layer);
	ck_assert_int_eq(w.vertices[0].node->nout, 3);
	ck_assert_str_eq(w.vertices[0].pre->type->name, "CnnToFeedForwardPreProcessor");
	ck_assert_ptr_null(w.order);
}
END_TEST

/* As many of each as the limits and the tables let through. */
START_TEST(as_many_as_allowed)
{
#define SIX(x) x "," x "," x "," x "," x "," x
#define OF_IN(name) FROM(name, "\"in\"")
	struct wiring w;

	read_whole(&w, MLN(SIX("{\"layer\":" DENSE("") ",\"variables\":[]}")), 1);
	ck_assert_int_eq(w.n_vertices, 6);
	ck_assert_ptr_null(w.vertices[0].node->variables); /* an empty list tells nothing */
	read_whole(&w, CG(V("a", ADD) "," V("b", ADD) "," V("c", ADD) "," V("d", ADD) "," V("e", ADD)
	           "," V("out", ADD), OF_IN("a") "," OF_IN("b") "," OF_IN("c") "," OF_IN("d") ","
	           OF_IN("e") "," OF_IN("out"), ""), 1);
	ck_assert_int_eq(w.n_vertices, 6);
}
END_TEST

#define NO_NETWORK "expected a DL4J network (the key 'confs' or 'vertices'), found neither"

static const struct {
	int code;
	const char *text, *msg;
} networks[] = {
	{ DL4J_EFORMAT, "{}", NO_NETWORK },
	{ DL4J_EFORMAT, "[1]", NO_NETWORK },
	{ DL4J_EFORMAT, "{\"confs\":{}}",
	  NO_NETWORK },
	{ DL4J_EFORMAT, "{\"confs\":\"x\",\"vertices\":[]}",
	  NO_NETWORK },
	{ DL4J_EFORMAT, "{\"confs\":[1],\"confs\":[2]}", "the key 'confs' stands twice in one object" },
	{ DL4J_EFORMAT, MLN(""), "confs: expected 1 to 6 layers, found 0" },
	{ DL4J_ELIMIT, MLN("1,2,3,4,5,6,7"), "confs: expected 1 to 6 layers, found 7" },
	{ DL4J_EFORMAT, MLN("5"), "layer '0': expected a layer, found none" },
	{ DL4J_EFORMAT, MLN("{\"layer\":null}"), "layer '0': expected a layer, found none" },
	{ DL4J_EFORMAT, MLN("{\"layer\":7}"),
	  "layer '0': expected an object with a class name, found none" },
	{ DL4J_EFORMAT, MLN("{\"layer\":" DENSE(",\"layerName\":\"fc\",\"hasBias\":3") "}"),
	  "layer 'fc': hasBias: expected true or false" },
	{ DL4J_EFORMAT, MLN("{\"layer\":" DENSE("") ",\"variables\":[1]}"),
	  "layer '0': variables: expected a name, found no string" },
	{ DL4J_EFORMAT, "{\"confs\":[" CONF(DENSE("")) "],\"inputPreProcessors\":{\"0\":5}}",
	  "layer '0': expected an object with a class name, found none" },
	{ DL4J_ESHAPE, MLN(CONF(DENSE("")) "," CONF("{\"@class\":\"DenseLayer\",\"nin\":3,"
	  "\"nout\":2}")), "layer '1': nIn: expected 2, the size of its input, found 3" },
	{ DL4J_EFORMAT, CG("", "", ""), "networkOutputs: vertex 'out' does not exist" },
	{ DL4J_ELIMIT, CG("\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1", "", ""),
	  "vertices: expected at most 6, found 7" },
	{ DL4J_EFORMAT, CG(V("out", "5"), FROM("out", "\"in\""), ""),
	  "vertex 'out': expected an object with a class name, found none" },
	{ DL4J_EFORMAT, CG(V("out", "\"LayerVertex\""), FROM("out", "\"in\""), ""),
	  "vertex 'out': expected an object with a class name, found none" },
	{ DL4J_EFORMAT, CG(V("out", "{\"LayerVertex\":{}}"), FROM("out", "\"in\""), ""),
	  "layer 'out': expected a layer, found none" },
	{ DL4J_EFORMAT, CG(V("out", LAYER_VERTEX(",\"preProcessor\":[]")), FROM("out", "\"in\""), ""),
	  "layer 'out': expected an object with a class name, found none" },
	{ DL4J_EFORMAT, CG(V("out", ADD), "", ""),
	  "vertexInputs: expected the inputs of 'out', found none" },
	{ DL4J_EFORMAT, CG(V("out", ADD), "\"out\":null", ""),
	  "vertexInputs: expected the inputs of 'out', found none" },
	{ DL4J_EFORMAT, CG(V("out", ADD), "\"out\":\"in\"", ""),
	  "vertexInputs: 'out': expected a list of names, found none" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\",3"), ""),
	  "vertexInputs: 'out': expected a name, found no string" },
	{ DL4J_ESHAPE, CG(V("out", ADD), FROM("out", ), ""),
	  "vertex 'out': expected an input, found none" },
	{ DL4J_ESHAPE, CG(V("out", LAYER_VERTEX("")), FROM("out", ), ""),
	  "layer 'out': expected 1 input, found 0" },
	{ DL4J_ESHAPE, CG(V("out", LAYER_VERTEX("")), FROM("out", "\"in\",\"in\""), ""),
	  "layer 'out': expected 1 input, found 2" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\",\"gone\""), ""),
	  "vertex 'out': input 'gone' does not exist" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\",\"In\""), ""),
	  "vertex 'out': input 'In' does not exist" },
	{ DL4J_EFORMAT, CG(V("out", ADD) "," V("b", ADD), FROM("out", "\"in\",\"b\"") ","
	  FROM("b", "\"out\""), ""), "vertex 'out' is part of a cycle" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"out\""), ""),
	  "vertex 'out' is part of a cycle" },
	{ DL4J_EFORMAT, CG(V("out", ADD) "," V("in", ADD), FROM("out", "\"in\"") ","
	  FROM("in", "\"out\""), ""), "vertex 'in' is declared twice" },
	{ DL4J_EFORMAT, "{\"vertices\":{},\"networkOutputs\":[]}",
	  "networkInputs: expected a list of names, found none" },
	{ DL4J_EFORMAT, "{\"vertices\":{},\"networkInputs\":[],\"networkOutputs\":[\"a\"]}",
	  "networkInputs: expected at least one name, found none" },
	{ DL4J_EFORMAT, "{\"vertices\":{},\"networkInputs\":[\"a\"],\"networkOutputs\":[]}",
	  "networkOutputs: expected at least one name, found none" },
	{ DL4J_EFORMAT, "{\"vertices\":{},\"networkInputs\":[\"a\",\"a\"],\"networkOutputs\":[\"a\"]}",
	  "vertex 'a' is declared twice" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\""), ",\"topologicalOrderStr\":[\"in\"]"),
	  "topologicalOrderStr: expected 2 vertices, found 1" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\""),
	  ",\"topologicalOrderStr\":[\"out\",\"in\"]"),
	  "topologicalOrderStr: vertex 'out' stands twice or before one of its inputs" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\""),
	  ",\"topologicalOrderStr\":[\"in\",\"in\"]"),
	  "topologicalOrderStr: vertex 'in' stands twice or before one of its inputs" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\""),
	  ",\"topologicalOrderStr\":[\"in\",\"Out\"]"),
	  "topologicalOrderStr: vertex 'Out' does not exist" },
	{ DL4J_EFORMAT, CG(V("out", ADD), FROM("out", "\"in\""), ",\"topologicalOrderStr\":7"),
	  "topologicalOrderStr: expected a list of names, found none" },
};

static int network_once(const void *how, struct dl4j_error *err)
{
	struct wiring w;
	struct graph g;

	arena_free(&arena);
	TRY(read_config(&w, how, 1, err));
	return graph_new(&g, &w, &arena, err);
}

START_TEST(starved_networks)
{
	unit_starved(network_once, MLN("{\"layer\":" DENSE("") ",\"variables\":[\"W\",\"b\"]}"));
	unit_starved(network_once, CG(V("out", LAYER_VERTEX("")), FROM("out", "\"in\""),
	                              ",\"topologicalOrderStr\":[\"in\",\"out\"]"));
}
END_TEST

START_TEST(names_of_releases)
{
	enum release release = RELEASE_M2;

	ck_assert(release_named("0.9.1", &release) && release == RELEASE_0_9);
	ck_assert(release_named("1.0.0-M2.1", &release));
	ck_assert(!release_named("2.0", &release) && !release_named("", &release));
}
END_TEST

START_TEST(network)
{
	refused(networks[_i].text, networks[_i].code, networks[_i].msg);
}
END_TEST

static Suite *config_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("config", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_test(tests, multilayer);
	tcase_add_test(tests, releases);
	tcase_add_loop_test(tests, tells_release, 0, COUNT(told));
	tcase_add_test(tests, graph);
	tcase_add_test(tests, old_graph);
	tcase_add_test(tests, as_many_as_allowed);
	tcase_add_test(tests, starved_networks);
	tcase_add_test(tests, names_of_releases);
	tcase_add_loop_test(tests, network, 0, COUNT(networks));
	return suite;
}

/* --- calibration ------------------------------------------------------------------------------ */

#define RANGES(list) "{\"version\":1,\"ranges\":[" list "]}"
#define RANGE(vertex, number, low, high) "{\"vertex\":\"" vertex "\",\"number\":" #number \
	",\"low\":" #low ",\"high\":" #high "}"

/* Two dense layers, "0" and "1". */
static void two_layers(struct graph *g)
{
	struct dl4j_error err = { 0 };
	struct wiring w;

	read_whole(&w, MLN(CONF(DENSE("")) "," CONF(DENSE(""))), 1);
	ck_assert_msg(!graph_new(g, &w, &arena, &err), "%s", err.msg);
}

static const struct {
	const char *text, *msg;
} uncalibrated[] = {
	{ "", "byte 0: not JSON, or out of memory" },
	{ "[]", "version: expected a whole number from 1 to 1, found none" },
	{ "{\"ranges\":[" RANGE("0", 0, 0, 1) "]}",
	  "version: expected a whole number from 1 to 1, found none" },
	{ "{\"version\":2,\"ranges\":[]}", "version: expected a whole number from 1 to 1, found "
	  "another" },
	{ "{\"version\":\"1\",\"ranges\":[]}", "version: expected a whole number from 1 to 1, found "
	  "none" },
	{ "{\"version\":1}", "ranges: expected a list, found none" },
	{ "{\"version\":1,\"ranges\":{}}", "ranges: expected a list, found none" },
	{ RANGES(""), "ranges: expected a list, found none" },
	{ RANGES("7"), "range 0: expected the name of a vertex, found none" },
	{ RANGES("{\"number\":0,\"low\":0,\"high\":1}"),
	  "range 0: expected the name of a vertex, found none" },
	{ RANGES("{\"vertex\":0,\"number\":0,\"low\":0,\"high\":1}"),
	  "range 0: expected the name of a vertex, found none" },
	{ RANGES(RANGE("0", 0, 0, 1) "," RANGE("2", 0, 0, 1)), "range 1: vertex '2' does not exist" },
	{ RANGES("{\"vertex\":\"0\",\"low\":0,\"high\":1}"),
	  "range 0: vertex '0': number: expected a whole number from 0 to 4095, found none" },
	{ RANGES(RANGE("0", -1, 0, 1)),
	  "range 0: vertex '0': number: expected a whole number from 0 to 4095, found another" },
	{ RANGES(RANGE("0", 4096, 0, 1)),
	  "range 0: vertex '0': number: expected a whole number from 0 to 4095, found another" },
	{ RANGES(RANGE("0", 0.5, 0, 1)),
	  "range 0: vertex '0': number: expected a whole number from 0 to 4095, found another" },
	{ RANGES(RANGE("0", 0, null, 1)),
	  "range 0: vertex '0': low: expected a number of at most 1e+20, found none" },
	{ RANGES("{\"vertex\":\"0\",\"number\":0,\"low\":0}"),
	  "range 0: vertex '0': high: expected a number of at most 1e+20, found none" },
	{ RANGES(RANGE("0", 0, -1e21, 1)),
	  "range 0: vertex '0': low: expected a number of at most 1e+20, found another" },
	{ RANGES(RANGE("0", 0, 0, 1e400)),
	  "range 0: vertex '0': high: expected a number of at most 1e+20, found another" },
	{ RANGES(RANGE("0", 0, 2, 1)), "range 0: vertex '0': low is above high" },
	{ RANGES(RANGE("0", 0, 0, 0)),
	  "range 0: vertex '0': expected a range of at least 1e-20, found less" },
	{ RANGES(RANGE("0", 0, -1e-30, 1e-30)),
	  "range 0: vertex '0': expected a range of at least 1e-20, found less" },
	{ RANGES(RANGE("1", 0, 0, 1) "," RANGE("0", 0, 0, 1) "," RANGE("1", 0, -1, 1)),
	  "vertex '1': number 0 stands twice" },
};

START_TEST(bad_calibration)
{
	const char *text = uncalibrated[_i].text;
	struct calibration c = { 0 };
	struct dl4j_error err = { 0 };
	struct graph g;

	two_layers(&g);
	unit_refused(calibration_read(&c, text, strlen(text), &g, &limits, &arena, &err), &err,
	             DL4J_EFORMAT, uncalibrated[_i].msg);
}
END_TEST

/* As lowered: each layer a product. */
static void lower_two(const struct graph *g, struct ir *ir)
{
	const struct dl4j_shape in = { .kind = DL4J_FF, .c = 2 };
	static const float flat[12];
	const int wanted[] = { g->outputs[0] };
	const struct lower_request r = { .flat = flat, .inputs = &in, .batch = 1, .wanted = wanted,
		                         .n_wanted = 1 };
	struct dl4j_shape shapes[3];
	struct dl4j_error err = { 0 };

	ir_init(ir, &arena);
	ck_assert_msg(!graph_lower(g, &r, ir, shapes, &err), "%s", err.msg);
}

static const struct ir_op *product(const struct ir *ir, int which)
{
	for (int i = 0; i < ir->n_ops; i++)
		if (ir->ops[i]->code == IR_MATMUL && which-- == 0)
			return ir->ops[i];
	return NULL;
}

/* What is written is what is read: also where the decimal point is a comma, which cJSON sees to. */
START_TEST(calibration)
{
	const char *first = RANGES(RANGE("1", 0, -0.25, 1.5) "," RANGE("0", 0, 0, 3));
	struct calibration c = { 0 }, again = { 0 };
	struct dl4j_error err = { 0 };
	struct graph g;
	struct ir ir;
	char *text;

	two_layers(&g);
	ck_assert_msg(!calibration_read(&c, first, strlen(first), &g, &limits, &arena, &err), "%s",
	              err.msg);
	lower_two(&g, &ir);
	ck_assert_int_eq(calibration_apply(&c, &g, &ir, &err), 0);
	ck_assert(product(&ir, 0)->low == 0 && product(&ir, 0)->high == 3);
	ck_assert(product(&ir, 1)->low == -0.25F && product(&ir, 1)->high == 1.5F);
	text = calibration_text(&ir);
	ck_assert_str_eq(text, RANGES(RANGE("0", 0, 0, 3) "," RANGE("1", 0, -0.25, 1.5)));
	ck_assert_int_eq(calibration_read(&again, text, strlen(text), &g, &limits, &arena, &err), 0);
	ck_assert_int_eq(again.n, 2);
	free(text);
}
END_TEST

/* Weights that are computed, or read twice, and a constant input have no range; nor is one that is
 * next to nothing written down. */
START_TEST(not_calibrated)
{
	static const float numbers[9];
	struct ir_val *x, *w[3], *y[4];
	struct ir ir;
	char *text;

	ir_init(&ir, &arena);
	ir.origin = "test";
	x = ir_input(&ir, 2, (int64_t[]){ 3, 3 });
	for (int i = 0; i < 3; i++)
		w[i] = ir_const(&ir, numbers, 2, (int64_t[]){ 3, 3 }, NULL);
	y[0] = ir_matmul(&ir, x, x, NULL);
	y[1] = ir_matmul(&ir, w[0], w[1], NULL);
	y[2] = ir_matmul(&ir, x, w[2], NULL);
	ck_assert(!calibration_covers(y[0]->def) && !calibration_covers(y[1]->def));
	ck_assert(calibration_covers(y[2]->def));
	y[2]->def->high = 1e-30F;
	text = calibration_text(&ir);
	ck_assert_str_eq(text, RANGES(""));
	free(text);
	y[3] = ir_matmul(&ir, x, w[2], NULL);
	ck_assert(!calibration_covers(y[2]->def) && !calibration_covers(y[3]->def));
	ck_assert_int_eq(ir.err.code, 0);
}
END_TEST

/* The largest numbers, an input's name, which nothing is done for, and a vertex' numbers in order;
 * what has no range is not written. */
START_TEST(odd_calibration)
{
	const char *text = RANGES(RANGE("1", 0, -1e20, 1e20) "," RANGE("input", 0, 0, 1) ","
	                          RANGE("1", 3, 0, 1));
	struct calibration c = { 0 };
	struct dl4j_error err = { 0 };
	struct graph g;
	struct ir ir;
	char *again;

	two_layers(&g);
	ck_assert_msg(!calibration_read(&c, text, strlen(text), &g, &limits, &arena, &err), "%s",
	              err.msg);
	ck_assert_int_eq(c.n, 3);
	ck_assert(c.list[0].step == 0 && c.list[1].number == 0 && c.list[2].number == 3);
	c.n = 2; /* no number 3 */
	lower_two(&g, &ir);
	ck_assert_msg(!calibration_apply(&c, &g, &ir, &err), "%s", err.msg);
	ck_assert(product(&ir, 0)->high == 0 && product(&ir, 1)->high == 1e20F);
	again = calibration_text(&ir);
	ck_assert(!strstr(again, "\"0\"") && strstr(again, "\"1\""));
	free(again);
}
END_TEST

/* Convolutions and products by weights of their own, of what is computed. */
START_TEST(covered)
{
	static const float number;
	static const struct {
		enum ir_code code;
		const float *in, *weights;
		int uses;
		bool covers;
	} ops[] = {
		{ IR_CONV, NULL, &number, 1, true },    { IR_MATMUL, NULL, &number, 1, true },
		{ IR_BINARY, NULL, &number, 1, false }, { IR_MATMUL, NULL, NULL, 1, false },
		{ IR_MATMUL, NULL, &number, 2, false }, { IR_MATMUL, &number, &number, 1, false },
	};

	for (int i = 0; i < COUNT(ops); i++) {
		struct ir_val in = { .data = ops[i].in };
		struct ir_val weights = { .data = ops[i].weights, .uses = ops[i].uses };
		struct ir_op op = { .code = ops[i].code, .in = (struct ir_val *[]){ &in, &weights } };
		ck_assert_msg(calibration_covers(&op) == ops[i].covers, "%d", i);
	}
}
END_TEST

START_TEST(number_too_high)
{
	const char *text = RANGES(RANGE("0", 0, 0, 1) "," RANGE("1", 1, 0, 1));
	struct calibration c = { 0 };
	struct dl4j_error err = { 0 };
	struct graph g;
	struct ir ir;

	two_layers(&g);
	ck_assert_int_eq(calibration_read(&c, text, strlen(text), &g, &limits, &arena, &err), 0);
	lower_two(&g, &ir);
	unit_refused(calibration_apply(&c, &g, &ir, &err), &err, DL4J_EFORMAT,
	             "vertex '1': expected a number below 1, found 1");
}
END_TEST

static int calibration_once(const void *how, struct dl4j_error *err)
{
	struct calibration c = { 0 };
	struct graph g = { 0 };
	struct wiring w;
	struct ir ir;

	arena_free(&arena);
	TRY(read_config(&w, MLN(CONF(DENSE(""))), 1, err));
	TRY(graph_new(&g, &w, &arena, err));
	TRY(calibration_read(&c, how, strlen(how), &g, &limits, &arena, err));
	ir_init(&ir, &arena);
	return calibration_apply(&c, &g, &ir, err);
}

START_TEST(starved_calibration)
{
	unit_starved(calibration_once, RANGES(RANGE("0", 0, 0, 1)));
}
END_TEST

static Suite *calibration_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("calibration", &tests);

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_loop_test(tests, bad_calibration, 0, COUNT(uncalibrated));
	tcase_add_test(tests, calibration);
	tcase_add_test(tests, not_calibrated);
	tcase_add_test(tests, odd_calibration);
	tcase_add_test(tests, covered);
	tcase_add_test(tests, number_too_high);
	tcase_add_test(tests, starved_calibration);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ json_suite(), fields_suite(), config_suite(),
	                              calibration_suite(), NULL });
}
