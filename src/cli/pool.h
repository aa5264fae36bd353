/* SPDX-License-Identifier: Apache-2.0 */
/* pool: jobs done by several threads, their results taken in the jobs' order.
 * At most `window` jobs are under way, so that memory does not depend on their number. */
#ifndef CLI_POOL_H
#define CLI_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct pool_work {
	/* Fills the job, in the calling thread; returns 1, or 0 when there are no more. */
	int (*next)(void *self, void *job, struct dl4j_error *err);
	/* Does it; worker is 0 .. threads - 1. */
	int (*work)(void *self, int worker, void *job, struct dl4j_error *err);
	/* Takes the result, one at a time, in order; returns 1 to end early. `idle`: the next job's
	 * result is not there yet. */
	int (*take)(void *self, void *job, bool idle, struct dl4j_error *err);
};

/* Runs all jobs; `jobs` is an array of `window` structs of `size` bytes, used again and again.
 * Returns 0, or the first failure. SIGINT and SIGTERM end it after the jobs under way. */
int pool_run(const struct pool_work *work, void *self, int threads, void *jobs, size_t size,
             int window, struct dl4j_error *err);

/* As pool_run begins: from now on SIGINT and SIGTERM are noted, and do nothing else once. */
void pool_note_signals(void);
/* The signal that was noted, or 0. */
int pool_signal(void);

#endif
