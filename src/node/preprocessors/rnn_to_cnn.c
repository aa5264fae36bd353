/* SPDX-License-Identifier: Apache-2.0 */
/* RnnToCnnPreProcessor and CnnToRnnPreProcessor: a series of pictures, its steps as examples of
 * their own, picture t*N+n being step t of example n, and back.
 * in: RNN (c*h*w,t)  out: CNN (c,h,w), t*N pictures  and the reverse */
#include <inttypes.h>

#include "node/recurrent.h"

struct rnn_to_cnn {
	struct node base;
	int64_t h, w, c;
	int format;
};

static const struct field fields[] = {
	FIELD_DIM(struct rnn_to_cnn, h, "inputHeight", NAN, 1),
	FIELD_DIM(struct rnn_to_cnn, w, "inputWidth", NAN, 1),
	FIELD_DIM(struct rnn_to_cnn, c, "numChannels", NAN, 1),
	FIELD_RNN_FORMAT(struct rnn_to_cnn, format, "rnnDataFormat"), FIELD_END
};

#define PRE(n) ((const struct rnn_to_cnn *)(n))

static struct dl4j_shape picture(const struct node *n)
{
	return shape_cnn(PRE(n)->c, PRE(n)->h, PRE(n)->w, false);
}

static int check(struct node *n, struct dl4j_error *err)
{
	const struct dl4j_shape p = picture(n);

	return shape_size(&p) < 0 ? fail(err, DL4J_ELIMIT, "the size overflows") : 0;
}

static int cnn_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                     struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct dl4j_shape p = picture(n);

	(void)n_in;
	TRY(format_rnn_infer(PRE(n)->format, in, out, err));
	if (out->c && out->c != shape_size(&p))
		return fail(err, DL4J_ESHAPE, "rnnToCnn: expected series of size %" PRId64 ", found %"
		            PRId64, shape_size(&p), out->c);
	*out = p;
	return 0;
}

static int cnn_expects(const struct node *n, struct dl4j_shape *out)
{
	const struct dl4j_shape p = picture(n);

	*out = shape_rnn(shape_size(&p), 0, PRE(n)->format == FORMAT_NWC);
	return 1;
}

static void cnn_lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = recurrent_rows(lo->ir, format_rnn_lower(PRE(n)->format, lo, 0));

	lo->out = ir_view(lo->ir, x, 4, (int64_t[]){ x->dim[0], PRE(n)->c, PRE(n)->h, PRE(n)->w });
	lo->out_mask = recurrent_mask_rows(lo->ir, lo->out_mask);
}

static int rnn_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                     struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct dl4j_shape p = picture(n);

	(void)n_in;
	TRY(format_infer(FORMAT_NCHW, in, out, err));
	if ((out->c && out->c != p.c) || (out->h && out->h != p.h) || (out->w && out->w != p.w))
		return fail(err, DL4J_ESHAPE, "cnnToRnn: expected %" PRId64 "x%" PRId64 "x%" PRId64
		            " (c,h,w), found %" PRId64 "x%" PRId64 "x%" PRId64, p.c, p.h, p.w, out->c,
		            out->h, out->w);
	*out = shape_rnn(shape_size(&p), 0, PRE(n)->format == FORMAT_NWC);
	return 0;
}

static int rnn_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = picture(n);
	return 1;
}

static void rnn_lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = format_lower(FORMAT_NCHW, lo, 0);

	(void)n;
	/* fits: elements of x */
	x = ir_view(lo->ir, x, 2, (int64_t[]){ x->dim[0], x->dim[1] * x->dim[2] * x->dim[3] });
	lo->out = recurrent_series(lo->ir, x, lo->batch);
	lo->out_mask = recurrent_mask_series(lo->ir, lo->out_mask, lo->batch);
}

const struct node_type node_rnn_to_cnn = {
	.kind = NODE_PREPROCESSOR, .name = "RnnToCnnPreProcessor", .alias = { "rnnToCnn" },
	.n_in = 1, .size = sizeof(struct rnn_to_cnn), .fields = fields, .check = check,
	.infer = cnn_infer, .expects = cnn_expects, .lower = cnn_lower,
};

const struct node_type node_cnn_to_rnn = {
	.kind = NODE_PREPROCESSOR, .name = "CnnToRnnPreProcessor", .alias = { "cnnToRnn" },
	.n_in = 1, .size = sizeof(struct rnn_to_cnn), .fields = fields, .check = check,
	.infer = rnn_infer, .expects = rnn_expects, .lower = rnn_lower,
};
