/* SPDX-License-Identifier: Apache-2.0 */
/* starve: a call of the library with each of its allocations failing in turn. The linker puts
 * these functions in place of C's (--wrap): they serve this program's code, not other libraries. */
#ifndef DL4J_TEST_STARVE_H
#define DL4J_TEST_STARVE_H

#include "unit.h"

static long starve_at, starve_calls; /* starve_at 0: none fails */

static inline int starves(void)
{
	return starve_at && ++starve_calls == starve_at;
}

#define STARVED(name, params, args)                    \
	void *__real_##name params;                    \
	void *__wrap_##name params;                    \
	void *__wrap_##name params                     \
	{                                              \
		return starves() ? NULL : __real_##name args; \
	}
STARVED(malloc, (size_t n), (n))
STARVED(calloc, (size_t n, size_t size), (n, size))
STARVED(realloc, (void *p, size_t n), (p, n))
STARVED(aligned_alloc, (size_t align, size_t n), (align, n))

/* `call` must say so each time, and do its work once nothing fails. Returns how many there were. */
static inline long unit_starved(int (*call)(const void *how, struct dl4j_error *err),
                                const void *how)
{
	for (long at = 1;; at++) {
		struct dl4j_error err = { 0 };
		int r;
		starve_at = at;
		starve_calls = 0;
		r = call(how, &err);
		starve_at = 0;
		if (starve_calls < at) {
			ck_assert_msg(r == 0, "%s", err.msg);
			return at - 1;
		}
		ck_assert_msg(r == DL4J_EMEMORY && err.code == r && strstr(err.msg, "out of memory"),
		              "allocation %ld: %d %s", at, r, err.msg);
	}
}

#endif
