/* SPDX-License-Identifier: Apache-2.0 */
/* compare: activations against files.
 * The measure is the largest magnitude in the file: DL4J's small values are noise of large ones. */
#include "cli/compare.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/npy.h"
#include "cli/out.h"
#include "cli/say.h"

/* The largest difference; infinite where only one of two numbers is none. */
static double worst_difference(const float *x, const float *y, size_t n, double *magnitude)
{
	double worst = 0;

	*magnitude = 0;
	for (size_t i = 0; i < n; i++) {
		double d = fabs((double)x[i] - (double)y[i]);

		if (isfinite(y[i]) && fabsf(y[i]) > *magnitude)
			*magnitude = fabsf(y[i]);
		if (x[i] == y[i] || (isnan(x[i]) && isnan(y[i])))
			d = 0;
		else if (!isfinite(x[i]) || !isfinite(y[i]))
			d = INFINITY;
		if (d > worst)
			worst = d;
	}
	return worst;
}

/* Adds the row of one vertex; returns whether it agrees. */
static bool compare(struct str *out, const dl4j_array *shape, const float *data, const char *path,
                    double rtol, double atol)
{
	struct dl4j_error err;
	struct npy want;
	double worst, magnitude;
	bool same;

	if (npy_read(&want, path, &err) < 0) {
		str_addf(out, "differs  %s: %s\n", shape->name, err.msg);
		return false;
	}
	if (want.rank != shape->rank ||
	    memcmp(want.dim, shape->dim, (size_t)want.rank * sizeof *want.dim) != 0) {
		char a[200], b[200];

		npy_shape(a, sizeof a, want.rank, want.dim);
		npy_shape(b, sizeof b, shape->rank, shape->dim);
		str_addf(out, "differs  %s: expected the shape %s, found %s\n", shape->name, a, b);
		npy_free(&want);
		return false;
	}
	worst = worst_difference(data, want.data, want.n, &magnitude);
	same = worst <= atol + rtol * magnitude;
	str_addf(out, "%s  %s: worst difference %.3g where the largest value is %.3g\n",
	         same ? "same   " : "differs", shape->name, worst, magnitude);
	npy_free(&want);
	return same;
}

int compare_outputs(const struct arrays *a, const char *dir, double rtol, double atol,
                    struct dl4j_error *err)
{
	struct str out = { 0 };
	int differ = 0;

	for (int i = 0; i < a->n_out; i++) {
		struct str path = { 0 };

		arrays_path(&path, dir, a->out_shape[i].name);
		if (path.failed)
			return fail_memory(err);
		differ += !compare(&out, &a->out_shape[i], a->out[i], path.text, rtol, atol);
		str_free(&path);
	}
	TRY(out_text(&out, err));
	return differ ? STATUS_SOME_FAILED : STATUS_OK;
}
