/* SPDX-License-Identifier: Apache-2.0 */
/* npy: NumPy's array files. Written as little-endian float32 in C order; read from float32,
 * float64, uint8 and int32, too. */
#ifndef CLI_NPY_H
#define CLI_NPY_H

#include "base/str.h"

struct npy {
	int rank;
	int64_t dim[DL4J_MAX_RANK];
	size_t n;    /* elements */
	float *data; /* malloc'ed */
};

int npy_read(struct npy *out, const char *path, struct dl4j_error *err);
/* The `n` bytes of such a file, which are changed. */
int npy_parse(struct npy *out, unsigned char *bytes, size_t n, struct dl4j_error *err);
void npy_free(struct npy *npy);
int npy_write(const char *path, int rank, const int64_t *dim, const float *data,
              struct dl4j_error *err);

/* What stands before the data. For up to four dimensions its length is always the same, so that
 * it may be written anew when the first dimension is known. */
void npy_header(struct str *out, int rank, const int64_t *dim);
void npy_values(struct str *out, const float *data, size_t n);
/* "[2,3,4]", for messages. */
void npy_shape(char *out, size_t size, int rank, const int64_t *dim);

#endif
