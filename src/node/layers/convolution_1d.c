/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution1DLayer: cross-correlation along time. Its lists may have numbers for two axes: the
 * first counts. M1 and later keep the weights in another order.  in: RNN (nIn,t)  out: (nOut,t') */
#include <inttypes.h>

#include "node/activation.h"
#include "node/window.h"

struct convolution_1d {
	struct node base;
	struct window win;
	struct node *activation;
	bool has_bias;
	int format;
};

static const struct field fields[] = {
	WINDOW_FIELDS(struct convolution_1d, win, 0),
	FIELD_BOOL(struct convolution_1d, has_bias, "hasBias", true),
	FIELD_RNN_FORMAT(struct convolution_1d, format, "rnnDataFormat"),
	FIELD_ACTIVATION(struct convolution_1d, activation), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct window *w = &((struct convolution_1d *)n)->win;

	w->undilated = n->release >= RELEASE_BETA4 && n->release <= RELEASE_BETA5 &&
	               w->mode == MODE_SAME;
	return window_first_axis(w, err);
}

/* The summary of every release shows the older shape. */
static int params(const struct node *n, struct param *p)
{
	const struct convolution_1d *l = (const struct convolution_1d *)n;

	if (l->has_bias)
		*p++ = (struct param){ "b", 1, { n->nout }, 'c' };
	*p = (struct param){ "W", 4, { n->nout, n->nin, l->win.kernel.v[0], 1 }, 'c' };
	return 1 + l->has_bias;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct convolution_1d *l = (const struct convolution_1d *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_rnn_infer(l->format, in, &x, err));
	if (x.c && x.c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the features of its input, "
		            "found %" PRId64, x.c, n->nin);
	return window_infer(&l->win, &x, n->nout, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(n->nin, 0, ((const struct convolution_1d *)n)->format == FORMAT_NWC);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct convolution_1d *l = (const struct convolution_1d *)n;
	const int64_t k = l->win.kernel.v[0], i = n->nin, o = n->nout;
	/* before M1 the activation sees [n,c,t] in either format: a softmax goes along time */
	const struct dl4j_shape out =
	        shape_rnn(o, 0, l->format == FORMAT_NWC && n->release >= RELEASE_M1);
	struct ir_val *x = format_rnn_lower(l->format, lo, 0);
	const struct ir_window win = window_resolve(&l->win, x);
	struct ir_val *w = ir_const(lo->ir, lower_vector(lo, "W"), 4, (int64_t[]){ 1, o, i, k },
	                            n->release >= RELEASE_M1 ? (int64_t[]){ 0, 1, o, i * o }
	                                                     : (int64_t[]){ 0, i * k, k, 1 });

	x = ir_conv(lo->ir, x, w, lower_param(lo, "b"), &win);
	lo->out = activate(lo->ir, l->activation, x, &out);
	lo->out_mask = window_mask(&l->win, lo->ir, lo->out_mask, n->release);
}

const struct node_type node_convolution_1d = {
	.kind = NODE_LAYER, .name = "Convolution1DLayer", .alias = { "Convolution1D", "convolution1d" },
	.keras = "Conv1D", .n_in = 1, .feed_forward = true, .size = sizeof(struct convolution_1d),
	.fields = fields, .check = check, .params = params, .infer = infer, .expects = expects,
	.lower = lower,
};
