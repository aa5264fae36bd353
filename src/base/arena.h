/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory of one life-time. What a function returns lives as long as the arena it was given;
 * nothing is freed singly. Allocations are zeroed and aligned for any type. */
#ifndef DL4J_BASE_ARENA_H
#define DL4J_BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *head;
	size_t used; /* in head */
};

/* NULL when memory is out or n * size overflows. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void arena_free(struct arena *a);

#define ARENA_NEW(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

#endif
