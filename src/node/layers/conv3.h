/* SPDX-License-Identifier: Apache-2.0 */
/* conv3: what the convolutions of volumes share: fields, the input's shape, the end. */
#ifndef DL4J_NODE_LAYERS_CONV3_H
#define DL4J_NODE_LAYERS_CONV3_H

#include "node/activation.h"
#include "node/volume.h"
#include "node/window.h"

struct conv3 {
	struct node base;
	struct window win;
	struct node *activation;
	bool has_bias;
	int format;
};

#define CONV3_FIELDS \
	WINDOW_FIELDS(struct conv3, win, 3), \
	FIELD_BOOL(struct conv3, has_bias, "hasBias", true), \
	FIELD_VOLUME_FORMAT(struct conv3, format), \
	FIELD_ACTIVATION(struct conv3, activation)

int conv3_input(const struct node *, const struct dl4j_shape *in, struct dl4j_shape *out,
                struct dl4j_error *);
int conv3_expects(const struct node *, struct dl4j_shape *out);
/* lo->out = activation(x), in the layer's format. */
void conv3_end(const struct node *, struct lowering *, struct ir_val *x);

#endif
