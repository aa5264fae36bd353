/* SPDX-License-Identifier: Apache-2.0 */
/* ZeroPaddingLayer, ZeroPadding1DLayer, ZeroPadding3DLayer: zeros around; padding has two numbers
 * an axis: [top,bottom,left,right].
 * in: CNN (c,h,w)  out: CNN (c,top+h+bottom,left+w+right); for RNN and CNN3D likewise */
#include "node/layers/spatial.h"

static const struct field fields_1d[] = {
	FIELD_DIMS(struct spatial, sizes, "padding", 2, 0, 0), FIELD_END
};
static const struct field fields_2d[] = {
	FIELD_DIMS(struct spatial, sizes, "padding", 4, 0, 0),
	FIELD_FORMAT(struct spatial, format, "dataFormat"), FIELD_END
};
static const struct field fields_3d[] = {
	FIELD_DIMS(struct spatial, sizes, "padding", 6, 0, 0), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct spatial *l = (struct spatial *)n;

	(void)err;
	l->axes = l->sizes.n / 2;
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct spatial *l = (const struct spatial *)n;

	(void)n_in;
	TRY(spatial_infer(n, in, out, err));
	for (int i = 0; i < l->axes; i++) {
		int64_t *size = spatial_size(out, l->axes, i);
		if (*size)
			*size += l->sizes.v[2 * i] + l->sizes.v[2 * i + 1];
	}
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct spatial *l = (const struct spatial *)n;
	int64_t before[5] = { 0 }, after[5] = { 0 };

	for (int i = 0; i < l->axes; i++) {
		before[2 + i] = l->sizes.v[2 * i];
		after[2 + i] = l->sizes.v[2 * i + 1];
	}
	lo->out = ir_pad(lo->ir, spatial_input(n, lo), before, after);
}

const struct node_type node_zero_padding = {
	.kind = NODE_LAYER, .name = "ZeroPaddingLayer",
	.alias = { "zeroPadding", "ZeroPadding2DLayer" },
	.keras = "ZeroPadding2D", .n_in = 1, .size = sizeof(struct spatial), .fields = fields_2d,
	.check = check, .infer = infer, .expects = spatial_expects, .lower = lower,
};

const struct node_type node_zero_padding_1d = {
	.kind = NODE_LAYER, .name = "ZeroPadding1DLayer", .alias = { "zeroPadding1d" },
	.keras = "ZeroPadding1D", .n_in = 1, .size = sizeof(struct spatial), .fields = fields_1d,
	.check = check, .infer = infer, .expects = spatial_expects, .lower = lower,
};

const struct node_type node_zero_padding_3d = {
	.kind = NODE_LAYER, .name = "ZeroPadding3DLayer", .keras = "ZeroPadding3D", .n_in = 1,
	.size = sizeof(struct spatial), .fields = fields_3d, .check = check, .infer = infer,
	.expects = spatial_expects, .lower = lower,
};
