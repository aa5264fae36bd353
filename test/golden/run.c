/* SPDX-License-Identifier: Apache-2.0 */
/* run: every golden case of a folder against libdl4j: what each vertex puts out, for the whole
 * batch and for one example, as lowered and through the passes; and the text of summary().
 * run [-q] DIR [CASE-PREFIX...] */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arrays.h"
#include "dl4j.h"

#define PATH 1024
#define MOST 4096 /* vertices of a case */

static int passed, failed;
static int quiet;

static void result(int ok, const char *name, const char *what, const char *detail)
{
	if (ok)
		passed++;
	else
		failed++;
	if (!ok || !quiet)
		printf("%s %s: %s%s%s\n", ok ? "ok" : "not ok", name, what, *detail ? ": " : "", detail);
}

static int exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text;
	long n;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	text = calloc(1, (size_t)n + 1);
	if (text && fread(text, 1, (size_t)n, f) != (size_t)n)
		text[0] = '\0';
	fclose(f);
	return text;
}

struct golden {
	const char *name, *dir;
	double tolerance;
	struct dl4j_model *model;
	int n_in;
	struct npy in[16], mask[16];
	int masked[16];
	struct dl4j_array array[16];
	const float *data[32]; /* of the inputs, then of the masks */
};

/* The inputs and masks, or those of the first example only. */
static void use_batch(struct golden *g, int whole)
{
	for (int i = 0; i < g->n_in; i++) {
		g->array[i] = (struct dl4j_array){ .rank = g->in[i].rank };
		memcpy(g->array[i].dim, g->in[i].dim, sizeof g->in[i].dim);
		if (!whole)
			g->array[i].dim[0] = 1;
		g->data[i] = g->in[i].data;
	}
	for (int i = 0, n = g->n_in; i < g->n_in; i++)
		if (g->masked[i])
			g->data[n++] = g->mask[i].data;
}

static size_t count(const struct dl4j_array *a)
{
	size_t n = 1;

	for (int i = 0; i < a->rank; i++)
		n *= (size_t)a->dim[i];
	return n;
}

/* The worst difference, relative to the largest magnitude in the golden; < 0: not comparable. The
 * first axis counts examples, or steps of examples: row t*N+n is step t of example n. */
static double compare(const struct npy *want, const struct dl4j_array *a, const float *got,
                      int whole, int64_t batch)
{
	double largest = 0, worst = 0;
	size_t n = count(a), row = a->dim[0] ? n / (size_t)a->dim[0] : 0;
	const int64_t apart = whole ? 1 : batch;

	if (want->rank != a->rank || a->dim[0] * apart != want->dim[0])
		return -1;
	for (int i = 1; i < a->rank; i++)
		if (a->dim[i] != want->dim[i])
			return -1;
	for (size_t i = 0; i < want->n; i++)
		largest = fmax(largest, fabs((double)want->data[i]));
	for (size_t i = 0; i < n; i++) {
		size_t at = i / row * row * (size_t)apart + i % row;
		double d = fabs((double)got[i] - (double)want->data[at]);
		worst = isnan(d) ? INFINITY : fmax(worst, d);
	}
	return largest > 0 ? worst / largest : worst;
}

/* Compare what the runner puts out with the case's files; returns how many files there were. */
static int check_outputs(const struct golden *g, struct dl4j_runner *r, float *const *out,
                         int whole, char *detail, size_t size)
{
	double worst = 0;
	int n = 0;

	for (int i = 0; i < dl4j_runner_outputs(r); i++) {
		struct dl4j_array a = dl4j_runner_output(r, i);
		struct dl4j_error err;
		struct npy want;
		double d;
		int found = golden_array(&want, g->dir, "out", a.name, &err);
		if (!found)
			continue;
		if (found < 0) {
			snprintf(detail, size, "%s", err.msg);
			return -1;
		}
		d = compare(&want, &a, out[i], whole, g->in[0].dim[0]);
		npy_free(&want);
		n++;
		if (d < 0)
			snprintf(detail, size, "vertex '%s': another shape, rank %d [%d,%d,..]", a.name,
			         a.rank, (int)a.dim[0], (int)a.dim[1]);
		else if (d > g->tolerance && d > worst)
			snprintf(detail, size, "vertex '%s': off by %.3g of the largest value", a.name, d);
		if (d < 0)
			return -1;
		worst = fmax(worst, d);
	}
	if (worst > g->tolerance)
		return -1;
	snprintf(detail, size, "%d vertices, worst %.1e", n, worst);
	return n;
}

