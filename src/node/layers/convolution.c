/* SPDX-License-Identifier: Apache-2.0 */
/* ConvolutionLayer: 2-d cross-correlation.      in: CNN (nIn,h,w)  out: CNN (nOut,h',w') */
#include "node/layers/conv.h"

static const struct field fields[] = { CONV_FIELDS, FIELD_END };

/* beta4 and beta5 pad for the dilated window in Same, and lay its cells side by side. */
static int check(struct node *n, struct dl4j_error *err)
{
	struct window *w = &((struct conv *)n)->win;

	(void)err;
	w->undilated = n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA5 &&
	               w->mode == MODE_SAME;
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v;
	int i = conv_bias_param(l, n->nout, p);

	p[i++] = (struct param){ "W", 4, { n->nout, n->nin, k[0], k[1] }, 'c' };
	return i;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v, cell = k[0] * k[1];
	struct ir_val *x = conv_input(l, lo);
	const struct ir_window win = window_resolve(&l->win, x);
	struct ir_val *w = conv_weights(lo, "W", (int64_t[]){ 1, n->nout, n->nin, k[0], k[1] },
	                                (int64_t[]){ 0, n->nin * cell, cell, k[1], 1 });

	conv_end(l, lo, ir_conv(lo->ir, x, w, lower_param(lo, "b"), &win));
}

const struct node_type node_convolution = {
	.kind = NODE_LAYER, .name = "ConvolutionLayer", .alias = { "Convolution2D", "convolution" },
	.keras = "Conv2D", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv),
	.fields = fields, .check = check, .params = params, .infer = conv_infer,
	.expects = conv_expects, .lower = lower,
};
