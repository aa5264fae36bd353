/* SPDX-License-Identifier: Apache-2.0 */
/* SeparableConvolution2D: a depthwise convolution, then a 1x1 convolution with the bias and the
 * activation. For a single input channel DL4J leaves the 1x1 convolution out; where it would change
 * the number of channels DL4J throws.      in: CNN (nIn,h,w)  out: CNN (nOut,h',w') */
#include <inttypes.h>

#include "node/layers/conv.h"

static const struct field fields[] = {
	CONV_FIELDS, FIELD_DIM(struct conv, multiplier, "depthMultiplier", 1, 1), FIELD_END
};

static int params(const struct node *n, struct param *p)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v;
	int i = conv_bias_param(l, n->nout, p);

	p[i++] = (struct param){ "W", 4, { l->multiplier, n->nin, k[0], k[1] }, 'c' };
	p[i++] = (struct param){ "pW", 4, { n->nout, n->nin * l->multiplier, 1, 1 }, 'c' };
	return i;
}

static int check(struct node *n, struct dl4j_error *err)
{
	const int64_t m = ((const struct conv *)n)->multiplier;

	if (n->nin == 1 && n->nout != m)
		return fail(err, DL4J_EUNSUPPORTED, "nOut: expected the depthMultiplier, %" PRId64
		            ", as no release computes another for one channel, found %" PRId64, m,
		            n->nout);
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	static const struct ir_window point = { .n = 2, .kernel = { 1, 1 }, .stride = { 1, 1 },
		                                .dilation = { 1, 1 } };
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v, m = l->multiplier, cell = k[0] * k[1], mid = n->nin * m;
	struct ir_val *x = conv_input(l, lo);
	const struct ir_window win = window_resolve(&l->win, x);
	struct ir_val *depth = conv_weights(lo, "W", (int64_t[]){ n->nin, m, 1, k[0], k[1] },
	                                    (int64_t[]){ cell, n->nin * cell, 0, k[1], 1 });
	struct ir_val *pw = conv_weights(lo, "pW", (int64_t[]){ 1, n->nout, mid, 1, 1 },
	                                 (int64_t[]){ 0, mid, 1, 1, 1 });

	if (n->nin == 1) {
		conv_end(l, lo, ir_conv(lo->ir, x, depth, lower_param(lo, "b"), &win));
		return;
	}
	x = ir_conv(lo->ir, x, depth, NULL, &win);
	conv_end(l, lo, ir_conv(lo->ir, x, pw, lower_param(lo, "b"), &point));
}

const struct node_type node_separable_convolution = {
	.kind = NODE_LAYER, .name = "SeparableConvolution2D", .impl = "SeparableConvolution2DLayer",
	.keras = "SeparableConv2D", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv),
	.fields = fields, .check = check, .params = params, .infer = conv_infer,
	.expects = conv_expects, .lower = lower,
};
