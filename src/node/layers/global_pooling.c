/* SPDX-License-Identifier: Apache-2.0 */
/* GlobalPoolingLayer: pools all of h and w (or time) away.
 * in: CNN (c,h,w) or RNN (c,t)  out: FF (c), or CNN (c,1,1) when not collapsed */
#include "node/recurrent.h"
#include "node/volume.h"

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

static bool reads_nwc(const struct global_pooling *l)
{
	return l->dims.n == 1 && l->dims.v[0] == 1;
}

static int check(struct node *n, struct dl4j_error *err)
{
	const struct global_pooling *l = (const struct global_pooling *)n;
	const int64_t *v = l->dims.v;

	for (int i = 0; i < l->dims.n && !reads_nhwc(l) && !reads_nwc(l); i++)
		if (v[i] != 2 + i || l->dims.n > 3)
			return fail(err, DL4J_EUNSUPPORTED, "poolingDimensions: expected [2], [1], [2,3], "
			            "[1,2] or [2,3,4], found another list");
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
	if (in->kind == DL4J_CNN3D)
		TRY(volume_infer(FORMAT_NCDHW, in, out, err));
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

struct how {
	int64_t n, c, t, p;
	int kind;
};

/* One feature of a series under its mask. */
static float pool_steps(const struct how *h, const float *x, const float *mask)
{
	double sum = 0, steps = 0;
	float most = -INFINITY;

	for (int64_t t = 0; t < h->t; t++) {
		double v = (double)x[t] * mask[t];
		sum += h->kind == PNORM ? pow(fabs(v), (double)h->p) : v;
		steps += mask[t];
		if (mask[t] != 0 && x[t] > most)
			most = x[t];
	}
	if (h->kind == MAX)
		return most;
	if (h->kind == PNORM)
		return (float)pow(sum, 1.0 / (double)h->p);
	return (float)(h->kind == AVG ? sum / steps : sum);
}

static void pool_series(const void *how, float *const *at)
{
	const struct how *h = how;

	for (int64_t i = 0; i < h->n * h->c; i++)
		at[2][i] = pool_steps(h, at[0] + i * h->t, at[1] + i / h->c * h->t);
}

static const struct ir_kernel kernel = { .name = "POOL", .function = pool_series };

static struct ir_val *lower_masked(const struct global_pooling *l, struct lowering *lo,
                                   struct ir_val *x)
{
	struct ir_val *in[] = { x, lo->mask[0] };
	const struct how how = { x->dim[0], x->dim[1], x->dim[2], l->p, l->kind };

	if (x->rank != 3 || in[1]->dim[0] != how.n || in[1]->dim[1] != how.t) {
		ir_fail(lo->ir, DL4J_ESHAPE, "expected a mask for each step of a series, found "
		     "another");
		return x;
	}
	x = ir_kernel(lo->ir, &kernel, &how, sizeof how, in, 2, 2, x->dim);
	return l->collapse ? x : ir_view(lo->ir, x, 3, (int64_t[]){ how.n, how.c, 1 });
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct global_pooling *l = (const struct global_pooling *)n;
	/* of a series DL4J pools the last axis of its array, whatever the format, unless told */
	const int time = reads_nwc(l) ? FORMAT_NWC : FORMAT_NCW;
	struct ir_val *x = lo->shape->kind == DL4J_RNN ? format_rnn_lower(time, lo, 0) :
	                   lo->shape->kind == DL4J_CNN3D ? volume_lower(FORMAT_NCDHW, lo) :
	                   format_lower(reads_nhwc(l) ? FORMAT_NHWC : FORMAT_NCHW, lo, 0);
	struct ir_window win = { .n = x->rank - 2 };
	double cells = 1;

	if (lo->out_mask) {
		lo->out = lower_masked(l, lo, x);
		lo->out_mask = NULL;
		return;
	}
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
