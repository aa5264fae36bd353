/* SPDX-License-Identifier: Apache-2.0 */
/* conv: what the 2-d convolution layers share: fields, shape inference, the bias, the end. */
#ifndef DL4J_NODE_LAYERS_CONV_H
#define DL4J_NODE_LAYERS_CONV_H

#include "node/activation.h"
#include "node/window.h"

struct conv {
	struct node base;
	struct window win;
	struct node *activation;
	bool has_bias;
	int format;
	int64_t multiplier; /* of depthwise and separable layers */
};

#define CONV_FIELDS \
	WINDOW_FIELDS(struct conv, win, 2), \
	FIELD_BOOL(struct conv, has_bias, "hasBias", true), \
	FIELD_FORMAT(struct conv, format, "cnn2dDataFormat"), \
	FIELD_ACTIVATION(struct conv, activation)

/* The flat block starts with the bias: adds it where there is one, returns the count. */
int conv_bias_param(const struct conv *, int64_t channels, struct param *);
int conv_infer(const struct node *, const struct dl4j_shape *in, int n_in,
               struct dl4j_shape *out, struct dl4j_error *);
int conv_expects(const struct node *, struct dl4j_shape *out);
/* The input in the layer's format. */
struct ir_val *conv_input(const struct conv *, struct lowering *);
/* lo->out = activation(x), in the layer's format. */
void conv_end(const struct conv *, struct lowering *, struct ir_val *x);
/* The constant `data` as grouped weights [g, o/g, i/g, h, w] with these strides. */
struct ir_val *conv_weights(struct lowering *, const char *key, const int64_t *dim,
                            const int64_t *stride);

#endif
