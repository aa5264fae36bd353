/* SPDX-License-Identifier: Apache-2.0 */
/* MergeVertex: inputs side by side along one axis, in DL4J's array mergeAxis.
 * in: one or more, equal but for that axis  out: the same */
#include <inttypes.h>

#include "node/recurrent.h"

struct merge {
	struct node base;
	int64_t axis;
};

static const struct field fields[] = {
	FIELD_DIM(struct merge, axis, "mergeAxis", 1, 0), FIELD_END
};

static int64_t *size_at(struct dl4j_shape *s, int axis)
{
	switch (s->kind) {
	case DL4J_FF:
		return &s->c;
	case DL4J_RNN:
		return axis == 1 ? &s->c : &s->t;
	case DL4J_CNN:
		return axis == 1 ? &s->c : axis == 2 ? &s->h : &s->w;
	case DL4J_CNN3D:
		return axis == 1 ? &s->c : axis == 2 ? &s->d : axis == 3 ? &s->h : &s->w;
	}
	return &s->c;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	int64_t axis = ((const struct merge *)n)->axis, dims[DL4J_MAX_RANK];
	int rank = shape_dims(in, 1, dims);

	if (n_in == 1)
		return 0;
	if (axis < 1 || axis >= rank)
		return fail(err, DL4J_ESHAPE, "mergeAxis: expected 1 to %d, found %" PRId64, rank - 1,
		            axis);
	for (int i = 1; i < n_in; i++) {
		struct dl4j_shape x = in[i];
		int64_t *size = size_at(out, shape_axis(in, rank, (int)axis)), *more;
		if (x.kind != out->kind || !x.channels_last != !out->channels_last)
			return fail(err, DL4J_ESHAPE, "expected inputs of one kind, found another in "
			            "input %d", i);
		more = size_at(&x, shape_axis(in, rank, (int)axis));
		*size = *size && *more ? *size + *more : 0;
	}
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(0, 0, 0, true);
	return ((const struct merge *)n)->axis == 3 ? 1 : -1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	int axis = (int)((const struct merge *)n)->axis;

	if (lo->n_in > 1)
		lo->out = ir_concat(lo->ir, lo->in, lo->n_in,
		                    shape_axis(lo->shape, lo->in[0]->rank, axis));
	lo->out_mask = recurrent_any_mask(lo);
}

const struct node_type node_merge = {
	.kind = NODE_VERTEX, .name = "MergeVertex", .keras = "Concatenate",
	.size = sizeof(struct merge), .fields = fields, .infer = infer, .expects = expects,
	.lower = lower,
};
