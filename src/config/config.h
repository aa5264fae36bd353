/* SPDX-License-Identifier: Apache-2.0 */
/* config: configuration.json to nodes and their wiring, in both of DL4J's styles: objects with
 * "@class", and older ones wrapped in an object with the class' name as its only key. */
#ifndef DL4J_CONFIG_CONFIG_H
#define DL4J_CONFIG_CONFIG_H

#include "graph/graph.h"
#include "ndarray/ndarray.h"

/* `flat`: the head of coefficients.bin, which helps to tell the release; all zero where there is
 * none. */
int config_read(struct wiring *out, const char *text, size_t n, const struct ndarray *flat,
                const struct dl4j_limits *limits, struct arena *arena, struct dl4j_error *err);

#endif
