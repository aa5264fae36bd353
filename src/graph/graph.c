/* SPDX-License-Identifier: Apache-2.0 */
/* graph: from the wiring that config read to steps in topological order, with their parameters.
 * The sort is in sort.c, shapes in infer.c, operations in lower.c. */
#include "graph/graph.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

static int by_name(const void *a, const void *b)
{
	const struct step *x = *(struct step *const *)a, *y = *(struct step *const *)b;
	int differ = strcmp(x->name, y->name);

	return differ ? differ : (x > y) - (x < y);
}

static void sort_names(struct graph *g)
{
	for (int i = 0; i < g->n_steps; i++)
		g->by_name[i] = &g->steps[i];
	qsort(g->by_name, (size_t)g->n_steps, sizeof *g->by_name, by_name);
}

/* The first of that name: a MultiLayerNetwork's layers may share one. */
int graph_find(const struct graph *g, const char *name)
{
	int low = 0, high = g->n_steps;

	while (low < high) {
		int mid = low + (high - low) / 2;
		if (strcmp(g->by_name[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == g->n_steps || strcmp(g->by_name[low]->name, name) != 0)
		return -1;
	return (int)(g->by_name[low] - g->steps);
}

static int find_all(const struct graph *g, const char *what, const char **names, int n, int **out,
                    struct dl4j_error *err)
{
	*out = ARENA_NEW(g->arena, int, (size_t)n + 1);
	if (!*out)
		return fail_memory(err);
	for (int i = 0; i < n; i++)
		if (((*out)[i] = graph_find(g, names[i])) < 0)
			return fail(err, DL4J_EFORMAT, "%s: vertex '%s' does not exist", what, names[i]);
	return 0;
}

/* Steps in sorted order; order[] holds indices with the network inputs first, as in sort.c. */
static int place(struct graph *g, const struct wiring *w, const int *order, struct dl4j_error *err)
{
	for (int i = 0; i < g->n_steps; i++) {
		struct step *s = &g->steps[i];
		int v = order[i] - w->n_inputs;
		if (v < 0)
			s->name = w->inputs[order[i]];
		else
			*s = (struct step){ .name = w->vertices[v].name, .node = w->vertices[v].node,
				            .pre = w->vertices[v].pre,
				            .is_layer = w->vertices[v].is_layer,
				            .n_in = w->vertices[v].n_in };
		g->declared[order[i]] = i;
	}
	sort_names(g);
	for (int v = 0; v < w->n_vertices; v++) {
		struct step *s = &g->steps[g->declared[w->n_inputs + v]];
		TRY(find_all(g, s->name, w->vertices[v].in, s->n_in, &s->in, err));
	}
	return 0;
}

/* A MultiLayerNetwork's layers follow one another, whatever they are called. */
static int chain(struct graph *g, const struct wiring *w, struct dl4j_error *err)
{
	for (int i = 0; i < g->n_steps; i++) {
		struct step *s = &g->steps[i];
		s->name = i ? w->vertices[i - 1].name : w->inputs[0];
		g->declared[i] = i;
		if (!i)
			continue;
		s->node = w->vertices[i - 1].node;
		s->pre = w->vertices[i - 1].pre;
		s->is_layer = true;
		s->in = ARENA_NEW(g->arena, int, 1);
		if (!s->in)
			return fail_memory(err);
		s->n_in = 1;
		s->in[0] = i - 1;
	}
	sort_names(g);
	return 0;
}

static int wire(struct graph *g, const struct wiring *w, struct dl4j_error *err)
{
	int *order = ARENA_NEW(g->arena, int, (size_t)g->n_steps + 1);

	g->inputs = ARENA_NEW(g->arena, int, (size_t)w->n_inputs + 1);
	g->outputs = ARENA_NEW(g->arena, int, (size_t)w->n_outputs + 1);
	if (!order || !g->inputs || !g->outputs)
		return fail_memory(err);
	g->n_inputs = w->n_inputs;
	g->n_outputs = w->n_outputs;
	if (w->multilayer) {
		g->inputs[0] = 0;
		g->outputs[0] = g->n_steps - 1;
		return chain(g, w, err);
	}
	TRY(graph_sort(w, order, g->arena, err));
	TRY(place(g, w, order, err));
	TRY(find_all(g, "networkInputs", w->inputs, w->n_inputs, &g->inputs, err));
	return find_all(g, "networkOutputs", w->outputs, w->n_outputs, &g->outputs, err);
}

/* Give each step its block of the flat vector. */
int graph_layout(struct graph *g, struct dl4j_error *err)
{
	struct param table[PARAM_MAX];
	int64_t at = 0;

	g->n_params = 0;
	for (int i = 0; i < g->n_steps; i++) {
		struct step *s = &g->steps[i];
		s->offset = at;
		if (!s->node)
			continue;
		if (!node_inner(s->node)->type)
			g->n_params = -1;
		s->n_params = node_params(s->node, table);
		s->params = ARENA_NEW(g->arena, struct param, (size_t)s->n_params + 1);
		if (!s->params)
			return fail_memory(err);
		memcpy(s->params, table, (size_t)s->n_params * sizeof *table);
		for (int k = 0; k < s->n_params; k++) {
			int64_t n = dims_product(table[k].dim, table[k].rank);
			if (n < 0 || __builtin_add_overflow(s->length, n, &s->length) ||
			    __builtin_add_overflow(at, n, &at))
				return fail(err, DL4J_ELIMIT, "%s '%s': the number of parameters overflows",
				            s->is_layer ? "layer" : "vertex", s->name);
		}
	}
	if (g->n_params == 0)
		g->n_params = at;
	return 0;
}

static const struct node *find_unknown(const struct node *n)
{
	const struct field *f = n->type ? n->type->fields : NULL;

	if (!n->type)
		return n;
	for (; f && f->json; f++)
		if (f->kind == FIELD_KIND_NODE) {
			const struct node *in = *(struct node *const *)((const char *)n + f->offset);
			const struct node *hit = in ? find_unknown(in) : NULL;
			if (hit)
				return hit;
		} else if (f->kind == FIELD_KIND_NODES) {
			const struct nodes *in = (const struct nodes *)((const char *)n + f->offset);
			for (int i = 0; i < in->n; i++)
				if (find_unknown(in->v[i]))
					return find_unknown(in->v[i]);
		}
	return NULL;
}

int graph_runs(const struct graph *g, struct dl4j_error *err)
{
	for (int i = 0; i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		const struct node *hit = s->node ? find_unknown(s->node) : NULL;
		if (!hit && s->pre)
			hit = find_unknown(s->pre);
		if (hit)
			return fail(err, DL4J_EUNSUPPORTED, "%s '%s': expected a class this program can "
			            "run (see 'dl4j list types'), found '%s'",
			            s->is_layer ? "layer" : "vertex", s->name, hit->class_name);
	}
	*err = g->misfit;
	return err->code;
}

int graph_new(struct graph *out, const struct wiring *w, struct arena *arena,
              struct dl4j_error *err)
{
	struct dl4j_shape *shapes;

	*out = (struct graph){ .arena = arena, .multilayer = w->multilayer, .release = w->release,
		                .release_name = w->release_name, .release_why = w->release_why,
		               .n_steps = w->n_inputs + w->n_vertices };
	out->steps = ARENA_NEW(arena, struct step, (size_t)out->n_steps + 1);
	out->by_name = ARENA_NEW(arena, struct step *, (size_t)out->n_steps + 1);
	out->declared = ARENA_NEW(arena, int, (size_t)out->n_steps + 1);
	shapes = ARENA_NEW(arena, struct dl4j_shape, (size_t)out->n_steps + 1);
	if (!out->steps || !out->by_name || !out->declared || !shapes)
		return fail_memory(err);
	TRY(wire(out, w, err));
	TRY(graph_layout(out, err));
	TRY(graph_tell_inputs(out, err));
	if (graph_infer(out, out->told, shapes, NULL, &out->misfit) == DL4J_EMEMORY)
		return fail_memory(err);
	for (int i = 0; i < out->n_steps; i++) {
		out->steps[i].shape = shapes[i];
		out->steps[i].known = shapes[i].c >= 0;
	}
	return 0;
}
