/* SPDX-License-Identifier: Apache-2.0 */
/* Bidirectional: a recurrent layer on the series, another on the series read backwards (padding
 * included), and their results joined.
 * in: RNN (nIn,t)  out: RNN (nOut,t) or FF (nOut), as the layers; 2 nOut when concatenated */
#include <string.h>

#include "node/recurrent.h"

enum { ADD, MUL, AVERAGE, CONCAT };
static const char *const modes[] = { "ADD", "MUL", "AVERAGE", "CONCAT", NULL };

struct bidirectional {
	struct node base;
	struct node *forward, *back;
	int mode, format;
};

static const struct field fields[] = {
	FIELD_NODE(struct bidirectional, forward, "fwd", NODE_LAYER),
	FIELD_NODE(struct bidirectional, back, "bwd", NODE_LAYER),
	FIELD_ENUM(struct bidirectional, mode, "mode", modes, CONCAT), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	const struct bidirectional *l = (const struct bidirectional *)n;
	const struct node *inner = l->forward ? node_inner(l->forward) : n;

	if (!l->forward || !l->back)
		return fail(err, DL4J_EFORMAT, "expected two layers, fwd and bwd, found %s",
		            l->forward || l->back ? "one" : "none");
	n->nin = inner->nin; /* for summaries; only the newest, and not through wrappers, sees both */
	n->nout = inner->nout;
	if (n->release == RELEASE_M2 && l->mode == CONCAT && l->forward == inner)
		n->nout *= 2;
	return 0;
}

static const char *prefixed(const char *key, bool back)
{
	static const char *const names[] = { "fW", "fRW", "fb", "fg", "bW", "bRW", "bb", "bg" };

	for (size_t i = back ? 4 : 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i] + 1, key))
			return names[i];
	return key;
}

static int params(const struct node *n, struct param *p)
{
	const struct bidirectional *l = (const struct bidirectional *)n;
	int half = node_params(l->forward, p), all = half + node_params(l->back, p + half);

	for (int i = 0; i < all; i++)
		p[i].key = prefixed(p[i].key, i >= half);
	return all;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct bidirectional *l = (const struct bidirectional *)n;
	struct dl4j_shape back;

	TRY(node_infer(l->forward, in, n_in, out, err));
	TRY(node_infer(l->back, in, n_in, &back, err));
	if (back.kind != out->kind || back.c != out->c)
		return fail(err, DL4J_ESHAPE, "expected two layers alike, found different ones");
	if (l->mode == CONCAT) {
		out->c *= 2;
		out->t = 0; /* as DL4J's own inference */
	}
	return 0;
}

/* One direction: `from` is the first of its parameters. */
static struct ir_val *half(const struct node *layer, const struct lowering *lo, int from,
                           struct ir_val *x, struct ir_val *mask, struct ir_val *own)
{
	struct param_data params[PARAM_MAX];
	struct lowering part = *lo;

	part.n_params = lo->n_params / 2;
	for (int i = 0; i < part.n_params; i++) {
		params[i] = lo->params[from + i];
		params[i].param.key++;
	}
	part.params = params;
	part.in = &x;
	part.mask = &mask;
	part.own_mask = own;
	node_lower(layer, &part);
	return part.out;
}

static struct ir_val *turned(struct ir *ir, struct ir_val *x)
{
	return x ? recurrent_reversed(ir, x, NULL) : NULL;
}

static void lower(const struct node *n, struct lowering *lo)
{
	static const enum ir_binary joins[] = { IR_ADD, IR_MUL, IR_ADD };
	const struct bidirectional *l = (const struct bidirectional *)n;
	struct ir_val *mask = lo->out_mask, *way[2];

	if (lo->states)
		ir_fail(lo->ir, DL4J_EUNSUPPORTED, "a layer that reads the series from both ends "
		     "cannot go on where a run before left it");
	way[0] = half(l->forward, lo, 0, lo->in[0], mask, lo->own_mask);
	way[1] = half(l->back, lo, lo->n_params / 2, turned(lo->ir, lo->in[0]),
	              turned(lo->ir, mask), turned(lo->ir, lo->own_mask));
	if (way[1]->rank == 3)
		way[1] = turned(lo->ir, way[1]);
	if (l->mode == CONCAT)
		lo->out = ir_concat(lo->ir, way, 2, 1);
	else
		lo->out = ir_binary(lo->ir, joins[l->mode], way[0], way[1]);
	if (l->mode == AVERAGE)
		lo->out = ir_eltwise(lo->ir, lo->out, IR_LINEAR, 0.5, 0);
}

const struct node_type node_bidirectional = {
	.kind = NODE_LAYER, .name = "Bidirectional", .impl = "BidirectionalLayer",
	.keras = "Bidirectional", .n_in = 1, .size = sizeof(struct bidirectional), .fields = fields,
	.check = check, .params = params, .infer = infer, .lower = lower,
};
