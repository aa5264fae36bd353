/* SPDX-License-Identifier: Apache-2.0 */
/* recurrent: what layers over time share. The part that does not look back is one matrix product
 * over all steps; what is left is a kernel that goes through the steps. */
#ifndef DL4J_NODE_RECURRENT_H
#define DL4J_NODE_RECURRENT_H

#include "node/activation.h"
#include "node/format.h"

/* The fields that all recurrent layers have; first member of theirs. */
struct recurrent {
	struct node base;
	struct node *activation, *gate; /* gate NULL: sigmoid, where there are gates */
	int format;
	bool layer_norm; /* SimpleRnn */
};

extern const struct field recurrent_fields[];
int recurrent_infer(const struct node *, const struct dl4j_shape *in, int n_in,
                    struct dl4j_shape *out, struct dl4j_error *);
int recurrent_expects(const struct node *, struct dl4j_shape *out);
/* The sizes of W, RW and b for layers with `gates` blocks of columns; `more` columns of RW. */
int recurrent_params(const struct node *, struct param *, int gates, int more,
                     const char *const *keys);

/* One pass over the series; without gates a SimpleRnn. */
struct recurrence {
	const char *w, *rw, *b;
	bool gates, peepholes, backward;
	struct ir_val *mask; /* [n,t]: steps where it is 0 put out 0 and forget; or NULL */
};

/* [n,nOut,t], channels first. */
struct ir_val *recurrent_pass(const struct recurrent *, struct lowering *,
                              const struct recurrence *);

/* [n,c,t] as rows [t*n,c], row t*N+n as DL4J orders them, and back. */
struct ir_val *recurrent_rows(struct ir *, struct ir_val *x);
struct ir_val *recurrent_series(struct ir *, struct ir_val *rows, int64_t batch);
/* Masks likewise: [n,t] as [t*n,1] and back; NULL stays NULL. */
struct ir_val *recurrent_mask_rows(struct ir *, struct ir_val *mask);
struct ir_val *recurrent_mask_series(struct ir *, struct ir_val *mask, int64_t batch);
/* x, 0 where the mask is: rows [r,c] under [r,1], a series [n,c,t] under [n,t]. */
struct ir_val *recurrent_masked(struct ir *, struct ir_val *x, struct ir_val *mask);
/* A series or a mask, last step first; `of` (may be NULL): only the steps where it is not 0, which
 * change places among themselves. */
struct ir_val *recurrent_reversed(struct ir *, struct ir_val *x, struct ir_val *of);
/* [n,c]: the last step, or the last where the mask is not 0. */
struct ir_val *recurrent_last(struct ir *, struct ir_val *x, struct ir_val *mask);
/* [n,c] at each of t steps. */
struct ir_val *recurrent_repeated(struct ir *, struct ir_val *x, int64_t t);
/* Whether any of the inputs counts at a step: what vertices with several inputs pass on. NULL where
 * one input has no mask. */
struct ir_val *recurrent_any_mask(struct lowering *);

#endif
