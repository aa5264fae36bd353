/* SPDX-License-Identifier: Apache-2.0 */
/* told: the types that DL4J's summary() tells, where they are not those of the arrays. */
#ifndef DL4J_SUMMARY_TOLD_H
#define DL4J_SUMMARY_TOLD_H

#include "base/arena.h"
#include "summary/print.h"

/* Makes of print_infer's shapes those that DL4J tells. */
int told_shapes(struct print_shapes *, const struct graph *g, struct arena *arena,
                struct dl4j_error *err);

#endif
