/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: what normalizer.bin says to do with inputs, in DL4J's own float32 steps. */
#ifndef DL4J_NORMALIZER_NORMALIZER_H
#define DL4J_NORMALIZER_NORMALIZER_H

#include "base/arena.h"
#include "base/err.h"

struct normalizer {
	const char *type; /* NULL: the zip has none */
	double min, max, max_pixel; /* IMAGE_MIN_MAX and MIN_MAX: the target range */
	float *a, *b;     /* STANDARDIZE: mean, std; MIN_MAX: min, max; one a feature or channel */
	int64_t n;
};

int normalizer_read(struct normalizer *out, const unsigned char *bytes, size_t size,
                    struct arena *arena, struct dl4j_error *err);
/* In place, on the array of network input `input`, in DL4J's order of axes. */
int normalizer_apply(const struct normalizer *z, int input, float *data, const int64_t *dim,
                     int rank, struct dl4j_error *err);

#endif
