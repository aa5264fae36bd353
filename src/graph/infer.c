/* SPDX-License-Identifier: Apache-2.0 */
/* infer: shapes along the graph, as far as the inputs' are known; and what the zip tells of the
 * inputs themselves, since DL4J does not store them. */
#include <assert.h>
#include <string.h>

#include "graph/graph.h"

/* Of a step behind a class, or an input, of which we know nothing. */
#define UNKNOWN ((struct dl4j_shape){ .c = -1 })

static int infer_step(const struct step *s, const struct dl4j_shape *shapes,
                      struct dl4j_shape *in, struct dl4j_shape *out, struct dl4j_shape *before,
                      struct dl4j_error *err)
{
	*out = UNKNOWN;
	if (!node_inner(s->node)->type || (s->pre && !s->pre->type))
		return 0;
	for (int k = 0; k < s->n_in; k++) {
		in[k] = shapes[s->in[k]];
		if (in[k].c < 0)
			return 0;
	}
	if (s->n_in < 1)
		return fail(err, DL4J_ESHAPE, "expected an input, found none");
	if (s->pre)
		TRY(node_infer(s->pre, in, s->n_in, &in[0], err));
	if (before)
		*before = in[0];
	return node_infer(s->node, in, s->n_in, out, err);
}

int graph_infer(const struct graph *g, const struct dl4j_shape *inputs, struct dl4j_shape *shapes,
                struct dl4j_shape *before, struct dl4j_error *err)
{
	struct arena scratch = { 0 };
	struct dl4j_shape *in;
	int most = 1, r = 0;

	for (int i = 0; i < g->n_steps; i++)
		if (g->steps[i].n_in > most)
			most = g->steps[i].n_in;
	in = ARENA_NEW(&scratch, struct dl4j_shape, (size_t)most);
	if (!in)
		return fail_memory(err);
	for (int i = 0; i < g->n_steps; i++)
		shapes[i] = UNKNOWN;
	for (int i = 0; i < g->n_inputs; i++) {
		shapes[g->inputs[i]] = inputs[i];
		if (inputs[i].c >= 0 && !shape_fits(&inputs[i]))
			r = fail(err, DL4J_ELIMIT, "input '%s': expected sizes of at most %d, found more",
			         g->steps[g->inputs[i]].name, DIM_MAX);
	}
	for (int i = 0; !r && i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		if (s->node)
			r = infer_step(s, shapes, in, &shapes[i], before ? &before[i] : NULL, err);
		if (r)
			within(err, "%s '%s'", s->is_layer ? "layer" : "vertex", s->name);
	}
	arena_free(&scratch);
	return r;
}

/* Does a step reached from the input say what it expects? The walk looks through what keeps the
 * shape, or at least the channels, and stops at preprocessors. */
static bool asks(const struct graph *g, const struct step *s, bool *reached,
                 struct dl4j_shape *out)
{
	const struct node *n = s->pre ? s->pre : s->node;
	bool here = false;
	int says;

	while (n->type && !n->type->expects && node_wrapped(n))
		n = node_wrapped(n);

	for (int k = 0; k < s->n_in; k++)
		here = here || reached[s->in[k]];
	if (!here || !n->type)
		return false;
	says = n->type->expects ? n->type->expects(n, out) : n->type->infer ? -1 : 0;
	assert(says != 0 || !s->pre); /* no preprocessor keeps the shape */
	reached[s - g->steps] = says == 0;
	return says > 0;
}

int graph_tell_inputs(struct graph *g, struct dl4j_error *err)
{
	struct arena scratch = { 0 };
	bool *reached = ARENA_NEW(&scratch, bool, (size_t)g->n_steps + 1);

	g->told = ARENA_NEW(g->arena, struct dl4j_shape, (size_t)g->n_inputs + 1);
	for (int i = 0; reached && g->told && i < g->n_inputs; i++) {
		bool found = false;
		memset(reached, 0, (size_t)g->n_steps * sizeof *reached);
		reached[g->inputs[i]] = true;
		for (int k = 0; !found && k < g->n_steps; k++)
			found = g->steps[k].node && asks(g, &g->steps[k], reached, &g->told[i]);
		if (!found)
			g->told[i] = UNKNOWN;
	}
	arena_free(&scratch);
	return reached && g->told ? 0 : fail_memory(err);
}

bool graph_input_shape(const struct graph *g, int i, struct dl4j_shape *out)
{
	bool known = g->told[i].c >= 0;

	*out = known ? g->told[i] : (struct dl4j_shape){ 0 };
	return known;
}
