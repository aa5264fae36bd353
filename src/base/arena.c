/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory of one life-time, in a list of blocks.
 * A request that does not fit the current block gets a block of its own size or of BLOCK. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define OWN_BLOCKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_BLOCKS 1
#endif
#endif

/* Under the address sanitizer each request gets a block of its own, to the byte, so that reading
 * past its end is seen. So it does where --enable-coverage asks, so that each can fail. */
#ifdef OWN_BLOCKS
#define BLOCK 1
#define ALIGN 1
#else
#define BLOCK (64 * 1024)
#define ALIGN alignof(max_align_t)
#endif

struct arena_block {
	struct arena_block *next;
	size_t size;
	alignas(max_align_t) char data[];
};

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
	if (bytes == 0)
		bytes = ALIGN;
	if (!a->head || bytes > a->head->size - a->used || BLOCK == 1) {
		size_t room = bytes > BLOCK ? bytes : BLOCK;
		struct arena_block *b = calloc(1, sizeof *b + room);
		if (!b)
			return NULL;
		b->next = a->head;
		b->size = room;
		a->head = b;
		a->used = 0;
	}
	p = a->head->data + a->used;
	a->used += bytes;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1, 1);

	if (copy)
		memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

void arena_free(struct arena *a)
{
	struct arena_block *b = a->head;

	while (b) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
	a->head = NULL;
	a->used = 0;
}
