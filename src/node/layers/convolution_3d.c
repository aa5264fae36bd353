/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution3D: cross-correlation of volumes.      in: CNN3D (nIn,d,h,w)  out: (nOut,d',h',w') */
#include "node/layers/conv3.h"

static const struct field fields[] = { CONV3_FIELDS, FIELD_END };

/* beta4 and beta5 pad for the dilated window in Same, and lay its cells side by side. */
static int check(struct node *n, struct dl4j_error *err)
{
	struct window *w = &((struct conv3 *)n)->win;

	(void)err;
	w->undilated = n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA5 &&
	               w->mode == MODE_SAME;
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	const struct conv3 *l = (const struct conv3 *)n;
	const int64_t *k = l->win.kernel.v;

	if (l->has_bias)
		*p++ = (struct param){ "b", 1, { n->nout }, 'c' };
	*p = (struct param){ "W", 5, { n->nout, n->nin, k[0], k[1], k[2] }, 'c' };
	return 1 + l->has_bias;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	struct dl4j_shape x;

	(void)n_in;
	TRY(conv3_input(n, in, &x, err));
	return window_infer(&((const struct conv3 *)n)->win, &x, n->nout, out, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct conv3 *l = (const struct conv3 *)n;
	const int64_t *k = l->win.kernel.v, cell = k[0] * k[1] * k[2]; /* fits: factors of W's size */
	struct ir_val *x = volume_lower(l->format, lo);
	const struct ir_window win = window_resolve(&l->win, x);
	struct ir_val *w = ir_const(lo->ir, lower_vector(lo, "W"), 6,
	                            (int64_t[]){ 1, n->nout, n->nin, k[0], k[1], k[2] },
	                            (int64_t[]){ 0, n->nin * cell, cell, k[1] * k[2], k[2], 1 });

	conv3_end(n, lo, ir_conv(lo->ir, x, w, lower_param(lo, "b"), &win));
}

const struct node_type node_convolution_3d = {
	.kind = NODE_LAYER, .name = "Convolution3D", .impl = "Convolution3DLayer",
	.keras = "Conv3D", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv3),
	.fields = fields, .check = check, .params = params, .infer = infer, .expects = conv3_expects,
	.lower = lower,
};
