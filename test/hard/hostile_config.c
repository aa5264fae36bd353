/* SPDX-License-Identifier: Apache-2.0 */
/* hostile configurations: JSON that is none or too much, numbers that no dimension can be, graphs
 * that cannot be wired, options that cannot be computed, classes that must not be loaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hard/hostile.h"

#define HERE "^dl4j: ./hostile.zip: configuration.json: "

static void config(const char *title, const char *text, size_t n, int status, const char *regex)
{
	hostile_model(title, text, n, mlp.array, mlp.n_array, SUMMARY, status, regex);
}

/* --- JSON */

static const struct {
	const char *what, *text;
	const char *regex; /* after HERE; NULL: anything */
} texts[] = {
	{ "empty", "", NULL },
	{ "blanks", " \n\t", NULL },
	{ "null", "null", NULL },
	{ "a number", "7", NULL },
	{ "a string", "\"confs\"", NULL },
	{ "a list", "[]", "expected a DL4J network" },
	{ "an empty object", "{}", "expected a DL4J network" },
	{ "an open object", "{\"confs\":[", "byte [0-9]+: " },
	{ "a closing bracket too many", "{}}", "byte 2: expected the end, found more$" },
	{ "the wrong bracket", "{\"confs\":[}]", "byte [0-9]+: not JSON" },
	{ "two values", "{} {}", "byte 3: expected the end, found more$" },
	{ "a comma at the end", "{\"confs\":[1,]}", "byte [0-9]+: not JSON" },
	{ "a key without quotes", "{confs:[]}", "byte [0-9]+: not JSON" },
	{ "single quotes", "{'confs':[]}", "byte 1: expected JSON, found 0x27$" },
	{ "a comment", "/* */ {\"confs\":[]}", "byte 0: expected JSON, found 0x2f$" },
	{ "NaN", "{\"confs\":NaN}", NULL },
	{ "a hexadecimal number", "{\"confs\":0x10}", NULL },
	{ "a control character in a string", "{\"con\nfs\":[]}", "byte [0-9]+: a control character" },
	{ "a NUL in a string", "{\"con\\u0000fs\":[]}", "byte [0-9]+: a NUL in a string" },
	{ "no hexadecimal digits", "{\"con\\u00g0fs\":[]}", "byte [0-9]+: a NUL in a string, or not" },
	{ "half a surrogate pair", "{\"con\\ud800fs\":[]}", NULL },
	{ "an open string", "{\"confs", "byte 1: a string without an end$" },
	{ "a backslash at the end", "{\"confs\\", "byte 1: a string without an end$" },
	{ "UTF-8 of two bytes for one", "{\"con\xc0\xaf\":[]}", "byte 5: expected UTF-8, found 0xc0$" },
	{ "UTF-8 of a surrogate", "{\"con\xed\xa0\x80\":[]}", "byte 5: expected UTF-8, found 0xed$" },
	{ "UTF-8 above Unicode", "{\"con\xf4\x90\x80\x80\":[]}",
	  "byte 5: expected UTF-8, found 0xf4$" },
	{ "UTF-8 cut short", "{\"con\xe2\x82\":[]}", "byte 5: expected UTF-8, found 0xe2$" },
	{ "a byte of UTF-8 alone", "{\"con\x80\":[]}", "byte 5: expected UTF-8, found 0x80$" },
	{ "Latin-1", "{\"con\xe4\":[]}", "byte 5: expected UTF-8, found 0xe4$" },
	{ "a byte order mark", "\xef\xbb\xbf{\"confs\":[]}", "byte 0: expected JSON, found 0xef$" },
	{ "UTF-16", "\xff\xfe{", "byte 0: expected JSON, found 0xff$" },
	{ "a key twice", "{\"confs\":[1],\"confs\":[2]}",
	  "the key 'confs' stands twice in one object$" },
	{ "a key twice, once escaped", "{\"confs\":[1],\"\\u0063onfs\":[2]}",
	  "the key 'confs' stands" },
	{ "a key twice, deep down", "{\"confs\":[{\"a\":{\"b\":1,\"b\":2}}]}",
	  "the key 'b' stands twice" },
	{ "XML", "<confs/>", "byte 0: expected JSON, found 0x3c$" },
	{ "confs that are no list", "{\"confs\":{}}", NULL },
	{ "no layers", "{\"confs\":[]}", "confs: expected 1 to 65536 layers, found 0$" },
	{ "layers that are none", "{\"confs\":[1,2]}", "layer '0': expected a layer, found none$" },
	{ "vertices that are no object", "{\"vertices\":[]}", "expected a DL4J network" },
};

