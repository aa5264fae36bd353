/* SPDX-License-Identifier: Apache-2.0 */
/* RnnOutputLayer: a dense layer at each step. The mask of the series does not touch it.
 * in: RNN (nIn,t)  out: RNN (nOut,t) */
#include "node/recurrent.h"

struct rnn_output {
	struct node base;
	struct node *activation;
	int format;
};

static const struct field fields[] = {
	FIELD_ACTIVATION(struct rnn_output, activation),
	FIELD_RNN_FORMAT(struct rnn_output, format, "rnnDataFormat"), FIELD_END
};

static int params(const struct node *n, struct param *p)
{
	p[0] = (struct param){ "W", 2, { n->nin, n->nout }, 'f' };
	p[1] = (struct param){ "b", 1, { n->nout }, 'c' };
	return 2;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct recurrent like = { .base = *n, .format = ((const struct rnn_output *)n)->format };

	return recurrent_infer(&like.base, in, n_in, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(n->nin, 0, ((const struct rnn_output *)n)->format == FORMAT_NWC);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct rnn_output *l = (const struct rnn_output *)n;
	struct ir_val *x = format_rnn_lower(l->format, lo, 0), *y;
	const struct dl4j_shape rows = shape_ff(n->nout);

	y = ir_matmul(lo->ir, recurrent_rows(lo->ir, x), lower_param(lo, "W"), lower_param(lo, "b"));
	y = activate(lo->ir, l->activation, y, &rows);
	lo->out = recurrent_series(lo->ir, y, x->dim[0]);
}

const struct node_type node_rnn_output = {
	.kind = NODE_LAYER, .name = "RnnOutputLayer", .alias = { "rnnoutput" }, .keras = "Dense",
	.n_in = 1, .feed_forward = true, .size = sizeof(struct rnn_output), .fields = fields,
	.params = params, .infer = infer, .expects = expects, .lower = lower,
};
