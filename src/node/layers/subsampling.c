/* SPDX-License-Identifier: Apache-2.0 */
/* SubsamplingLayer: 2-d pooling over h and w.      in: CNN (c,h,w)  out: CNN (c,h',w')
 * PNORM has no primitive of its own: it is an average with arithmetic around it. */
#include "node/window.h"

enum { MAX, AVG, SUM, PNORM };
static const char *const kinds[] = { "MAX", "AVG", "SUM", "PNORM", NULL };

struct subsampling {
	struct node base;
	struct window win;
	int kind, format;
	int64_t p;
	bool count_padding;
};

static const struct field fields[] = {
	WINDOW_FIELDS(struct subsampling, win, 2),
	FIELD_ENUM(struct subsampling, kind, "poolingType", kinds, MAX),
	FIELD_DIM(struct subsampling, p, "pnorm", 0, 0),
	FIELD_BOOL(struct subsampling, count_padding, "avgPoolIncludePadInDivisor", NAN),
	FIELD_FORMAT(struct subsampling, format, "cnn2dDataFormat"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct subsampling *l = (struct subsampling *)n;

	/* 1.0.0-beta to -M1.1 write the field, and never count padding */
	if (n->release == RELEASE_BETA4 || n->release == RELEASE_BETA7)
		l->count_padding = false;
	if (l->kind == SUM)
		return fail(err, DL4J_EUNSUPPORTED, "poolingType: expected MAX, AVG or PNORM, found SUM, "
		            "which no release of DL4J computes");
	if (l->kind == PNORM && l->p == 0)
		return fail(err, DL4J_EFORMAT, "pnorm: expected at least 1, found 0");
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
	return kind == MAX ? "MaxPooling2D" : kind == AVG ? "AveragePooling2D" : NULL;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct subsampling *l = (const struct subsampling *)n;
	struct ir_val *x = format_lower(l->format, lo, 0);
	const struct ir_window win = window_resolve(&l->win, x);
	const int64_t *k = l->win.kernel.v;

	if (l->kind == PNORM) {
		x = ir_eltwise(lo->ir, x, IR_ABS, 0, 0);
		x = ir_eltwise(lo->ir, x, IR_POW, 1, (double)l->p);
	}
	x = ir_pool(lo->ir, x, l->kind == MAX ? IR_POOL_MAX :
	            l->kind == AVG && !l->count_padding ? IR_POOL_AVG : IR_POOL_AVG_PADDED, &win);
	if (l->kind == PNORM) {
		x = ir_eltwise(lo->ir, x, IR_LINEAR, (double)(k[0] * k[1]), 0);
		x = ir_eltwise(lo->ir, x, IR_POW, 1, 1.0 / (double)l->p);
	}
	lo->out = x;
}

const struct node_type node_subsampling = {
	.kind = NODE_LAYER, .name = "SubsamplingLayer", .alias = { "Pooling2D", "subsampling" },
	.n_in = 1, .size = sizeof(struct subsampling), .fields = fields, .check = check,
	.infer = infer, .expects = expects, .keras_name = keras_name, .lower = lower,
};
