/* SPDX-License-Identifier: Apache-2.0 */
/* live: glibc's malloc, and a table of its blocks by address, with open addressing. */
#include "hard/live.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE = 1 << 16 };
static struct {
	const void *block, *maker;
} live[LIVE];
static int locked;
#define GONE ((const void *)live) /* where a block was */

static void lock(void)
{
	while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_store_n(&locked, 0, __ATOMIC_RELEASE);
}

static size_t place(const void *p)
{
	return (size_t)((uintptr_t)p / 16 * 2654435761u % LIVE);
}

static void *born(void *p, const void *maker)
{
	size_t i = place(p);

	if (!p)
		return NULL;
	lock();
	while (live[i].block && live[i].block != GONE)
		i = (i + 1) % LIVE;
	live[i].block = p;
	live[i].maker = maker;
	unlock();
	return p;
}

static void dies(const void *p)
{
	if (!p)
		return;
	lock();
	for (size_t i = place(p); live[i].block; i = (i + 1) % LIVE)
		if (live[i].block == p) {
			live[i].block = GONE;
			break;
		}
	unlock();
}

const void *live_next(int *at)
{
	while (*at < LIVE) {
		const int i = (*at)++;
		if (live[i].block && live[i].block != GONE)
			return live[i].maker;
	}
	return NULL;
}

void live_forget(void)
{
	memset(live, 0, sizeof live);
}

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

#pragma GCC visibility push(default) /* so that the libraries call ours, too */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);
void __libc_free(void *p);

#define CALLER __builtin_return_address(0)

void *malloc(size_t n)
{
	if (!live_watches(CALLER))
		return __libc_malloc(n);
	return live_strikes(CALLER) ? no_memory() : born(__libc_malloc(n), CALLER);
}

void *calloc(size_t n, size_t size)
{
	if (!live_watches(CALLER))
		return __libc_calloc(n, size);
	return live_strikes(CALLER) ? no_memory() : born(__libc_calloc(n, size), CALLER);
}

void *realloc(void *p, size_t n)
{
	void *moved;

	if (!live_watches(CALLER))
		return __libc_realloc(p, n);
	if (live_strikes(CALLER))
		return no_memory();
	dies(p);
	moved = __libc_realloc(p, n);
	return born(moved ? moved : p, CALLER) == moved ? moved : NULL;
}

void *aligned_alloc(size_t align, size_t n)
{
	if (!live_watches(CALLER))
		return __libc_memalign(align, n);
	return live_strikes(CALLER) ? no_memory() : born(__libc_memalign(align, n), CALLER);
}

void free(void *p)
{
	dies(p);
	__libc_free(p);
}
#pragma GCC visibility pop
