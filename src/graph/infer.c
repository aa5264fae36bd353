/* SPDX-License-Identifier: Apache-2.0 */
/* infer: shapes along the graph, as far as the inputs' are known; and what the zip tells of the
 * inputs themselves, since DL4J does not store them. */
#include <string.h>

#include "graph/graph.h"

/* Of a step behind a class we do not know. */
#define UNKNOWN ((struct dl4j_shape){ .c = -1 })

static int infer_step(const struct graph *g, const struct step *s, const struct dl4j_shape *shapes,
                      struct dl4j_shape *in, struct dl4j_shape *out, struct dl4j_shape *before,
                      struct dl4j_error *err)
{
	(void)g;
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
	for (int i = 0; i < g->n_inputs; i++)
		shapes[g->inputs[i]] = inputs[i];
	for (int i = 0; !r && i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		if (s->node)
			r = infer_step(g, s, shapes, in, &shapes[i], before ? &before[i] : NULL, err);
		if (r)
			within(err, "%s '%s'", s->is_layer ? "layer" : "vertex", s->name);
	}
	arena_free(&scratch);
	return r;
}

/* The first step that says what it expects, looking through those that take anything. */
static bool expected_at(const struct graph *g, int from, struct dl4j_shape *out)
{
	for (int i = from + 1; i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		for (int k = 0; k < s->n_in; k++) {
			const struct node *n = s->pre ? s->pre : s->node;
			if (s->in[k] != from)
				continue;
			n = node_inner(n);
			if (n->type && n->type->expects && n->type->expects(n, out))
				return true;
			if (n->type && !s->pre && expected_at(g, i, out))
				return true;
		}
	}
	return false;
}

struct dl4j_shape graph_input_shape(const struct graph *g, int i)
{
	struct dl4j_shape s = { 0 };

	expected_at(g, g->inputs[i], &s);
	return s;
}
