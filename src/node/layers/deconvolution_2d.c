/* SPDX-License-Identifier: Apache-2.0 */
/* Deconvolution2D: each cell adds its multiple of the kernel to the output.
 * in: CNN (nIn,h,w)  out: CNN (nOut,h',w') */
#include <inttypes.h>

#include "node/layers/conv.h"

static const struct field fields[] = { CONV_FIELDS, FIELD_END };

static int params(const struct node *n, struct param *p)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v;
	int i = conv_bias_param(l, n->nout, p);

	p[i++] = (struct param){ "W", 4, { n->nin, n->nout, k[0], k[1] }, 'c' };
	return i;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct conv *l = (const struct conv *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_infer(l->format, in, &x, err));
	if (x.c && x.c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the channels of its input, "
		            "found %" PRId64, x.c, n->nin);
	return window_spread_infer(&l->win, &x, n->nout, out, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v, cell = k[0] * k[1];
	struct ir_val *x = conv_input(l, lo);
	const struct ir_window win = window_spread(&l->win);
	struct ir_val *w = conv_weights(lo, "W", (int64_t[]){ 1, n->nout, n->nin, k[0], k[1] },
	                                (int64_t[]){ 0, cell, n->nout * cell, k[1], 1 });

	conv_end(l, lo, ir_deconv(lo->ir, x, w, lower_param(lo, "b"), &win));
}

const struct node_type node_deconvolution_2d = {
	.kind = NODE_LAYER, .name = "Deconvolution2D", .impl = "Deconvolution2DLayer",
	.keras = "Conv2DTranspose", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv),
	.fields = fields, .params = params, .infer = infer, .expects = conv_expects, .lower = lower,
};
