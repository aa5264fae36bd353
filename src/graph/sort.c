/* SPDX-License-Identifier: Apache-2.0 */
/* sort: the topological order, in which the flat parameter vector is laid out. Stored by newer
 * releases; for older zips it is found the way DL4J finds it, hash-bucket order included. */
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

struct name {
	const char *text;
	int index;
};

/* Vertices by index: network inputs first, then as declared. */
struct names {
	struct name *sorted;
	int n;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static int find(const struct names *names, const char *text)
{
	struct name key = { text, 0 }, *hit;

	hit = bsearch(&key, names->sorted, (size_t)names->n, sizeof key, by_text);
	return hit ? hit->index : -1;
}

static int index_names(const struct wiring *w, struct names *names, struct arena *arena,
                       struct dl4j_error *err)
{
	names->n = w->n_inputs + w->n_vertices;
	names->sorted = ARENA_NEW(arena, struct name, (size_t)names->n + 1);
	if (!names->sorted)
		return fail_memory(err);
	for (int i = 0; i < names->n; i++)
		names->sorted[i] = (struct name){ i < w->n_inputs ? w->inputs[i] :
			w->vertices[i - w->n_inputs].name, i };
	qsort(names->sorted, (size_t)names->n, sizeof *names->sorted, by_text);
	for (int i = 1; i < names->n; i++)
		if (!strcmp(names->sorted[i - 1].text, names->sorted[i].text))
			return fail(err, DL4J_EFORMAT, "vertex '%s' is declared twice",
			            names->sorted[i].text);
	return 0;
}

/* DL4J gathers a vertex' consumers in a HashSet<Integer> and visits them in its iteration order:
 * by bucket, that is by index modulo a table size that doubles with the number of consumers. */
static void hash_order(int *consumers, int n)
{
	int table = 16;

	while (n > table / 4 * 3)
		table *= 2;
	for (int i = 1; i < n; i++) /* insertion sort: stable, and the lists are short */
		for (int j = i; j > 0 && consumers[j - 1] % table > consumers[j] % table; j--) {
			int t = consumers[j];
			consumers[j] = consumers[j - 1];
			consumers[j - 1] = t;
		}
}

struct edges {
	int **to;      /* by vertex: the consumers, each once */
	int *n_to;
	int *waiting;  /* by vertex: distinct inputs not yet placed */
};

static int resolve(const struct names *names, const struct declared *v, int at, int *index,
                   struct dl4j_error *err)
{
	*index = find(names, v->in[at]);
	if (*index < 0)
		return fail(err, DL4J_EFORMAT, "vertex '%s': input '%s' does not exist", v->name,
		            v->in[at]);
	return 0;
}

static int gather(const struct wiring *w, const struct names *names, struct edges *e,
                  struct arena *arena, struct dl4j_error *err)
{
	int from;

	e->to = ARENA_NEW(arena, int *, (size_t)names->n + 1);
	e->n_to = ARENA_NEW(arena, int, (size_t)names->n + 1);
	e->waiting = ARENA_NEW(arena, int, (size_t)names->n + 1);
	if (!e->to || !e->n_to || !e->waiting)
		return fail_memory(err);
	for (int i = 0; i < w->n_vertices; i++)
		for (int k = 0; k < w->vertices[i].n_in; k++) {
			TRY(resolve(names, &w->vertices[i], k, &from, err));
			e->n_to[from]++;
		}
	for (int i = 0; i < names->n; i++) {
		e->to[i] = ARENA_NEW(arena, int, (size_t)e->n_to[i] + 1);
		if (!e->to[i])
			return fail_memory(err);
		e->n_to[i] = 0;
	}
	for (int i = 0; i < w->n_vertices; i++)
		for (int k = 0; k < w->vertices[i].n_in; k++) {
			int v = w->n_inputs + i;
			/* unreached: that one is not found now */
			TRY(resolve(names, &w->vertices[i], k, &from, err));
			if (e->n_to[from] && e->to[from][e->n_to[from] - 1] == v)
				continue; /* a second mention of the same input */
			e->to[from][e->n_to[from]++] = v;
			e->waiting[v]++;
		}
	return 0;
}

static int sort_fifo(const struct wiring *w, const struct edges *e, int n, int *order,
                     struct dl4j_error *err)
{
	int head = 0, tail = 0;

	for (int i = 0; i < n; i++)
		if (!e->waiting[i])
			order[tail++] = i;
	while (head < tail) {
		int v = order[head++];
		hash_order(e->to[v], e->n_to[v]);
		for (int k = 0; k < e->n_to[v]; k++)
			if (--e->waiting[e->to[v][k]] == 0)
				order[tail++] = e->to[v][k];
	}
	if (tail == n)
		return 0;
	for (head = 0; !e->waiting[head];)
		head++;
	return fail(err, DL4J_EFORMAT, "vertex '%s' is part of a cycle",
	            w->vertices[head - w->n_inputs].name);
}

static int take_stored(const struct wiring *w, const struct names *names, const struct edges *e,
                       int *order, struct dl4j_error *err)
{
	if (w->n_order != names->n)
		return fail(err, DL4J_EFORMAT, "topologicalOrderStr: expected %d vertices, found %d",
		            names->n, w->n_order);
	for (int i = 0; i < w->n_order; i++) {
		int v = find(names, w->order[i]);
		if (v < 0)
			return fail(err, DL4J_EFORMAT, "topologicalOrderStr: vertex '%s' does not exist",
			            w->order[i]);
		if (e->waiting[v])
			return fail(err, DL4J_EFORMAT, "topologicalOrderStr: vertex '%s' stands twice or "
			            "before one of its inputs", w->order[i]);
		e->waiting[v] = -1; /* placed */
		for (int k = 0; k < e->n_to[v]; k++)
			e->waiting[e->to[v][k]]--;
		order[i] = v;
	}
	return 0;
}

int graph_sort(const struct wiring *w, int *order, struct arena *arena, struct dl4j_error *err)
{
	struct names names;
	struct edges e;

	TRY(index_names(w, &names, arena, err));
	TRY(gather(w, &names, &e, arena, err));
	if (w->order)
		return take_stored(w, &names, &e, order, err);
	return sort_fifo(w, &e, names.n, order, err);
}
