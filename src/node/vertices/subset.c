/* SPDX-License-Identifier: Apache-2.0 */
/* SubsetVertex: `from` to `to`, both included, of axis 1 of DL4J's array; what comes out counts as
 * channels first.      in: FF, RNN or CNN  out: the same kind */
#include <inttypes.h>

#include "node/format.h"

struct subset {
	struct node base;
	int64_t from, to;
};

static const struct field fields[] = {
	FIELD_DIM(struct subset, from, "from", NAN, 0),
	FIELD_DIM(struct subset, to, "to", NAN, 0), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct subset *v = (const struct subset *)n;
	int64_t dim[DL4J_MAX_RANK];

	(void)n_in;
	shape_dims(in, 1, dim);
	if (v->to < v->from || in->kind == DL4J_CNN3D || (dim[1] && v->to >= dim[1]))
		return fail(err, DL4J_ESHAPE, "expected a part of axis 1, of size %" PRId64 ", found %"
		            PRId64 " to %" PRId64, dim[1], v->from, v->to);
	out->c = v->to - v->from + 1;
	out->t = 0; /* as DL4J tells it */
	out->channels_last = false;
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct subset *v = (const struct subset *)n;
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);
	int64_t from[IR_RANK] = { 0, v->from }, dim[IR_RANK];

	for (int i = 0; i < x->rank; i++)
		dim[i] = i == 1 ? v->to - v->from + 1 : x->dim[i];
	lo->out = ir_slice(lo->ir, x, from, dim);
}

const struct node_type node_subset = {
	.kind = NODE_VERTEX, .name = "SubsetVertex", .n_in = 1, .size = sizeof(struct subset),
	.fields = fields, .infer = infer, .lower = lower,
};
