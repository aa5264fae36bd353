/* SPDX-License-Identifier: Apache-2.0 */
/* LocalResponseNormalization: x (k + alpha * sum of the squares of n channels around)^-beta, where
 * alpha is not divided by n, and an even n is one more.      in, out: CNN (c,h,w) */
#include <inttypes.h>

#include "node/format.h"

struct lrn {
	struct node base;
	double n, k, alpha, beta;
	int format;
};

static const struct field fields[] = {
	FIELD_DOUBLE(struct lrn, n, "n", 5), FIELD_DOUBLE(struct lrn, k, "k", 2),
	FIELD_DOUBLE(struct lrn, alpha, "alpha", 1e-4), FIELD_DOUBLE(struct lrn, beta, "beta", 0.75),
	FIELD_FORMAT(struct lrn, format, "dataFormat"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	const struct lrn *l = (const struct lrn *)n;

	if (!(l->n >= 0 && l->n <= DIM_MAX))
		return fail(err, DL4J_EFORMAT, "n: expected 0 to %d, found %g", DIM_MAX, l->n);
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct lrn *l = (const struct lrn *)n;
	int64_t half = (int64_t)l->n / 2;

	(void)n_in;
	TRY(format_infer(l->format, in, out, err));
	if (out->c && half >= out->c)
		return fail(err, DL4J_ESHAPE, "n: expected less than %" PRId64 ", twice the channels, "
		            "found %g, which DL4J cannot compute", 2 * out->c, l->n);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	/* the channels are its consumers' matter: only a channels-last input shows here */
	*out = shape_cnn(0, 0, 0, true);
	return ((const struct lrn *)n)->format == FORMAT_NHWC;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct lrn *l = (const struct lrn *)n;

	lo->out = ir_lrn(lo->ir, format_lower(l->format, lo, 0), (int64_t)l->n / 2 * 2 + 1, l->alpha,
	                 l->beta, l->k);
}

const struct node_type node_local_response_normalization = {
	.kind = NODE_LAYER, .name = "LocalResponseNormalization",
	.alias = { "localResponseNormalization" }, .n_in = 1, .size = sizeof(struct lrn),
	.fields = fields, .check = check, .infer = infer, .expects = expects, .lower = lower,
};
