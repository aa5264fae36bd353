/* SPDX-License-Identifier: Apache-2.0 */
/* attention: dot products of queries with keys, a softmax over the keys, and the values so weighed,
 * in one head or several: what the four classes of attention share. */
#ifndef DL4J_NODE_ATTENTION_H
#define DL4J_NODE_ATTENTION_H

#include "node/recurrent.h"
#include "onnx/onnx.h"

struct attention {
	struct node base;
	int64_t heads, head_size, queries; /* queries: those that were learned, or 0 */
	bool project;
	int64_t nin_queries, nin_keys, nin_values; /* of the vertex */
	struct node *activation;                   /* of the recurrent one */
	bool has_bias;
};

#define ATTENTION_FIELDS \
	FIELD_DIM(struct attention, base.nout, "nout", 0, 0), \
	FIELD_DIM(struct attention, heads, "nheads", 1, 1), \
	FIELD_DIM(struct attention, head_size, "headSize", 0, 0), \
	FIELD_BOOL(struct attention, project, "projectInput", true)

/* Refuses sizes that a projection cannot have. */
int attention_check(struct node *, struct dl4j_error *);
/* Wq, Wk, Wv for inputs of these sizes, and Wo; returns how many. */
int attention_params(const struct attention *, struct param *, int64_t queries, int64_t keys,
                     int64_t values);
/* [n,c,t] as rows [n*t,c]; through the projection `key` of all heads where there is one. */
struct ir_val *attention_rows(const struct attention *, struct lowering *, struct ir_val *x,
                              const char *key);
/* [n,nOut,queries] for rows of queries (of one example, where they are `shared`), keys, values. */
struct ir_val *attention_lower(const struct attention *, struct lowering *,
                               struct ir_val *const *rows, int64_t n, bool shared,
                               struct ir_val *mask);

/* One query of the kernels: out [values] from a query and `t` keys and values, whose rows are
 * `width` apart; mask (may be NULL) and room for the weights are [t]. */
struct attend {
	int64_t t, heads, width, values;
};
void attention_attend(const struct attend *, const float *query, const float *keys,
                      const float *values, const float *mask, float *weights, float *out);

/* Rows as [n,heads,t,size], or [n,heads,size,t], which keys are read in. */
const char *attention_heads_onnx(struct onnx *, const char *rows, int64_t n, int64_t heads,
                                 int64_t size, bool turned);
/* [n,queries,heads,size of values], of queries, keys and values in heads; no mask. */
const char *attention_onnx(struct onnx *, const struct attend *, const char *query,
                           const char *keys, const char *values);

#endif
