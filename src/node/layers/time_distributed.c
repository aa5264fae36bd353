/* SPDX-License-Identifier: Apache-2.0 */
/* TimeDistributed: a feed-forward layer at each step. DL4J orders the rows n*T+t, but the mask
 * t*N+n, so that in a batch a step gets another one's mask; and so it does here.
 * in: RNN (nIn,t)  out: RNN (nOut,t) */
#include "node/recurrent.h"

struct time_distributed {
	struct node base;
	struct node *layer;
	int format;
};

static const struct field fields[] = {
	FIELD_NODE(struct time_distributed, layer, "underlying", NODE_LAYER),
	FIELD_RNN_FORMAT(struct time_distributed, format, "rnnDataFormat"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	if (!((struct time_distributed *)n)->layer)
		return fail(err, DL4J_EFORMAT, "expected the layer inside, found none");
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	return node_params(((const struct time_distributed *)n)->layer, p);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct time_distributed *l = (const struct time_distributed *)n;
	struct dl4j_shape x, y;

	TRY(format_rnn_infer(l->format, in, &x, err));
	*out = shape_ff(x.c);
	TRY(node_infer(l->layer, out, n_in, &y, err));
	if (y.kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected a feed-forward layer inside, found another");
	*out = shape_rnn(y.c, x.t, x.channels_last);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct time_distributed *l = (const struct time_distributed *)n;
	struct dl4j_shape inside = { 0 };

	if (l->layer->type && l->layer->type->expects)
		l->layer->type->expects(l->layer, &inside);
	*out = shape_rnn(inside.c, 0, l->format == FORMAT_NWC);
	return 1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct time_distributed *l = (const struct time_distributed *)n;
	struct ir_val *x = format_rnn_lower(l->format, lo, 0), *mask = lo->out_mask, *rows;
	const struct dl4j_shape shape = shape_ff(x->dim[1]);
	struct lowering part = *lo;
	struct ir_val *rows_mask = recurrent_mask_rows(lo->ir, mask);

	x = ir_permute(lo->ir, x, (int[]){ 0, 2, 1 });
	rows = ir_view(lo->ir, x, 2, (int64_t[]){ x->dim[0] * x->dim[1], x->dim[2] });
	part.in = &rows;
	part.mask = &rows_mask;
	part.shape = &shape;
	node_lower(l->layer, &part);
	rows = ir_view(lo->ir, part.out, 3, (int64_t[]){ x->dim[0], x->dim[1], part.out->dim[1] });
	lo->out = ir_permute(lo->ir, rows, (int[]){ 0, 2, 1 });
}

const struct node_type node_time_distributed = {
	.kind = NODE_LAYER, .name = "TimeDistributed", .impl = "TimeDistributedLayer",
	.keras = "TimeDistributed", .n_in = 1, .size = sizeof(struct time_distributed),
	.fields = fields, .check = check, .params = params, .infer = infer, .expects = expects,
	.lower = lower,
};
