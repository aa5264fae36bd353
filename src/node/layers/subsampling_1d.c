/* SPDX-License-Identifier: Apache-2.0 */
/* Subsampling1DLayer: pooling along time. Its lists have numbers for two axes: the first counts.
 * in: RNN (c,t)  out: RNN (c,t') */
#include "node/layers/pool.h"

struct subsampling_1d {
	struct node base;
	struct window win;
	int kind, format;
	int64_t p;
	bool count_padding;
};

static const struct field fields[] = {
	WINDOW_FIELDS(struct subsampling_1d, win, 0),
	FIELD_ENUM(struct subsampling_1d, kind, "poolingType", pool_kinds, POOL_MAX),
	FIELD_DIM(struct subsampling_1d, p, "pnorm", 0, 0),
	FIELD_BOOL(struct subsampling_1d, count_padding, "avgPoolIncludePadInDivisor", NAN),
	FIELD_FORMAT(struct subsampling_1d, format, "cnn2dDataFormat"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct subsampling_1d *l = (struct subsampling_1d *)n;

	/* 1.0.0-beta4 to -M2 have the field or not, and never count padding */
	if (n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA7)
		l->count_padding = false;
	l->win.undilated = n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA6;
	if (l->kind == POOL_SUM)
		return fail(err, DL4J_EUNSUPPORTED, "poolingType: expected MAX, AVG or PNORM, found SUM, "
		            "which no release of DL4J computes");
	if (l->kind == POOL_PNORM && l->p == 0)
		return fail(err, DL4J_EFORMAT, "pnorm: expected at least 1, found 0");
	if (n->release < RELEASE_M1 && l->format == FORMAT_NHWC)
		return fail(err, DL4J_EUNSUPPORTED, "cnn2dDataFormat: expected NCHW, found NHWC, in which "
		            "DL4J pools the channels, too");
	return window_first_axis(&l->win, err);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct subsampling_1d *l = (const struct subsampling_1d *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_rnn_infer(l->format, in, &x, err));
	return window_infer(&l->win, &x, x.c, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	/* the features are its consumers' matter: only a channels-last input shows here */
	*out = shape_rnn(0, 0, true);
	return ((const struct subsampling_1d *)n)->format == FORMAT_NHWC;
}

static const char *keras_name(const struct node *n, const struct dl4j_shape *in)
{
	int kind = ((const struct subsampling_1d *)n)->kind;

	(void)in;
	return kind == POOL_MAX ? "MaxPooling1D" : kind == POOL_AVG ? "AveragePooling1D" : NULL;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct subsampling_1d *l = (const struct subsampling_1d *)n;
	struct ir_val *x = format_rnn_lower(l->format, lo, 0);
	struct ir_window win = window_resolve(&l->win, x);

	if (n->release < RELEASE_ALPHA && l->kind == POOL_MAX)
		x = pool_zeros(lo->ir, x, &win);
	lo->out = pool_lower(lo->ir, x, (enum pool_kind)l->kind, l->p, l->count_padding, &win);
	lo->out_mask = window_mask(&l->win, lo->ir, lo->out_mask, n->release);
}

const struct node_type node_subsampling_1d = {
	.kind = NODE_LAYER, .name = "Subsampling1DLayer", .alias = { "Pooling1D", "subsampling1d" },
	.n_in = 1, .size = sizeof(struct subsampling_1d), .fields = fields, .check = check,
	.infer = infer, .expects = expects, .keras_name = keras_name, .lower = lower,
};
