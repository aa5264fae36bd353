/* SPDX-License-Identifier: Apache-2.0 */
/* summary: a graph as text: DL4J's summary(), Keras' table, JSON, Graphviz.
 * `inputs` are the network inputs' shapes or NULL; each function appends to `out`. */
#ifndef DL4J_SUMMARY_SUMMARY_H
#define DL4J_SUMMARY_SUMMARY_H

#include "graph/graph.h"

/* `release` decides the words: {1,n} or {n} for 1-d parameters, and so on. */
int summary_dl4j(struct str *out, const struct graph *g, enum release release,
                 const struct dl4j_shape *inputs, struct dl4j_error *err);
/* `flat` (NULL: there are no coefficients) is the parameter vector, for what only the stored
 * numbers tell; `name` may be NULL. `note` receives one line on what the zip could not tell. */
int summary_keras(struct str *out, struct str *note, const struct graph *g, const char *name,
                  const struct dl4j_shape *inputs, const float *flat, struct dl4j_error *err);
int summary_json(struct str *out, const struct graph *g, const struct dl4j_shape *inputs,
                 struct dl4j_error *err);
int summary_dot(struct str *out, const struct graph *g, const struct dl4j_shape *inputs,
                struct dl4j_error *err);

/* The network's entry in the table of known zoo networks, or NULL. */
struct zoo {
	const char *name, *keras_name;
	int64_t height, width;
	int vertices; /* network inputs included */
	int64_t params;
	bool unscaled; /* made in Keras with BatchNormalization(scale=False), which a zip forgets */
};
const struct zoo *zoo_find(const struct graph *g);

#endif
