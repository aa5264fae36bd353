/* SPDX-License-Identifier: Apache-2.0 */
/* num: arithmetic on dimensions. Every product of dimensions in the library goes through here,
 * because files are untrusted and their numbers large. */
#ifndef DL4J_BASE_NUM_H
#define DL4J_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

/* The product, or -1 on overflow or when a factor is negative. */
static inline int64_t dims_product(const int64_t *dim, int n)
{
	int64_t p = 1;

	for (int i = 0; i < n; i++)
		if (dim[i] < 0 || __builtin_mul_overflow(p, dim[i], &p))
			return -1;
	return p;
}

/* Strides of a contiguous array: 'c' lets the last index vary fastest, 'f' the first. The
 * dimensions' product must be known to fit. */
static inline void dims_strides(const int64_t *dim, int n, char order, int64_t *stride)
{
	int64_t s = 1;

	for (int i = 0; i < n; i++) {
		int at = order == 'f' ? i : n - 1 - i;
		stride[at] = s;
		s *= dim[at]; /* fits: a product that is known to */
	}
}

#endif
