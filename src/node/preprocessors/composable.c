/* SPDX-License-Identifier: Apache-2.0 */
/* ComposableInputPreProcessor: preprocessors one after another.      in, out: theirs */
#include "node/node.h"

struct composable {
	struct node base;
	struct nodes list;
};

static const struct field fields[] = {
	FIELD_NODES(struct composable, list, "inputPreProcessors", NODE_PREPROCESSOR), FIELD_END
};

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct nodes *list = &((const struct composable *)n)->list;
	struct dl4j_shape x = *in;

	for (int i = 0; i < list->n; i++) {
		if (!list->v[i]->type)
			return 0; /* graph_runs names it */
		TRY(node_infer(list->v[i], &x, n_in, out, err));
		x = *out;
	}
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct nodes *list = &((const struct composable *)n)->list;
	const struct node_type *first = list->n ? list->v[0]->type : NULL;

	return first && first->expects ? first->expects(list->v[0], out) : -1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct nodes *list = &((const struct composable *)n)->list;
	struct dl4j_shape shape = *lo->shape, next;

	for (int i = 0; i < list->n; i++) {
		struct lowering part = *lo;
		part.in = &lo->out;
		part.mask = &lo->out_mask;
		part.shape = &shape;
		node_lower(list->v[i], &part);
		if (node_infer(list->v[i], &shape, 1, &next, &lo->ir->err))
			return;
		shape = next;
		lo->out = part.out;
		lo->out_mask = part.out_mask;
	}
}

const struct node_type node_composable = {
	.kind = NODE_PREPROCESSOR, .name = "ComposableInputPreProcessor",
	.alias = { "composableInput" }, .n_in = 1, .size = sizeof(struct composable),
	.fields = fields, .infer = infer, .expects = expects, .lower = lower,
};
