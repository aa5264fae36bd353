/* SPDX-License-Identifier: Apache-2.0 */
/* ReshapeVertex: DL4J's array under other dimensions, batch included and one of them perhaps -1,
 * its elements taken and laid out in 'c' or 'f' order.      in: any shape  out: of rank 2 to 5 */
#include "node/format.h"

struct reshape {
	struct node base;
	struct dims to;
	int order;
};

static const char *const orders[] = { "c", "f", NULL };

static const struct field fields[] = {
	{ .kind = FIELD_KIND_DIMS, .json = "newShape", .offset = offsetof(struct reshape, to),
	  .absent = NAN, .min = -1, .max = DIM_MAX },
	FIELD_ENUM(struct reshape, order, "reshapeOrder", orders, 0), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	const struct dims *to = &((const struct reshape *)n)->to;

	if (to->n < 2 || to->n > 5)
		return fail(err, DL4J_EFORMAT, "newShape: expected 2 to 5 numbers, found %d", to->n);
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	static const enum dl4j_kind kinds[] = { DL4J_FF, DL4J_RNN, DL4J_CNN, DL4J_CNN3D };
	const struct dims *to = &((const struct reshape *)n)->to;
	int64_t dim[DL4J_MAX_RANK];

	(void)in, (void)n_in;
	for (int i = 0; i < to->n; i++)
		dim[i] = to->v[i] > 0 ? to->v[i] : 0;
	*out = (struct dl4j_shape){ .kind = kinds[to->n - 2] };
	TRY(shape_from_dims(out, out, dim, to->n, err));
	out->t = 0; /* as DL4J tells it */
	return 0;
}

static void reverse(int64_t *dim, int n)
{
	for (int i = 0; i < n / 2; i++) {
		int64_t t = dim[i];
		dim[i] = dim[n - 1 - i];
		dim[n - 1 - i] = t;
	}
}

static struct ir_val *transpose(struct ir *ir, struct ir_val *x)
{
	int perm[IR_RANK];

	for (int i = 0; i < x->rank; i++)
		perm[i] = x->rank - 1 - i;
	return ir_permute(ir, x, perm);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct reshape *v = (const struct reshape *)n;
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);
	struct dims to = v->to;
	int64_t rest = 1;
	int rank = x->rank, open = -1;

	for (int i = 0; i < to.n; i++)
		if (to.v[i] > 0)
			rest = rest > 0 && to.v[i] <= DIM_MAX / rest ? rest * to.v[i] : 0;
		else
			open = i;
	if (open >= 0 && rest)
		to.v[open] = ir_elements(x) / rest;
	if (v->order) {
		reverse(to.v, to.n);
		lo->out = transpose(lo->ir, ir_view(lo->ir, transpose(lo->ir, x), to.n, to.v));
	} else {
		lo->out = ir_view(lo->ir, x, to.n, to.v);
	}
	if (to.n != rank)
		lo->out_mask = NULL;
}

const struct node_type node_reshape = {
	.kind = NODE_VERTEX, .name = "ReshapeVertex", .keras = "Reshape", .n_in = 1,
	.size = sizeof(struct reshape), .fields = fields, .check = check, .infer = infer,
	.lower = lower,
};
