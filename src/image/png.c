/* SPDX-License-Identifier: Apache-2.0 */
/* PNG, by libpng's low-level interface, with the transformations that OpenCV asks for. */
#include "image/decode.h"

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct decoder {
	const unsigned char *next;
	size_t left;
	int no_memory;
	char message[128];
};

static void stop(png_structp png, png_const_charp message)
{
	struct decoder *d = png_get_error_ptr(png);

	snprintf(d->message, sizeof d->message, "%s", message);
	png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

/* libpng goes on without chunks that it has no memory for; a picture without its palette or its
 * orientation would be another one. */
static png_voidp allocate(png_structp png, png_alloc_size_t n)
{
	struct decoder *d = png_get_mem_ptr(png);
	void *p = malloc(n);

	d->no_memory |= !p;
	return p;
}

static void release(png_structp png, png_voidp p)
{
	(void)png;
	free(p);
}

static void feed(png_structp png, png_bytep to, size_t n)
{
	struct decoder *d = png_get_io_ptr(png);

	if (n > d->left)
		png_error(png, "the file is cut short");
	memcpy(to, d->next, n);
	d->next += n;
	d->left -= n;
}

/* Chunks that inflate to megabytes and that nobody here looks at. */
static void skip_text(png_structp png)
{
	static const png_byte names[] = "tEXt\0zTXt\0iTXt\0iCCP\0sPLT";

	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, names, 5);
}

static int little_endian(void)
{
	const uint16_t one = 1;

	return *(const unsigned char *)&one;
}

/* Colour as 8- or 16-bit BGR, grey as it is but with at least 8 bits; opacity is dropped. */
static void set_up(png_structp png, int color_type, int depth)
{
	if (depth == 16 && little_endian()) /* unreached: the other order, on this machine */
		png_set_swap(png);
	if (color_type == PNG_COLOR_TYPE_PALETTE)
		png_set_palette_to_rgb(png);
	if (color_type == PNG_COLOR_TYPE_GRAY && depth < 8)
		png_set_expand_gray_1_2_4_to_8(png);
	if (color_type == PNG_COLOR_TYPE_GRAY_ALPHA)
		png_set_gray_to_rgb(png);
	if (color_type & PNG_COLOR_MASK_COLOR)
		png_set_bgr(png);
	png_set_strip_alpha(png);
}

static int orientation_of(png_structp png, png_infop info)
{
	png_uint_32 n = 0;
	png_bytep exif = NULL;

	return png_get_eXIf_1(png, info, &n, &exif) ? image_exif_orientation(exif, n) : 1;
}

static int decode(png_structp png, png_infop info, struct image *out, int *orientation,
		  const struct image_limits *limits, struct dl4j_error *err)
{
	png_uint_32 w, h;
	int depth, color_type;

	png_set_user_limits(png, 1000000, 1000000);
	png_set_chunk_malloc_max(png, 8000000);
	skip_text(png);
	png_read_info(png, info);
	png_get_IHDR(png, info, &w, &h, &depth, &color_type, NULL, NULL, NULL);

	int code = image_allocate(out, w, h, color_type == PNG_COLOR_TYPE_GRAY ? 1 : 3,
				  depth == 16 ? 16 : 8, limits, err);
	if (code != 0)
		return code;
	set_up(png, color_type, depth);

	int passes = png_set_interlace_handling(png);

	png_read_update_info(png, info);
	assert(png_get_rowbytes(png, info) == (size_t)w * image_pixel_size(out));
	while (passes-- > 0)
		for (png_uint_32 y = 0; y < h; y++)
			png_read_row(png, image_row(out, y), NULL);
	png_read_end(png, info);
	*orientation = orientation_of(png, info);
	return 0;
}

int image_read_png(struct image *out, int *orientation, const unsigned char *bytes, size_t n,
		   const struct image_limits *limits, struct dl4j_error *err)
{
	struct decoder d = { .next = bytes, .left = n };
	png_structp png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &d, stop, ignore, &d,
						   allocate, release);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	int code;

	if (!info) {
		png_destroy_read_struct(&png, NULL, NULL);
		return fail(err, DL4J_EMEMORY, "no memory for the PNG decoder");
	}
	png_set_read_fn(png, &d, feed);
	if (setjmp(png_jmpbuf(png)) == 0)
		code = decode(png, info, out, orientation, limits, err);
	else
		code = fail(err, DL4J_EFORMAT, "cannot decode the PNG picture: %s", d.message);
	png_destroy_read_struct(&png, &info, NULL);
	if (d.no_memory)
		code = fail(err, DL4J_EMEMORY, "no memory to decode the PNG picture");
	if (code != 0)
		image_free(out);
	return code;
}

const char *image_png_version(void)
{
	return png_get_libpng_ver(NULL);
}
