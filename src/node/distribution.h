/* SPDX-License-Identifier: Apache-2.0 */
/* distribution: what a VariationalAutoencoder reconstructs its input by. Nodes that are never
 * lowered: only how many numbers they take matters in inference. */
#ifndef DL4J_NODE_DISTRIBUTION_H
#define DL4J_NODE_DISTRIBUTION_H

#include "node/node.h"

/* The numbers it takes for `inputs` of the layer; 0: it is not known, or not for so many. */
int64_t distribution_size(const struct node *, int64_t inputs);

#endif
