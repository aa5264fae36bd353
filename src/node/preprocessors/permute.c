/* SPDX-License-Identifier: Apache-2.0 */
/* PermutePreprocessor, Keras' Permute: the axes of DL4J's array in another order, the batch, which
 * the indices may leave out, first; what comes out counts as channels first.  in, out: any shape */
#include "node/format.h"

struct permute {
	struct node base;
	struct dims axes;
};

static const struct field fields[] = {
	FIELD_DIMS(struct permute, axes, "permutationIndices", 0, NAN, 0), FIELD_END
};

/* The permutation for arrays of `rank`; false where it is none. */
static bool complete(const struct permute *p, int rank, int *perm)
{
	int skipped = rank - p->axes.n;
	bool seen[DL4J_MAX_RANK] = { false };

	perm[0] = 0;
	for (int i = skipped; (skipped == 0 || skipped == 1) && i < rank; i++) {
		if (p->axes.v[i - skipped] >= rank)
			return false;
		perm[i] = (int)p->axes.v[i - skipped];
	}
	for (int i = 0; (skipped == 0 || skipped == 1) && i < rank; i++)
		seen[perm[i]] = true;
	for (int i = 0; i < rank; i++)
		if (!seen[i] || perm[0])
			return false;
	return true;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	int64_t before[DL4J_MAX_RANK], after[DL4J_MAX_RANK];
	int rank = shape_dims(in, 1, before), perm[DL4J_MAX_RANK];

	(void)n_in;
	if (!complete((const struct permute *)n, rank, perm))
		return fail(err, DL4J_ESHAPE, "permutationIndices: expected the axes 1 to %d in some "
		            "order, found others", rank - 1);
	for (int i = 0; i < rank; i++)
		after[i] = before[perm[i]];
	*out = (struct dl4j_shape){ .kind = in->kind };
	return shape_from_dims(out, out, after, rank, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);
	int perm[DL4J_MAX_RANK];

	if (complete((const struct permute *)n, x->rank, perm))
		lo->out = ir_permute(lo->ir, x, perm);
}

const struct node_type node_permute = {
	.kind = NODE_PREPROCESSOR, .name = "PermutePreprocessor", .keras = "Permute", .n_in = 1,
	.size = sizeof(struct permute), .fields = fields, .infer = infer, .lower = lower,
};
