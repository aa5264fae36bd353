/* SPDX-License-Identifier: Apache-2.0 */
/* BatchNormalization: (x - mean) / sqrt(var + eps) * gamma + beta, per channel.
 * in, out: FF (n) or CNN (n,h,w); its activationFn is never applied */
#include <inttypes.h>

#include "node/format.h"

struct batch_normalization {
	struct node base;
	bool lock, log_std;
	double eps, gamma, beta;
	int format;
};

static const struct field fields[] = {
	FIELD_BOOL(struct batch_normalization, lock, "lockGammaBeta", false),
	FIELD_DOUBLE(struct batch_normalization, eps, "eps", 1e-5),
	FIELD_DOUBLE(struct batch_normalization, gamma, "gamma", 1),
	FIELD_DOUBLE(struct batch_normalization, beta, "beta", 0),
	FIELD_FORMAT(struct batch_normalization, format, "cnn2DFormat"), FIELD_END
};

/* DL4J goes by the list of variables, not by the field useLogStd. Before 1.0.0-beta it adds eps in
 * training only. */
static int check(struct node *n, struct dl4j_error *err)
{
	struct batch_normalization *l = (struct batch_normalization *)n;

	(void)err;
	if (n->release < RELEASE_BETA)
		l->eps = 0;
	l->log_std = n->variables && !node_has_variable(n, "var");
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	const struct batch_normalization *l = (const struct batch_normalization *)n;
	const char *keys[] = { "gamma", "beta", "mean", l->log_std ? "log10stdev" : "var" };
	int first = l->lock ? 2 : 0;

	for (int i = first; i < 4; i++)
		p[i - first] = (struct param){ keys[i], 1, { n->nout }, 'c' };
	return 4 - first;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct batch_normalization *l = (const struct batch_normalization *)n;

	(void)n_in;
	if (in->kind == DL4J_RNN || in->kind == DL4J_CNN3D)
		return fail(err, DL4J_EUNSUPPORTED, "expected feed-forward or convolutional input, found "
		            "%s, whose channels no release of DL4J normalizes",
		            in->kind == DL4J_RNN ? "recurrent" : "3-d convolutional");
	if (in->kind == DL4J_CNN)
		TRY(format_infer(l->format, in, out, err));
	if (out->c && out->c != n->nout)
		return fail(err, DL4J_ESHAPE, "nOut: expected %" PRId64 ", the channels of its input, "
		            "found %" PRId64, out->c, n->nout);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	/* in NCHW nets also feed-forward data: that is its consumers' matter */
	*out = shape_cnn(n->nout, 0, 0, true);
	return ((const struct batch_normalization *)n)->format == FORMAT_NHWC;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct batch_normalization *l = (const struct batch_normalization *)n;
	const float *gamma = lower_vector(lo, "gamma"), *beta = lower_vector(lo, "beta");
	const float *mean = lower_vector(lo, "mean");
	const float *var = lower_vector(lo, l->log_std ? "log10stdev" : "var");
	/* as DL4J: constants that are locked count only if neither is trivial */
	bool constants = l->lock && l->gamma != 1 && l->beta != 0;
	float *scale, *shift;
	struct ir_val *s = ir_new_const(lo->ir, 1, &n->nout, &scale);
	struct ir_val *b = ir_new_const(lo->ir, 1, &n->nout, &shift);

	for (int64_t i = 0; !lo->ir->err.code && i < n->nout; i++) {
		double v = l->log_std ? pow(10, 2.0 * var[i]) : var[i];
		double g = gamma ? gamma[i] : constants ? l->gamma : 1;
		double by = g / sqrt(v + l->eps);
		scale[i] = (float)by;
		shift[i] = (float)((beta ? beta[i] : constants ? l->beta : 0) - mean[i] * by);
	}
	lo->out = ir_affine(lo->ir, format_lower(l->format, lo, 0), s, b);
}

const struct node_type node_batch_normalization = {
	.kind = NODE_LAYER, .name = "BatchNormalization", .alias = { "batchNormalization" },
	.keras = "BatchNormalization", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct batch_normalization), .fields = fields, .check = check,
	.params = params, .infer = infer, .expects = expects, .lower = lower,
};
