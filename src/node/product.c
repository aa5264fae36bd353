/* SPDX-License-Identifier: Apache-2.0 */
/* product: sums stay in registers while one reading of w goes by; 64 columns at a time, in vectors
 * as long as the processor has them. */
#include "node/product.h"

#include "base/clones.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=fast") /* what oneDNN does: one rounding a multiplication */
#endif

struct product {
	int64_t z_row, x_row, rows, columns;
};

#define AHEAD 8 /* rows of w that are fetched early: from the second-level cache */
#define UNROLLED _Pragma("GCC unroll 8")

/* name: z's next 64 columns. `lanes` floats a vector, four of them and `high` rows of z at a time:
 * sums, weights and a factor fit the registers. */
#define PRODUCT(name, target, lanes, high)                                                       \
	typedef float name##_vector                                                              \
		__attribute__((vector_size(4 * lanes), aligned(4), may_alias));                  \
	target static inline __attribute__((always_inline)) void name##_rows(                    \
		const struct product *p, float *z, const float *x, const float *w, const int n)  \
	{                                                                                        \
		name##_vector sum[high][4];                                                      \
                                                                                                 \
		UNROLLED for (int i = 0; i < n; i++)                                             \
			UNROLLED for (int j = 0; j < 4; j++)                                     \
				sum[i][j] = *(name##_vector *)(z + i * p->z_row + j * lanes);    \
		for (int64_t k = 0; k < p->rows; k++, w += p->columns)                           \
			UNROLLED for (int j = 0; j < 4; j++) {                                   \
				const name##_vector v = *(const name##_vector *)(w + j * lanes); \
				if (n > 1)                                                       \
					__builtin_prefetch(w + j * lanes + AHEAD * p->columns);  \
				UNROLLED for (int i = 0; i < n; i++)                             \
					sum[i][j] += x[i * p->x_row + k] * v;                    \
			}                                                                        \
		UNROLLED for (int i = 0; i < n; i++)                                             \
			UNROLLED for (int j = 0; j < 4; j++)                                     \
				*(name##_vector *)(z + i * p->z_row + j * lanes) = sum[i][j];    \
	}                                                                                        \
	target static void name(const struct product *p, float *z, const float *x,               \
	                        const float *w, int64_t n)                                       \
	{                                                                                        \
		for (; n >= high; n -= high, z += high * p->z_row, x += high * p->x_row)         \
			for (int at = 0; at < PRODUCT_COLUMNS; at += 4 * lanes)                  \
				name##_rows(p, z + at, x, w + at, high);                         \
		for (; n > 0; n--, z += p->z_row, x += p->x_row)                                 \
			for (int at = 0; at < PRODUCT_COLUMNS; at += 4 * lanes)                  \
				name##_rows(p, z + at, x, w + at, 1);                            \
	}

PRODUCT(with_4, , 4, 2)
#ifdef __x86_64__
PRODUCT(with_8, __attribute__((target("avx2,fma"))), 8, 2)
PRODUCT(with_16, __attribute__((target("avx512f"))), 16, 4)
#endif

static void add_64(const struct product *p, float *z, const float *x, const float *w, int64_t n)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		with_16(p, z, x, w, n);
	else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		with_8(p, z, x, w, n);
	else
#endif
		with_4(p, z, x, w, n);
}

CLONED static void add_rest(const struct product *p, float *z, const float *x, const float *w,
                            int64_t n, int64_t columns)
{
	for (int64_t k = 0; k < p->rows; k++, w += p->columns)
		for (int64_t i = 0; i < n; i++) {
			const float a = x[i * p->x_row + k];
			float *to = z + i * p->z_row;
#pragma omp simd
			for (int64_t j = 0; j < columns; j++)
				to[j] += a * w[j];
		}
}

void product_add(float *z, int64_t z_row, const float *x, int64_t x_row, const float *w, int64_t n,
                 int64_t rows, int64_t columns)
{
	const struct product p = { z_row, x_row, rows, columns };
	int64_t at = 0;

	for (; at + PRODUCT_COLUMNS <= columns; at += PRODUCT_COLUMNS)
		add_64(&p, z + at, x, w + at, n);
	if (at < columns)
		add_rest(&p, z + at, x, w + at, n, columns - at);
}
