/* SPDX-License-Identifier: Apache-2.0 */
/* conv: what the 2-d convolution layers share.
 * Weights never change layout with the data format; only activations do. */
#include "node/layers/conv.h"

#include <inttypes.h>

int conv_bias_param(const struct conv *l, int64_t channels, struct param *p)
{
	if (l->has_bias)
		*p = (struct param){ "b", 1, { channels }, 'c' };
	return l->has_bias;
}

/* beta7's import leaves convolutions behind a Reshape NCHW in networks that are NHWC. DL4J throws
 * when they run, as their channels do not fit; here they are what Keras meant. */
static bool is_astray(const struct conv *l, const struct dl4j_shape *in)
{
	return l->format == FORMAT_NCHW && in->channels_last == LAST_CALLED_FIRST &&
	       in->c == l->base.nin && in->h != l->base.nin;
}

static int format_of(const struct conv *l, const struct dl4j_shape *in)
{
	return is_astray(l, in) ? FORMAT_NHWC : l->format;
}

int conv_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
               struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct conv *l = (const struct conv *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_infer(format_of(l, in), in, &x, err));
	if (x.c && x.c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the channels of its input, "
		            "found %" PRId64, x.c, n->nin);
	TRY(window_infer(&l->win, &x, n->nout, out, err));
	if (is_astray(l, in))
		out->channels_last = LAST_CALLED_FIRST;
	return 0;
}

int conv_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(n->nin, 0, 0, ((const struct conv *)n)->format == FORMAT_NHWC);
	return 1;
}

struct ir_val *conv_input(const struct conv *l, struct lowering *lo)
{
	return format_lower(format_of(l, lo->shape), lo, 0);
}

void conv_end(const struct conv *l, struct lowering *lo, struct ir_val *x)
{
	struct dl4j_shape out = shape_cnn(0, 0, 0, format_of(l, lo->shape) == FORMAT_NHWC);

	lo->out = activate(lo->ir, l->activation, x, &out);
}

struct ir_val *conv_weights(struct lowering *lo, const char *key, const int64_t *dim,
                            const int64_t *stride)
{
	return ir_const(lo->ir, lower_vector(lo, key), 5, dim, stride);
}
