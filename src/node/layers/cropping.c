/* SPDX-License-Identifier: Apache-2.0 */
/* Cropping1D, Cropping2D, Cropping3D: cuts off the borders; cropping has two numbers an axis:
 * [top,bottom,left,right].
 * in: CNN (c,h,w)  out: CNN (c,h-top-bottom,w-left-right); for RNN and CNN3D likewise */
#include <inttypes.h>

#include "node/layers/spatial.h"

static const struct field fields_1d[] = {
	FIELD_DIMS(struct spatial, sizes, "cropping", 2, 0, 0), FIELD_END
};
static const struct field fields_2d[] = {
	FIELD_DIMS(struct spatial, sizes, "cropping", 4, 0, 0),
	FIELD_FORMAT(struct spatial, format, "dataFormat"), FIELD_END
};
static const struct field fields_3d[] = {
	FIELD_DIMS(struct spatial, sizes, "cropping", 6, 0, 0), FIELD_END
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
		int64_t cut = l->sizes.v[2 * i] + l->sizes.v[2 * i + 1];
		if (*size && *size <= cut)
			return fail(err, DL4J_ESHAPE, "cropping: expected less than %" PRId64
			            ", the size of its input, found %" PRId64, *size, cut);
		*size -= *size ? cut : 0;
	}
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct spatial *l = (const struct spatial *)n;
	struct ir_val *x = spatial_input(n, lo);
	int64_t from[5] = { 0 }, dim[5] = { x->dim[0], x->dim[1] };

	for (int i = 0; i < l->axes; i++) {
		from[2 + i] = l->sizes.v[2 * i];
		dim[2 + i] = x->dim[2 + i] - from[2 + i] - l->sizes.v[2 * i + 1];
	}
	lo->out = ir_slice(lo->ir, x, from, dim);
}

const struct node_type node_cropping_1d = {
	.kind = NODE_LAYER, .name = "Cropping1D", .impl = "Cropping1DLayer", .keras = "Cropping1D",
	.n_in = 1, .size = sizeof(struct spatial), .fields = fields_1d, .check = check,
	.infer = infer, .expects = spatial_expects, .lower = lower,
};

const struct node_type node_cropping_2d = {
	.kind = NODE_LAYER, .name = "Cropping2D", .impl = "Cropping2DLayer", .keras = "Cropping2D",
	.n_in = 1, .size = sizeof(struct spatial), .fields = fields_2d, .check = check,
	.infer = infer, .expects = spatial_expects, .lower = lower,
};

const struct node_type node_cropping_3d = {
	.kind = NODE_LAYER, .name = "Cropping3D", .impl = "Cropping3DLayer", .keras = "Cropping3D",
	.n_in = 1, .size = sizeof(struct spatial), .fields = fields_3d, .check = check,
	.infer = infer, .expects = spatial_expects, .lower = lower,
};
