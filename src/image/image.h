/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures: PNG and JPEG files, and the tensor that DL4J's NativeImageLoader makes of them,
 * bit for bit. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct image {
	int w, h;
	int channels;	/* 1: grey; 3: blue, green, red, interleaved */
	int depth;	/* bits a sample: 8 (uint8_t) or 16 (uint16_t) */
	void *pixels;
	unsigned truncated : 1;	/* data was missing or damaged; what is shown there is filler */
};

/* What a file may ask for; all but the first are checked before anything is decoded. */
struct image_limits {
	size_t file_bytes;
	uint64_t pixels;
	int scans;	/* of a progressive JPEG: each costs a pass over the whole picture */
};

enum image_crop {
	IMAGE_CROP_NONE,
	IMAGE_CROP_CENTER,	/* the largest centred part of the target's proportions */
	IMAGE_CROP_DL4J_CENTER,	/* DL4J's centerCropIfNeeded: right or lower part, seldom square */
};

/* 256 MiB, 64 Mpx, 100 scans. */
extern const struct image_limits image_default_limits;

/* Decodes a PNG or JPEG, turned upright as its EXIF data says. Limits may be NULL. */
int image_read(struct image *out, const unsigned char *bytes, size_t n,
	       const struct image_limits *, struct dl4j_error *);
void image_free(struct image *);

/*
 * The picture as `channels` planes of h x w: grey; or blue, green, red; or, as DL4J has it for
 * four, red, green, blue, opacity. Values are 0..255, for 16-bit files 0..65535.
 */
int image_to_tensor(const struct image *, int channels, int h, int w, enum image_crop,
		    float *planes, struct dl4j_error *);

/* One line: the versions of the decoders, for `dl4j --version -v`. */
void image_backend(char *text, size_t size);

#endif
