/* SPDX-License-Identifier: Apache-2.0 */
/* Upsampling1D, Upsampling2D, Upsampling3D: each cell several times.
 * in: CNN (c,h,w)  out: CNN (c,h*size[0],w*size[1]); for RNN and CNN3D likewise */
#include "base/num.h"
#include "node/layers/spatial.h"

static const struct field fields_1d[] = {
	FIELD_DIMS(struct spatial, sizes, "size", 0, 1, 1), FIELD_END
};
static const struct field fields_2d[] = {
	FIELD_DIMS(struct spatial, sizes, "size", 2, 1, 1),
	FIELD_FORMAT(struct spatial, format, "format"), FIELD_END
};
static const struct field fields_3d[] = {
	FIELD_DIMS(struct spatial, sizes, "size", 3, 1, 1),
	FIELD_VOLUME_FORMAT(struct spatial, format), FIELD_END
};

/* The 1-d layer writes its number once or twice. */
static int check_1d(struct node *n, struct dl4j_error *err)
{
	struct spatial *l = (struct spatial *)n;

	if (!l->sizes.n)
		return fail(err, DL4J_EFORMAT, "size: expected a number, found none");
	l->axes = 1;
	return 0;
}

static int check(struct node *n, struct dl4j_error *err)
{
	struct spatial *l = (struct spatial *)n;

	(void)err;
	l->axes = l->sizes.n;
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
		*size = dims_product((int64_t[]){ *size, l->sizes.v[i] }, 2);
		if (*size < 0 || *size > DIM_MAX)
			return fail(err, DL4J_ELIMIT, "size: expected a result of at most %d cells an axis, "
			            "found more", DIM_MAX);
	}
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	lo->out = ir_resample(lo->ir, spatial_input(n, lo), ((const struct spatial *)n)->sizes.v);
}

const struct node_type node_upsampling_1d = {
	.kind = NODE_LAYER, .name = "Upsampling1D", .keras = "UpSampling1D", .n_in = 1,
	.size = sizeof(struct spatial), .fields = fields_1d, .check = check_1d, .infer = infer,
	.expects = spatial_expects, .lower = lower,
};

const struct node_type node_upsampling_2d = {
	.kind = NODE_LAYER, .name = "Upsampling2D", .keras = "UpSampling2D", .n_in = 1,
	.size = sizeof(struct spatial), .fields = fields_2d, .check = check, .infer = infer,
	.expects = spatial_expects, .lower = lower,
};

const struct node_type node_upsampling_3d = {
	.kind = NODE_LAYER, .name = "Upsampling3D", .keras = "UpSampling3D", .n_in = 1,
	.size = sizeof(struct spatial), .fields = fields_3d, .check = check, .infer = infer,
	.expects = spatial_expects, .lower = lower,
};
