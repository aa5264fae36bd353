/* SPDX-License-Identifier: Apache-2.0 */
/* calibration: calibration.json, an entry that dl4j quantize adds to a zip: the range of what each
 * convolution and product reads, by its vertex and its number within the vertex. */
#ifndef DL4J_CONFIG_CALIBRATION_H
#define DL4J_CONFIG_CALIBRATION_H

#include "graph/graph.h"

/* Of what the op reads; reads->low and reads->high are set. */
struct calibrated {
	int step, number;
	float low, high;
};

struct calibration {
	struct calibrated *list; /* sorted by step and number */
	int n;
};

/* Whether there is a range for the operation: it has constant weights of its own. A recurrent layer
 * reads its weights many times, as often as there are steps. */
bool calibration_covers(const struct ir_op *op);

int calibration_read(struct calibration *out, const char *text, size_t n, const struct graph *g,
                     const struct dl4j_limits *limits, struct arena *arena,
                     struct dl4j_error *err);
/* Set the ranges of an ir as graph_lower made it, before any pass. */
int calibration_apply(const struct calibration *c, const struct graph *g, struct ir *ir,
                      struct dl4j_error *err);
/* The text to be read again, to be freed, of the ranges in such an ir; NULL: no memory. */
char *calibration_text(const struct ir *ir);

#endif
