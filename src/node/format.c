/* SPDX-License-Identifier: Apache-2.0 */
/* format: NCHW and NHWC, NCW and NWC.
 * In the library channels always come first; shapes say where DL4J's array has them. */
#include "node/format.h"

const char *const cnn_formats[] = { "NCHW", "NHWC", NULL };
const char *const rnn_formats[] = { "NCW", "NWC", NULL };

static int refuse(const char *expected, const struct dl4j_shape *in, struct dl4j_error *err)
{
	static const char *const kinds[] = {
		[DL4J_FF] = "feed-forward", [DL4J_RNN] = "recurrent", [DL4J_CNN] = "convolutional",
		[DL4J_CNN3D] = "3-d convolutional",
	};

	return fail(err, DL4J_ESHAPE, "expected %s input, found %s", expected, kinds[in->kind]);
}

int format_infer(int format, const struct dl4j_shape *in, struct dl4j_shape *out,
                 struct dl4j_error *err)
{
	bool last = format == FORMAT_NHWC;

	if (in->kind != DL4J_CNN)
		return refuse("convolutional", in, err);
	*out = *in;
	out->channels_last = last;
	if ((bool)in->channels_last == last)
		return 0;
	if (last) /* the array is [n,c,h,w], read as [n,h,w,c] */
		*out = shape_cnn(in->w, in->c, in->h, true);
	else
		*out = shape_cnn(in->h, in->w, in->c, false);
	return 0;
}

struct ir_val *format_lower(int format, struct lowering *lo, int i)
{
	bool last = format == FORMAT_NHWC;

	if (lo->shape[i].kind != DL4J_CNN || (bool)lo->shape[i].channels_last == last)
		return lo->in[i];
	return ir_permute(lo->ir, lo->in[i], last ? (int[]){ 0, 3, 1, 2 } : (int[]){ 0, 2, 3, 1 });
}

int format_rnn_infer(int format, const struct dl4j_shape *in, struct dl4j_shape *out,
                     struct dl4j_error *err)
{
	bool last = format == FORMAT_NWC;

	if (in->kind != DL4J_RNN)
		return refuse("recurrent", in, err);
	*out = *in;
	if ((bool)in->channels_last != last)
		*out = shape_rnn(in->t, in->c, last);
	return 0;
}

struct ir_val *format_rnn_lower(int format, struct lowering *lo, int i)
{
	if (lo->shape[i].kind != DL4J_RNN ||
	    (bool)lo->shape[i].channels_last == (format == FORMAT_NWC))
		return lo->in[i];
	return ir_permute(lo->ir, lo->in[i], (int[]){ 0, 2, 1 });
}

struct ir_val *format_dl4j(struct ir *ir, struct ir_val *x, const struct dl4j_shape *shape)
{
	int perm[IR_RANK];

	if (!shape->channels_last || x->rank < 3)
		return x;
	for (int i = 0; i < x->rank; i++)
		perm[i] = shape_axis(shape, x->rank, i);
	return ir_permute(ir, x, perm);
}
