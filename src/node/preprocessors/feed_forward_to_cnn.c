/* SPDX-License-Identifier: Apache-2.0 */
/* FeedForwardToCnnPreProcessor: [n,c*h*w] as [n,c,h,w].
 * in: FF (c*h*w)  out: CNN (c,h,w), never NHWC; convolutional data passes */
#include <inttypes.h>

#include "node/format.h"

struct feed_forward_to_cnn {
	struct node base;
	int64_t h, w, c;
};

static const struct field fields[] = {
	FIELD_DIM(struct feed_forward_to_cnn, h, "inputHeight", NAN, 1),
	FIELD_DIM(struct feed_forward_to_cnn, w, "inputWidth", NAN, 1),
	FIELD_DIM(struct feed_forward_to_cnn, c, "numChannels", 1, 1), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	const struct feed_forward_to_cnn *p = (const struct feed_forward_to_cnn *)n;
	const struct dl4j_shape to = shape_cnn(p->c, p->h, p->w, false);

	return shape_size(&to) > 0 ? 0 : fail(err, DL4J_ELIMIT, "the size overflows");
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct feed_forward_to_cnn *p = (const struct feed_forward_to_cnn *)n;
	struct dl4j_shape to = shape_cnn(p->c, p->h, p->w, false);

	(void)n_in;
	if (in->kind == DL4J_CNN)
		return 0;
	if (in->kind != DL4J_FF || (in->c && in->c != shape_size(&to)))
		return fail(err, DL4J_ESHAPE, "feedForwardToCnn: expected feed-forward input of size %"
		            PRId64 ", found %" PRId64, shape_size(&to), in->c);
	*out = to;
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct feed_forward_to_cnn *p = (const struct feed_forward_to_cnn *)n;
	const struct dl4j_shape picture = shape_cnn(p->c, p->h, p->w, false);

	*out = shape_ff(shape_size(&picture));
	out->d = p->c, out->h = p->h, out->w = p->w;
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct feed_forward_to_cnn *p = (const struct feed_forward_to_cnn *)n;

	if (lo->in[0]->rank == 2)
		lo->out = ir_view(lo->ir, lo->in[0], 4,
		                  (int64_t[]){ lo->in[0]->dim[0], p->c, p->h, p->w });
}

const struct node_type node_feed_forward_to_cnn = {
	.kind = NODE_PREPROCESSOR, .name = "FeedForwardToCnnPreProcessor",
	.alias = { "feedForwardToCnn" }, .keras = "Reshape", .n_in = 1,
	.size = sizeof(struct feed_forward_to_cnn), .fields = fields, .check = check,
	.infer = infer, .expects = expects, .lower = lower,
};
