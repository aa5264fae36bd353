/* SPDX-License-Identifier: Apache-2.0 */
/* VariationalAutoencoder: in inference its encoder, up to the mean of p(z|x); what it is trained
 * with besides is only passed over.      in: FF (nIn)  out: FF (nOut) */
#include "node/distribution.h"
#include "node/layers/dense.h"
#include "node/recurrent.h"

struct vae {
	struct node base;
	struct node *activation, *mean_activation;
	struct dims encoder, decoder;
	struct node *distribution;
};

static const struct field fields[] = {
	FIELD_ACTIVATION(struct vae, activation),
	FIELD_NODE(struct vae, mean_activation, "pzxActivationFn", NODE_ACTIVATION),
	FIELD_DIMS(struct vae, encoder, "encoderLayerSizes", 0, NAN, 1),
	FIELD_DIMS(struct vae, decoder, "decoderLayerSizes", 0, NAN, 1),
	FIELD_NODE(struct vae, distribution, "outputDistribution", NODE_DISTRIBUTION), FIELD_END
};

/* Of the 32 parameters that a layer can have 6 do not belong to a layer size. */
#define MOST ((PARAM_MAX - 6) / 2)

static const char *const encoder_keys[][2] = {
	{ "e0W", "e0b" }, { "e1W", "e1b" }, { "e2W", "e2b" }, { "e3W", "e3b" },
	{ "e4W", "e4b" }, { "e5W", "e5b" }, { "e6W", "e6b" }, { "e7W", "e7b" },
};
static const char *const decoder_keys[][2] = {
	{ "d0W", "d0b" }, { "d1W", "d1b" }, { "d2W", "d2b" }, { "d3W", "d3b" },
	{ "d4W", "d4b" }, { "d5W", "d5b" }, { "d6W", "d6b" }, { "d7W", "d7b" },
};

static int check(struct node *n, struct dl4j_error *err)
{
	const struct vae *l = (const struct vae *)n;

	if (l->encoder.n < 1 || l->decoder.n < 1 || l->encoder.n + l->decoder.n > MOST)
		return fail(err, DL4J_EFORMAT, "expected 1 to %d encoder and decoder layers, found %d "
		            "and %d", MOST, l->encoder.n, l->decoder.n);
	if (l->distribution && l->distribution->type && n->nin &&
	    !distribution_size(l->distribution, n->nin))
		return fail(err, DL4J_EFORMAT, "outputDistribution: expected parts that make up the input, "
		            "found others");
	if (!l->distribution || !l->distribution->type)
		return fail(err, DL4J_EUNSUPPORTED, "outputDistribution: expected a Gaussian, Bernoulli, "
		            "Exponential or Composite one or a LossFunctionWrapper, found %s",
		            l->distribution ? l->distribution->class_name : "none");
	return 0;
}

/* A chain of fully connected layers from `in`; returns the last size. */
static int64_t chain(struct param *p, int *k, int64_t in, const struct dims *sizes,
                     const char *const keys[][2])
{
	for (int i = 0; i < sizes->n; i++) {
		p[(*k)++] = (struct param){ keys[i][0], 2, { in, sizes->v[i] }, 'f' };
		p[(*k)++] = (struct param){ keys[i][1], 1, { sizes->v[i] }, 'c' };
		in = sizes->v[i];
	}
	return in;
}

static int params(const struct node *n, struct param *p)
{
	static const char *const mean[][2] = { { "pZXMeanW", "pZXMeanb" } };
	static const char *const variance[][2] = { { "pZXLogStd2W", "pZXLogStd2b" } };
	static const char *const x[][2] = { { "pXZW", "pXZb" } };
	const struct vae *l = (const struct vae *)n;
	const struct dims z = { 1, { n->nout } };
	const struct dims out = { 1, { distribution_size(l->distribution, n->nin) } };
	int64_t inside;
	int k = 0;

	inside = chain(p, &k, n->nin, &l->encoder, encoder_keys);
	chain(p, &k, inside, &z, mean);
	chain(p, &k, inside, &z, variance);
	inside = chain(p, &k, n->nout, &l->decoder, decoder_keys);
	chain(p, &k, inside, &out, x);
	return k;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct vae *l = (const struct vae *)n;
	const struct dl4j_shape ff = shape_ff(0);
	struct ir_val *x = lo->in[0];

	for (int i = 0; i < l->encoder.n; i++) {
		x = ir_matmul(lo->ir, x, lower_param(lo, encoder_keys[i][0]),
		              lower_param(lo, encoder_keys[i][1]));
		x = activate(lo->ir, l->activation, x, &ff);
	}
	x = ir_matmul(lo->ir, x, lower_param(lo, "pZXMeanW"), lower_param(lo, "pZXMeanb"));
	lo->out = activate(lo->ir, l->mean_activation, x, &ff);
}

const struct node_type node_variational_autoencoder = {
	.kind = NODE_LAYER, .name = "VariationalAutoencoder", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct vae), .fields = fields, .check = check, .params = params,
	.infer = dense_infer, .expects = dense_expects, .lower = lower,
};
