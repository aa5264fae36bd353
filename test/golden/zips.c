/* SPDX-License-Identifier: Apache-2.0 */
/* zips: model zips that real DL4J releases saved, and arrays that lie beside them, in folders.
 * Every zip opens and prints; those with an input and an output give that output; those with a
 * user's own layer are refused by its name. zips DIR */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dl4j.h"
#include "ndarray/ndarray.h"

#define PATH 1024

static int passed, failed;

static void result(int ok, const char *path, const char *what, const char *detail)
{
	*(ok ? &passed : &failed) += 1;
	printf("%s %s: %s%s%s\n", ok ? "ok" : "not ok", path, what, *detail ? ": " : "", detail);
}

static unsigned char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	unsigned char *bytes;

	*n = 0;
	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	*n = (size_t)ftell(f);
	rewind(f);
	bytes = calloc(1, *n + 1);
	if (bytes && fread(bytes, 1, *n, f) != *n)
		*n = 0;
	fclose(f);
	return bytes;
}

struct array {
	struct dl4j_array shape;
	float *data;
	size_t n;
};

/* As ND4J writes it, to the last byte. */
static int read_array(struct array *out, const char *path, struct dl4j_error *err)
{
	size_t n;
	unsigned char *bytes = slurp(path, &n);
	struct ndarray a;
	int r = -1;

	*out = (struct array){ 0 };
	if (bytes && !ndarray_head(&a, bytes, 0, n, n, err) && a.end == n) {
		out->shape.rank = a.rank;
		memcpy(out->shape.dim, a.dim, sizeof a.dim);
		out->n = (size_t)a.n;
		out->data = calloc(out->n + 1, sizeof *out->data);
		r = out->data ? ndarray_floats(&a, bytes, out->data, err) : -1;
	}
	free(bytes);
	return r;
}

/* X_100b4.bin has X_Input_100b4.bin and X_Output_100b4.bin beside it, net.bin in.bin, out.bin. */
static void beside(char *out, const char *path, const char *kind, const char *plain)
{
	const char *slash = strrchr(path, '/') + 1, *release = strstr(slash, "_100");

	if (!strcmp(slash, "net.bin"))
		snprintf(out, PATH, "%.*s%s", (int)(slash - path), path, plain);
	else
		snprintf(out, PATH, "%.*s%s%s", release ? (int)(release - path) : 0, path, kind,
		         release ? release : "");
}

static double worst(const struct array *want, const struct dl4j_array *a, const float *got)
{
	double most = 0, off = 0;

	if (a->rank != want->shape.rank)
		return INFINITY;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != want->shape.dim[i])
			return INFINITY;
	for (size_t i = 0; i < want->n; i++) {
		most = fmax(most, fabs((double)want->data[i]));
		off = fmax(off, fabs((double)got[i] - (double)want->data[i]));
	}
	return off / most;
}

static void check_output(const struct dl4j_model *m, const char *path)
{
	struct dl4j_run_options o = { .threads = 1 };
	struct array in = { 0 }, want = { 0 };
	struct dl4j_runner *r = NULL;
	struct dl4j_error err = { 0 };
	char from[PATH], to[PATH], text[64] = "";
	double off = INFINITY;
	float *y = NULL;

	beside(from, path, "_Input", "in.bin");
	beside(to, path, "_Output", "out.bin");
	if (!read_array(&in, from, &err) && !read_array(&want, to, &err) &&
	    !dl4j_runner_new(&r, m, &in.shape, &o, &err) && (y = calloc(want.n + 1, sizeof *y)) &&
	    !dl4j_runner_run(r, (const float *const[]){ in.data }, (float *const[]){ y }, &err)) {
		struct dl4j_array shape = dl4j_runner_output(r, 0);
		off = worst(&want, &shape, y);
		snprintf(text, sizeof text, "off by %.1e of the largest value", off);
	}
	result(off <= 1e-5, path, "its output", err.code ? err.msg : text);
	dl4j_runner_free(r);
	free(in.data);
	free(want.data);
	free(y);
}

/* In words with `why` in them. */
static void check_refused(const struct dl4j_model *m, const char *path, const char *why)
{
	struct dl4j_array in = { .rank = 4, .dim = { 1, 3, 28, 28 } };
	struct dl4j_runner *r = NULL;
	struct dl4j_error err = { 0 };
	int refused = dl4j_runner_new(&r, m, &in, NULL, &err) != 0;

	result(refused && strstr(err.msg, why), path, "refused by name", err.msg);
	dl4j_runner_free(r);
}

/* Is it the release whose folder this is, or one of those that its files cannot be told from? */
static int release_fits(const struct dl4j_model *m, const char *path)
{
	static const char *const folders[][2] = {
		{ "/050/", "0.5.0" }, { "/060/", "0.6.0" }, { "/071/", "0.7.1" },
		{ "/100a/", "1.0.0-alpha" }, { "/100b3/", "1.0.0-beta3" }, { "/100b4/", "1.0.0-beta4" },
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strstr(path, folders[i][0]))
			return strstr(dl4j_model_release(m, NULL), folders[i][1]) != NULL;
	return 1;
}

static void check_model(const char *path)
{
	struct dl4j_model *m;
	struct dl4j_error err = { 0 };
	char other[PATH], *text = NULL;
	FILE *f;

	if (dl4j_model_open(&m, path, NULL, &err)) {
		result(0, path, "open", err.msg);
		return;
	}
	result(!dl4j_model_summary(&text, NULL, m, NULL, &err) && strstr(text, "Total Parameters") &&
	       release_fits(m, path), path, dl4j_model_release(m, NULL), err.msg);
	free(text);
	/* whose sizes never fitted one another */
	if (strstr(path, "050_ModelSerializer_Regression_CNN") ||
	    strstr(path, "071_ModelSerializer_Regression_CNN"))
		check_refused(m, path, "layer '2'");
	if (!strstr(path, "CustomLayer"))
		result(!dl4j_model_load(m, &err), path, "as many parameters as its layers have", err.msg);
	beside(other, path, "_Input", "in.bin");
	f = fopen(other, "rb");
	if (strstr(path, "CustomLayer"))
		check_refused(m, path, "'CustomLayer'");
	else if (f)
		check_output(m, path);
	if (f)
		fclose(f);
	dl4j_model_free(m);
}

static void check_array(const char *path)
{
	struct dl4j_error err = { 0 };
	struct array a;

	result(!read_array(&a, path, &err), path, "an array", err.msg);
	free(a.data);
}

static void check_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char magic[2] = "";
	int zip = f && fread(magic, 1, 2, f) == 2 && magic[0] == 'P' && magic[1] == 'K';

	if (f)
		fclose(f);
	if (zip)
		check_model(path);
	else if (strstr(path, ".bin"))
		check_array(path);
}

static void walk(const char *dir)
{
	struct dirent **found;
	int n = scandir(dir, &found, NULL, alphasort);
	char path[PATH];

	if (n < 0) {
		check_file(dir);
		return;
	}
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, found[i]->d_name);
		if (found[i]->d_name[0] != '.')
			walk(path);
		free(found[i]);
	}
	free(found);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	walk(argv[1]);
	printf("zips: %d passed, %d failed\n", passed, failed);
	return failed || !passed;
}
