/* SPDX-License-Identifier: Apache-2.0 */
/* pool: what the pooling layers share. PNORM and SUM have no primitive of their own: they are an
 * average with arithmetic around it. */
#ifndef DL4J_NODE_LAYERS_POOL_H
#define DL4J_NODE_LAYERS_POOL_H

#include "node/window.h"

enum pool_kind { POOL_MAX, POOL_AVG, POOL_SUM, POOL_PNORM };
extern const char *const pool_kinds[];

/* The window's padding as zeros of the image: up to 0.9 a maximum has them before it, too. */
struct ir_val *pool_zeros(struct ir *, struct ir_val *x, struct ir_window *);
/* count_padding: an average counts the cells around the image. */
struct ir_val *pool_lower(struct ir *, struct ir_val *x, enum pool_kind kind, int64_t p,
                          bool count_padding, const struct ir_window *);

#endif
