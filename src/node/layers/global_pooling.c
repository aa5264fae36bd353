/* SPDX-License-Identifier: Apache-2.0 */
/* GlobalPoolingLayer: pools all of h and w (or time) away.
 * in: CNN (c,h,w) or RNN (c,t)  out: FF (c), or CNN (c,1,1) when not collapsed */
#include <inttypes.h>

#include "node/node.h"

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
	for (int i = 0; i < l->dims.n; i++) {
		int axis = (int)l->dims.v[i];
		if (axis < 1 || axis > spatial + 1 || shape_axis(in, spatial + 2, axis) < 2)
			return fail(err, DL4J_ESHAPE, "poolingDimensions: expected the spatial axes of %s "
			            "data, found %" PRId64, in->channels_last ? "channels-last" :
			            "channels-first", l->dims.v[i]);
	}
	*out = l->collapse ? shape_ff(in->c) : *in;
	if (!l->collapse)
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
	struct ir_val *x = lo->in[0];
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
	.size = sizeof(struct global_pooling), .fields = fields, .infer = infer,
	.keras_name = keras_name, .lower = lower,
};
