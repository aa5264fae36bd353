/* SPDX-License-Identifier: Apache-2.0 */
/* live: a malloc that a test can let fail, and that knows what was not given back. It stands in
 * for C's in the whole process; the test says below whose requests it looks at. */
#ifndef DL4J_TEST_LIVE_H
#define DL4J_TEST_LIVE_H

/* The test's: whether the code at `caller` is of interest now, and if so, whether it gets none. */
int live_watches(const void *caller);
int live_strikes(const void *caller);

/* Who asked for a block that was watched and is not freed, or NULL: no more. *at counts, from 0. */
const void *live_next(int *at);
void live_forget(void);

#endif
