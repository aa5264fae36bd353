/* SPDX-License-Identifier: Apache-2.0 */
/* OpenCV's bilinear resizing, to the last bit: 11-bit fixed point for 8-bit samples, float for
 * 16-bit ones, and the mean of four when both sides are halved. */
#include "image/decode.h"
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

static const unsigned char *row_of(const struct view *v, int y)
{
	return image_row(v->image, (size_t)(v->y + y)) +
		(size_t)v->x * image_pixel_size(v->image);
}

/* Pixel x of a row, a value for each plane. */
static inline void load(const struct view *v, const unsigned char *row, int x, int *out)
{
	int n = v->image->channels;

	if (v->image->depth == 8) {
		row += (size_t)x * (size_t)n;
		out[0] = row[0];
		if (n == 3) {
			out[1] = row[1];
			out[2] = row[2];
		}
	} else {
		const uint16_t *wide = (const uint16_t *)(const void *)row + (size_t)x * (size_t)n;

		for (int c = 0; c < n; c++)
			out[c] = wide[c];
	}
	if (v->planes < n)	/* to grey, as OpenCV weighs blue, green and red */
		out[0] = (3735 * out[0] + 19235 * out[1] + 9798 * out[2] + (1 << 14)) >> 15;
}

static void copy(const struct view *v, float *const *planes)
{
	size_t i = 0;
	int value[3];

	for (int y = 0; y < v->h; y++) {
		const unsigned char *row = row_of(v, y);

		for (int x = 0; x < v->w; x++, i++) {
			load(v, row, x, value);
			for (int c = 0; c < v->planes; c++)
				planes[c][i] = (float)value[c];
		}
	}
}

static void halve(const struct view *v, float *const *planes)
{
	size_t i = 0;
	int value[4][3];

	for (int y = 0; y < v->h; y += 2) {
		const unsigned char *row = row_of(v, y), *below = row_of(v, y + 1);

		for (int x = 0; x < v->w; x += 2, i++) {
			load(v, row, x, value[0]);
			load(v, row, x + 1, value[1]);
			load(v, below, x, value[2]);
			load(v, below, x + 1, value[3]);
			for (int c = 0; c < v->planes; c++)
				planes[c][i] = (float)((value[0][c] + value[1][c] + value[2][c] +
							value[3][c] + 2) >> 2);
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

/* volatile here too: a product is rounded before it is added to another. */
static inline float times(float a, float b)
{
	volatile float product = a * b;

	return product;
}

/* Row y of the view, stretched to w columns. */
static void stretch(const struct view *v, int y, const struct tap *taps, int w, union sum *out)
{
	const unsigned char *row = row_of(v, y);
	int a[3], b[3];

	for (int x = 0; x < w; x++) {
		const struct tap *t = &taps[x];

		load(v, row, t->at[0], a);
		load(v, row, t->at[1], b);
		for (int c = 0; c < v->planes; c++)
			if (v->image->depth == 8)
				out[(size_t)c * (size_t)w + (size_t)x].fixed =
					a[c] * t->fixed[0] + b[c] * t->fixed[1];
			else
				out[(size_t)c * (size_t)w + (size_t)x].real =
					times((float)a[c], t->weight[0]) +
					times((float)b[c], t->weight[1]);
	}
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

/* `lines` has room for two stretched rows: the ones that the current output row lies between. */
static void interpolate(const struct view *v, struct tap *taps, int h, int w, union sum *lines,
			float *const *planes)
{
	const struct tap *down = taps + w;
	union sum *line[2] = { lines, lines + (size_t)v->planes * (size_t)w };
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
				stretch(v, down->at[k], taps, w, line[k]);
				held[k] = down->at[k];
			}
		for (int c = 0; c < v->planes; c++) {
			const union sum *above = line[0] + (size_t)c * (size_t)w;
			const union sum *below = line[1] + (size_t)c * (size_t)w;
			float *out = planes[c] + (size_t)y * (size_t)w;

			if (v->image->depth == 8)
				mix_fixed(above, below, down, w, out);
			else
				mix_real(above, below, down, w, out);
		}
	}
}

int image_resize(const struct view *v, int h, int w, float *const *planes, struct dl4j_error *err)
{
	size_t width = (size_t)w, height = (size_t)h;
	union sum *lines;
	struct tap *taps;

	if (h == v->h && w == v->w) {
		copy(v, planes);
		return 0;
	}
	if (v->h == 2 * (int64_t)h && v->w == 2 * (int64_t)w) {
		halve(v, planes);
		return 0;
	}
	lines = malloc(2 * (size_t)v->planes * (size_t)width * sizeof *lines);
	taps = malloc((width + height) * sizeof *taps);
	if (lines && taps)
		interpolate(v, taps, h, w, lines, planes);

	int done = lines && taps;

	free(taps);
	free(lines);
	return done ? 0 : fail_memory(err);
}
