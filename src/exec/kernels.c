/* SPDX-License-Identifier: Apache-2.0 */
/* Loops over elements, rows or planes, shared out to OpenMP threads where there is enough to do. */
#include "exec/kernels.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#define EACH(expression)                                              \
	do {                                                          \
		_Pragma("omp parallel for if (n > KERNEL_ENOUGH)")    \
		for (int64_t i = 0; i < n; i++) {                     \
			const float x = in[i];                        \
			out[i] = (expression);                        \
		}                                                     \
	} while (0)

static float softplus(float x)
{
	return x > 20 ? x : log1pf(expf(x));
}

void kernel_eltwise(const void *how, float *const *at)
{
	const struct kernel_eltwise *k = how;
	const float *in = at[0], a = k->a, b = k->b;
	float *out = at[1];
	const int64_t n = k->n;

	switch (k->f) { /* unreached: IR_ELTWISES, their number */
	case IR_LINEAR:
		EACH(a * x + b);
		break;
	case IR_CLIP:
		EACH(x < a ? a : x > b ? b : x);
		break;
	case IR_ABS:
		EACH(fabsf(x));
		break;
	case IR_POW:
		EACH(a * powf(x, b));
		break;
	case IR_TANH:
		EACH(tanhf(x));
		break;
	case IR_LOGISTIC:
		EACH(1 / (1 + expf(-x)));
		break;
	case IR_RELU:
		EACH(x > 0 ? x : a * x);
		break;
	case IR_ELU:
		EACH(x > 0 ? x : a * expm1f(x));
		break;
	case IR_SOFTPLUS:
		EACH(softplus(x));
		break;
	case IR_SWISH:
		EACH(x / (1 + expf(-a * x)));
		break;
	case IR_THRESHOLD:
		EACH(x >= a ? x : b * (x - a));
		break;
	case IR_ABOVE:
		EACH(x > a ? x : 0);
		break;
	case IR_ELTWISES:
		break;
	}
}

/* One run along the last axis. */
static void binary_run(enum ir_binary f, const float *x, int64_t sx, const float *y, int64_t sy,
                       float *out, int64_t n)
{
#define RUN(expression)                                    \
	for (int64_t i = 0; i < n; i++) {                  \
		const float p = x[i * sx], q = y[i * sy];  \
		out[i] = (expression);                     \
	}                                                  \
	break
	switch (f) { /* unreached: IR_BINARIES, their number */
	case IR_ADD:
		RUN(p + q);
	case IR_SUB:
		RUN(p - q);
	case IR_MUL:
		RUN(p * q);
	case IR_DIV:
		RUN(p / q);
	case IR_MAX:
		RUN(p > q ? p : q);
	case IR_BINARIES:
		break;
	}
#undef RUN
}

void kernel_binary(const void *how, float *const *at)
{
	const struct kernel_binary *k = how;
	const int last = k->rank - 1;
	const int64_t n = k->dim[last], rows = dims_product(k->dim, last);

	_Pragma("omp parallel for if (n * rows > KERNEL_ENOUGH)")
	for (int64_t row = 0; row < rows; row++) {
		const float *x = at[0], *y = at[1];
		int64_t rest = row;

		for (int i = last - 1; i >= 0; i--) {
			x += rest % k->dim[i] * k->x[i];
			y += rest % k->dim[i] * k->y[i];
			rest /= k->dim[i];
		}
		binary_run(k->f, x, k->x[last], y, k->y[last], at[2] + row * n, n);
	}
}

void kernel_affine(const void *how, float *const *at)
{
	const struct kernel_affine *k = how;
	const int64_t rows = k->n * k->channels, inner = k->inner;

	_Pragma("omp parallel for if (rows * inner > KERNEL_ENOUGH)")
	for (int64_t row = 0; row < rows; row++) {
		const float *x = at[0] + row * inner;
		const float scale = at[1][row % k->channels], shift = at[2][row % k->channels];
		float *out = at[3] + row * inner;

		for (int64_t i = 0; i < inner; i++)
			out[i] = x[i] * scale + shift;
	}
}

void kernel_layernorm(const void *how, float *const *at)
{
	const struct kernel_layernorm *k = how;
	const int64_t n = k->n, rows = k->rows;

	_Pragma("omp parallel for if (n * rows > KERNEL_ENOUGH)")
	for (int64_t row = 0; row < rows; row++) {
		const float *x = at[0] + row * n;
		float *out = at[1] + row * n;
		double mean = 0, var = 0, by;

		for (int64_t i = 0; i < n; i++)
			mean += x[i];
		mean /= (double)n;
		for (int64_t i = 0; i < n; i++)
			var += (x[i] - mean) * (x[i] - mean);
		var /= (double)n;
		by = var > 0 ? 1 / sqrt(var) : 0;
		for (int64_t i = 0; i < n; i++)
			out[i] = (float)((x[i] - mean) * by);
	}
}

void kernel_zero(const void *how, float *const *at)
{
	const struct kernel_zero *k = how;

	memset(at[0], 0, (size_t)k->bytes);
}
