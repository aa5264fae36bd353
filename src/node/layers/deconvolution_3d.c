/* SPDX-License-Identifier: Apache-2.0 */
/* Deconvolution3D: each cell adds its multiple of the kernel to the output.
 * in: CNN3D (nIn,d,h,w)  out: CNN3D (nOut,d',h',w') */
#include "node/layers/conv3.h"

static const struct field fields[] = { CONV3_FIELDS, FIELD_END };

static int params(const struct node *n, struct param *p)
{
	const struct conv3 *l = (const struct conv3 *)n;
	const int64_t *k = l->win.kernel.v;

	if (l->has_bias)
		*p++ = (struct param){ "b", 1, { n->nout }, 'c' };
	*p = (struct param){ "W", 5, { k[0], k[1], k[2], n->nout, n->nin }, 'c' };
	return 1 + l->has_bias;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	struct dl4j_shape x;

	(void)n_in;
	TRY(conv3_input(n, in, &x, err));
	return window_spread_infer(&((const struct conv3 *)n)->win, &x, n->nout, out, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct conv3 *l = (const struct conv3 *)n;
	const int64_t *k = l->win.kernel.v, cell = n->nout * n->nin;
	struct ir_val *x = volume_lower(l->format, lo);
	const struct ir_window win = window_spread(&l->win);
	struct ir_val *w = ir_const(lo->ir, lower_vector(lo, "W"), 6,
	                            (int64_t[]){ 1, n->nout, n->nin, k[0], k[1], k[2] },
	                            /* fits: factors of W's size */
	                            (int64_t[]){ 0, n->nin, 1, k[1] * k[2] * cell, k[2] * cell,
	                                         cell });

	conv3_end(n, lo, ir_deconv(lo->ir, x, w, lower_param(lo, "b"), &win));
}

const struct node_type node_deconvolution_3d = {
	.kind = NODE_LAYER, .name = "Deconvolution3D", .impl = "Deconvolution3DLayer",
	.keras = "Conv3DTranspose", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv3),
	.fields = fields, .params = params, .infer = infer, .expects = conv3_expects,
	.lower = lower,
};
