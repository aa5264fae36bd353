/* SPDX-License-Identifier: Apache-2.0 */
/* shape: DL4J's InputType, what one example of an activation looks like: kind and sizes, without
 * the batch. A size of 0 is not known (the zips do not store the input's), and stays unknown in
 * all that follows from it. Feed-forward data with t > 0 are the steps of series, one a row. */
#ifndef DL4J_SHAPE_SHAPE_H
#define DL4J_SHAPE_SHAPE_H

#include <stdbool.h>

#include "base/str.h"

/* Of channels_last: the channels are last, though DL4J's InputType says NCHW. */
#define LAST_CALLED_FIRST 2

struct dl4j_shape shape_ff(int64_t size);
struct dl4j_shape shape_cnn(int64_t c, int64_t h, int64_t w, bool channels_last);
struct dl4j_shape shape_rnn(int64_t size, int64_t t, bool channels_last);

/* DL4J's array for `batch` examples; returns the rank. */
int shape_dims(const struct dl4j_shape *s, int64_t batch, int64_t *dim);
/* The reverse: the shape of one example of an array of kind s->kind; checks the rank. */
int shape_from_dims(struct dl4j_shape *out, const struct dl4j_shape *s, const int64_t *dim,
                    int rank, struct dl4j_error *err);
/* Where axis `axis` of DL4J's array stands in the library's own order, channels always first. */
int shape_axis(const struct dl4j_shape *s, int rank, int axis);
/* Is every size 0 or what a Java int holds? More is refused, so that arithmetic cannot overflow. */
bool shape_fits(const struct dl4j_shape *s);
/* Elements of one example; 0 when a size is unknown, -1 on overflow. */
int64_t shape_size(const struct dl4j_shape *s);
/* As DL4J prints an InputType: "InputTypeConvolutional(h=8,w=8,c=3,NCHW)", before 1.0.0-beta7
 * without the format. */
void shape_print(struct str *out, const struct dl4j_shape *s, bool format);

#endif
