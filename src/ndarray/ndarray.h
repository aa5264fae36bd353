/* SPDX-License-Identifier: Apache-2.0 */
/* ndarray: ND4J's binary arrays of all releases: a shape-info buffer, then a data buffer, each
 * with a header of allocation mode, length and element type; big-endian. */
#ifndef DL4J_NDARRAY_NDARRAY_H
#define DL4J_NDARRAY_NDARRAY_H

#include "base/err.h"

struct ndarray {
	int rank;
	int64_t dim[DL4J_MAX_RANK], stride[DL4J_MAX_RANK]; /* strides in elements */
	int64_t n;                                         /* elements */
	const char *mode, *type;                           /* "LONG_SHAPE", ... "FLOAT", ... */
	int element_size;
	size_t data, end; /* where the elements start, and the byte after the last */
};

/* A buffer that holds any array's headers. */
#define NDARRAY_HEAD 512

/* Parse the headers at bytes[*at..n); the elements may lie beyond n, but not beyond `total`, the
 * size of the whole. */
int ndarray_head(struct ndarray *out, const unsigned char *bytes, size_t at, size_t n, size_t total,
                 struct dl4j_error *err);
/* All elements as float32, in C order; a finite double that float32 lacks is an error. `out` may be
 * `bytes` itself where elements take 4 bytes or more and lie in order. */
int ndarray_floats(const struct ndarray *a, const unsigned char *bytes, float *out,
                   struct dl4j_error *err);
int ndarray_in_order(const struct ndarray *a);
int ndarray_is_floats(const struct ndarray *a);
/* Floats in order: elements `from` to `to` of what ndarray_floats does. */
void ndarray_floats_part(const struct ndarray *a, const unsigned char *bytes, int64_t from,
                         int64_t to, float *out);
/* The same as float64, for small arrays. */
void ndarray_doubles(const struct ndarray *a, const unsigned char *bytes, double *out);

#endif
