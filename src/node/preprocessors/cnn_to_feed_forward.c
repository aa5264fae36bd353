/* SPDX-License-Identifier: Apache-2.0 */
/* CnnToFeedForwardPreProcessor: DL4J's array [n,c,h,w] or [n,h,w,c], flattened as it lies.
 * in: CNN (c,h,w)  out: FF (c*h*w); feed-forward data passes */
#include <inttypes.h>

#include "node/format.h"

struct cnn_to_feed_forward {
	struct node base;
	int64_t h, w, c;
	int format;
};

static const struct field fields[] = {
	FIELD_DIM(struct cnn_to_feed_forward, h, "inputHeight", 0, 0),
	FIELD_DIM(struct cnn_to_feed_forward, w, "inputWidth", 0, 0),
	FIELD_DIM(struct cnn_to_feed_forward, c, "numChannels", 0, 0),
	FIELD_FORMAT(struct cnn_to_feed_forward, format, "format"), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct cnn_to_feed_forward *p = (const struct cnn_to_feed_forward *)n;
	struct dl4j_shape x;
	bool told = p->h && p->w && p->c;

	(void)n_in;
	if (in->kind == DL4J_FF)
		return 0;
	TRY(format_infer(p->format, in, &x, err));
	if (told && ((x.c && x.c != p->c) || (x.h && x.h != p->h) || (x.w && x.w != p->w)))
		return fail(err, DL4J_ESHAPE, "cnnToFeedForward: expected %" PRId64 "x%" PRId64 "x%"
		            PRId64 " (c,h,w), found %" PRId64 "x%" PRId64 "x%" PRId64, p->c, p->h, p->w,
		            x.c, x.h, x.w);
	if (told)
		x = shape_cnn(p->c, p->h, p->w, x.channels_last);
	*out = shape_ff(shape_size(&x));
	return out->c < 0 ? fail(err, DL4J_ELIMIT, "cnnToFeedForward: the size overflows") : 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct cnn_to_feed_forward *p = (const struct cnn_to_feed_forward *)n;

	*out = shape_cnn(p->c, p->h, p->w, p->format == FORMAT_NHWC);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);

	(void)n; /* the format makes no difference to how the array lies */
	if (x->rank == 4)
		lo->out = ir_view(lo->ir, x, 2,
		                  /* fits: elements of x */
		                  (int64_t[]){ x->dim[0], x->dim[1] * x->dim[2] * x->dim[3] });
}

const struct node_type node_cnn_to_feed_forward = {
	.kind = NODE_PREPROCESSOR, .name = "CnnToFeedForwardPreProcessor",
	.alias = { "cnnToFeedForward" }, .keras = "Flatten", .n_in = 1,
	.size = sizeof(struct cnn_to_feed_forward), .fields = fields, .infer = infer,
	.expects = expects, .lower = lower,
};