static int run(struct golden *g, const struct dl4j_run_options *options, int whole, char *detail,
               size_t size)
{
	struct dl4j_run_options o = *options;
	float *out[MOST] = { 0 };
	struct dl4j_runner *r;
	struct dl4j_error err = { 0 };
	int n = -1, outputs;

	use_batch(g, whole);
	o.masked = g->masked;
	if (dl4j_runner_new(&r, g->model, g->array, &o, &err)) {
		snprintf(detail, size, "%s", err.msg);
		return -1;
	}
	outputs = dl4j_runner_outputs(r);
	for (int i = 0; i < outputs && i < MOST; i++) {
		struct dl4j_array a = dl4j_runner_output(r, i);
		out[i] = calloc(count(&a) + 1, sizeof(float));
	}
	/* twice: what one run leaves behind must not change the next */
	if (dl4j_runner_run(r, g->data, out, &err) || dl4j_runner_run(r, g->data, out, &err))
		snprintf(detail, size, "%s", err.msg);
	else
		n = check_outputs(g, r, out, whole, detail, size);
	for (int i = 0; i < outputs && i < MOST; i++)
		free(out[i]);
	dl4j_runner_free(r);
	return n;
}

/* --- However the batch is split --------------------------------------------------------------- */

enum { BATCH = 8 };

/* The golden's examples over and over, `n` of them from the `from`-th on. */
static float *examples(const struct npy *in, int64_t from, int64_t n)
{
	const int64_t batch = in->dim[0];
	const size_t row = in->n / (size_t)batch;
	float *x = calloc((size_t)n * row + 1, sizeof *x);

	for (int64_t i = 0; x && i < n; i++)
		memcpy(x + (size_t)i * row, in->data + (size_t)((from + i) % batch) * row,
		       row * sizeof *x);
	return x;
}

/* What a run of the examples from `from` to `from + n` puts out, to the places of these in all[].
 * Rows may be steps of examples: row t*N+n is step t of example n. */
static void spread(const struct dl4j_array *a, const float *got, float *all, int64_t from,
                   int64_t n)
{
	const int64_t steps = a->dim[0] / n;
	const size_t row = count(a) / (size_t)a->dim[0];

	for (int64_t t = 0; t < steps; t++)
		memcpy(all + (size_t)(t * BATCH + from) * row, got + (size_t)(t * n) * row,
		       (size_t)n * row * sizeof *all);
}

/* Runs them, twice, and puts the outputs into all[]; these are allocated at first. Returns a word
 * on what is wrong, or NULL. */
static const char *run_part(struct golden *g, int threads, int64_t from, int64_t n,
                            float **all, size_t *sizes)
{
	const struct dl4j_run_options o = { .threads = threads, .masked = g->masked };
	float *in[32] = { 0 }, *out[MOST] = { 0 }, *again[MOST] = { 0 };
	struct dl4j_runner *r = NULL;
	struct dl4j_error err = { 0 };
	const char *wrong = NULL;
	int n_in = 0, n_out = 0;

	for (int i = 0; i < g->n_in; i++) {
		g->array[i] = (struct dl4j_array){ .rank = g->in[i].rank };
		memcpy(g->array[i].dim, g->in[i].dim, sizeof g->in[i].dim);
		g->array[i].dim[0] = n;
		in[n_in++] = examples(&g->in[i], from, n);
	}
	for (int i = 0; i < g->n_in; i++)
		if (g->masked[i])
			in[n_in++] = examples(&g->mask[i], from, n);
	if (dl4j_runner_new(&r, g->model, g->array, &o, &err))
		wrong = "refused";
	for (; r && n_out < dl4j_runner_outputs(r) && n_out < MOST; n_out++) {
		const struct dl4j_array a = dl4j_runner_output(r, n_out);
		out[n_out] = calloc(count(&a) + 1, sizeof(float));
		again[n_out] = calloc(count(&a) + 1, sizeof(float));
		sizes[n_out] = count(&a) / (size_t)n * BATCH * sizeof(float);
		if (!all[n_out])
			all[n_out] = calloc(sizes[n_out] + 1, 1);
	}
	if (r && (dl4j_runner_run(r, (const float *const *)in, out, &err) ||
	          dl4j_runner_run(r, (const float *const *)in, again, &err)))
		wrong = "failed";
	for (int i = 0; i < n_out; i++) {
		const struct dl4j_array a = dl4j_runner_output(r, i);
		if (memcmp(out[i], again[i], count(&a) * sizeof(float)) != 0)
			wrong = "another output the second time";
		spread(&a, out[i], all[i], from, n);
		free(out[i]);
		free(again[i]);
	}
	for (int i = 0; i < n_in; i++)
		free(in[i]);
	dl4j_runner_free(r);
	return wrong;
}

