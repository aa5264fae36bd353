/* SPDX-License-Identifier: Apache-2.0 */
/* lower: has every step that the wanted ones need write itself as operations.
 * Errors get the vertex' name here, once. */
#include <string.h>

#include "base/num.h"
#include "graph/graph.h"

struct lower {
	const struct graph *g;
	const float *flat;
	struct ir *ir;
	struct ir_val **vals;      /* by step */
	struct dl4j_shape *shapes; /* by step */
	struct ir_val **in;
	struct dl4j_shape *in_shape;
};

static int lower_step(struct lower *l, int i, struct dl4j_error *err)
{
	const struct step *s = &l->g->steps[i];
	struct param_data params[PARAM_MAX];
	struct lowering lo = { .ir = l->ir, .in = l->in, .shape = l->in_shape, .n_in = s->n_in };
	int64_t at = s->offset;

	for (int k = 0; k < s->n_in; k++) {
		l->in[k] = l->vals[s->in[k]];
		l->in_shape[k] = l->shapes[s->in[k]];
	}
	l->ir->origin = s->name;
	if (s->pre) {
		node_lower(s->pre, &lo);
		l->in[0] = lo.out;
		TRY(node_infer(s->pre, l->in_shape, s->n_in, &l->in_shape[0], err));
	}
	for (int k = 0; k < s->n_params; k++) {
		params[k] = (struct param_data){ s->params[k], l->flat + at };
		at += dims_product(s->params[k].dim, s->params[k].rank);
	}
	lo.params = params;
	lo.n_params = s->n_params;
	node_lower(s->node, &lo);
	l->vals[i] = lo.out;
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

int graph_lower(const struct graph *g, const float *flat, const struct dl4j_shape *inputs,
                int64_t batch, const int *wanted, int n_wanted, struct ir *ir,
                struct dl4j_shape *shapes, struct dl4j_error *err)
{
	size_t n = (size_t)g->n_steps + 1;
	struct lower l = { .g = g, .flat = flat, .ir = ir, .shapes = shapes };
	bool *needed = ARENA_NEW(ir->arena, bool, n);

	l.vals = ARENA_NEW(ir->arena, struct ir_val *, n);
	l.in = ARENA_NEW(ir->arena, struct ir_val *, n);
	l.in_shape = ARENA_NEW(ir->arena, struct dl4j_shape, n);
	if (!needed || !l.vals || !l.in || !l.in_shape)
		return fail_memory(err);
	TRY(graph_infer(g, inputs, shapes, NULL, err));
	mark_needed(g, wanted, n_wanted, needed);
	for (int i = 0; i < g->n_inputs; i++) {
		struct dl4j_shape first = inputs[i];
		int64_t dim[DL4J_MAX_RANK];
		first.channels_last = false;
		l.vals[g->inputs[i]] = ir_input(ir, shape_dims(&first, batch, dim), dim);
	}
	for (int i = 0; i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		if (needed[i] && s->node && lower_step(&l, i, err))
			return within(err, "%s '%s'", s->is_layer ? "layer" : "vertex", s->name);
	}
	for (int i = 0; i < n_wanted; i++)
		ir_output(ir, l.vals[wanted[i]]);
	if (ir->err.code)
		*err = ir->err;
	return ir->err.code;
}
