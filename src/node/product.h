/* SPDX-License-Identifier: Apache-2.0 */
/* product: a few rows times a matrix, for kernels whose next product waits for this one's. */
#ifndef DL4J_NODE_PRODUCT_H
#define DL4J_NODE_PRODUCT_H

#include <stdint.h>

#define PRODUCT_COLUMNS 64 /* fastest where `columns` is this or a multiple of it */

/* z [n,columns] += x [n,rows] w [rows,columns]; the rows of z and x are so many numbers apart. */
void product_add(float *z, int64_t z_row, const float *x, int64_t x_row, const float *w, int64_t n,
                 int64_t rows, int64_t columns);

#endif
