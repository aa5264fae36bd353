/* SPDX-License-Identifier: Apache-2.0 */
/* Picture to tensor in DL4J's order: colours first, then the crop, then the size. */
#include "image/resize.h"

#include <string.h>

enum { LARGEST_SIDE = 65535 };

/* The largest centred part with the proportions w : h. */
static void crop_center(struct view *v, int h, int w)
{
	int64_t across = (int64_t)v->w * h, down = (int64_t)v->h * w;

	if (across > down) {
		int part = (int)(down / h);

		part += part == 0;
		v->x = (v->w - part) / 2;
		v->w = part;
	} else {
		int part = (int)(across / w);

		part += part == 0;
		v->y = (v->h - part) / 2;
		v->h = part;
	}
}

/* Takes half of what is too much, and all of it from the left or from above. */
static void crop_as_dl4j(struct view *v)
{
	if (v->w > v->h) {
		v->x = (v->w - v->h) / 2;
		v->w -= v->x;
	} else {
		v->y = (v->h - v->w) / 2;
		v->h -= v->y;
	}
}

int image_to_tensor(const struct image *image, int channels, int h, int w, enum image_crop crop,
		    float *planes, struct dl4j_error *err)
{
	struct view v = { image, 0, 0, image->w, image->h, channels == 1 ? 1 : image->channels };
	size_t size = (size_t)h * (size_t)w;
	float *plane[3];

	if (channels != 1 && channels != 3 && channels != 4)
		return fail(err, DL4J_EUSAGE, "expected 1, 3 or 4 channels for a picture, found %d",
			    channels);
	if (h < 1 || w < 1 || h > LARGEST_SIDE || w > LARGEST_SIDE)
		return fail(err, DL4J_EUSAGE, "expected sides of 1 to %d for a picture, "
			    "found %d x %d", LARGEST_SIDE, h, w);
	for (size_t i = 0; i < 3; i++)
		plane[i] = planes + (channels == 4 && v.planes == 3 ? 2 - i : i) * size;
	if (crop == IMAGE_CROP_CENTER)
		crop_center(&v, h, w);
	else if (crop == IMAGE_CROP_DL4J_CENTER)
		crop_as_dl4j(&v);

	int code = image_resize(&v, h, w, plane, err);

	if (code != 0)
		return code;
	for (int i = v.planes; i < channels && i < 3; i++)
		memcpy(planes + (size_t)i * size, planes, size * sizeof *planes);
	for (size_t i = 3 * size; i < (size_t)channels * size; i++)
		planes[i] = image->depth == 8 ? 255 : 65535;
	return 0;
}
