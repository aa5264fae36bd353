/* SPDX-License-Identifier: Apache-2.0 */
/* Cnn3DToFeedForwardPreProcessor and FeedForwardToCnn3DPreProcessor: DL4J's array [n,c,d,h,w] or
 * [n,d,h,w,c] flattened as it lies, and back.
 * in: CNN3D (c,d,h,w)  out: FF (c*d*h*w)  and the reverse; what is so already passes */
#include <inttypes.h>

#include "node/format.h"

struct cnn_3d {
	struct node base;
	int64_t d, h, w, c;
	bool channels_first;
};

static const struct field fields[] = {
	FIELD_DIM(struct cnn_3d, d, "inputDepth", NAN, 1),
	FIELD_DIM(struct cnn_3d, h, "inputHeight", NAN, 1),
	FIELD_DIM(struct cnn_3d, w, "inputWidth", NAN, 1),
	FIELD_DIM(struct cnn_3d, c, "numChannels", NAN, 1),
	FIELD_BOOL(struct cnn_3d, channels_first, "ncdhw", false), FIELD_END
};

static struct dl4j_shape picture(const struct node *n)
{
	const struct cnn_3d *p = (const struct cnn_3d *)n;

	return (struct dl4j_shape){ .kind = DL4J_CNN3D, .c = p->c, .d = p->d, .h = p->h, .w = p->w,
		                    .channels_last = !p->channels_first };
}

static int check(struct node *n, struct dl4j_error *err)
{
	const struct dl4j_shape p = picture(n);

	return shape_size(&p) < 0 ? fail(err, DL4J_ELIMIT, "the size overflows") : 0;
}

static int flat_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                      struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n, (void)n_in;
	if (in->kind == DL4J_FF)
		return 0;
	if (in->kind != DL4J_CNN3D)
		return fail(err, DL4J_ESHAPE, "expected 3-d convolutional input, found another kind");
	*out = shape_ff(shape_size(in));
	return out->c < 0 ? fail(err, DL4J_ELIMIT, "the size overflows") : 0;
}

static int flat_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = picture(n);
	return 1;
}

static void flat_lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);

	(void)n; /* the format makes no difference to how the array lies */
	if (x->rank == 5)
		lo->out = ir_view(lo->ir, x, 2,
		                  (int64_t[]){ x->dim[0], ir_elements(x) / x->dim[0] });
}

static int picture_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                         struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct dl4j_shape p = picture(n);

	(void)n_in;
	if (in->kind == DL4J_CNN3D)
		return 0;
	if (in->kind != DL4J_FF || (in->c && in->c != shape_size(&p)))
		return fail(err, DL4J_ESHAPE, "expected feed-forward input of size %" PRId64 ", found %"
		            PRId64, shape_size(&p), in->c);
	*out = p;
	return 0;
}

static int picture_expects(const struct node *n, struct dl4j_shape *out)
{
	const struct dl4j_shape p = picture(n);

	*out = shape_ff(shape_size(&p));
	return 1;
}

static void picture_lower(const struct node *n, struct lowering *lo)
{
	const struct cnn_3d *p = (const struct cnn_3d *)n;
	const int64_t rows = lo->in[0]->dim[0];

	if (lo->in[0]->rank != 2)
		return;
	if (p->channels_first)
		lo->out = ir_view(lo->ir, lo->in[0], 5, (int64_t[]){ rows, p->c, p->d, p->h, p->w });
	else
		lo->out = ir_permute(lo->ir, ir_view(lo->ir, lo->in[0], 5, (int64_t[]){ rows, p->d, p->h,
		                     p->w, p->c }), (int[]){ 0, 4, 1, 2, 3 });
}

const struct node_type node_cnn_3d_to_feed_forward = {
	.kind = NODE_PREPROCESSOR, .name = "Cnn3DToFeedForwardPreProcessor", .keras = "Flatten",
	.n_in = 1, .size = sizeof(struct cnn_3d), .fields = fields, .check = check,
	.infer = flat_infer, .expects = flat_expects, .lower = flat_lower,
};

const struct node_type node_feed_forward_to_cnn_3d = {
	.kind = NODE_PREPROCESSOR, .name = "FeedForwardToCnn3DPreProcessor", .keras = "Reshape",
	.n_in = 1, .size = sizeof(struct cnn_3d), .fields = fields, .check = check,
	.infer = picture_infer, .expects = picture_expects, .lower = picture_lower,
};
