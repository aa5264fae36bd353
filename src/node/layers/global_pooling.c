/* SPDX-License-Identifier: Apache-2.0 */
/* GlobalPoolingLayer: pools all of h and w (or time) away.
 * in: CNN (c,h,w) or RNN (c,t)  out: FF (c), or CNN (c,1,1) when not collapsed */
#include "node/format.h"

enum { MAX, AVG, SUM, PNORM };
static const char *const kinds[] = { "MAX", "AVG", "SUM", "PNORM", NULL };

struct global_pooling {
	struct node base;
	int kind;
	int64_t p;
	bool collapse;
	struct dims dims;
};

static const struct field fields[] = {
	FIELD_ENUM(struct global_pooling, kind, "poolingType", kinds, MAX),
	FIELD_DIM(struct global_pooling, p, "pnorm", 2, 1),
	FIELD_BOOL(struct global_pooling, collapse, "collapseDimensions", true),
	FIELD_DIMS(struct global_pooling, dims, "poolingDimensions", 0, NAN, 0), FIELD_END
};

/* The dimensions that are pooled away tell where the layer sees the channels. */
static bool reads_nhwc(const struct global_pooling *l)
{
	return l->dims.n == 2 && l->dims.v[0] == 1 && l->dims.v[1] == 2;
}

static int check(struct node *n, struct dl4j_error *err)
{
	const struct global_pooling *l = (const struct global_pooling *)n;
	const int64_t *v = l->dims.v;

	for (int i = 0; i < l->dims.n && !reads_nhwc(l); i++)
		if (v[i] != 2 + i || l->dims.n > 3)
			return fail(err, DL4J_EUNSUPPORTED, "poolingDimensions: expected [2], [2,3], [1,2] "
			            "or [2,3,4], found another list");
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(0, 0, 0, true);
	return reads_nhwc((const struct global_pooling *)n) ? 1 : -1;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct global_pooling *l = (const struct global_pooling *)n;
	int spatial = in->kind == DL4J_RNN ? 1 : in->kind == DL4J_CNN ? 2 : 3;

	(void)n_in;
	if (in->kind == DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected convolutional or recurrent input, found "
		            "feed-forward");
	if (l->dims.n && l->dims.n != spatial)
		return fail(err, DL4J_ESHAPE, "poolingDimensions: expected %d numbers, found %d", spatial,
		            l->dims.n);
	if (in->kind == DL4J_CNN)
		TRY(format_infer(reads_nhwc(l) ? FORMAT_NHWC : FORMAT_NCHW, in, out, err));
	if (l->collapse)
		*out = shape_ff(out->c);
	else
		out->d = out->h = out->w = out->t = 1;
	return 0;
}

static const char *keras_name(const struct node *n, const struct dl4j_shape *in)
{
	static const char *const names[][3] = {
		[MAX] = { "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D" },
		[AVG] = { "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D" },
	};
	int kind = ((const struct global_pooling *)n)->kind;

	if (kind > AVG)
		return NULL;
	return names[kind][in->kind == DL4J_RNN ? 0 : in->kind == DL4J_CNN3D ? 2 : 1];
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct global_pooling *l = (const struct global_pooling *)n;
	struct ir_val *x = format_lower(reads_nhwc(l) ? FORMAT_NHWC : FORMAT_NCHW, lo, 0);
	struct ir_window win = { .n = x->rank - 2 };
	double cells = 1;

	for (int i = 0; i < win.n; i++) {
		win.kernel[i] = x->dim[2 + i];
		win.stride[i] = win.dilation[i] = 1;
		cells *= (double)win.kernel[i];
	}
	if (l->kind == PNORM) {
		x = ir_eltwise(lo->ir, x, IR_ABS, 0, 0);
		x = ir_eltwise(lo->ir, x, IR_POW, 1, (double)l->p);
	}
	x = ir_pool(lo->ir, x, l->kind == MAX ? IR_POOL_MAX : IR_POOL_AVG, &win);
	if (l->kind >= SUM)
		x = ir_eltwise(lo->ir, x, IR_LINEAR, cells, 0);
	if (l->kind == PNORM)
		x = ir_eltwise(lo->ir, x, IR_POW, 1, 1.0 / (double)l->p);
	lo->out = l->collapse ? ir_view(lo->ir, x, 2, x->dim) : x;
}

const struct node_type node_global_pooling = {
	.kind = NODE_LAYER, .name = "GlobalPoolingLayer", .alias = { "GlobalPooling" }, .n_in = 1,
	.size = sizeof(struct global_pooling), .fields = fields, .check = check,
	.expects = expects, .infer = infer, .keras_name = keras_name, .lower = lower,
};
