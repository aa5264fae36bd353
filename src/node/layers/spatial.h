/* SPDX-License-Identifier: Apache-2.0 */
/* spatial: what the layers share that move or repeat cells along 1 to 3 axes: padding, cropping,
 * upsampling. Those of series and some of volumes know one data format only. */
#ifndef DL4J_NODE_LAYERS_SPATIAL_H
#define DL4J_NODE_LAYERS_SPATIAL_H

#include "node/format.h"
#include "node/volume.h"

struct spatial {
	struct node base;
	int axes;
	struct dims sizes; /* one an axis, or two: before and after */
	int format;
};

/* The input as the layer sees it. */
int spatial_infer(const struct node *, const struct dl4j_shape *in, struct dl4j_shape *out,
                  struct dl4j_error *);
struct ir_val *spatial_input(const struct node *, struct lowering *);
int spatial_expects(const struct node *, struct dl4j_shape *out);
/* The size along axis `i` of a shape of so many axes. */
int64_t *spatial_size(struct dl4j_shape *, int axes, int i);

#endif
