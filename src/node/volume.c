/* SPDX-License-Identifier: Apache-2.0 */
/* volume: NCDHW and NDHWC.
 * In the library channels always come first; shapes say where DL4J's array has them. */
#include "node/volume.h"

const char *const volume_formats[] = { "NCDHW", "NDHWC", NULL };

struct dl4j_shape volume_shape(int64_t channels, int format)
{
	return (struct dl4j_shape){ .kind = DL4J_CNN3D, .c = channels,
		                    .channels_last = format == FORMAT_NDHWC };
}

int volume_infer(int format, const struct dl4j_shape *in, struct dl4j_shape *out,
                 struct dl4j_error *err)
{
	bool last = format == FORMAT_NDHWC;

	if (in->kind != DL4J_CNN3D)
		return fail(err, DL4J_ESHAPE, "expected 3-d convolutional input, found another");
	*out = *in;
	if ((bool)in->channels_last == last)
		return 0;
	*out = volume_shape(0, format);
	if (last) /* the array is [n,c,d,h,w], read as [n,d,h,w,c] */
		out->d = in->c, out->h = in->d, out->w = in->h, out->c = in->w;
	else
		out->c = in->d, out->d = in->h, out->h = in->w, out->w = in->c;
	return 0;
}

struct ir_val *volume_lower(int format, struct lowering *lo)
{
	bool last = format == FORMAT_NDHWC;

	if (lo->shape[0].kind != DL4J_CNN3D || (bool)lo->shape[0].channels_last == last)
		return lo->in[0];
	return ir_permute(lo->ir, lo->in[0],
	                  last ? (int[]){ 0, 4, 1, 2, 3 } : (int[]){ 0, 2, 3, 4, 1 });
}
