/* SPDX-License-Identifier: Apache-2.0 */
/* TensorFlowCnnToFeedForwardPreProcessor: NCHW data flattened in the order h, w, c, which Keras'
 * weights expect.      in: CNN (c,h,w)  out: FF (h*w*c); feed-forward data passes */
#include "node/format.h"

struct flatten {
	struct node base;
	int64_t h, w, c;
};

static const struct field fields[] = {
	FIELD_DIM(struct flatten, h, "inputHeight", 0, 0),
	FIELD_DIM(struct flatten, w, "inputWidth", 0, 0),
	FIELD_DIM(struct flatten, c, "numChannels", 0, 0), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct flatten *p = (const struct flatten *)n;
	struct dl4j_shape x;

	(void)n_in;
	if (in->kind == DL4J_FF)
		return 0;
	TRY(format_infer(FORMAT_NCHW, in, &x, err));
	x.c = x.c ? x.c : p->c;
	x.h = x.h ? x.h : p->h;
	x.w = x.w ? x.w : p->w;
	*out = shape_ff(shape_size(&x));
	return out->c < 0 ? fail(err, DL4J_ELIMIT, "the size overflows") : 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct flatten *p = (const struct flatten *)n;

	*out = shape_cnn(p->c, p->h, p->w, false);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x;

	(void)n;
	if (lo->in[0]->rank != 4)
		return;
	x = ir_permute(lo->ir, format_lower(FORMAT_NCHW, lo, 0), (int[]){ 0, 2, 3, 1 });
	lo->out = ir_view(lo->ir, x, 2, (int64_t[]){ x->dim[0], ir_elements(x) / x->dim[0] });
}

const struct node_type node_tensorflow_cnn_to_feed_forward = {
	.kind = NODE_PREPROCESSOR, .name = "TensorFlowCnnToFeedForwardPreProcessor",
	.keras = "Flatten", .n_in = 1, .size = sizeof(struct flatten), .fields = fields,
	.infer = infer, .expects = expects, .lower = lower,
};
