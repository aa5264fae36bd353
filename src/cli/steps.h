/* SPDX-License-Identifier: Apache-2.0 */
/* steps: a series fed in parts, the recurrent layers going on where the part before left them: what
 * DL4J's rnnTimeStep does. */
#ifndef CLI_STEPS_H
#define CLI_STEPS_H

#include "cli/arrays.h"

/* Run `steps` time steps at a time; a series comes out whole, all else as the last part has it.
 * Makes the runner and the outputs. */
int steps_run(struct arrays *a, dl4j_runner **runner, const dl4j_model *model,
              const dl4j_run_options *how, int64_t steps, dl4j_error *err);

#endif
