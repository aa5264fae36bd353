/* SPDX-License-Identifier: Apache-2.0 */
/* Resizing of a part of a picture into planes of floats; for src/image only. */
#ifndef IMAGE_RESIZE_H
#define IMAGE_RESIZE_H

#include "image/image.h"

/* A part of a picture, seen as `planes` planes: 3 of a colour picture, 1 of any. */
struct view {
	const struct image *image;
	int x, y, w, h, planes;
};

/* planes[i]: h x w floats each. */
int image_resize(const struct view *, int h, int w, float *const *planes, struct dl4j_error *);

#endif