static char *repeated(const char *head, const char *part, size_t times, const char *tail, size_t *n)
{
	size_t a = strlen(head), b = strlen(part), c = strlen(tail);
	char *text = malloc(a + b * times + c + 1);

	memcpy(text, head, a);
	for (size_t i = 0; i < times; i++)
		memcpy(text + a + i * b, part, b);
	memcpy(text + a + b * times, tail, c + 1);
	*n = a + b * times + c;
	return text;
}

static void much(void)
{
	static const struct {
		const char *what, *head, *part;
		size_t times;
		const char *tail, *regex;
	} rows[] = {
		{ "J1 65 lists in each other", "", "[", 65, "", "byte 64: nested deeper than 64$" },
		{ "J1 200000 lists in each other", "", "[", 200000, "", "byte 64: nested deeper than 64$" },
		{ "J1 objects in each other", "", "{\"a\":", 100000, "", "byte 320: nested deeper" },
		{ "J2 a number of 65 digits", "{\"confs\":", "1", 65, "}",
		  "byte 9: a number of over 64 characters$" },
		{ "J2 a number of a million digits", "{\"confs\":0.", "1", 1000000, "}",
		  "byte 9: a number of over 64 characters$" },
		{ "J2 a string of a megabyte", "{\"", "a", 1000000, "\":1}",
		  "byte 1: a string of over 65536 bytes$" },
		{ "J2 two million values", "{\"confs\":[0", ",0", 2000000, "]}",
		  "more than 2000000 values$" },
		{ "J2 a million empty lists", "{\"confs\":[[]", ",[]", 2000000, "]}",
		  "more than 2000000 values$" },
		{ "G7 65537 layers", "{\"confs\":[{}", ",{}", 65536, "]}",
		  "confs: expected 1 to 65536 layers, found 65537$" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n;
		char *text = repeated(rows[i].head, rows[i].part, rows[i].times, rows[i].tail, &n);
		char regex[256];
		snprintf(regex, sizeof regex, HERE "%s", rows[i].regex);
		config(rows[i].what, text, n, LIMIT, regex);
		free(text);
	}
}

/* --- One text for another in a good configuration */

/* The (nth + 1)th `from` becomes `to`; NULL: there is none. */
static char *replaced(const char *text, const char *from, const char *to, int nth, size_t *n)
{
	const char *at = strstr(text, from);
	char *out;

	while (at && nth-- > 0)
		at = strstr(at + 1, from);
	if (!at) {
		printf("not ok - '%s' is not in the configuration\n", from);
		exit(2);
	}
	*n = strlen(text) + strlen(to) - strlen(from);
	out = malloc(*n + 1);
	memcpy(out, text, (size_t)(at - text));
	strcpy(out + (at - text), to);
	strcat(out, at + strlen(from));
	return out;
}

static void change(const char *class_, const struct base *b, const char *from, const char *to,
                   int nth, enum how how, int status, const char *regex)
{
	size_t n;
	char *text = replaced(b->config, from, to, nth, &n);

	hostile_model(hostile_text("%s %s for %s", class_, to, from), text, n, b->array, b->n_array,
	              how, status, regex);
	free(text);
}

static void sizes(void)
{
	static const char *const values[] = {
		"-1",
		"-5",
		"2147483648",
		"4611686018427387904",
		"18446744073709551617",
		"1e400",
		"-1e400",
		"2.5",
		"\"8\"",
		"[8]",
		"{}",
		"true",
	};
	static const char *const others[] = { "0", "7", "9", "2147483647", "1e9", "1e-400", "null" };
	char to[64];

	for (int in = 0; in < 2; in++) {
		const char *from = in ? "\"nin\" : 6" : "\"nout\" : 8";
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			snprintf(to, sizeof to, in ? "\"nin\" : %s" : "\"nout\" : %s", values[i]);
			change("J4", &mlp, from, to, 0, SUMMARY, REFUSED,
			       HERE ".*expected a whole number from "
			            "0 to 2147483647, found ");
		}
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			snprintf(to, sizeof to, in ? "\"nin\" : %s" : "\"nout\" : %s", others[i]);
			change("P1", &mlp, from, to, 0, RUN_MLP, REFUSED, "^dl4j: ./hostile.zip: ");
		}
	}
}

