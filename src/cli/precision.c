/* SPDX-License-Identifier: Apache-2.0 */
/* precision: --precision auto. What is tried is compiled for it, and again to be used: that costs
 * tenths of a second. */
#include "cli/precision.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/arrays.h"
#include "cli/say.h"
#include "cli/threads.h"

#define MOST_OFF 0.1F /* an output, which is a probability */

const char *const precision_choices[] = { "f32", "bf16", "int8", "auto", NULL };

struct trial {
	double seconds; /* the quickest picture: others were disturbed */
	int others;     /* pictures of another class than in float32 */
	float off;      /* the most that an output is */
};

static size_t likeliest(const float *p, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (p[i] > p[best])
			best = i;
	return best;
}

/* Against what float32 gave, or, where this is float32, into its place. */
static void judge(struct trial *t, const float *p, float *exact, size_t n, bool first)
{
	for (size_t i = 0; i < n; i++) {
		if (first)
			exact[i] = p[i];
		t->off = fmaxf(t->off, fabsf(p[i] - exact[i]));
	}
	t->others += likeliest(p, n) != likeliest(exact, n);
}

/* `exact`: of all pictures, allocated by the first trial, that of float32. */
static int try_pictures(struct trial *t, dl4j_runner *runner, struct arrays *a,
                        float *const *pictures, int n, float **exact, struct dl4j_error *err)
{
	bool first = !*exact;
	size_t classes;

	TRY(arrays_outputs(a, runner, err));
	classes = arrays_elements(a->out_shape);
	if (first)
		*exact = malloc((size_t)n * classes * sizeof **exact + 1);
	if (!*exact)
		return fail_memory(err);
	TRY(dl4j_runner_run(runner, (const float *const *)pictures, a->out, err));
	for (int i = 0; i < n; i++) {
		const double start = seconds_now();
		TRY(dl4j_runner_run(runner, (const float *const *)&pictures[i], a->out, err));
		t->seconds = fmin(t->seconds, seconds_now() - start);
		judge(t, a->out[0], *exact + (size_t)i * classes, classes, first);
	}
	return 0;
}

static int try_one(struct trial *t, int precision, const dl4j_model *model,
                   const dl4j_array *shape, float *const *pictures, int n, int threads,
                   float **exact, struct dl4j_error *err)
{
	const dl4j_run_options how = { .threads = threads,
		                       .precision = (enum dl4j_precision)precision };
	struct arrays a = { 0 };
	dl4j_runner *runner = NULL;
	int code = arrays_new(&a, model, err);

	if (code == 0)
		code = dl4j_runner_new(&runner, model, shape, &how, err);
	if (code == 0)
		code = try_pictures(t, runner, &a, pictures, n, exact, err);
	arrays_free(&a);
	dl4j_runner_free(runner);
	return code;
}

static bool is_there(int precision, const dl4j_model *model)
{
	return dl4j_has_precision((enum dl4j_precision)precision) &&
	       (precision != DL4J_INT8 || dl4j_model_calibrated(model));
}

int precision_choose(int *out, const dl4j_model *model, const dl4j_array *shape,
                     float *const *pictures, int n, int threads, struct dl4j_error *err)
{
	struct str text = { 0 };
	float *exact = NULL;
	double best = INFINITY;
	int code = 0;

	*out = DL4J_F32;
	for (int p = DL4J_F32; code == 0 && p < PRECISION_AUTO; p++) {
		struct trial t = { .seconds = INFINITY };
		if (!is_there(p, model))
			continue;
		code = try_one(&t, p, model, shape, pictures, n, threads, &exact, err);
		str_addf(&text, "%s%s %.2f ms", p ? "; " : "", precision_names[p], 1e3 * t.seconds);
		if (t.others)
			str_addf(&text, ", another class for %d of %d pictures", t.others, n);
		else if (p)
			str_addf(&text, ", off by %.2g", t.off);
		if (!t.others && t.off <= MOST_OFF && t.seconds < best) {
			best = t.seconds;
			*out = p;
		}
	}
	if (code == 0)
		say_note("precision %s, by the first %d pictures: %s", precision_names[*out], n,
		         text.failed ? "" : text.text);
	free(exact);
	str_free(&text);
	return code;
}
