/* SPDX-License-Identifier: Apache-2.0 */
/* Largest first, each into the smallest gap that holds it between the buffers that live at the same
 * time; at the end where none does. */
#include "exec/memory_plan.h"

#include <stdlib.h>

/* Buffers of a page and more start on a page, smaller ones on a cache line. */
static int64_t align(int64_t offset, int64_t size)
{
	int64_t to = size >= 4096 ? 4096 : 64;

	return (offset + to - 1) / to * to;
}

static int larger_first(const void *x, const void *y)
{
	const struct span *a = *(struct span *const *)x, *b = *(struct span *const *)y;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return a->first != b->first ? (a->first > b->first) - (a->first < b->first)
	                            : (a > b) - (a < b);
}

/* placed[0..n) are sorted by offset. */
static int64_t best_gap(struct span *const *placed, int n, const struct span *s)
{
	int64_t end = 0, best = -1, best_room = INT64_MAX;

	for (int i = 0; i < n; i++) {
		const struct span *p = placed[i];
		int64_t start = align(end, s->size), room = p->offset - start;

		if (p->last < s->first || p->first > s->last)
			continue;
		if (room >= s->size && room < best_room) {
			best = start;
			best_room = room;
		}
		if (p->offset + p->size > end)
			end = p->offset + p->size;
	}
	return best >= 0 ? best : align(end, s->size);
}

int memory_plan(struct span *spans, int n, int64_t *total)
{
	struct span **order = malloc(((size_t)n + 1) * sizeof *order);
	struct span **placed = malloc(((size_t)n + 1) * sizeof *placed);

	*total = 0;
	if (!order || !placed) {
		free(order);
		free(placed);
		return -1;
	}
	for (int i = 0; i < n; i++)
		order[i] = &spans[i];
	qsort(order, (size_t)n, sizeof *order, larger_first);
	for (int i = 0; i < n; i++) {
		struct span *s = order[i];
		int at = i;

		s->offset = best_gap(placed, i, s);
		if (s->offset + s->size > *total)
			*total = s->offset + s->size;
		for (; at > 0 && placed[at - 1]->offset > s->offset; at--)
			placed[at] = placed[at - 1];
		placed[at] = s;
	}
	free(order);
	free(placed);
	return 0;
}
