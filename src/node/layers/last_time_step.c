/* SPDX-License-Identifier: Apache-2.0 */
/* LastTimeStep: of what the layer inside puts out, the last step that counts. The layer applies the
 * mask, even an LSTM. As in DL4J's rnnTimeStep a state is that of a layer right inside; the step
 * that rnnTimeStep puts out is then one of a series.      in: RNN (nIn,t)  out: FF (nOut) */
#include <string.h>

#include "node/recurrent.h"

struct last_time_step {
	struct node base;
	struct node *layer;
};

static const struct field fields[] = {
	FIELD_NODE(struct last_time_step, layer, "underlying", NODE_LAYER), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	if (!((struct last_time_step *)n)->layer)
		return fail(err, DL4J_EFORMAT, "expected the layer inside, found none");
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	return node_params(((const struct last_time_step *)n)->layer, p);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	TRY(node_infer(((const struct last_time_step *)n)->layer, in, n_in, out, err));
	if (out->kind != DL4J_RNN)
		return fail(err, DL4J_ESHAPE, "expected a recurrent layer inside, found another");
	*out = shape_ff(out->c);
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct node *layer = ((const struct last_time_step *)n)->layer;
	struct ir_val *mask = lo->out_mask;

	/* up to beta3 no state reaches the layer, and only SimpleRnn knows its mask */
	if (n->release <= RELEASE_BETA3) {
		lo->states = NULL;
		mask = strcmp(layer->type->name, "SimpleRnn") ? NULL : mask;
	}
	if (node_wrapped(layer) && strcmp(layer->type->name, "Bidirectional") != 0)
		lo->states = NULL;
	lo->own_mask = mask;
	node_lower(layer, lo);
	lo->out = recurrent_last(lo->ir, lo->out, lo->own_mask);
	lo->out_mask = NULL;
}

const struct node_type node_last_time_step = {
	.kind = NODE_LAYER, .name = "LastTimeStep", .impl = "LastTimeStepLayer", .n_in = 1,
	.size = sizeof(struct last_time_step), .fields = fields, .check = check, .params = params,
	.infer = infer, .lower = lower,
};
