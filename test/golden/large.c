/* SPDX-License-Identifier: Apache-2.0 */
/* large: a full-size network against samples of what every vertex puts out in DL4J.
 * large CASE_DIR MODEL.zip IN_DIR; the zip and the inputs are what fillzip makes of the case. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/npy.h"
#include "dl4j.h"

#define TOLERANCE 1e-4 /* of the largest magnitude in the vertex */

static int passed, failed;

static void result(int ok, const char *name, const char *what, const char *detail)
{
	if (ok)
		passed++;
	else
		failed++;
	printf("%s %s: %s: %s\n", ok ? "ok" : "not ok", name, what, detail);
}

struct sample {
	char name[256];
	long long n; /* elements of the two examples */
	double largest;
	long long argmax[2];
	char *values;
};

/* name, shape, largest, the two arguments of the maximum, index:value ... */
static int parse(char *line, struct sample *s)
{
	char *field[6];

	for (int i = 0; i < 6; i++)
		if (!(field[i] = strtok(i ? NULL : line, "\t\n")))
			return 0;
	snprintf(s->name, sizeof s->name, "%s", field[0]);
	s->n = 1;
	for (char *d = field[1]; d; d = strchr(d, ',') ? strchr(d, ',') + 1 : NULL)
		s->n *= atoll(d);
	s->largest = atof(field[2]);
	s->argmax[0] = atoll(field[3]);
	s->argmax[1] = atoll(field[4]);
	s->values = field[5];
	return 1;
}

static double worst_of(const struct sample *s, const float *got, long long n)
{
	double worst = 0;

	for (char *v = s->values; v && *v; v = strchr(v, ' ') ? strchr(v, ' ') + 1 : NULL) {
		long long at = atoll(v);
		double d = at < n ? fabs((double)got[at] - atof(strchr(v, ':') + 1)) : 0;
		worst = isnan(d) ? INFINITY : fmax(worst, d);
	}
	return worst / s->largest;
}

/* The golden's largest element is ours too, but for what rounding may turn around. */
static int same_top(const struct sample *s, const float *got, long long n, int examples)
{
	for (int k = 0; k < examples; k++) {
		const float *x = got + k * (s->n / 2);
		long long top = 0;
		for (long long i = 1; i < s->n / 2 && i < n; i++)
			top = x[i] > x[top] ? i : top;
		if (top != s->argmax[k] && (double)(x[top] - x[s->argmax[k]]) > 1e-6 * s->largest)
			return 0;
	}
	return 1;
}

static int check(const char *dir, struct dl4j_runner *r, float **out, int examples, char *detail,
                 size_t size)
{
	char path[1024], *line = NULL;
	size_t room = 0;
	double worst = 0;
	int checked = 0, ok = 1;
	struct sample s;
	FILE *f;

	snprintf(path, sizeof path, "%s/samples.txt", dir);
	f = fopen(path, "r");
	while (f && ok && getline(&line, &room, f) > 0) {
		int i = 0;
		if (!parse(line, &s))
			continue;
		while (i < dl4j_runner_outputs(r) && strcmp(dl4j_runner_output(r, i).name, s.name))
			i++;
		if (i == dl4j_runner_outputs(r))
			continue;
		double d = worst_of(&s, out[i], s.n / 2 * examples);
		worst = fmax(worst, d);
		checked++;
		ok = d <= TOLERANCE && same_top(&s, out[i], s.n / 2 * examples, examples);
		if (!ok)
			snprintf(detail, size, "vertex '%s': off by %.3g, or another maximum", s.name, d);
	}
	if (f)
		fclose(f);
	free(line);
	if (ok)
		snprintf(detail, size, "%d vertices, worst %.1e", checked, worst);
	return ok && checked == dl4j_runner_outputs(r);
}

static void run(const char *dir, const struct dl4j_model *m, const struct npy *in,
                const struct dl4j_run_options *o, int examples, const char *what)
{
	struct dl4j_array a = { .rank = in->rank };
	const float *data[] = { in->data };
	struct dl4j_error err;
	struct dl4j_runner *r;
	char detail[600] = "";
	float **out;
	int ok;

	memcpy(a.dim, in->dim, sizeof a.dim);
	a.dim[0] = examples;
	if (dl4j_runner_new(&r, m, &a, o, &err)) {
		result(0, dir, what, err.msg);
		return;
	}
	out = calloc((size_t)dl4j_runner_outputs(r), sizeof *out);
	for (int i = 0; i < dl4j_runner_outputs(r); i++) {
		struct dl4j_array v = dl4j_runner_output(r, i);
		size_t n = 1;
		for (int k = 0; k < v.rank; k++)
			n *= (size_t)v.dim[k];
		out[i] = malloc(n * sizeof(float));
	}
	ok = !dl4j_runner_run(r, data, out, &err);
	if (!ok)
		snprintf(detail, sizeof detail, "%s", err.msg);
	result(ok && check(dir, r, out, examples, detail, sizeof detail), dir, what, detail);
	for (int i = 0; i < dl4j_runner_outputs(r); i++)
		free(out[i]);
	free(out);
	dl4j_runner_free(r);
}

int main(int argc, char **argv)
{
	static const struct dl4j_run_options all = { .all = 1 }, lowered = { .all = 1, .no_passes = 1 },
	                                     fused = { 0 };
	struct dl4j_model *m;
	struct dl4j_error err;
	struct npy in;
	char path[1024];

	if (argc != 4)
		return 2;
	if (dl4j_model_open(&m, argv[2], NULL, &err)) {
		printf("not ok %s: %s\n", argv[1], err.msg);
		return 1;
	}
	snprintf(path, sizeof path, "%s/%s.npy", argv[3], dl4j_model_input_name(m, 0));
	if (npy_read(&in, path, &err)) {
		printf("not ok %s: %s\n", argv[1], err.msg);
		dl4j_model_free(m);
		return 1;
	}
	run(argv[1], m, &in, &lowered, 2, "every vertex as lowered, batch 2");
	run(argv[1], m, &in, &all, 1, "every vertex through the passes, batch 1");
	run(argv[1], m, &in, &fused, 1, "the output, all fused, batch 1");
	run(argv[1], m, &in, &fused, 2, "the output, all fused, batch 2");
	npy_free(&in);
	dl4j_model_free(m);
	printf("large: %d passed, %d failed\n", passed, failed);
	return failed != 0;
}
