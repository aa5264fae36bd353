/* SPDX-License-Identifier: Apache-2.0 */
/* picture: one file into the array that the network gets.
 * DL4J's order: planes, colours, the scaler's steps in float32, then the layout. */
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/input.h"
#include "cli/limits.h"

static int decode(const struct input *in, const char *path, float *planes, struct dl4j_error *err)
{
	struct bytes file;
	struct image image;
	int code;

	TRY(file_read(&file, path, limits_image()->file_bytes, err));
	code = image_read(&image, file.at, file.n, limits_image(), err);
	free(file.at);
	if (code < 0)
		return code;
	if (image.truncated)
		code = fail(err, DL4J_EFORMAT, "the picture is damaged or cut short");
	else
		code = image_to_tensor(&image, in->channels, in->h, in->w, in->crop, planes, err);
	image_free(&image);
	return code;
}

static void swap_planes(float *a, float *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float x = a[i];

		a[i] = b[i];
		b[i] = x;
	}
}

/* ImagePreProcessingScaler, then mean and deviation; each step rounds to float32. */
static void scale_plane(const struct arithmetic *a, int c, float *x, size_t n)
{
	const float mean = a->n_mean ? a->mean[a->n_mean > 1 ? c : 0] : 0;
	const float std = a->n_std ? a->std[a->n_std > 1 ? c : 0] : 1;
	const float range = a->high - a->low;

	for (size_t i = 0; a->scaled && i < n; i++) {
		x[i] /= 255;
		if (range != 1)
			x[i] *= range;
		if (a->low != 0)
			x[i] += a->low;
	}
	for (size_t i = 0; (a->n_mean || a->n_std) && i < n; i++)
		x[i] = (x[i] - mean) / std;
}

static void interleave(const float *planes, int channels, size_t size, float *to)
{
	for (size_t i = 0; i < size; i++)
		for (int c = 0; c < channels; c++)
			*to++ = planes[(size_t)c * size + i];
}

static int finish(const struct input *in, float *planes, float *to, struct dl4j_error *err)
{
	size_t size = (size_t)in->h * (size_t)in->w;
	int64_t dim[4];
	int rank = input_dims(in, 1, dim);

	if (in->color == COLOR_RGB && in->channels == 3)
		swap_planes(planes, planes + 2 * size, size);
	for (int c = 0; c < in->channels; c++)
		scale_plane(&in->arithmetic, c, planes + (size_t)c * size, size);
	if (in->channels_last)
		interleave(planes, in->channels, size, to);
	if (in->normalizer)
		return dl4j_model_normalize(in->normalizer, 0, to, dim, rank, err);
	return 0;
}

int input_load(const struct input *in, const char *path, float *to, struct dl4j_error *err)
{
	float *planes = to;
	int code;

	if (in->channels_last)
		planes = malloc(input_elements(in) * sizeof *planes);
	if (!planes)
		return fail_memory(err);
	code = decode(in, path, planes, err);
	if (code == 0)
		code = finish(in, planes, to, err);
	if (planes != to)
		free(planes);
	return code;
}
