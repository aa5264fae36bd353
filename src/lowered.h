/* SPDX-License-Identifier: Apache-2.0 */
/* lowered: a network as operations, for arrays of given shapes: what runners compile and exporters
 * write. */
#ifndef DL4J_LOWERED_H
#define DL4J_LOWERED_H

#include "exec/exec.h"
#include "model.h"

/* A network input or output as callers hold it: its axis i is axis[i] of the ir's value. */
struct port {
	struct dl4j_array array;
	int axis[IR_RANK];
};

struct lowered {
	struct arena arena; /* of all below */
	struct ir ir;       /* inputs: the network's, masks, states; outputs: what is wanted, states */
	struct port *inputs, *outputs;
	int n_inputs, n_outputs;
	struct states states;
};

/* `flat`: the model's coefficients, as long as this lives; with `late` they need not be there yet
 * (ir_compute). What is there is the caller's to free (the arena), whatever is returned. */
int model_lower(struct lowered *out, const struct dl4j_model *model, const float *flat, bool late,
                const struct dl4j_array *inputs, const struct dl4j_run_options *options,
                struct dl4j_error *err);
/* So many as were asked for; 0: all cores available. */
int model_threads(int asked);
/* Of the network's own inputs or outputs, then of what else is among the ir's, which is row-major;
 * in l's arena, NULL: no memory. */
struct exec_layout *lowered_layouts(struct lowered *l, const struct port *ports, int n_ports,
                                    struct ir_val *const *values, int n);

#endif