/* Whether examples in parts of that size need not come out as in the whole batch. DL4J gives a
 * step of TimeDistributed the mask of another example's. oneDNN 2.6.3 gives two threads half a row
 * each where there is but one, and sums windows that reach over its padding in another order; 3.8.1
 * deconvolves fewer examples by another kernel than eight. */
static int is_apart(const struct golden *g, int threads, int part)
{
	char backend[256];

	dl4j_backend(backend, sizeof backend);
	return !strncmp(g->name, "timedistributed-masked", 22) ||
	       (!strncmp(backend, "oneDNN 3", 8) && (!strncmp(g->name, "deconvolution", 13) ||
	                                             !strncmp(g->name, "windows", 7))) ||
	       (threads > 1 && part == 1 && (!strncmp(g->name, "convolution1d", 13) ||
	                                     !strncmp(g->name, "masked1d", 8)));
}

static void run_splits(struct golden *g, int threads)
{
	static const struct {
		const char *text;
		int parts[BATCH + 1];
	} splits[] = {
		{ "1x8, again", { 8 } },
		{ "2x4", { 4, 4 } },
		{ "3+5", { 3, 5 } },
		{ "8x1", { 1, 1, 1, 1, 1, 1, 1, 1 } },
	};
	float *whole[MOST] = { 0 }, *all[MOST] = { 0 };
	size_t sizes[MOST] = { 0 };
	const char *wrong = run_part(g, threads, 0, BATCH, whole, sizes);
	char detail[200];
	int at = 0;

	snprintf(detail, sizeof detail, "%s", wrong ? wrong : "");
	for (size_t s = 0; !wrong && s < sizeof splits / sizeof *splits; s++) {
		if (splits[s].parts[0] < BATCH && is_apart(g, threads, splits[s].parts[0]))
			continue;
		for (int from = 0, k = 0; !wrong && from < BATCH; from += splits[s].parts[k++])
			wrong = run_part(g, threads, from, splits[s].parts[k], all, sizes);
		for (int i = 0; !wrong && whole[i]; i++)
			if (memcmp(whole[i], all[i], sizes[i]) != 0)
				wrong = "another output";
		if (wrong)
			at += snprintf(detail + at, sizeof detail - (size_t)at, "%s: %s; ",
			               splits[s].text, wrong);
		wrong = NULL;
	}
	for (int i = 0; whole[i]; i++) {
		free(whole[i]);
		free(all[i]);
	}
	result(!*detail, g->name, "however its batch is split, the same to the bit", detail);
}

/* --- Step by step ----------------------------------------------------------------------------- */

/* Steps `from` to `from + n` of a series [.., t] as an array of their own. */
static void cut(float *to, const struct npy *series, int64_t from, int64_t n)
{
	const int64_t t = series->dim[2];

	for (int64_t i = 0; i < series->dim[0] * series->dim[1]; i++)
		memcpy(to + i * n, series->data + i * t + from, (size_t)n * sizeof *to);
}

/* The series, n steps a run, and once more after a reset; `want` is what rnnTimeStep gave. */
static double worst_of_steps(struct golden *g, const struct npy *want, int64_t n,
                             struct dl4j_error *err)
{
	const struct dl4j_run_options o = { .stateful = 1, .threads = 1 };
	const int64_t t = g->in[0].dim[2];
	float *x = calloc(g->in[0].n + 1, sizeof *x), *y = calloc(want->n + 1, sizeof *y);
	float *expected = calloc(want->n + 1, sizeof *expected);
	struct dl4j_runner *r = NULL;
	double worst = -1;

