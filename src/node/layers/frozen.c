/* SPDX-License-Identifier: Apache-2.0 */
/* FrozenLayer and FrozenLayerWithBackprop: a layer that training leaves alone; in inference the
 * layer itself.      in, out: the layer's */
#include "node/node.h"

struct frozen {
	struct node base;
	struct node *layer;
};

static const struct field fields[] = {
	FIELD_NODE(struct frozen, layer, "layer", NODE_LAYER), FIELD_END
};
static const struct field backprop_fields[] = {
	FIELD_NODE(struct frozen, layer, "underlying", NODE_LAYER), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	if (!((struct frozen *)n)->layer)
		return fail(err, DL4J_EFORMAT, "expected the frozen layer, found none");
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	return node_params(((const struct frozen *)n)->layer, p);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	return node_infer(((const struct frozen *)n)->layer, in, n_in, out, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	node_lower(((const struct frozen *)n)->layer, lo);
}

const struct node_type node_frozen = {
	.kind = NODE_LAYER, .name = "FrozenLayer", .n_in = 1, .size = sizeof(struct frozen),
	.fields = fields, .check = check, .params = params, .infer = infer, .lower = lower,
};

const struct node_type node_frozen_with_backprop = {
	.kind = NODE_LAYER, .name = "FrozenLayerWithBackprop", .n_in = 1, .size = sizeof(struct frozen),
	.fields = backprop_fields, .check = check, .params = params, .infer = infer, .lower = lower,
};
