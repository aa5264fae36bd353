/* SPDX-License-Identifier: Apache-2.0 */
/* ZeroPaddingLayer: zeros around; padding is [top,bottom,left,right].
 * in: CNN (c,h,w)  out: CNN (c,top+h+bottom,left+w+right) */
#include "node/format.h"

struct zero_padding {
	struct node base;
	struct dims padding;
	int format;
};

static const struct field fields[] = {
	FIELD_DIMS(struct zero_padding, padding, "padding", 4, 0, 0),
	FIELD_FORMAT(struct zero_padding, format, "dataFormat"), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct zero_padding *l = (const struct zero_padding *)n;
	const int64_t *p = l->padding.v;

	(void)n_in;
	TRY(format_infer(l->format, in, out, err));
	if (out->h)
		out->h += p[0] + p[1];
	if (out->w)
		out->w += p[2] + p[3];
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	/* the channels are its consumers' matter: only a channels-last input shows here */
	*out = shape_cnn(0, 0, 0, true);
	return ((const struct zero_padding *)n)->format == FORMAT_NHWC;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct zero_padding *l = (const struct zero_padding *)n;
	const int64_t *p = l->padding.v;

	lo->out = ir_pad(lo->ir, format_lower(l->format, lo, 0), (int64_t[]){ 0, 0, p[0], p[2] },
	                 (int64_t[]){ 0, 0, p[1], p[3] });
}

const struct node_type node_zero_padding = {
	.kind = NODE_LAYER, .name = "ZeroPaddingLayer", .alias = { "zeroPadding", "ZeroPadding2DLayer" },
	.keras = "ZeroPadding2D", .n_in = 1, .size = sizeof(struct zero_padding), .fields = fields,
	.infer = infer, .expects = expects, .lower = lower,
};
