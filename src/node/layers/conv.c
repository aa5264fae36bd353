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

int conv_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
               struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct conv *l = (const struct conv *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(format_infer(l->format, in, &x, err));
	if (x.c && x.c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the channels of its input, "
		            "found %" PRId64, x.c, n->nin);
	return window_infer(&l->win, &x, n->nout, out, err);
}

int conv_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(n->nin, 0, 0, ((const struct conv *)n)->format == FORMAT_NHWC);
	return 1;
}

struct ir_val *conv_input(const struct conv *l, struct lowering *lo)
{
	return format_lower(l->format, lo, 0);
}

void conv_end(const struct conv *l, struct lowering *lo, struct ir_val *x)
{
	struct dl4j_shape out = shape_cnn(0, 0, 0, l->format == FORMAT_NHWC);

	lo->out = activate(lo->ir, l->activation, x, &out);
}

struct ir_val *conv_weights(struct lowering *lo, const char *key, const int64_t *dim,
                            const int64_t *stride)
{
	return ir_const(lo->ir, lower_vector(lo, key), 5, dim, stride);
}