static void windows(void)
{
	static const char *const names[] = { "kernelSize", "stride", "dilation", "padding" };
	static const struct {
		const char *value;
		int status[4]; /* FINE: it means nothing in mode Same, or is a network like another */
	} rows[] = {
		{ "[ 0, 0 ]", { REFUSED, REFUSED, REFUSED, FINE } },
		{ "[ -1, -1 ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "[ 1, 0 ]", { REFUSED, REFUSED, REFUSED, FINE } },
		{ "[ 3 ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "[ ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "[ 1, 1, 1 ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "\"3\"", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "{ }", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "[ 2.5, 1 ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "[ 2147483647, 2147483647 ]", { LIMIT, FINE, REFUSED, FINE } },
		{ "[ 2147483648, 1 ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
		{ "[ 1073741824, 1073741824 ]", { LIMIT, FINE, REFUSED, FINE } },
		{ "[ 1e308, 1 ]", { REFUSED, REFUSED, REFUSED, REFUSED } },
	};
	char from[64], to[96];

	for (int k = 0; k < 4; k++)
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			snprintf(from, sizeof from, "\"%s\" : [ %s ]", names[k],
			         k == 0 ? "3, 3" :
			         k == 3 ? "0, 0" :
			                  "1, 1");
			snprintf(to, sizeof to, "\"%s\" : %s", names[k], rows[i].value);
			change("G4", &net, from, to, 0, RUN_NET, rows[i].status[k],
			       rows[i].status[k] ? "^dl4j: ./hostile.zip: " : NULL);
		}
}

static void graphs(void)
{
	static const struct {
		const char *from, *to, *regex; /* after HERE */
	} rows[] = {
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : [ \"nowhere\" ]", ".*'nowhere'" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : [ \"conv1\" ]", "" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : [ \"out\" ]", "" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : [ ]", ".*expected 1 input, found 0$" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : [ \"in\", \"in\" ]",
		  ".*expected 1 input, found 2$" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : [ 7 ]", ".*expected a name, found no string$" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : \"in\"",
		  ".*expected a list of names, found none$" },
		{ "\"conv1\" : [ \"in\" ],", "",
		  "vertexInputs: expected the inputs of 'conv1', found none$" },
		{ "\"conv1\" : [ \"in\" ]", "\"conv1\" : null",
		  "vertexInputs: expected the inputs of 'conv1'" },
		{ "\"sum\" : [ \"bn\", \"tanh2\", \"drop\" ]", "\"sum\" : [ ]", "" },
		{ "\"pool\" : [ \"all\" ]", "\"pool\" : [ \"all\", \"sum\" ]",
		  ".*expected 1 input, found 2$" },
		{ "\"networkInputs\" : [ \"in\" ]", "\"networkInputs\" : [ ]", "networkInputs: " },
		{ "\"networkInputs\" : [ \"in\" ]", "\"networkInputs\" : [ \"in\", \"in\" ]", "" },
		{ "\"networkInputs\" : [ \"in\" ]", "\"networkInputs\" : [ \"conv1\" ]", "" },
		{ "\"networkInputs\" : [ \"in\" ]", "\"networkInputs\" : null", "networkInputs: " },
		{ "\"networkOutputs\" : [ \"out\" ]", "\"networkOutputs\" : [ ]", "networkOutputs: " },
		{ "\"networkOutputs\" : [ \"out\" ]", "\"networkOutputs\" : [ \"nowhere\" ]",
		  ".*'nowhere'" },
		{ "\"networkOutputs\" : [ \"out\" ]", "\"networkOutputs\" : [ {} ]", "networkOutputs: " },
		{ "\"topologicalOrderStr\" : [ \"in\",", "\"topologicalOrderStr\" : [ \"x\",", "" },
		{ "\"topologicalOrderStr\" : [ \"in\",", "\"topologicalOrderStr\" : [ \"out\", \"in\",",
		  "" },
		{ "\"vertices\" : {", "\"vertices\" : { \"odd\" : null,", "vertex 'odd': expected" },
		{ "\"vertices\" : {", "\"vertices\" : { \"odd\" : 3,", "vertex 'odd': expected" },
		{ "\"vertices\" : {", "\"vertices\" : { \"in\" : { \"@class\" : \"a.b.MergeVertex\" },",
		  "" },
	};
	char regex[256];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(regex, sizeof regex, HERE "%s", rows[i].regex);
		change("G1", &net, rows[i].from, rows[i].to, 0, RUN_NET, REFUSED, regex);
	}
}

/* Classes that a program which loads them by name would load. */
static void classes(void)
{
	static const char *const names[] = {
		"java.lang.Runtime",
		"javax.script.ScriptEngineManager",
		"../../../etc/passwd",
		"org.deeplearning4j.nn.conf.layers.DenseLayer ",
		"org.deeplearning4j.nn.conf.layers.denselayer",
		"DenseLayer\\u001b[2J\\u0007",
		"$(touch hostile)",
		"%n%n%s%s",
		"",
		".",
		"lib.so",
		"org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer",
	};
	char to[160];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(to, sizeof to, "\"@class\" : \"%s\"", names[i]);
		change("J5", &mlp, "\"@class\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\"", to, 0,
		       RUN_MLP, REFUSED, HERE "layer 'layer0': ");
		change("J5", &mlp, "\"@class\" : \"org.nd4j.linalg.activations.impl.ActivationReLU\"", to,
		       0, RUN_MLP, REFUSED, HERE "layer 'layer0': ");
	}
}

/* Products that are small once they have wrapped around, and activations that are enormous. */
static void amplified(void)
{
	size_t n;
	char *once = replaced(cells.config, "\"nin\" : 2", "\"nin\" : 4", 0, &n);
	char *text =
		replaced(once, "\"kernel\" : [ 1, 1 ]", "\"kernel\" : [ 2147483647, 2147483647 ]", 0, &n);

	hostile_model("G5 4 * (2^31 - 1)^2 weights a cell", text, n, cells.array, cells.n_array,
	              SUMMARY, LIMIT, HERE ".*the number of parameters overflows$");
	free(once);
	free(text);
	once = replaced(net.config, "\"convolutionMode\" : \"Same\"",
	                "\"convolutionMode\" : \"Truncate\"", 0, &n);
	text = replaced(once, "\"padding\" : [ 0, 0 ]", "\"padding\" : [ 60000, 60000 ]", 0, &n);
	hostile_model("G6 activations of 400 GB", text, n, net.array, net.n_array, RUN_NET, LIMIT,
	              "^dl4j: ./hostile.zip: 'conv1' alone needs [0-9]+ MB, the limit is [0-9]+ MB$");
	free(once);
	free(text);
}

void hostile_configs(void)
{
	char regex[256];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		snprintf(regex, sizeof regex, HERE "%s", texts[i].regex ? texts[i].regex : "");
		config(hostile_text("J3 %s", texts[i].what), texts[i].text, strlen(texts[i].text), REFUSED,
		       regex);
	}
	config("J3 a NUL behind it", mlp.config, mlp.n_config + 1, REFUSED,
	       HERE "byte [0-9]+: expected JSON, found 0x00$");
	much();
	sizes();
	windows();
	graphs();
	classes();
	amplified();
}
