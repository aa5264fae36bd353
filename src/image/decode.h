/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoders and the dispatcher share; for src/image only. */
#ifndef IMAGE_DECODE_H
#define IMAGE_DECODE_H

#include "image/image.h"

/* A decoder fills *out, and *orientation (1..8) where the file has one; frees *out on failure. */
int image_read_png(struct image *out, int *orientation, const unsigned char *bytes, size_t n,
		   const struct image_limits *, struct dl4j_error *);
int image_read_jpeg(struct image *out, int *orientation, const unsigned char *bytes, size_t n,
		    const struct image_limits *, struct dl4j_error *);

const char *image_png_version(void);
const char *image_jpeg_version(void);

/* Checks the size that a header gives, then makes room for the picture. */
int image_allocate(struct image *out, uint32_t w, uint32_t h, int channels, int depth,
		   const struct image_limits *, struct dl4j_error *);

/* The Orientation of a TIFF structure, the body of an EXIF block; 1 (upright) if there is none. */
int image_exif_orientation(const unsigned char *tiff, size_t n);

/* Turns and mirrors the picture so that it stands upright. */
int image_turn(struct image *, int orientation, struct dl4j_error *);

/* The bytes of one pixel. */
static inline size_t image_pixel_size(const struct image *image)
{
	return (size_t)image->channels * (size_t)image->depth / 8;
}

static inline unsigned char *image_row(const struct image *image, size_t y)
{
	/* fits: within the pixels, which were counted */
	return (unsigned char *)image->pixels + y * (size_t)image->w * image_pixel_size(image);
}

#endif
