/* SPDX-License-Identifier: Apache-2.0 */
/* DepthwiseConvolution2D: depthMultiplier filters a channel; output channel c*m + j is filter j of
 * input channel c.      in: CNN (nIn,h,w)  out: CNN (nIn*m,h',w') */
#include <inttypes.h>

#include "node/layers/conv.h"

static const struct field fields[] = {
	CONV_FIELDS, FIELD_DIM(struct conv, multiplier, "depthMultiplier", 1, 1), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	int64_t channels = n->nin * ((const struct conv *)n)->multiplier; /* of two Java ints */

	return n->nout == channels ? 0 : fail(err, DL4J_EFORMAT, "nout: expected %" PRId64
		", nin times depthMultiplier, found %" PRId64, channels, n->nout);
}

static int params(const struct node *n, struct param *p)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v;
	int i = conv_bias_param(l, n->nout, p);

	p[i++] = (struct param){ "W", 4, { k[0], k[1], n->nin, l->multiplier }, 'c' };
	return i;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v, m = l->multiplier, row = n->nin * m;
	struct ir_val *x = conv_input(l, lo);
	const struct ir_window win = window_resolve(&l->win, x);
	struct ir_val *w = conv_weights(lo, "W", (int64_t[]){ n->nin, m, 1, k[0], k[1] },
	                                (int64_t[]){ m, 1, 0, k[1] * row, row });

	conv_end(l, lo, ir_conv(lo->ir, x, w, lower_param(lo, "b"), &win));
}

const struct node_type node_depthwise_convolution = {
	.kind = NODE_LAYER, .name = "DepthwiseConvolution2D", .impl = "DepthwiseConvolution2DLayer",
	.keras = "DepthwiseConv2D", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv),
	.fields = fields, .check = check, .params = params, .infer = conv_infer,
	.expects = conv_expects, .lower = lower,
};
