/* SPDX-License-Identifier: Apache-2.0 */
/* DenseLayer: act(LN(x W) g + b), the layer norm LN and its gain g being optional.
 * in: FF (nIn)  out: FF (nOut) */
#include "node/layers/dense.h"

#include <inttypes.h>

#include "node/recurrent.h"

const struct field dense_fields[] = {
	FIELD_BOOL(struct dense, has_bias, "hasBias", true),
	FIELD_BOOL(struct dense, has_layer_norm, "hasLayerNorm", false),
	{ .kind = FIELD_KIND_NODE, .json = "activationFn", .node_kind = NODE_ACTIVATION,
	  .offset = offsetof(struct dense, activation), .with_conf = true }, FIELD_END
};

int dense_params(const struct node *n, struct param *p)
{
	const struct dense *l = (const struct dense *)n;
	int k = 0;

	p[k++] = (struct param){ "W", 2, { n->nin, n->nout }, 'f' };
	if (l->has_bias)
		p[k++] = (struct param){ "b", 1, { n->nout }, 'c' };
	if (l->has_layer_norm)
		p[k++] = (struct param){ "g", 1, { n->nout }, 'c' };
	return k;
}

/* 0.5 and 0.6 list the visible bias as bB, and do not store it. */
int dense_pretrained_params(const struct node *n, struct param *p)
{
	p[0] = (struct param){ "W", 2, { n->nin, n->nout }, 'f' };
	p[1] = (struct param){ "b", 1, { n->nout }, 'c' };
	p[2] = (struct param){ "vb", 1, { n->nin }, 'c' };
	return node_has_variable(n, "bB") ? 2 : 3;
}

int dense_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	if (in->kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected feed-forward input, found %s; a preprocessor is "
		            "missing", in->kind == DL4J_RNN ? "recurrent" : "convolutional");
	if (in->c && in->c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the size of its input, found %"
		            PRId64, in->c, n->nin);
	*out = shape_ff(n->nout);
	out->t = in->t; /* rows that are the steps of series stay so */
	out->channels_last = in->t && in->channels_last;
	return 0;
}

int dense_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_ff(n->nin);
	return 1;
}

void dense_lower(const struct node *n, struct lowering *lo)
{
	const struct dense *l = (const struct dense *)n;
	struct ir_val *w = lower_param(lo, "W"), *b = lower_param(lo, "b");
	struct dl4j_shape out = shape_ff(n->nout);
	float *zero;

	if (!l->has_layer_norm) {
		lo->out = ir_matmul(lo->ir, lo->in[0], w, b);
	} else {
		lo->out = ir_layernorm(lo->ir, ir_matmul(lo->ir, lo->in[0], w, NULL));
		if (!b)
			b = ir_new_const(lo->ir, 1, &n->nout, &zero);
		lo->out = ir_affine(lo->ir, lo->out, lower_param(lo, "g"), b);
	}
	lo->out = activate(lo->ir, l->activation, lo->out, &out);
	lo->out = recurrent_masked(lo->ir, lo->out, lo->out_mask);
}

const struct node_type node_dense = {
	.kind = NODE_LAYER, .name = "DenseLayer", .alias = { "dense" }, .keras = "Dense", .n_in = 1,
	.feed_forward = true, .size = sizeof(struct dense), .fields = dense_fields,
	.params = dense_params, .infer = dense_infer, .expects = dense_expects,
	.lower = dense_lower,
};
