/* SPDX-License-Identifier: Apache-2.0 */
/* spatial: what padding, cropping and upsampling share.
 * Masks pass through them as they are: DL4J's do not follow the time axis, either. */
#include "node/layers/spatial.h"

int spatial_infer(const struct node *n, const struct dl4j_shape *in, struct dl4j_shape *out,
                  struct dl4j_error *err)
{
	const struct spatial *l = (const struct spatial *)n;

	if (l->axes == 1)
		return format_rnn_infer(l->format, in, out, err);
	return l->axes == 2 ? format_infer(l->format, in, out, err)
	                    : volume_infer(l->format, in, out, err);
}

struct ir_val *spatial_input(const struct node *n, struct lowering *lo)
{
	const struct spatial *l = (const struct spatial *)n;

	if (l->axes == 1)
		return format_rnn_lower(l->format, lo, 0);
	return l->axes == 2 ? format_lower(l->format, lo, 0) : volume_lower(l->format, lo);
}

int spatial_expects(const struct node *n, struct dl4j_shape *out)
{
	const struct spatial *l = (const struct spatial *)n;

	/* the channels are its consumers' matter: only a channels-last input shows here */
	*out = l->axes == 3 ? volume_shape(0, l->format) : shape_cnn(0, 0, 0, true);
	return l->axes > 1 && l->format == FORMAT_NHWC;
}

int64_t *spatial_size(struct dl4j_shape *s, int axes, int i)
{
	int64_t *const size[][3] = { { &s->t }, { &s->h, &s->w }, { &s->d, &s->h, &s->w } };

	return size[axes - 1][i];
}
