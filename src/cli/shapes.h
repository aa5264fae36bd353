/* SPDX-License-Identifier: Apache-2.0 */
/* shapes: sizes as people type them.
 * "3,224,224", "784" or "12,50" for a network input, "224x224" for a picture. */
#ifndef CLI_SHAPES_H
#define CLI_SHAPES_H

#include "cli/opt.h"

/* "HxW", or one number for a square. */
int shapes_read_size(const char *text, int *h, int *w, struct dl4j_error *err);

/* One --input-type for each network input, into shapes[OPT_REPEATS]. The order of the axes is
 * always C,H,W; whether arrays are NHWC is the network's affair. */
int shapes_read_inputs(const struct opt_list *texts, const dl4j_model *model, dl4j_shape *shapes,
                       struct dl4j_error *err);

/* What each input is like: --input-type, or for pictures --size, the zip's, that of
 * MODEL.profile.json, the known zoo network's. */
int shapes_settle(const struct opt_list *texts, const char *size, const dl4j_model *model,
                  const char *path, dl4j_shape *shapes, struct dl4j_error *err);

/* The array of `batch` such examples, in the network's own order; returns the rank. */
int shapes_dims(const dl4j_shape *shape, int64_t batch, int64_t *dim);

#endif
