/* SPDX-License-Identifier: Apache-2.0 */
/* Deconvolution2D: each cell adds its multiple of the kernel to the output.
 * in: CNN (nIn,h,w)  out: CNN (nOut,h',w') */
#include <inttypes.h>
#include <string.h>

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

/* Up to beta5, Same cuts off what it would for a convolution of the result: far too much of the
 * top and left, and zeros follow. */
static struct ir_val *displaced(const struct window *w, struct ir *ir, struct ir_val *x,
                                struct ir_val *weights)
{
	struct ir_window whole = window_spread(w);
	int64_t dim[IR_RANK] = { x->dim[0], weights->dim[1] }, kept[IR_RANK], from[IR_RANK] = { 0 };
	int64_t none[IR_RANK] = { 0 }, after[IR_RANK] = { 0 };
	bool empty = false;
	float *zeros;

	memcpy(kept, dim, sizeof kept);
	for (int i = 0; i < whole.n; i++) {
		const int64_t n = x->dim[2 + i], s = whole.stride[i];
		const int64_t reach = (whole.kernel[i] - 1) * whole.dilation[i] + 1;
		whole.pad_lo[i] = whole.pad_hi[i] = 0;
		dim[2 + i] = n * s;
		from[2 + i] = ((n * s - 1) * s + reach - n) / 2;
		kept[2 + i] = (n - 1) * s + reach - from[2 + i];
		if (kept[2 + i] > dim[2 + i])
			kept[2 + i] = dim[2 + i];
		after[2 + i] = dim[2 + i] - kept[2 + i];
		empty = empty || kept[2 + i] < 1;
	}
	if (empty)
		return ir_new_const(ir, 2 + whole.n, dim, &zeros);
	x = ir_deconv(ir, x, weights, NULL, &whole);
	return ir_pad(ir, ir_slice(ir, x, from, kept), none, after);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct conv *l = (const struct conv *)n;
	const int64_t *k = l->win.kernel.v, cell = k[0] * k[1];
	struct ir_val *x = conv_input(l, lo);
	const struct ir_window win = window_spread(&l->win);
	struct ir_val *w = conv_weights(lo, "W", (int64_t[]){ 1, n->nout, n->nin, k[0], k[1] },
	                                (int64_t[]){ 0, cell, n->nout * cell, k[1], 1 });

	struct ir_val *b = lower_param(lo, "b");

	if (n->release > RELEASE_BETA5 || l->win.mode != MODE_SAME || lo->ir->err.code) {
		conv_end(l, lo, ir_deconv(lo->ir, x, w, b, &win));
		return;
	}
	x = displaced(&l->win, lo->ir, x, w);
	if (b)
		x = ir_binary(lo->ir, IR_ADD, x, ir_view(lo->ir, b, 4, (int64_t[]){ 1, n->nout, 1, 1 }));
	conv_end(l, lo, x);
}

const struct node_type node_deconvolution_2d = {
	.kind = NODE_LAYER, .name = "Deconvolution2D", .impl = "Deconvolution2DLayer",
	.keras = "Conv2DTranspose", .n_in = 1, .feed_forward = true, .size = sizeof(struct conv),
	.fields = fields, .params = params, .infer = infer, .expects = conv_expects, .lower = lower,
};
