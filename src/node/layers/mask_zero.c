/* SPDX-License-Identifier: Apache-2.0 */
/* MaskZeroLayer: steps where every feature has one value do not count in the layer inside, which
 * applies this mask in place of the series' own. No mask goes on. A run that carries a
 * state is, as in DL4J's rnnTimeStep, the layer inside without the mask.  in, out: the layer's */
#include "node/recurrent.h"

struct mask_zero {
	struct node base;
	struct node *layer;
	double value;
};

static const struct field fields[] = {
	FIELD_NODE(struct mask_zero, layer, "underlying", NODE_LAYER),
	FIELD_DOUBLE(struct mask_zero, value, "maskingValue", 0), FIELD_END
};

struct how {
	int64_t n, c, t;
	float value;
};

static void find(const void *how, float *const *at)
{
	const struct how *h = how;

	for (int64_t i = 0; i < h->n; i++)
		for (int64_t t = 0; t < h->t; t++) {
			float *counts = &at[1][i * h->t + t];
			*counts = 0;
			for (int64_t c = 0; c < h->c; c++)
				if (at[0][(i * h->c + c) * h->t + t] != h->value)
					*counts = 1;
		}
}

static const struct ir_kernel kernel = { .name = "MASK", .function = find };

static int check(struct node *n, struct dl4j_error *err)
{
	if (!((struct mask_zero *)n)->layer)
		return fail(err, DL4J_EFORMAT, "expected the layer inside, found none");
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	return node_params(((const struct mask_zero *)n)->layer, p);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	if (in->kind != DL4J_RNN)
		return fail(err, DL4J_ESHAPE, "expected recurrent input, found another kind");
	return node_infer(((const struct mask_zero *)n)->layer, in, n_in, out, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct mask_zero *l = (const struct mask_zero *)n;
	struct ir_val *x = lo->in[0], *mask;
	const struct how how = { x->dim[0], x->dim[1], x->dim[2], (float)l->value };

	if (lo->states && !node_wrapped(l->layer)) {
		node_lower(l->layer, lo);
		return;
	}
	mask = ir_kernel(lo->ir, &kernel, &how, sizeof how, &x, 1, 2,
	                 (int64_t[]){ how.n, how.t });
	lo->own_mask = mask;
	lo->states = NULL;
	node_lower(l->layer, lo);
	lo->own_mask = mask;
	lo->out_mask = NULL;
}

const struct node_type node_mask_zero = {
	.kind = NODE_LAYER, .name = "MaskZeroLayer", .n_in = 1, .keras = "Masking",
	.size = sizeof(struct mask_zero), .fields = fields, .check = check, .params = params,
	.infer = infer, .lower = lower,
};
