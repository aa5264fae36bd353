/* SPDX-License-Identifier: Apache-2.0 */
/* SpaceToDepthLayer, SpaceToBatchLayer: the cells of each block go to channels of their own, or to
 * examples of their own; block cell first, then what was there.
 * in: CNN (c,h,w)  out: CNN (b*b*c,h/b,w/b), or bh*bw as many examples of CNN (c,h/bh,w/bw) */
#include <inttypes.h>

#include "node/format.h"

struct space_to {
	struct node base;
	int64_t block;               /* of the first */
	struct dims blocks, padding; /* of the second; padding: top, bottom, left, right */
	int format;
};

/* A missing dataFormat acts as NHWC: DL4J only asks whether it is NCHW. */
static const struct field depth_fields[] = {
	FIELD_DIM(struct space_to, block, "blockSize", NAN, 1),
	FIELD_ENUM(struct space_to, format, "dataFormat", cnn_formats, FORMAT_NHWC), FIELD_END
};
static const struct field batch_fields[] = {
	FIELD_DIMS(struct space_to, blocks, "blocks", 2, 1, 1),
	FIELD_DIMS(struct space_to, padding, "padding", 4, 0, 0),
	FIELD_FORMAT(struct space_to, format, "format"), FIELD_END
};

static int depth_check(struct node *n, struct dl4j_error *err)
{
	struct space_to *l = (struct space_to *)n;

	(void)err;
	l->blocks = (struct dims){ 2, { l->block, l->block } };
	return 0;
}

static int batch_check(struct node *n, struct dl4j_error *err)
{
	if (n->release < RELEASE_BETA)
		return fail(err, DL4J_EUNSUPPORTED, "expected 1.0.0-beta or later, found 1.0.0-alpha, "
		            "which takes the channels for the height");
	return 0;
}

static int divide(int64_t *size, int64_t padding, int64_t block, struct dl4j_error *err)
{
	if (*size && (*size + padding) % block)
		return fail(err, DL4J_ESHAPE, "blocks: expected a divisor of %" PRId64 ", found %" PRId64,
		            *size + padding, block);
	*size = *size ? (*size + padding) / block : 0;
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct space_to *l = (const struct space_to *)n;
	const int64_t *p = l->padding.v;

	(void)n_in;
	TRY(format_infer(l->format, in, out, err));
	TRY(divide(&out->h, p[0] + p[1], l->blocks.v[0], err));
	TRY(divide(&out->w, p[2] + p[3], l->blocks.v[1], err));
	if (!l->block)
		return 0;
	if (out->c > DIM_MAX / l->block / l->block)
		return fail(err, DL4J_ELIMIT, "blockSize: expected at most %d channels, found more",
		            DIM_MAX);
	out->c *= l->block * l->block; /* fits: asked above */
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(0, 0, 0, true);
	return ((const struct space_to *)n)->format == FORMAT_NHWC;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct space_to *l = (const struct space_to *)n;
	const int64_t *p = l->padding.v, bh = l->blocks.v[0], bw = l->blocks.v[1];
	struct ir_val *x = format_lower(l->format, lo, 0);

	if (p[0] || p[1] || p[2] || p[3])
		x = ir_pad(lo->ir, x, (int64_t[]){ 0, 0, p[0], p[2] }, (int64_t[]){ 0, 0, p[1], p[3] });
	const int64_t c = x->dim[1], h = x->dim[2] / bh, w = x->dim[3] / bw;
	x = ir_view(lo->ir, x, 6, (int64_t[]){ x->dim[0], c, h, bh, w, bw });
	if (l->block) {
		x = ir_permute(lo->ir, x, (int[]){ 0, 3, 5, 1, 2, 4 });
		lo->out = ir_view(lo->ir, x, 4, (int64_t[]){ x->dim[0], bh * bw * c, h, w });
	} else {
		x = ir_permute(lo->ir, x, (int[]){ 3, 5, 0, 1, 2, 4 });
		/* fits: elements of x */
		lo->out = ir_view(lo->ir, x, 4, (int64_t[]){ bh * bw * x->dim[2], c, h, w });
	}
}

const struct node_type node_space_to_depth = {
	.kind = NODE_LAYER, .name = "SpaceToDepthLayer", .impl = "SpaceToDepth", .n_in = 1,
	.size = sizeof(struct space_to), .fields = depth_fields, .check = depth_check,
	.infer = infer, .expects = expects, .lower = lower,
};

const struct node_type node_space_to_batch = {
	.kind = NODE_LAYER, .name = "SpaceToBatchLayer", .impl = "SpaceToBatch", .n_in = 1,
	.size = sizeof(struct space_to), .fields = batch_fields, .check = batch_check,
	.infer = infer, .expects = expects, .lower = lower,
};
