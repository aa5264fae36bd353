/* SPDX-License-Identifier: Apache-2.0 */
/* hash_order: a layer's parameters in the order of a Java HashMap of their keys. */
#ifndef DL4J_SUMMARY_HASH_ORDER_H
#define DL4J_SUMMARY_HASH_ORDER_H

#include "graph/graph.h"

/* `copied`: of a copy of the map, as a frozen layer has it. Fills up to PARAM_MAX pointers, returns
 * how many. */
int hash_order(const struct step *, bool copied, const struct param **out);

#endif
