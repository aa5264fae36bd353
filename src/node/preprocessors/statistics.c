/* SPDX-License-Identifier: Apache-2.0 */
/* UnitVarianceProcessor, ZeroMeanPrePreProcessor, ZeroMeanAndUnitVariancePreProcessor, of releases
 * before 1.0.0-beta: columns less their mean, by their deviation, over the batch that there is.
 * in, out: FF (n) */
#include <string.h>

#include "node/node.h"

struct how {
	int64_t rows, columns;
	bool mean, deviation;
};

/* ND4J's: what it takes off for the skewness has the root of n without its fraction. */
static double deviation(const float *x, const struct how *h, double mean)
{
	double m2 = 0, m3 = 0, n = (double)h->rows, skewness, variance;

	for (int64_t i = 0; i < h->rows; i++) {
		double d = x[i * h->columns] - mean;
		m2 += d * d;
		m3 += d * d * d;
	}
	if (n < 2 || m2 == 0)
		return 0;
	skewness = floor(sqrt(n)) * m3 / pow(m2, 1.5);
	variance = (m2 - skewness * skewness / n) / (n - 1);
	return sqrt(variance < 0 ? m2 / n : variance);
}

static void compute(const void *how, float *const *at)
{
	const struct how *h = how;

	for (int64_t c = 0; c < h->columns; c++) {
		const float *x = at[0] + c;
		double mean = 0, by;
		for (int64_t i = 0; i < h->rows; i++)
			mean += x[i * h->columns] / (double)h->rows;
		by = h->deviation ? deviation(x, h, mean) + 1e-5 : 1;
		for (int64_t i = 0; i < h->rows; i++)
			at[1][i * h->columns + c] = (float)((x[i * h->columns] - (h->mean ? mean : 0)) / by);
	}
}

static const struct ir_kernel kernel = { .name = "STATISTICS", .function = compute };

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n, (void)n_in, (void)out;
	if (in->kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected feed-forward input, found another kind");
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = lo->in[0];
	const struct how how = { x->dim[0], x->dim[1], !strstr(n->type->name, "UnitVarianceProc"),
		                 !strstr(n->type->name, "ZeroMeanPre") };

	lo->out = ir_kernel(lo->ir, &kernel, &how, sizeof how, &x, 1, 2, x->dim);
}

const struct node_type node_unit_variance = {
	.kind = NODE_PREPROCESSOR, .name = "UnitVarianceProcessor", .alias = { "unitVariance" },
	.n_in = 1, .infer = infer, .lower = lower,
};

const struct node_type node_zero_mean = {
	.kind = NODE_PREPROCESSOR, .name = "ZeroMeanPrePreProcessor", .alias = { "zeroMean" },
	.n_in = 1, .infer = infer, .lower = lower,
};

const struct node_type node_zero_mean_and_unit_variance = {
	.kind = NODE_PREPROCESSOR, .name = "ZeroMeanAndUnitVariancePreProcessor",
	.alias = { "zeroMeanAndUnitVariance" }, .n_in = 1, .infer = infer, .lower = lower,
};
