/* SPDX-License-Identifier: Apache-2.0 */
/* fields: one JSON object to one node, by its class' field table. */
#ifndef DL4J_CONFIG_FIELDS_H
#define DL4J_CONFIG_FIELDS_H

#include "config/json.h"
#include "node/node.h"

struct reading {
	struct arena *arena;
	enum release release;
	const char *const *variables; /* of the layer being read */
	const cJSON *conf;            /* what it stands in */
	bool in_graph;
};

/* The class name and the object with its members, in any of DL4J's styles; body is NULL for a bare
 * name. False when there is no class name. */
bool fields_class(const cJSON *json, const char **name, const cJSON **body);
/* NULL in *out for a missing value. An unknown class is a node without a type, not an error. */
int fields_read(struct node **out, const cJSON *json, enum node_kind kind,
                const struct reading *r, struct dl4j_error *err);

#endif
