/* SPDX-License-Identifier: Apache-2.0 */
/* precision: --precision auto: the fastest one that gives some pictures the classes of float32. */
#ifndef CLI_PRECISION_H
#define CLI_PRECISION_H

#include "base/err.h"

/* Behind those of enum dl4j_precision. */
enum { PRECISION_AUTO = DL4J_INT8 + 1 };
extern const char *const precision_choices[];

/* Try all that this processor and the model have on n inputs of that shape, a picture each, and say
 * on stderr in one line what they gave. */
int precision_choose(int *out, const dl4j_model *model, const dl4j_array *shape,
                     float *const *pictures, int n, int threads, struct dl4j_error *err);

#endif
