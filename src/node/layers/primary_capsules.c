/* SPDX-License-Identifier: Apache-2.0 */
/* PrimaryCapsules: a convolution of NCHW data whose cells, in the order they lie in, are taken for
 * vectors and squashed.      in: CNN (c,h,w)  out: RNN (capsules,dimensions) */
#include <inttypes.h>

#include "node/layers/capsule.h"
#include "node/window.h"

struct primary {
	struct node base;
	struct window win;
	int64_t in, channels, n, size;
	bool has_bias, relu;
	double leak;
};

static const struct field fields[] = {
	WINDOW_FIELDS(struct primary, win, 2),
	FIELD_DIM(struct primary, in, "inputChannels", NAN, 1),
	FIELD_DIM(struct primary, channels, "channels", NAN, 1),
	FIELD_DIM(struct primary, n, "capsules", NAN, 1),
	FIELD_DIM(struct primary, size, "capsuleDimensions", NAN, 1),
	FIELD_BOOL(struct primary, has_bias, "hasBias", false),
	FIELD_BOOL(struct primary, relu, "useRelu", false),
	FIELD_DOUBLE(struct primary, leak, "leak", 0), FIELD_END
};

struct vectors {
	int64_t n, size;
};

static void squash(const void *how, float *const *at)
{
	const struct vectors *v = how;

	for (int64_t i = 0; i < v->n * v->size; i++)
		at[1][i] = at[0][i];
	for (int64_t i = 0; i < v->n; i++)
		capsule_squash(at[1] + i * v->size, v->size);
}

static int to_onnx(struct onnx *o, const struct ir_op *op)
{
	(void)op;
	return ONNX_RESULT(o, "Identity", capsule_squash_onnx(o, onnx_in(o, 0)));
}

static const struct ir_kernel kernel = { "SQUASH", squash, to_onnx };

static int params(const struct node *n, struct param *p)
{
	const struct primary *l = (const struct primary *)n;
	const int64_t *k = l->win.kernel.v, out = l->channels * l->size;

	p[0] = (struct param){ "weight", 4, { k[0], k[1], l->in, out }, 'c' };
	p[1] = (struct param){ "bias", 1, { out }, 'c' };
	return l->has_bias ? 2 : 1;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct primary *l = (const struct primary *)n;
	struct dl4j_shape x, y;

	(void)n_in;
	TRY(format_infer(FORMAT_NCHW, in, &x, err));
	if (x.c && x.c != l->in)
		return fail(err, DL4J_ESHAPE, "inputChannels: expected %" PRId64 ", the channels of its "
		            "input, found %" PRId64, x.c, l->in);
	TRY(window_infer(&l->win, &x, l->channels * l->size, &y, err));
	if (y.h && y.w && shape_size(&y) != l->n * l->size)
		return fail(err, DL4J_ESHAPE, "capsules: expected %" PRId64 " numbers, found %" PRId64,
		            shape_size(&y), l->n * l->size);
	*out = shape_rnn(l->n, l->size, false);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(((const struct primary *)n)->in, 0, 0, false);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct primary *l = (const struct primary *)n;
	const int64_t *k = l->win.kernel.v, channels = l->channels * l->size;
	struct ir_val *x = format_lower(FORMAT_NCHW, lo, 0);
	const struct ir_window win = window_resolve(&l->win, x);
	const struct vectors how = { x->dim[0] * l->n, l->size };
	struct ir_val *w = ir_const(lo->ir, lower_vector(lo, "weight"), 5,
	                            (int64_t[]){ 1, channels, l->in, k[0], k[1] },
	                            /* fits: factors of W's size */
	                            (int64_t[]){ 0, 1, channels, k[1] * l->in * channels,
	                                         l->in * channels });

	x = ir_conv(lo->ir, x, w, lower_param(lo, "bias"), &win);
	if (l->relu)
		x = ir_eltwise(lo->ir, x, IR_RELU, l->leak, 0);
	x = ir_view(lo->ir, x, 3, (int64_t[]){ x->dim[0], l->n, l->size });
	lo->out = ir_kernel(lo->ir, &kernel, &how, sizeof how, &x, 1, 3, x->dim);
	lo->out_mask = NULL;
}

const struct node_type node_primary_capsules = {
	.kind = NODE_LAYER, .name = "PrimaryCapsules", .impl = "SameDiffLayer", .n_in = 1,
	.size = sizeof(struct primary), .fields = fields, .params = params, .infer = infer,
	.expects = expects, .lower = lower,
};
