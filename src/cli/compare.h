/* SPDX-License-Identifier: Apache-2.0 */
/* compare: activations against files.
 * For dl4j run --assert. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli/arrays.h"

/* Prints a row for each output; returns STATUS_SOME_FAILED where one differs from DIR/VERTEX.npy by
 * more than atol + rtol * the largest magnitude there. */
int compare_outputs(const struct arrays *a, const char *dir, double rtol, double atol,
                    dl4j_error *err);

#endif
