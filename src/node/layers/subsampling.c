/* SPDX-License-Identifier: Apache-2.0 */
/* SubsamplingLayer: 2-d pooling over h and w.
 * in: CNN (c,h,w)  out: CNN (c,h',w') */
#include "node/layers/pool.h"

struct subsampling {
	struct node base;
	struct window win;
	int kind, format;
	int64_t p;
	bool count_padding;
};

static const struct field fields[] = {
	WINDOW_FIELDS(struct subsampling, win, 2),
	FIELD_ENUM(struct subsampling, kind, "poolingType", pool_kinds, POOL_MAX),
	FIELD_DIM(struct subsampling, p, "pnorm", 0, 0),
	FIELD_BOOL(struct subsampling, count_padding, "avgPoolIncludePadInDivisor", NAN),
	FIELD_FORMAT(struct subsampling, format, "cnn2dDataFormat"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct subsampling *l = (struct subsampling *)n;

	/* 1.0.0-beta4 to -M2 have the field or not, and never count padding */
	if (n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA7)
		l->count_padding = false;
	l->win.undilated = n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA6;
	if (l->kind == POOL_SUM)
		return fail(err, DL4J_EUNSUPPORTED, "poolingType: expected MAX, AVG or PNORM, found SUM, "
		            "which no release of DL4J computes");
	if (l->kind == POOL_PNORM && l->p == 0)
		return fail(err, DL4J_EFORMAT, "pnorm: expected at least 1, found 0");
	l->win.overhangs = n->release >= RELEASE_M1;
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct subsampling *l = (const struct subsampling *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_infer(l->format, in, &x, err));
	return window_infer(&l->win, &x, x.c, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	/* the channels are its consumers' matter: only a channels-last input shows here */
	*out = shape_cnn(0, 0, 0, true);
	return ((const struct subsampling *)n)->format == FORMAT_NHWC;
}

static const char *keras_name(const struct node *n, const struct dl4j_shape *in)
{
	int kind = ((const struct subsampling *)n)->kind;

	(void)in;
	return kind == POOL_MAX ? "MaxPooling2D" : kind == POOL_AVG ? "AveragePooling2D" : NULL;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct subsampling *l = (const struct subsampling *)n;
	struct ir_val *x = format_lower(l->format, lo, 0);
	struct ir_window win = window_resolve(&l->win, x);

	if (n->release < RELEASE_ALPHA && l->kind == POOL_MAX)
		x = pool_zeros(lo->ir, x, &win);
	lo->out = pool_lower(lo->ir, x, (enum pool_kind)l->kind, l->p, l->count_padding, &win);
}

const struct node_type node_subsampling = {
	.kind = NODE_LAYER, .name = "SubsamplingLayer", .alias = { "Pooling2D", "subsampling" },
	.n_in = 1, .size = sizeof(struct subsampling), .fields = fields, .check = check,
	.infer = infer, .expects = expects, .keras_name = keras_name, .lower = lower,
};
