/* SPDX-License-Identifier: Apache-2.0 */
/* ref: runs an ir by the plainest loops there are, to test the executor and the passes against.
 * No oneDNN, no layouts, sums in double. */
#ifndef DL4J_TEST_REF_H
#define DL4J_TEST_REF_H

#include "exec/exec.h"

/* Arguments as exec_plan_new's and exec_run's. */
int ref_run(const struct ir *ir, const struct exec_layout *inputs,
            const struct exec_layout *outputs, const float *const *in, float *const *out,
            struct dl4j_error *err);

#endif
