/* SPDX-License-Identifier: Apache-2.0 */
/* The post-ops that a primitive leaves undone, in one sweep over its result: piece by piece, each
 * small enough to be in the first cache still when the next post-op comes. */
#include "exec/kernels.h"

#include "base/clones.h"

#define PIECE 1024 /* elements */
#define ENOUGH 32768

/* x[i] = x[i] * y[i] or + y[i], over and over, n elements in all, y having `period`. */
#define PERIODS(op, period)                                   \
	for (int64_t i = 0; i < n; i += (period)) {           \
		_Pragma("omp simd")                           \
		for (int64_t k = 0; k < (period); k++)        \
			x[i + k] = x[i + k] op y[k];          \
	}

#define EACH(expression)                                      \
	_Pragma("omp simd")                                   \
	for (int64_t i = 0; i < n; i++)                       \
		x[i] = (expression);

CLONED static void scale_channels(float *x, int64_t n, const float *y, int64_t period)
{
	if (period == 16)
		PERIODS(*, 16)
	else if (period == 1)
		EACH(x[i] * y[0])
	else
		PERIODS(*, period)
}

CLONED static void shift(float *x, int64_t n, const float *y, int64_t period)
{
	if (period == 16)
		PERIODS(+, 16)
	else if (period == 1)
		EACH(x[i] + y[0])
	else
		PERIODS(+, period)
}

CLONED static void sum(float *x, int64_t n, const float *y)
{
	EACH(x[i] + y[i])
}

CLONED static void relu(float *x, int64_t n, float a)
{
	EACH(x[i] > 0 ? x[i] : a * x[i])
}

/* n elements from index `from` on; their channels are those from `channel` on. */
static void piece(const struct kernel_posts *k, float *const *at, int64_t from, int64_t n,
                  int64_t channel)
{
	float *x = at[0] + from;
	int operand = 1;

	for (int i = 0; i < k->n_post; i++)
		switch (k->post[i].kind) {
		case IR_POST_SCALE:
			scale_channels(x, n, at[operand++] + channel, k->block);
			break;
		case IR_POST_SHIFT:
			shift(x, n, at[operand++] + channel, k->block);
			break;
		case IR_POST_SUM:
			sum(x, n, at[operand++] + from);
			break;
		default: /* a function, and no other, as sweepable() sees to */
			relu(x, n, k->post[i].a);
			break;
		}
}

void kernel_posts(const void *how, float *const *at)
{
	const struct kernel_posts *k = how;
	const int64_t blocks = k->channels / k->block, rows = k->n * blocks;
	const int64_t row = k->inner * k->block;
	const int64_t step = k->block < PIECE ? PIECE / k->block * k->block : k->block;

	_Pragma("omp parallel for if (rows * row > ENOUGH) collapse(2)")
	for (int64_t r = 0; r < rows; r++)
		for (int64_t i = 0; i < row; i += step)
			piece(k, at, r * row + i, i + step < row ? step : row - i,
			      r % blocks * k->block);
}
