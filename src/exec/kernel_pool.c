/* SPDX-License-Identifier: Apache-2.0 */
/* The largest number of each window, of bfloat16 numbers whose channels come last: several channels
 * at a time, as integers that are in the same order. */
#include "exec/kernels.h"

#include "base/clones.h"

#define LANES 32

/* A window's cells that are not padding. */
struct cells {
	const int16_t *first;
	int64_t rows, columns; /* how many */
	int64_t down, right;   /* from one to the next, in cells, */
	int64_t row, channels; /* which are so many elements apart */
};

/* And back. */
static inline int16_t in_order(int16_t x)
{
	return (int16_t)(x ^ (x >> 15 & 0x7fff));
}

static inline __attribute__((always_inline)) void lanes(int16_t *out, const struct cells *w,
                                                        int64_t from, int n)
{
	int16_t most[LANES];

	for (int k = 0; k < n; k++)
		most[k] = INT16_MIN;
	for (int64_t y = 0; y < w->rows; y++)
		for (int64_t x = 0; x < w->columns; x++) {
			/* fits: it is in the picture */
			const int64_t at = y * w->down * w->row + x * w->right * w->channels;
			const int16_t *in = w->first + at + from;
			_Pragma("omp simd")
			for (int k = 0; k < n; k++) {
				const int16_t v = in_order(in[k]);
				most[k] = v > most[k] ? v : most[k];
			}
		}
	for (int k = 0; k < n; k++)
		out[from + k] = in_order(most[k]);
}

/* The last lanes may overlap those before them: what they find is the same. */
static inline __attribute__((always_inline)) void each(int16_t *out, const struct cells *w, int n)
{
	const int64_t last = w->channels - n;

	for (int64_t c = 0; c < w->channels; c += n)
		lanes(out, w, c < last ? c : last, n);
}

static inline __attribute__((always_inline)) void largest(int16_t *out, const struct cells *w)
{
	if (w->channels >= LANES)
		each(out, w, LANES);
	else if (w->channels >= LANES / 2)
		each(out, w, LANES / 2);
	else if (w->channels >= LANES / 4)
		each(out, w, LANES / 4);
	else
		each(out, w, 1);
}

/* Along one axis: the first cell of window `o` within [0, size), and how many are. */
static int64_t inside(const struct ir_window *w, int axis, int64_t o, int64_t size, int64_t *n)
{
	const int64_t step = w->dilation[axis], from = o * w->stride[axis] - w->pad_lo[axis];
	const int64_t skipped = from < 0 ? (step - 1 - from) / step : 0;
	const int64_t first = from + skipped * step;
	const int64_t room = (size - first + step - 1) / step, left = w->kernel[axis] - skipped;

	*n = left < room ? left : room;
	return first;
}

CLONED static void largest_row(const struct kernel_max_pool *k, const int16_t *in, int16_t *out,
                               int64_t oy)
{
	struct cells w = { .down = k->window.dilation[0], .right = k->window.dilation[1],
		           .row = k->in[1] * k->channels, .channels = k->channels };
	const int64_t y = inside(&k->window, 0, oy, k->in[0], &w.rows);

	for (int64_t ox = 0; ox < k->out[1]; ox++) {
		const int64_t x = inside(&k->window, 1, ox, k->in[1], &w.columns);

		w.first = in + y * w.row + x * w.channels;
		largest(out + ox * w.channels, &w);
	}
}

void kernel_max_pool(const void *how, float *const *at)
{
	const struct kernel_max_pool *k = how;
	const int16_t *in = (const int16_t *)at[0];
	int16_t *out = (int16_t *)at[1];
	const int64_t in_size = k->in[0] * k->in[1] * k->channels; /* fits: it is there */
	const int64_t out_row = k->out[1] * k->channels, rows = k->n * k->out[0];

	_Pragma("omp parallel for if (rows * out_row > KERNEL_ENOUGH)")
	for (int64_t r = 0; r < rows; r++)
		largest_row(k, in + r / k->out[0] * in_size, out + r * out_row, r % k->out[0]);
}