	use_batch(g, 1);
	g->array[0].dim[2] = n;
	if (x && y && expected && !dl4j_runner_new(&r, g->model, g->array, &o, err))
		worst = 0;
	for (int64_t from = 0; r && from < 2 * t && !err->code; from += n) {
		const size_t size = want->n / (size_t)t * (size_t)n;
		if (from == t)
			dl4j_runner_reset(r);
		cut(x, &g->in[0], from % t, n);
		cut(expected, want, from % t, n);
		dl4j_runner_run(r, (const float *const[]){ x }, (float *const[]){ y }, err);
		for (size_t i = 0; i < size; i++)
			worst = fmax(worst, fabs((double)y[i] - (double)expected[i]));
	}
	dl4j_runner_free(r);
	free(x);
	free(y);
	free(expected);
	return err->code ? -1 : worst;
}

static void check_steps(struct golden *g)
{
	struct dl4j_error err = { 0 };
	struct npy want;
	int found = golden_array(&want, g->dir, "steps", dl4j_model_output_name(g->model, 0), &err);

	if (!found)
		return;
	if (found < 0) {
		result(0, g->name, "step by step", err.msg);
		return;
	}
	for (int64_t n = 1; n <= 3; n += 2) {
		double worst, largest = 0;
		char text[64];
		snprintf(text, sizeof text, "%d of its steps at a time", (int)n);
		worst = worst_of_steps(g, &want, n, &err);
		for (size_t i = 0; i < want.n; i++)
			largest = fmax(largest, fabs((double)want.data[i]));
		result(worst >= 0 && worst <= g->tolerance * largest, g->name, text, err.msg);
		if (strstr(g->name, "-last")) /* puts out one step, however many it gets */
			break;
	}
	npy_free(&want);
}

/* Each vertex by itself, so that the passes see what a user's network would show them. */
static void run_singly(struct golden *g)
{
	struct dl4j_run_options all = { .all = 1, .threads = 1 };
	const char *names[MOST];
	struct dl4j_error err;
	struct dl4j_runner *r;
	char detail[600] = "";
	int n = 0, ok = 1, files = 0;

	use_batch(g, 1);
	if (dl4j_runner_new(&r, g->model, g->array, &all, &err)) {
		result(0, g->name, "each vertex through the passes", err.msg);
		return;
	}
	for (; n < dl4j_runner_outputs(r) && n < MOST; n++)
		names[n] = dl4j_runner_output(r, n).name;
	for (int i = 0; ok && i < n; i++) {
		struct dl4j_run_options one = { .outputs = &names[i], .n_outputs = 1, .threads = 1 };
		int found = run(g, &one, 1, detail, sizeof detail);
		ok = found >= 0;
		files += found;
	}
	dl4j_runner_free(r);
	if (ok)
		snprintf(detail, sizeof detail, "%d vertices", files);
	result(ok && files > 0, g->name, "each vertex through the passes", detail);
}

static void run_all(struct golden *g)
{
	static const struct {
		const char *what;
		int no_passes, whole;
	} modes[] = {
		{ "as lowered", 1, 1 }, { "as lowered, one example", 1, 0 },
		{ "through the passes", 0, 1 }, { "through the passes, one example", 0, 0 },
	};

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (!modes[i].whole && !strncmp(g->name, "statistics", 10))
			continue; /* of the batch, so an example has others by itself */
		struct dl4j_run_options o = { .all = 1, .no_passes = modes[i].no_passes, .threads = 1 };
		char detail[600] = "";
		int n = run(g, &o, modes[i].whole, detail, sizeof detail);
		result(n > 0, g->name, modes[i].what, detail);
	}
	run_singly(g);
	if (strncmp(g->name, "statistics", 10) != 0)
		for (int threads = 1; threads <= 2; threads++)
			run_splits(g, threads);
}

