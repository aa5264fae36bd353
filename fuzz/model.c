/* SPDX-License-Identifier: Apache-2.0 */
/* model: bytes as configuration.json of a whole model, to which fitting coefficients are made; then
 * all of the library: every summary, a runner, a run, the same with state; no runner once the
 * coefficients' checksum is wrong. */
#include <stdlib.h>
#include <string.h>

#include "dl4j.h"
#include "fuzz/fuzz.h"
#include "tools/mkzip.h"

enum { PARAMS = 50000, ELEMENTS = 1 << 16 };

static const struct dl4j_limits limits = { .config_bytes = 1 << 18, .json_nodes = 20000,
	                                   .vertices = 500, .activation_bytes = 16 << 20 };

static struct dl4j_model *open_model(const uint8_t *config, size_t n, int64_t params, int damaged)
{
	static unsigned char array[PARAMS * 4 + 512];
	static float value[PARAMS];
	struct dl4j_error err = { 0 };
	struct dl4j_model *model = NULL;
	struct mkzip z = { 0 };
	uint32_t seed = 1;

	mkzip_entry(&z, "configuration.json", config, n, MKZIP_STORED, MKZIP_BEFORE);
	for (int64_t i = 0; i < params; i++) {
		seed = seed * 1664525u + 1013904223u;
		value[i] = (float)(seed >> 8) / (1 << 24) - 0.5f;
	}
	if (params > 0)
		mkzip_entry(&z, "coefficients.bin", array,
		            mkzip_floats(array, 1, &params, value, (size_t)params),
		            n % 2 ? MKZIP_DEFLATED : MKZIP_STORED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	if (damaged) { /* the checksum, in both places */
		z.b[z.local[1] + 14] ^= 1;
		z.b[z.central[1] + 16] ^= 1;
	}
	dl4j_model_read(&model, z.b, z.n, &limits, &err);
	mkzip_free(&z);
	return model;
}

static void summaries(const struct dl4j_model *model)
{
	for (int style = 0; style < 4; style++) {
		struct dl4j_summary_options how = { .style = (enum dl4j_style)style };
		struct dl4j_error err = { 0 };
		char *text = NULL, *note = NULL;
		if (!dl4j_model_summary(&text, &note, model, &how, &err) && !text)
			fuzz_wrong("no summary and no error");
		free(text);
		free(note);
	}
}

/* An array for input i, sizes that nobody tells being 6; 0 where it would be large. */
static int64_t shape_of(const struct dl4j_model *model, int i, struct dl4j_array *a)
{
	struct dl4j_shape s = dl4j_model_input_shape(model, i);
	int64_t c = s.c ? s.c : 3, d = s.d ? s.d : 6, h = s.h ? s.h : 6, w = s.w ? s.w : 6;
	int64_t t = s.t ? s.t : 5, n = 1;
	int last = s.channels_last;
	const struct dl4j_array shapes[] = {
		[DL4J_FF] = { NULL, 2, { 2, c } },
		[DL4J_RNN] = { NULL, 3, { 2, last ? t : c, last ? c : t } },
		[DL4J_CNN] = { NULL, 4, { 2, last ? h : c, last ? w : h, last ? c : w } },
		[DL4J_CNN3D] = { NULL, 5, { 2, last ? d : c, last ? h : d, last ? w : h,
		                            last ? c : w } },
	};

	*a = shapes[s.kind];
	for (int k = 0; k < a->rank; k++) {
		if (a->dim[k] < 1 || a->dim[k] > ELEMENTS / n)
			return 0;
		n *= a->dim[k];
	}
	return n;
}

/* Whether there was a runner. */
static int run(const struct dl4j_model *model, int stateful, int no_passes)
{
	struct dl4j_run_options how = { .threads = 1, .stateful = stateful, .no_passes = no_passes,
		                        .all = !no_passes };
	struct dl4j_error err = { 0 };
	struct dl4j_runner *runner = NULL;
	struct dl4j_array in_shape[8];
	float *in[8] = { 0 }, **out;
	int n = dl4j_model_inputs(model), fits = n <= 8, made = 0;

	for (int i = 0; fits && i < n; i++) {
		int64_t size = shape_of(model, i, &in_shape[i]);
		fits = size > 0 && (in[i] = calloc((size_t)size, sizeof(float)));
		for (int64_t k = 0; fits && k < size; k++)
			in[i][k] = (float)(k % 7) / 7;
	}
	if (fits && !dl4j_runner_new(&runner, model, in_shape, &how, &err)) {
		int n_out = dl4j_runner_outputs(runner);
		out = calloc((size_t)n_out + 1, sizeof *out);
		for (int i = 0; i < n_out; i++) {
			struct dl4j_array a = dl4j_runner_output(runner, i);
			size_t size = 1;
			for (int k = 0; k < a.rank; k++)
				size *= (size_t)a.dim[k];
			out[i] = malloc(size * sizeof(float) + 1);
		}
		for (int i = 0; i < 1 + stateful; i++)
			dl4j_runner_run(runner, (const float *const *)in, out, &err);
		for (int i = 0; i < n_out; i++)
			free(out[i]);
		free(out);
		dl4j_runner_free(runner);
		made = 1;
	}
	for (int i = 0; i < 8; i++)
		free(in[i]);
	return made;
}

void fuzz_model(const uint8_t *bytes, size_t n)
{
	struct dl4j_model *model = open_model(bytes, n, 0, 0);
	int64_t params;

	if (!model)
		return;
	summaries(model);
	params = dl4j_model_params(model);
	dl4j_model_free(model);
	if (params < 0 || params > PARAMS || !(model = open_model(bytes, n, params, 0)))
		return;
	summaries(model);
	for (int i = 0; i < 3; i++)
		run(model, i == 1, i == 2);
	dl4j_model_free(model);
	if (params > 0 && n % 8 < 2 && (model = open_model(bytes, n, params, 1))) {
		if (run(model, 0, 0))
			fuzz_wrong("a runner of damaged coefficients");
		dl4j_model_free(model);
	}
}

/* --- A mutator that keeps most files JSON ----------------------------------------------------- */

static size_t splice(uint8_t *b, size_t n, size_t most, size_t at, size_t old, const void *with,
                     size_t len)
{
	if (n - old + len > most)
		return n;
	memmove(b + at + len, b + at + old, n - at - old);
	memcpy(b + at, with, len);
	return n - old + len;
}

static int in_number(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/* The end of the member that begins at `at`: its comma, or the bracket after it. */
static size_t member_end(const uint8_t *b, size_t n, size_t at)
{
	int depth = 0, text = 0;

	for (; at < n; at++) {
		if (text) {
			text = b[at] != '"' || b[at - 1] == '\\';
			continue;
		}
		text = b[at] == '"';
		depth += b[at] == '{' || b[at] == '[';
		if (depth == 0 && (b[at] == ',' || b[at] == '}' || b[at] == ']'))
			return at;
		depth -= b[at] == '}' || b[at] == ']';
	}
	return n;
}

size_t fuzz_model_mutate(uint8_t *b, size_t n, size_t most, unsigned seed)
{
	static const char *const numbers[] = {
		"0", "1", "2", "3", "-1", "4", "7", "16", "255", "65536", "2147483647", "-2147483648",
		"2147483648", "4294967296", "9007199254740993", "1e308", "0.5", "-0.0", "null", "\"NaN\"",
		"[]", "[2,2]", "[1,2,3]", "true", "{}",
	};
	static const char *const words[] = {
		"Same", "Truncate", "Causal", "Strict", "NHWC", "NCHW", "NWC", "NCW", "NDHWC", "MAX",
		"AVG", "PNORM", "SUM", "RELU", "Add", "Subtract", "Product", "Average", "Max", "FLOAT",
		"DOUBLE", "HALF", "input", "CONCAT", "MUL", "AVERAGE", "ADD",
	};
	size_t at = n ? seed / 8 * 2654435761u % n : 0, end;
	const char *with;

	switch (seed % 8) {
	case 0: /* a number */
	case 1:
	case 2:
		while (at < n && !(in_number(b[at]) && b[at - (at > 0)] != '"'))
			at++;
		for (end = at; end < n && in_number(b[end]); end++)
			;
		with = numbers[seed / 64 % (sizeof numbers / sizeof *numbers)];
		return end > at ? splice(b, n, most, at, end - at, with, strlen(with)) : n;
	case 3: /* a word */
		while (at < n && b[at] != '"')
			at++;
		for (end = at + 1; end < n && b[end] != '"'; end++)
			;
		with = words[seed / 64 % (sizeof words / sizeof *words)];
		return end < n ? splice(b, n, most, at + 1, end - at - 1, with, strlen(with)) : n;
	case 4: /* a member gone, or twice */
	case 5:
		while (at < n && b[at] != ',')
			at++;
		end = at < n ? member_end(b, n, at + 1) : n;
		if (end >= n)
			return n;
		if (seed % 8 == 5)
			return splice(b, n, most, at, end - at, "", 0);
		{
			uint8_t *copy = malloc(end - at);
			if (copy) {
				memcpy(copy, b + at, end - at);
				n = splice(b, n, most, end, 0, copy, end - at);
			}
			free(copy);
		}
		return n;
	case 6: /* one class' name for another in the same file */
		while (at + 9 < n && memcmp(b + at, "@class", 6) != 0)
			at++;
		for (end = 0; end + 9 < at && memcmp(b + end, "@class", 6) != 0; end++)
			;
		if (at + 120 < n && end + 9 < at) {
			char name[100];
			memcpy(name, b + end + 7, sizeof name);
			for (size_t quotes = 0, i = 0; i < sizeof name; i++)
				if (name[i] == '"' && ++quotes == 2) {
					size_t from = at + 7, to = from, seen = 0;
					for (; to < n && seen < 2; to++)
						seen += b[to] == '"';
					return splice(b, n, most, from, to - from, name, i + 1);
				}
		}
		return n;
	default: /* a byte */
		if (n)
			b[at] = (uint8_t)(seed / 64);
		return n;
	}
}
