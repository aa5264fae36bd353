/* SPDX-License-Identifier: Apache-2.0 */
/* memory_plan: places buffers that live from one call to another in one block, so that those never
 * alive together may share bytes. */
#ifndef DL4J_EXEC_MEMORY_PLAN_H
#define DL4J_EXEC_MEMORY_PLAN_H

#include <stdint.h>

struct span {
	int64_t size;
	int first, last; /* calls, both included */
	int64_t offset;  /* the answer */
};

/* Sets every offset and *total; -1 when memory is out. */
int memory_plan(struct span *spans, int n, int64_t *total);

#endif