/* One line of input-types: "3,8,8", "N", "N,T", or "2,5,4,6" for C,D,H,W. */
static int read_type(struct dl4j_shape *s, const struct dl4j_shape *told, const char *line)
{
	long long v[4];
	int n = sscanf(line, "%lld,%lld,%lld,%lld", &v[0], &v[1], &v[2], &v[3]);

	*s = (struct dl4j_shape){ .c = v[0], .channels_last = told->channels_last };
	s->kind = n == 1 ? DL4J_FF : n == 2 ? DL4J_RNN : n == 3 ? DL4J_CNN : DL4J_CNN3D;
	if (n == 2)
		s->t = v[1];
	if (n == 3)
		s->h = v[1], s->w = v[2];
	if (n == 4)
		s->d = v[1], s->h = v[2], s->w = v[3];
	return n >= 1;
}

static void check_summary(const struct golden *g, const char *file)
{
	bool keras = !strcmp(file, "summary-keras.txt"), typed = keras || strstr(file, "typed");
	const char *what = keras ? "Keras' summary" : typed ? "summary with types" : "summary";
	struct dl4j_summary_options o = { .style = keras ? DL4J_STYLE_KERAS : DL4J_STYLE_DL4J };
	struct dl4j_shape shapes[16];
	struct dl4j_error err = { 0 };
	char path[PATH], *want, *got = NULL, *types = NULL, *line;

	snprintf(path, sizeof path, "%s/%s", g->dir, file);
	want = slurp(path);
	if (!want)
		return;
	if (typed) {
		snprintf(path, sizeof path, "%s/input-types", g->dir);
		types = line = slurp(path);
		for (int i = 0; line && *line && i < dl4j_model_inputs(g->model); i++) {
			struct dl4j_shape told = dl4j_model_input_shape(g->model, i);
			o.n_inputs += read_type(&shapes[i], &told, line);
			/* nets that only merge: their zips do not tell, the case's name does */
			if (shapes[i].kind == DL4J_CNN && strstr(g->name, "-nhwc"))
				shapes[i].channels_last = 1;
			line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
		}
		o.inputs = shapes;
	}
	if (dl4j_model_summary(&got, NULL, g->model, &o, &err))
		result(0, g->name, what, err.msg);
	else
		result(!strcmp(want, got), g->name, what, "");
	free(want);
	free(got);
	free(types);
}

/* Of the largest value. DL4J rounds every value of its half and bfloat16 networks, which we compute
 * in float32: 8 and 4 units in the last place of those types, for layers behind one another. */
static double tolerance_of(const char *name)
{
	if (strstr(name, "-bfloat16"))
		return 4.0 / 256;
	return strstr(name, "-half") ? 8.0 / 2048 : 1e-5;
}

static void run_case(const char *dir, const char *name)
{
	struct golden g = { .name = name, .dir = dir, .tolerance = tolerance_of(name) };
	struct dl4j_error err = { 0 };
	char path[PATH];
	const char *folder;
	int ok = 1;

	snprintf(path, sizeof path, "%s/model.zip", dir);
	if (!exists(path))
		return;
	if (dl4j_model_open(&g.model, path, NULL, &err)) {
		result(0, name, "open", err.msg);
		return;
	}
	check_summary(&g, "summary.txt");
	check_summary(&g, "summary-typed.txt");
	check_summary(&g, "summary-keras.txt");
	snprintf(path, sizeof path, "%s/normalized", dir);
	folder = exists(path) ? "normalized" : "in";
	g.n_in = dl4j_model_inputs(g.model);
	for (int i = 0; i < g.n_in; i++) {
		const char *input = dl4j_model_input_name(g.model, i);
		if (golden_array(&g.in[i], dir, folder, input, &err) != 1) {
			result(0, name, "input", err.code ? err.msg : input);
			ok = 0;
		}
	}
	for (int i = 0; i < g.n_in; i++)
		g.masked[i] = golden_array(&g.mask[i], dir, "mask",
		                           dl4j_model_input_name(g.model, i), &err) == 1;
	if (ok)
		run_all(&g);
	if (ok)
		check_steps(&g);
	for (int i = 0; i < g.n_in; i++) {
		npy_free(&g.in[i]);
		npy_free(&g.mask[i]);
	}
	dl4j_model_free(g.model);
}

/* --- Normalizers: to the bit ------------------------------------------------------------------ */

