/* SPDX-License-Identifier: Apache-2.0 */
/* contents: the public functions that tell what a file holds: entries and tensors.
 * Both are listed when the model is opened. */
#include <string.h>

#include "base/num.h"
#include "coefficients.h"

int model_list_entries(struct dl4j_model *m, struct dl4j_error *err)
{
	static const char *const used[] = { MODEL_CONFIG, MODEL_COEFFICIENTS, MODEL_NORMALIZER,
	                                   MODEL_CALIBRATION };
	const int n = archive_entries(m->archive);

	m->entries = ARENA_NEW(&m->arena, struct dl4j_entry, (size_t)n + 1);
	if (!m->entries)
		return fail_memory(err);
	for (; m->n_entries < n; m->n_entries++) {
		struct dl4j_entry *e = &m->entries[m->n_entries];
		const char *name = archive_entry(m->archive, m->n_entries, &e->size, &e->packed);
		e->name = arena_strdup(&m->arena, name);
		if (!e->name)
			return fail_memory(err);
		for (size_t i = 0; i < sizeof used / sizeof *used; i++)
			e->used |= !strcmp(e->name, used[i]);
	}
	return 0;
}

/* Behind a class of unknown parameters nothing is known of where tensors lie. */
int model_list_tensors(struct dl4j_model *m, struct dl4j_error *err)
{
	const struct graph *g = &m->graph;
	size_t n = 0;

	for (int i = 0; i < g->n_steps; i++)
		n += (size_t)g->steps[i].n_params;
	m->tensors = ARENA_NEW(&m->arena, struct dl4j_tensor, n + 1);
	if (!m->tensors)
		return fail_memory(err);
	for (int i = 0; g->n_params >= 0 && i < g->n_steps; i++) {
		int64_t at = g->steps[i].offset;
		for (int k = 0; k < g->steps[i].n_params; k++) {
			const struct param *p = &g->steps[i].params[k];
			struct dl4j_tensor *t = &m->tensors[m->n_tensors++];
			*t = (struct dl4j_tensor){ .vertex = g->steps[i].name, .key = p->key,
				                   .rank = p->rank, .order = p->order, .offset = at };
			memcpy(t->dim, p->dim, (size_t)p->rank * sizeof *p->dim);
			t->n = dims_product(p->dim, p->rank);
			at += t->n;
		}
	}
	return 0;
}

int dl4j_model_entries(const struct dl4j_model *m)
{
	return m->n_entries;
}

struct dl4j_entry dl4j_model_entry(const struct dl4j_model *m, int i)
{
	return m->entries[i];
}

int dl4j_model_tensors(const struct dl4j_model *m)
{
	return m->n_tensors;
}

struct dl4j_tensor dl4j_model_tensor(const struct dl4j_model *model, int i)
{
	struct dl4j_model *m = (struct dl4j_model *)model; /* for the lock */
	struct dl4j_tensor t = m->tensors[i];

	pthread_mutex_lock(&m->lock);
	t.data = m->held ? coefficients_at(m->held) + t.offset : NULL;
	pthread_mutex_unlock(&m->lock);
	return t;
}
