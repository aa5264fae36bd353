/* SPDX-License-Identifier: Apache-2.0 */
/* lower: has every step that the wanted ones need write itself as operations.
 * Errors get the vertex' name here, once. */
#include <string.h>

#include "base/num.h"
#include "graph/graph.h"

struct lower {
	const struct graph *g;
	const struct lower_request *r;
	struct ir *ir;
	struct ir_val **vals, **masks; /* by step */
	struct dl4j_shape *shapes;     /* by step */
	struct ir_val **in, **in_mask; /* of the step being lowered */
	struct dl4j_shape *in_shape;
	struct network_inputs network;
};

static int lower_step(struct lower *l, int i, struct dl4j_error *err)
{
	const struct step *s = &l->g->steps[i];
	struct param_data params[PARAM_MAX];
	struct lowering lo = { .ir = l->ir, .in = l->in, .mask = l->in_mask, .shape = l->in_shape,
		               .n_in = s->n_in, .batch = l->r->batch, .states = l->r->states,
		               .network = &l->network };
	int64_t at = s->offset;

	for (int k = 0; k < s->n_in; k++) {
		l->in[k] = l->vals[s->in[k]];
		l->in_mask[k] = l->masks[s->in[k]];
		l->in_shape[k] = l->shapes[s->in[k]];
	}
	l->ir->origin = s->name;
	l->ir->from = at;
	for (int k = 0; k < s->n_params; k++)
		at += dims_product(s->params[k].dim, s->params[k].rank);
	l->ir->until = at;
	if (s->pre) {
		node_lower(s->pre, &lo);
		l->in[0] = lo.out;
		l->in_mask[0] = lo.out_mask;
		/* unreached: a failure here, since graph_infer had none */
		TRY(node_infer(s->pre, l->in_shape, s->n_in, &l->in_shape[0], err));
	}
	at = s->offset;
	for (int k = 0; k < s->n_params; k++) {
		params[k] = (struct param_data){ s->params[k], l->r->flat + at };
		at += dims_product(s->params[k].dim, s->params[k].rank);
	}
	lo.params = params;
	lo.n_params = s->n_params;
	node_lower(s->node, &lo);
	l->vals[i] = lo.out;
	l->masks[i] = lo.out_mask;
	if (l->ir->err.code) {
		*err = l->ir->err;
		return err->code;
	}
	return 0;
}

static void mark_needed(const struct graph *g, const int *wanted, int n, bool *needed)
{
	for (int i = 0; i < n; i++)
		needed[wanted[i]] = true;
	for (int i = g->n_steps - 1; i >= 0; i--)
		for (int k = 0; needed[i] && k < g->steps[i].n_in; k++)
			needed[g->steps[i].in[k]] = true;
}

static int add_inputs(struct lower *l, struct dl4j_error *err)
{
	size_t n = (size_t)l->g->n_inputs + 1;
	struct ir_val **values = ARENA_NEW(l->ir->arena, struct ir_val *, n);
	struct ir_val **masks = ARENA_NEW(l->ir->arena, struct ir_val *, n);
	const char **names = ARENA_NEW(l->ir->arena, const char *, n);

	if (!values || !masks || !names)
		return fail_memory(err);
	for (int i = 0; i < l->g->n_inputs; i++) {
		struct dl4j_shape first = l->r->inputs[i];
		int64_t dim[DL4J_MAX_RANK];
		first.channels_last = false;
		values[i] = ir_input(l->ir, shape_dims(&first, l->r->batch, dim), dim);
		names[i] = l->g->steps[l->g->inputs[i]].name;
		l->vals[l->g->inputs[i]] = values[i];
	}
	for (int i = 0; l->r->masked && i < l->g->n_inputs; i++)
		if (l->r->masked[i]) {
			const struct dl4j_shape *s = &l->r->inputs[i]; /* of numbers: a word a step */
			masks[i] = ir_input(l->ir, 2, (int64_t[]){ l->r->batch,
				                s->kind == DL4J_FF ? s->c : s->t });
			l->masks[l->g->inputs[i]] = masks[i];
		}
	l->network = (struct network_inputs){ names, values, masks, l->g->n_inputs };
	return 0;
}

int graph_lower(const struct graph *g, const struct lower_request *r, struct ir *ir,
                struct dl4j_shape *shapes, struct dl4j_error *err)
{
	size_t n = (size_t)g->n_steps + 1;
	struct lower l = { .g = g, .r = r, .ir = ir, .shapes = shapes };
	bool *needed = ARENA_NEW(ir->arena, bool, n);

	l.vals = ARENA_NEW(ir->arena, struct ir_val *, n);
	l.masks = ARENA_NEW(ir->arena, struct ir_val *, n);
	l.in = ARENA_NEW(ir->arena, struct ir_val *, n);
	l.in_mask = ARENA_NEW(ir->arena, struct ir_val *, n);
	l.in_shape = ARENA_NEW(ir->arena, struct dl4j_shape, n);
	if (!needed || !l.vals || !l.masks || !l.in || !l.in_mask || !l.in_shape)
		return fail_memory(err);
	TRY(graph_infer(g, r->inputs, shapes, NULL, err));
	mark_needed(g, r->wanted, r->n_wanted, needed);
	TRY(add_inputs(&l, err));
	for (int i = 0; i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		if (needed[i] && s->node && lower_step(&l, i, err))
			return within(err, "%s '%s'", s->is_layer ? "layer" : "vertex", s->name);
	}
	for (int i = 0; i < r->n_wanted; i++)
		ir_output(ir, l.vals[r->wanted[i]]);
	for (int i = 0; r->states && i < r->states->n; i++)
		ir_output(ir, r->states->list[i].after);
	if (ir->err.code)
		*err = ir->err;
	return ir->err.code;
}
