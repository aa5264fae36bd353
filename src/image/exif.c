/* SPDX-License-Identifier: Apache-2.0 */
/* The Orientation tag of EXIF data, found or missed where OpenCV 4.5.5, DL4J's reader, finds or
 * misses it. */
#include "image/decode.h"

#include <stdlib.h>
#include <string.h>

struct tiff {
	const unsigned char *bytes;
	size_t n;
	int little;	/* byte order */
	int broken;	/* something was read beyond the end */
};

static uint32_t number(struct tiff *t, size_t at, size_t size)
{
	uint32_t value = 0;

	if (t->broken || at > t->n || size > t->n - at) {
		t->broken = 1;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		value = value << 8 | t->bytes[at + (t->little ? size - 1 - i : i)];
	return value;
}

/* OpenCV reads the values of these tags, and stops for good where one lies beyond the end. */
static void visit(struct tiff *t, uint32_t tag, size_t entry)
{
	static const struct { uint16_t tag, size; } read[] = {
		{ 0x10e, 1 }, { 0x10f, 1 }, { 0x110, 1 }, { 0x131, 1 }, { 0x132, 1 },
		{ 0x8298, 1 },				/* text: a byte each */
		{ 0x11a, 8 }, { 0x11b, 8 },		/* fractions, as many as the tag must have */
		{ 0x13e, 16 }, { 0x13f, 48 }, { 0x211, 24 }, { 0x214, 48 },
		{ 0x128, 0 }, { 0x213, 0 },		/* numbers within the entry */
	};

	for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
		if (read[i].tag != tag)
			continue;

		uint32_t value = number(t, entry + 8, read[i].size ? 4 : 2);
		uint32_t size = read[i].size == 1 ? number(t, entry + 4, 4) : read[i].size;

		if (size > 4 && !t->broken && (value > t->n || size > t->n - value))
			t->broken = 1;
	}
}

int image_exif_orientation(const unsigned char *bytes, size_t n)
{
	struct tiff t = { bytes, n, n > 1 && bytes[0] == 'I' && bytes[1] == 'I', 0 };

	if (number(&t, 2, 2) != 42)
		return 1;

	size_t entry = number(&t, 4, 4);
	uint32_t count = number(&t, entry, 2);

	entry += 2;
	for (uint32_t i = 0; i < count && !t.broken; i++, entry += 12) {
		uint32_t tag = number(&t, entry, 2);

		if (tag == 0x112) {
			uint32_t value = number(&t, entry + 8, 2);

			return value >= 1 && value <= 8 ? (int)value : 1;
		}
		visit(&t, tag, entry);
	}
	return 1;
}

/*
 * Copies pixels into a picture of another shape: pixel (x, y) of `to` is the one `dx` * x +
 * `dy` * y pixels after `from`. In tiles, since one of the two is walked across its rows.
 */
static inline void move(struct image *to, const unsigned char *from, ptrdiff_t dx, ptrdiff_t dy,
			size_t size)
{
	enum { TILE = 32 };

	dx *= (ptrdiff_t)size;
	dy *= (ptrdiff_t)size;
	for (int top = 0; top < to->h; top += TILE)
		for (int left = 0; left < to->w; left += TILE)
			for (int y = top; y < to->h && y < top + TILE; y++) {
				unsigned char *out = image_row(to, (size_t)y) + (size_t)left * size;
				const unsigned char *in = from + dy * y + dx * left;

				for (int x = left; x < to->w && x < left + TILE; x++) {
					memcpy(out, in, size);
					out += size;
					in += dx;
				}
			}
}

int image_turn(struct image *image, int orientation, struct dl4j_error *err)
{
	/* Per orientation: are the axes exchanged, does x, does y of the file run backwards? */
	static const struct { unsigned char exchanged, x, y; } turns[9] = {
		[2] = { 0, 1, 0 }, [3] = { 0, 1, 1 }, [4] = { 0, 0, 1 },
		[5] = { 1, 0, 0 }, [6] = { 1, 0, 1 }, [7] = { 1, 1, 1 }, [8] = { 1, 1, 0 },
	};
	struct image turned = *image;
	ptrdiff_t dx = turns[orientation].x ? -1 : 1;
	ptrdiff_t dy = turns[orientation].y ? -image->w : image->w;
	const unsigned char *from = image_row(image, turns[orientation].y ? (size_t)image->h - 1 : 0);

	if (orientation == 1)
		return 0;
	/* fits: as many as were allocated before */
	turned.pixels = malloc((size_t)image->w * (size_t)image->h * image_pixel_size(image));
	if (!turned.pixels)
		return fail(err, DL4J_EMEMORY, "no memory to turn a picture of %d x %d pixels",
			    image->w, image->h);
	if (turns[orientation].x)
		from += ((size_t)image->w - 1) * image_pixel_size(image);
	if (turns[orientation].exchanged) {
		ptrdiff_t other = dx;

		dx = dy;
		dy = other;
		turned.w = image->h;
		turned.h = image->w;
	}
	/* A constant size lets the compiler copy a pixel without a call. */
	switch (image_pixel_size(image)) {
	case 1: move(&turned, from, dx, dy, 1); break;
	case 2: move(&turned, from, dx, dy, 2); break;
	case 3: move(&turned, from, dx, dy, 3); break;
	case 6: move(&turned, from, dx, dy, 6); break;
	}
	free(image->pixels);
	*image = turned;
	return 0;
}
