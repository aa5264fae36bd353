/* SPDX-License-Identifier: Apache-2.0 */
/* print: what every style of summary says of a step. */
#ifndef DL4J_SUMMARY_PRINT_H
#define DL4J_SUMMARY_PRINT_H

#include "graph/graph.h"

/* The class as DL4J's summary() names it: "DenseLayer", "Frozen DenseLayer", "InputVertex". */
void print_class(struct str *out, const struct step *s);
/* A FrozenLayer, whose parameters DL4J counts as frozen. */
bool print_frozen(const struct step *s);
struct print_shapes {
	struct dl4j_shape *after, *before; /* by step: what it puts out, what its layer takes in */
};

/* Of all steps, in `arena`; with `inputs` NULL, what the zip tells. Unknown ones have c < 0. */
int print_infer(struct print_shapes *out, const struct graph *g, const struct dl4j_shape *inputs,
                struct arena *arena, struct dl4j_error *err);
/* The activation function of the layer, or of the one that it wraps: "ReLU"; NULL: none. */
const char *print_activation(const struct step *s);

#endif
