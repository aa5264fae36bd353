/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: what normalizer.bin says to do with inputs, and to undo on outputs, in DL4J's own
 * float32 steps. */
#ifndef DL4J_NORMALIZER_NORMALIZER_H
#define DL4J_NORMALIZER_NORMALIZER_H

#include "base/arena.h"
#include "base/err.h"
#include "node/node.h"

enum scaling {
	SCALING_NONE,
	SCALING_STANDARDIZE,
	SCALING_MIN_MAX,
	SCALING_IMAGE,
	SCALING_MISSING /* it is to be scaled, but the file has no statistics of it */
};

/* What happens to one array. */
struct scaler {
	int64_t index; /* of the network input or output */
	enum scaling how;
	double min, max;      /* MIN_MAX and IMAGE: the target range */
	double max_pixel;     /* IMAGE */
	float *shift, *scale; /* mean and deviation, or minimum and range: one a column or channel */
	int64_t n;            /* of these; 0: none */
};

/* The inputs, or the outputs: those in the list, and all others. */
struct scalers {
	struct scaler *list, rest;
	int n;
};

struct normalizer {
	const char *type;    /* NULL: the zip has none */
	const char *refusal; /* NULL: it can be applied; else why not */
	struct scalers inputs, outputs;
};

int normalizer_read(struct normalizer *out, const unsigned char *bytes, size_t size,
                    enum release release, struct arena *arena, struct dl4j_error *err);

/* In place, on the array of network input `i`, in DL4J's order of axes: axis 1 is that of columns
 * or channels. `mask` is NULL or [dim[0],dim[2]] and counts for series, arrays of rank 3. */
int normalizer_apply(const struct normalizer *z, int i, float *data, const int64_t *dim, int rank,
                     const float *mask, struct dl4j_error *err);
/* Whether output `i` was trained on scaled labels, and what it puts out in their own units. */
int normalizer_reverts(const struct normalizer *z, int i);
int normalizer_revert(const struct normalizer *z, int i, float *data, const int64_t *dim, int rank,
                      const float *mask, struct dl4j_error *err);

#endif
