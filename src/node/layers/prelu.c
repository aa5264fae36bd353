/* SPDX-License-Identifier: Apache-2.0 */
/* PReLULayer: x >= 0 ? x : alpha x, with an alpha for each element of an example, or one for all
 * along the shared axes.      in, out: any shape */
#include <float.h>

#include "node/node.h"

struct prelu {
	struct node base;
	struct dims shape, shared; /* of DL4J's array, without the batch; from 1 */
};

static const struct field fields[] = {
	FIELD_DIMS(struct prelu, shape, "inputShape", 0, NAN, 1),
	FIELD_DIMS(struct prelu, shared, "sharedAxes", 0, NAN, 1), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct prelu *l = (struct prelu *)n;

	if (l->shape.n < 1 || l->shape.n > 4)
		return fail(err, DL4J_EFORMAT, "inputShape: expected 1 to 4 numbers, found %d",
		            l->shape.n);
	for (int i = 0; i < l->shared.n; i++) {
		if (l->shared.v[i] > l->shape.n)
			return fail(err, DL4J_EFORMAT, "sharedAxes: expected at most %d, found another",
			            l->shape.n);
		l->shape.v[l->shared.v[i] - 1] = 1;
	}
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	const struct prelu *l = (const struct prelu *)n;

	*p = (struct param){ .key = "W", .rank = l->shape.n, .order = 'f' };
	for (int i = 0; i < l->shape.n; i++)
		p->dim[i] = l->shape.v[i];
	return 1;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct prelu *l = (const struct prelu *)n;
	int64_t dim[DL4J_MAX_RANK];
	int rank = shape_dims(in, 1, dim);

	(void)n_in;
	(void)out;
	if (rank != 1 + l->shape.n)
		return fail(err, DL4J_ESHAPE, "inputShape: expected %d numbers, found %d", rank - 1,
		            l->shape.n);
	for (int i = 1; i < rank; i++)
		if (dim[i] && l->shape.v[i - 1] != 1 && l->shape.v[i - 1] != dim[i])
			return fail(err, DL4J_ESHAPE, "inputShape: another than that of the input");
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = lo->in[0], *w = lower_param(lo, "W"), *below;
	int64_t dim[IR_RANK] = { 1 }, stride[IR_RANK] = { 0 };

	(void)n;
	for (int i = 1; i < x->rank && i <= w->rank; i++) {
		int own = shape_axis(lo->shape, x->rank, i);
		dim[own] = w->dim[i - 1];
		stride[own] = w->stride[i - 1];
	}
	w = ir_const(lo->ir, w->data, x->rank, dim, stride);
	below = ir_binary(lo->ir, IR_MUL, ir_eltwise(lo->ir, x, IR_CLIP, -FLT_MAX, 0), w);
	lo->out = ir_binary(lo->ir, IR_ADD, ir_eltwise(lo->ir, x, IR_RELU, 0, 0), below);
}

const struct node_type node_prelu = {
	.kind = NODE_LAYER, .name = "PReLULayer", .impl = "PReLU", .keras = "PReLU", .n_in = 1,
	.size = sizeof(struct prelu), .fields = fields, .check = check, .params = params,
	.infer = infer, .lower = lower,
};
