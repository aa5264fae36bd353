/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the formats apart, keeps the limits, and hands the bytes to a decoder. */
#include "image/decode.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct image_limits image_default_limits = {
	.file_bytes = 256u << 20,
	.pixels = 64000000,
	.scans = 100,
};

static const struct format {
	const char *name, *magic;
	size_t at, length;
	/* NULL: known by name only, so that the message can say it. */
	int (*read)(struct image *, int *, const unsigned char *, size_t,
		    const struct image_limits *, struct dl4j_error *);
} formats[] = {
	{ "a PNG", "\x89PNG\r\n\x1a\n", 0, 8, image_read_png },
	{ "a JPEG", "\xff\xd8\xff", 0, 3, image_read_jpeg },
	{ "a GIF", "GIF8", 0, 4, NULL },
	{ "a WebP", "WEBP", 8, 4, NULL },
	{ "a TIFF", "II*\0", 0, 4, NULL },
	{ "a TIFF", "MM\0*", 0, 4, NULL },
	{ "a BMP", "BM", 0, 2, NULL },
	{ "an HEIC", "ftyphei", 4, 7, NULL },
	{ "an AVIF", "ftypavif", 4, 8, NULL },
	{ "a JPEG 2000", "jP  ", 4, 4, NULL },
	{ "a zip", "PK\3\4", 0, 4, NULL },
};

static const struct format *sniff(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		const struct format *f = &formats[i];

		if (n >= f->at + f->length && memcmp(bytes + f->at, f->magic, f->length) == 0)
			return f;
	}
	return NULL;
}

static int is_text(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n && i < 256; i++)
		if (bytes[i] < 0x80 && !isprint(bytes[i]) && !isspace(bytes[i]))
			return 0;
	return bytes[0] < 0x80;
}

/* Says what the file is instead. */
static int refuse(const struct format *f, const unsigned char *bytes, size_t n,
		  struct dl4j_error *err)
{
	static const char expected[] = "expected a PNG or JPEG picture, found";
	char first[16] = "";

	if (f)
		return fail(err, DL4J_EFORMAT, "%s %s file: convert it first", expected, f->name);
	if (n == 0)
		return fail(err, DL4J_EFORMAT, "%s an empty file", expected);
	if (is_text(bytes, n))
		return fail(err, DL4J_EFORMAT, "%s text", expected);
	for (size_t i = 0; i < n && i < 4; i++)
		snprintf(first + 3 * i, sizeof first - 3 * i, " %02x", bytes[i]);
	return fail(err, DL4J_EFORMAT, "%s data that begins with%s", expected, first);
}

int image_read(struct image *out, const unsigned char *bytes, size_t n,
	       const struct image_limits *limits, struct dl4j_error *err)
{
	int orientation = 1;

	*out = (struct image){ 0 };
	if (!limits)
		limits = &image_default_limits;
	if (n > limits->file_bytes)
		return fail(err, DL4J_ELIMIT, "the picture file is too large: expected at most "
			    "%zu bytes, found %zu", limits->file_bytes, n);

	const struct format *f = sniff(bytes, n);

	if (!f || !f->read)
		return refuse(f, bytes, n, err);

	int code = f->read(out, &orientation, bytes, n, limits, err);

	if (code == 0)
		code = image_turn(out, orientation, err);
	if (code != 0)
		image_free(out);
	return code;
}

int image_allocate(struct image *out, uint32_t w, uint32_t h, int channels, int depth,
		   const struct image_limits *limits, struct dl4j_error *err)
{
	assert(w > 0 && h > 0 && w <= INT32_MAX && h <= INT32_MAX); /* both libraries see to that */
	if (h > limits->pixels / w)
		return fail(err, DL4J_ELIMIT, "the picture is too large: expected at most %llu "
			    "pixels, found %u x %u", (unsigned long long)limits->pixels,
			    (unsigned)w, (unsigned)h);
	*out = (struct image){ .w = (int)w, .h = (int)h, .channels = channels, .depth = depth };
	out->pixels = calloc((size_t)w * h, image_pixel_size(out));
	if (!out->pixels)
		return fail(err, DL4J_EMEMORY, "no memory for a picture of %u x %u pixels",
			    (unsigned)w, (unsigned)h);
	return 0;
}

void image_free(struct image *image)
{
	free(image->pixels);
	*image = (struct image){ 0 };
}

void image_backend(char *text, size_t size)
{
	snprintf(text, size, "libpng %s, libjpeg %s", image_png_version(), image_jpeg_version());
}
