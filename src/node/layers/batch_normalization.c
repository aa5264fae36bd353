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

struct statistics {
	const struct batch_normalization *l;
	const float *gamma, *beta, *mean, *var;
	bool constants; /* as DL4J: those that are locked count only if neither is trivial */
};

static double factor(const struct statistics *s, int64_t i)
{
	double v = s->l->log_std ? pow(10, 2.0 * s->var[i]) : s->var[i];
	double g = s->gamma ? s->gamma[i] : s->constants ? s->l->gamma : 1;

	return g / sqrt(v + s->l->eps);
}

static void scale(const void *how, float *out)
{
	const struct statistics *s = how;

	for (int64_t i = 0; i < s->l->base.nout; i++)
		out[i] = (float)factor(s, i);
}

static void shift(const void *how, float *out)
{
	const struct statistics *s = how;

	for (int64_t i = 0; i < s->l->base.nout; i++)
		out[i] = (float)((s->beta ? s->beta[i] : s->constants ? s->l->beta : 0) -
		                 s->mean[i] * factor(s, i));
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct batch_normalization *l = (const struct batch_normalization *)n;
	const struct statistics s = {
		.l = l, .gamma = lower_vector(lo, "gamma"), .beta = lower_vector(lo, "beta"),
		.mean = lower_vector(lo, "mean"),
		.var = lower_vector(lo, l->log_std ? "log10stdev" : "var"),
		.constants = l->lock && l->gamma != 1 && l->beta != 0,
	};
	struct ir_val *by = ir_computed(lo->ir, 1, &n->nout, scale, &s, sizeof s);
	struct ir_val *plus = ir_computed(lo->ir, 1, &n->nout, shift, &s, sizeof s);

	lo->out = ir_affine(lo->ir, format_lower(l->format, lo, 0), by, plus);
}

const struct node_type node_batch_normalization = {
	.kind = NODE_LAYER, .name = "BatchNormalization", .alias = { "batchNormalization" },
	.keras = "BatchNormalization", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct batch_normalization), .fields = fields, .check = check,
	.params = params, .infer = infer, .expects = expects, .lower = lower,
};