struct scaled {
	const char *dir, *name; /* of the case */
	const char *from, *to;  /* its folders */
	const struct dl4j_model *model;
};

/* How many numbers of FROM's array, once scaled or reverted, are not those of TO's;
 * -1: err tells. `mask` is that of network input i, if there is one and the array is a series. */
static long differing(const struct scaled *s, int i, const char *name, struct dl4j_error *err)
{
	const int revert = !strcmp(s->to, "reverted");
	struct npy raw = { 0 }, want = { 0 }, mask = { 0 };
	long n = -1;
	int bad = golden_array(&want, s->dir, s->to, name, err) != 1 ||
	          golden_array(&raw, s->dir, s->from, name, err) != 1;

	if (!bad && raw.rank == 3)
		bad = golden_array(&mask, s->dir, "mask", dl4j_model_input_name(s->model, i), err) < 0;
	if (!bad)
		bad = revert ? dl4j_model_revert(s->model, i, raw.data, raw.dim, raw.rank, mask.data, err) :
		      dl4j_model_normalize_masked(s->model, i, raw.data, raw.dim, raw.rank, mask.data,
		                                  err);
	if (!bad)
		n = raw.n != want.n;
	for (size_t k = 0; n >= 0 && k < raw.n && k < want.n; k++)
		n += raw.data[k] != want.data[k];
	npy_free(&raw);
	npy_free(&want);
	npy_free(&mask);
	return n;
}

static void check_scaled(const struct scaled *s, const char *what, int n,
                         const char *(*name)(const struct dl4j_model *, int))
{
	struct dl4j_error err = { 0 };
	char path[PATH], detail[600] = "to the bit";

	snprintf(path, sizeof path, "%s/%s", s->dir, s->to);
	if (!exists(path))
		return;
	for (int i = 0; i < n && !err.code; i++) {
		long bad = differing(s, i, name(s->model, i), &err);
		if (bad > 0)
			snprintf(detail, sizeof detail, "%s: %ld numbers differ", name(s->model, i), bad);
		if (bad)
			err.code = 1;
	}
	result(!err.code, s->name, what, *err.msg ? err.msg : detail);
}

/* The raw inputs through the zip's normalizer, and the outputs back through it. */
static void check_normalizer(const char *dir, const char *name)
{
	struct dl4j_model *m;
	struct dl4j_error err = { 0 };
	char path[PATH];
	int labels;

	snprintf(path, sizeof path, "%s/model.zip", dir);
	if (!exists(path) || dl4j_model_open(&m, path, NULL, &err))
		return;
	labels = 0;
	for (int i = 0; i < dl4j_model_outputs(m); i++)
		labels += dl4j_model_reverts(m, i) != 0;
	snprintf(path, sizeof path, "%s/reverted", dir);
	if (labels && !exists(path))
		result(0, name, "labels", "expected a folder reverted/");
	check_scaled(&(struct scaled){ dir, name, "in", "normalized", m }, "normalizer",
	             dl4j_model_inputs(m), dl4j_model_input_name);
	check_scaled(&(struct scaled){ dir, name, "out", "reverted", m }, "labels",
	             dl4j_model_outputs(m), dl4j_model_output_name);
	dl4j_model_free(m);
}

static int chosen(const char *name, char **prefix, int n)
{
	for (int i = 0; i < n; i++)
		if (!strncmp(name, prefix[i], strlen(prefix[i])))
			return 1;
	return n == 0;
}

int main(int argc, char **argv)
{
	struct dirent **cases;
	int n;

	if (argc > 1 && !strcmp(argv[1], "-q"))
		quiet = 1, argc--, argv++;
	if (argc < 2)
		return 2;
	n = scandir(argv[1], &cases, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char dir[PATH - 320];
		snprintf(dir, sizeof dir, "%s/%s", argv[1], cases[i]->d_name);
		if (cases[i]->d_name[0] != '.' && chosen(cases[i]->d_name, argv + 2, argc - 2)) {
			run_case(dir, cases[i]->d_name);
			check_normalizer(dir, cases[i]->d_name);
		}
		free(cases[i]);
	}
	if (n >= 0)
		free(cases);
	printf("golden: %d passed, %d failed\n", passed, failed);
	return failed || !passed;
}
