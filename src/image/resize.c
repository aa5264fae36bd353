/* SPDX-License-Identifier: Apache-2.0 */
/* OpenCV's bilinear resizing, to the last bit: 11-bit fixed point for 8-bit samples, float for
 * 16-bit ones, and the mean of four when both sides are halved. */
#include "image/resize.h"

#include <math.h>
#include <stdlib.h>

/* One output position along an axis: the two samples it mixes and their weights. */
struct tap {
	int at[2];
	float weight[2];
	int fixed[2];	/* the weights in 1/2048 */
};

/* A sample after the pass along the row: `fixed` of 8-bit pictures, `real` of 16-bit ones. */
union sum {
	int32_t fixed;
	float real;
};

static void copy(const struct view *v, uint16_t *row, float *const *planes)
{
	for (int y = 0; y < v->h; y++) {
		image_load_row(v, y, row);
		for (int c = 0; c < v->planes; c++)
			for (int x = 0; x < v->w; x++)
				planes[c][(size_t)y * v->w + x] = row[c * v->w + x];
	}
}

static void halve(const struct view *v, uint16_t *row, float *const *planes)
{
	uint16_t *below = row + (size_t)v->planes * v->w;
	int w = v->w / 2;

	for (int y = 0; y < v->h / 2; y++) {
		image_load_row(v, 2 * y, row);
		image_load_row(v, 2 * y + 1, below);
		for (int c = 0; c < v->planes; c++)
			for (int x = 0; x < w; x++) {
				int i = c * v->w + 2 * x;
				int four = row[i] + row[i + 1] + below[i] + below[i + 1];

				planes[c][(size_t)y * w + x] = (float)((four + 2) >> 2);
			}
	}
}

/*
 * The taps of an axis. Beyond the edge OpenCV takes the last column alone, but mixes the last row
 * with itself, which can round differently.
 */
static void set_taps(struct tap *taps, int from, int to, int columns)
{
	double scale = 1 / ((double)to / from);

	for (int i = 0; i < to; i++) {
		/* volatile: two roundings, also where the machine could do both steps at once */
		volatile double center = (i + 0.5) * scale;
		float rest = (float)(center - 0.5);
		int at = (int)floorf(rest);

		rest -= (float)at;
		if (columns && (at < 0 || at >= from - 1)) {
			at = at < 0 ? 0 : from - 1;
			rest = 0;
		}
		for (int k = 0; k < 2; k++) {
			int j = at + k;

			taps[i].at[k] = j < 0 ? 0 : j >= from ? from - 1 : j;
			taps[i].weight[k] = k ? rest : 1 - rest;
			taps[i].fixed[k] = (int)lrintf(2048 * taps[i].weight[k]);
		}
	}
}

/* A product rounded to float, which no compiler can fuse with the sum that follows. */
static inline float times(float a, float b)
{
	return (float)((double)a * b);
}

static void stretch_fixed(const uint16_t *row, const struct tap *taps, int w, union sum *out)
{
	for (int x = 0; x < w; x++)
		out[x].fixed = row[taps[x].at[0]] * taps[x].fixed[0] +
			row[taps[x].at[1]] * taps[x].fixed[1];
}

static void stretch_real(const uint16_t *row, const struct tap *taps, int w, union sum *out)
{
	for (int x = 0; x < w; x++)
		out[x].real = times(row[taps[x].at[0]], taps[x].weight[0]) +
			times(row[taps[x].at[1]], taps[x].weight[1]);
}

static void mix_fixed(const union sum *above, const union sum *below, const struct tap *t, int w,
		      float *out)
{
	for (int x = 0; x < w; x++) {
		int a = (t->fixed[0] * (above[x].fixed >> 4)) >> 16;
		int b = (t->fixed[1] * (below[x].fixed >> 4)) >> 16;

		out[x] = (float)((a + b + 2) >> 2);
	}
}

static void mix_real(const union sum *above, const union sum *below, const struct tap *t, int w,
		     float *out)
{
	for (int x = 0; x < w; x++) {
		long value = lrintf(times(above[x].real, t->weight[0]) +
				    times(below[x].real, t->weight[1]));

		out[x] = (float)(value < 65535 ? value : 65535);
	}
}

/* Row `from` of the view, stretched to w columns. */
static void stretch(const struct view *v, int from, uint16_t *row, const struct tap *taps, int w,
		    union sum *out)
{
	image_load_row(v, from, row);
	for (int c = 0; c < v->planes; c++, row += v->w, out += w)
		if (v->image->depth == 8)
			stretch_fixed(row, taps, w, out);
		else
			stretch_real(row, taps, w, out);
}

/* `lines` has room for two stretched rows: the ones that the current output row lies between. */
static void interpolate(const struct view *v, uint16_t *row, struct tap *taps, int h, int w,
			union sum *lines, float *const *planes)
{
	const struct tap *down = taps + w;
	union sum *line[2] = { lines, lines + (size_t)v->planes * w };
	int held[2] = { -1, -1 };

	set_taps(taps, v->w, w, 1);
	set_taps(taps + w, v->h, h, 0);
	for (int y = 0; y < h; y++, down++) {
		if (held[0] != down->at[0]) {
			union sum *spare = line[0];

			line[0] = line[1];
			line[1] = spare;
			held[0] = held[1];
			held[1] = -1;
		}
		for (int k = 0; k < 2; k++)
			if (held[k] != down->at[k]) {
				stretch(v, down->at[k], row, taps, w, line[k]);
				held[k] = down->at[k];
			}
		for (int c = 0; c < v->planes; c++) {
			const union sum *above = line[0] + (size_t)c * w;
			const union sum *below = line[1] + (size_t)c * w;
			float *out = planes[c] + (size_t)y * w;

			if (v->image->depth == 8)
				mix_fixed(above, below, down, w, out);
			else
				mix_real(above, below, down, w, out);
		}
	}
}

int image_resize(const struct view *v, int h, int w, float *const *planes, struct dl4j_error *err)
{
	size_t n = (size_t)v->planes;
	uint16_t *rows = calloc(2 * n * (size_t)v->w, sizeof *rows);
	union sum *lines = calloc(2 * n * (size_t)w, sizeof *lines);
	struct tap *taps = calloc((size_t)w + (size_t)h, sizeof *taps);
	int code = 0;

	if (!rows || !lines || !taps)
		code = fail(err, DL4J_EMEMORY, "no memory to resize a picture to %d x %d", w, h);
	else if (h == v->h && w == v->w)
		copy(v, rows, planes);
	else if (v->h == 2 * (int64_t)h && v->w == 2 * (int64_t)w)
		halve(v, rows, planes);
	else
		interpolate(v, rows, taps, h, w, lines, planes);
	free(taps);
	free(lines);
	free(rows);
	return code;
}
