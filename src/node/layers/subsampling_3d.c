/* SPDX-License-Identifier: Apache-2.0 */
/* Subsampling3DLayer: pooling of volumes; averages never count padding. SUM and PNORM, which its
 * builder takes, are averages, too.
 * in: CNN3D (c,d,h,w)  out: CNN3D (c,d',h',w') */
#include "node/layers/pool.h"
#include "node/volume.h"

struct subsampling_3d {
	struct node base;
	struct window win;
	int kind, format;
};

static const struct field fields[] = {
	WINDOW_FIELDS(struct subsampling_3d, win, 3),
	FIELD_ENUM(struct subsampling_3d, kind, "poolingType", pool_kinds, POOL_MAX),
	FIELD_VOLUME_FORMAT(struct subsampling_3d, format), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct subsampling_3d *l = (const struct subsampling_3d *)n;
	struct dl4j_shape x;

	(void)n_in;
	TRY(volume_infer(l->format, in, &x, err));
	return window_infer(&l->win, &x, x.c, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = volume_shape(0, ((const struct subsampling_3d *)n)->format);
	return 1;
}

static const char *keras_name(const struct node *n, const struct dl4j_shape *in)
{
	(void)in;
	return ((const struct subsampling_3d *)n)->kind == POOL_MAX ? "MaxPooling3D"
	                                                            : "AveragePooling3D";
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct subsampling_3d *l = (const struct subsampling_3d *)n;
	struct ir_val *x = volume_lower(l->format, lo);
	const struct ir_window win = window_resolve(&l->win, x);

	lo->out = pool_lower(lo->ir, x, l->kind == POOL_MAX ? POOL_MAX : POOL_AVG, 0, false, &win);
}

const struct node_type node_subsampling_3d = {
	.kind = NODE_LAYER, .name = "Subsampling3DLayer", .n_in = 1,
	.size = sizeof(struct subsampling_3d), .fields = fields, .infer = infer,
	.expects = expects, .keras_name = keras_name, .lower = lower,
};
