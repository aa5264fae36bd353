/* SPDX-License-Identifier: Apache-2.0 */
/* dense: shared by DenseLayer and the output layers, which differ from it in training only. */
#ifndef DL4J_NODE_LAYERS_DENSE_H
#define DL4J_NODE_LAYERS_DENSE_H

#include "node/node.h"

struct dense {
	struct node base;
	struct node *activation;
	bool has_bias, has_layer_norm;
};

extern const struct field dense_fields[];
int dense_params(const struct node *, struct param *);
/* Of layers that can be pretrained: W, b, and the visible bias vb. */
int dense_pretrained_params(const struct node *, struct param *);
int dense_infer(const struct node *, const struct dl4j_shape *in, int n_in,
                struct dl4j_shape *out, struct dl4j_error *);
int dense_expects(const struct node *, struct dl4j_shape *out);
void dense_lower(const struct node *, struct lowering *);

#endif
