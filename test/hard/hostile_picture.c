/* SPDX-License-Identifier: Apache-2.0 */
/* hostile pictures, and the other files that the program reads: labels, profiles, arrays.
 * A picture that fails is a row and exit status 1; the batch goes on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "hard/hostile.h"

#define ROW "\"error\":\""

struct bytes {
	unsigned char b[1 << 17];
	size_t n;
};

static void add(struct bytes *to, const void *bytes, size_t n)
{
	memcpy(to->b + to->n, bytes, n);
	to->n += n;
}

static void add_be(struct bytes *to, uint32_t v, int n)
{
	for (int i = n - 1; i >= 0; i--)
		to->b[to->n++] = (unsigned char)(v >> 8 * i);
}

static void slurp(struct bytes *to, const char *data, const char *name)
{
	char path[2048];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", data, name);
	f = fopen(path, "rb");
	to->n = f ? fread(to->b, 1, sizeof to->b, f) : 0;
	if (!to->n) {
		perror(path);
		exit(2);
	}
	fclose(f);
}

/* --- PNG */

static void chunk(struct bytes *to, const char *type, const void *bytes, size_t n)
{
	size_t at = to->n + 4;

	add_be(to, (uint32_t)n, 4);
	add(to, type, 4);
	add(to, bytes, n);
	add_be(to, (uint32_t)crc32(0, to->b + at, (uInt)(n + 4)), 4);
}

static void png_head(struct bytes *to, uint32_t w, uint32_t h, int depth, int color)
{
	struct bytes *head = calloc(1, sizeof *head);

	to->n = 0;
	add(to, "\x89PNG\r\n\x1a\n", 8);
	add_be(head, w, 4);
	add_be(head, h, 4);
	add_be(head, (uint32_t)(depth << 24 | color << 16), 4);
	add_be(head, 0, 1);
	chunk(to, "IHDR", head->b, head->n);
	free(head);
}

static void png_data(struct bytes *to, size_t zeros)
{
	unsigned char *from = calloc(1, zeros), *packed = malloc(compressBound((uLong)zeros));
	uLongf n = compressBound((uLong)zeros);

	compress2(packed, &n, from, (uLong)zeros, 9);
	chunk(to, "IDAT", packed, n);
	chunk(to, "IEND", "", 0);
	free(from);
	free(packed);
}

static void pngs(struct bytes *p)
{
	static const struct {
		uint32_t w, h;
		int depth, color;
		const char *regex;
	} heads[] = {
		{ 65535, 65535, 8, 2, "the picture is too large: expected at most 64000000 pixels" },
		{ 1000000, 1000000, 8, 0, "the picture is too large" },
		{ 2147483647, 2147483647, 8, 6, "cannot decode the PNG picture: " },
		{ 4294967295u, 4294967295u, 8, 6, "cannot decode the PNG picture: " },
		{ 0, 4, 8, 2, "cannot decode the PNG picture: " },
		{ 4, 0, 8, 2, "cannot decode the PNG picture: " },
		{ 64000001, 1, 8, 0, "cannot decode the PNG picture: " },
		{ 4, 4, 3, 2, "cannot decode the PNG picture: " },
		{ 4, 4, 8, 5, "cannot decode the PNG picture: " },
		{ 4, 4, 16, 3, "cannot decode the PNG picture: " },
		{ 4, 4, 8, 3, "cannot decode the PNG picture: " },
		{ 30000, 1, 8, 0, "cannot decode the PNG picture: " }, /* fewer data than that */
	};
	char regex[256];

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		png_head(p, heads[i].w, heads[i].h, heads[i].depth, heads[i].color);
		png_data(p, 60);
		snprintf(regex, sizeof regex, ROW "%s", heads[i].regex);
		hostile(hostile_text("I1 PNG of %u x %u, depth %d, colour %d", heads[i].w, heads[i].h,
		                     heads[i].depth, heads[i].color),
		        p->b, p->n, PICTURE, ROW_FAILED, regex);
	}
	png_head(p, 7000, 7000, 8, 0); /* 48 KiB that are 49 MB */
	png_data(p, 7001 * 7000);
	hostile("I1 PNG of 49 megapixels of black", p->b, p->n, PICTURE, FINE, NULL);
	png_head(p, 4, 4, 8, 0);
	chunk(p, "IEND", "", 0);
	hostile("I1 PNG without data", p->b, p->n, PICTURE, ROW_FAILED, ROW "cannot decode");
	png_head(p, 4, 4, 8, 0);
	add_be(p, 0x7fffffff, 4);
	add(p, "IDAT", 4);
	hostile("I1 PNG with a chunk of 2 GiB", p->b, p->n, PICTURE, ROW_FAILED, ROW "cannot decode");
	png_head(p, 4, 4, 8, 0);
	for (int i = 0; i < 5000; i++)
		chunk(p, "ABCD", "x", 1);
	hostile("I1 PNG with an unknown critical chunk", p->b, p->n, PICTURE, ROW_FAILED,
	        ROW "cannot decode");
	png_head(p, 4, 4, 8, 3);
	chunk(p, "PLTE", "\0\0\0", 3);
	png_data(p, 20);
	p->b[20] ^= 1; /* the header, whose checksum it breaks */
	hostile("I1 PNG with a broken header", p->b, p->n, PICTURE, ROW_FAILED, ROW "cannot decode");
}

/* --- JPEG */

/* The frame header's place; 0: none. */
static size_t find_frame(const struct bytes *p)
{
	for (size_t i = 2; i + 9 < p->n; i++)
		if (p->b[i] == 0xff && p->b[i + 1] >= 0xc0 && p->b[i + 1] <= 0xc2)
			return i;
	return 0;
}

static void jpegs(struct bytes *p, const char *data)
{
	static const struct {
		size_t at;
		unsigned value;
		int bytes;
		const char *regex;
	} frames[] = {
		{ 5, 0xffdcffdc, 4, "the picture is too large: expected at most 64000000 pixels" },
		{ 5, 0, 4, "cannot decode the JPEG picture: " },
		{ 5, 0, 2, "cannot decode the JPEG picture: " },
		{ 4, 12, 1, "cannot decode the JPEG picture: " },
		{ 9, 0, 1, "cannot decode the JPEG picture: " },
		{ 9, 200, 1, "cannot decode the JPEG picture: " },
		{ 11, 0xff, 1, "cannot decode the JPEG picture: " },
		{ 11, 0x00, 1, "cannot decode the JPEG picture: " },
		{ 2, 0, 2, "cannot decode the JPEG picture: " },
		{ 2, 0xffff, 2, "" },
	};
	struct bytes *good = malloc(sizeof *good);
	size_t at, n;
	char regex[256];

	slurp(good, data, "images/base-420.jpg");
	at = find_frame(good);
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		memcpy(p, good, sizeof *p);
		p->n = at + frames[i].at;
		add_be(p, frames[i].value, frames[i].bytes);
		p->n = good->n;
		snprintf(regex, sizeof regex, ROW "%s", frames[i].regex);
		hostile(hostile_text("I1 JPEG, byte %zu of the frame: %x", frames[i].at, frames[i].value),
		        p->b, p->n, PICTURE, ROW_FAILED, regex);
	}
	for (int i = 1; i < 12; i++)
		hostile(hostile_text("I1 JPEG, %d/12 of it", i), good->b, good->n * (size_t)i / 12, PICTURE,
		        ROW_FAILED, ROW);
	slurp(p, data, "images/prog-420.jpg");
	at = find_frame(p);
	for (n = p->n; n > 2 && !(p->b[n - 2] == 0xff && p->b[n - 1] == 0xda); n--)
		;
	{ /* the last scan 2000 times */
		size_t scan = p->n - 2 - (n - 2);
		unsigned char *copy = malloc(scan);
		memcpy(copy, p->b + n - 2, scan);
		p->n -= 2;
		while (p->n + scan + 2 < sizeof p->b)
			add(p, copy, scan);
		add(p, "\xff\xd9", 2);
		free(copy);
	}
	hostile("I1 JPEG of very many scans", p->b, p->n, PICTURE, ROW_FAILED,
	        ROW ".*expected at most 100 "
	            "scans, found more\"");
	p->b[at + 5] = p->b[at + 7] = 0x1f; /* and 7936 x 7936 pixels */
	hostile("I1 JPEG of very many large scans", p->b, p->n, PICTURE, ROW_FAILED, ROW);
	free(good);
}

void hostile_pictures(const char *data)
{
	static const struct {
		const char *what, *bytes;
		size_t n;
		const char *regex;
	} kinds[] = {
		{ "nothing", "", 0, "expected a PNG or JPEG picture, found an empty file\"" },
		{ "text", "hello\n", 6, "expected a PNG or JPEG picture, found text\"" },
		{ "GIF", "GIF89a\1\0\1\0", 10, "expected a PNG or JPEG picture, found a GIF file" },
		{ "WebP", "RIFF\0\0\0\0WEBPVP8L", 16, ".* found a WebP file" },
		{ "BMP", "BM\0\0\0\0", 6, ".* found a BMP file" },
		{ "a zip", "PK\3\4\0\0", 6, ".* found a zip file" },
		{ "bytes", "\1\2\3\4\5", 5, ".* found data that begins with 01 02 03 04\"" },
		{ "a PNG's magic", "\x89PNG\r\n\x1a\n", 8, "cannot decode the PNG picture: " },
		{ "a JPEG's magic", "\xff\xd8\xff", 3, "" },
		{ "a JPEG of 0xff", "\xff\xd8\xff\xff\xff\xff\xff\xff\xff\xff", 10, "" },
	};
	struct bytes *p = calloc(1, sizeof *p);
	char regex[256];

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		snprintf(regex, sizeof regex, ROW "%s", kinds[i].regex);
		hostile(hostile_text("I1 %s", kinds[i].what), kinds[i].bytes, kinds[i].n, PICTURE,
		        ROW_FAILED, regex);
	}
	pngs(p);
	jpegs(p, data);
	free(p);
}

/* --- Labels, profiles, arrays */

static void shapes(void)
{
	static const struct {
		const char *what, *descr, *shape;
		int status;
		const char *regex;
	} rows[] = {
		{ "objects of Python", "'|O'", "(10, 6)", REFUSED, "expected '<f4'" },
		{ "complex numbers", "'<c8'", "(10, 6)", REFUSED, "expected '<f4'" },
		{ "a structure", "[('a', '<f4')]", "(10, 6)", REFUSED, "expected '<f4'" },
		{ "2^64", "'<f4'", "(4294967296, 4294967296)", LIMIT, "the shape is too large$" },
		{ "2^63 bytes", "'<f8'", "(2305843009213693952, 4)", REFUSED, "found 240 bytes$" },
		{ "below 0", "'<f4'", "(-1, 6)", REFUSED, "the header's shape cannot be read$" },
		{ "beyond a long", "'<f4'", "(99999999999999999999, 6)", LIMIT, "the shape is too large$" },
		{ "no number", "'<f4'", "(x, 6)", REFUSED, "the header's shape cannot be read$" },
		{ "without an end", "'<f4'", "(10, 6", REFUSED, "the header's shape cannot be read$" },
		{ "no list", "'<f4'", "60", REFUSED, "the header has no shape$" },
		{ "too few data", "'<f4'", "(11, 6)", REFUSED,
		  "expected 66 elements of 4 bytes, found 240" },
		{ "too many data", "'<f4'", "(9, 6)", REFUSED,
		  "expected 54 elements of 4 bytes, found 240" },
		{ "9 dimensions", "'<f4'", "(10, 6, 1, 1, 1, 1, 1, 1, 1)", REFUSED,
		  "at most 8 dimensions" },
		{ "no elements", "'<f4'", "(0, 6)", REFUSED, "expected 0 elements of 4 bytes, found 240" },
		{ "of another network", "'<f4'", "(6, 10)", REFUSED, "hostile.zip|mlp.zip: " },
		{ "a scalar", "'<f4'", "()", REFUSED, "expected 1 elements of 4 bytes, found 240" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char file[128 + 240] = "\x93NUMPY\1\0v";
		int n = snprintf(file + 10, 118, "{'descr': %s, 'fortran_order': False, 'shape': %s, }",
		                 rows[i].descr, rows[i].shape);
		memset(file + 10 + n, ' ', (size_t)(117 - n));
		file[127] = '\n';
		hostile(hostile_text("T%d %s", ARRAY, rows[i].what), file, sizeof file, ARRAY,
		        rows[i].status, rows[i].regex);
	}
}

void hostile_texts(void)
{
	static const struct {
		enum how how;
		const char *what, *bytes;
		size_t n;
		int status;
		const char *regex;
	} rows[] = {
#define TEXT(how, what, text, status, regex) { how, what, text, sizeof text - 1, status, regex }
		TEXT(LABELS, "none", "", REFUSED, "hostile.txt: no label in it$"),
		TEXT(LABELS, "too few", "a\nb\n", REFUSED, "expected 10 labels, found 2$"),
		TEXT(LABELS, "a gap", "a\n\nb\n", REFUSED, "line 2 is empty$"),
		TEXT(LABELS, "a NUL", "a\nb\0c\n", REFUSED, "expected text, found a NUL byte$"),
		TEXT(LABELS, "what a terminal obeys", "a\33[2J\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", FINE, NULL),
		TEXT(PROFILE, "none", "", REFUSED, "hostile.json: "),
		TEXT(PROFILE, "a list", "[]", REFUSED, "hostile.json: "),
		TEXT(PROFILE, "open", "{\"size\":\"28x28\"", REFUSED, "hostile.json: "),
		TEXT(PROFILE, "an unknown member", "{\"sise\":\"28x28\"}", REFUSED, "hostile.json: "),
		TEXT(PROFILE, "a size of nothing", "{\"size\":\"0x0\"}", REFUSED, "hostile.json: "),
		TEXT(PROFILE, "a size of everything", "{\"size\":\"99999999999x1\"}", REFUSED,
		     "hostile.json: "),
		TEXT(PROFILE, "objects in objects", "{\"size\":{\"size\":{}}}", REFUSED, "hostile.json: "),
		TEXT(ARRAY, "nothing", "", REFUSED, "hostile.npy: not an npy file$"),
		TEXT(ARRAY, "its magic alone", "\x93NUMPY\1\0", REFUSED, "hostile.npy: not an npy file$"),
		TEXT(ARRAY, "a header of nothing", "\x93NUMPY\1\0\0\0aaaa", REFUSED,
		     "the header ends too early$"),
		TEXT(ARRAY, "a header that is not there", "\x93NUMPY\1\0\377\377aaaa", REFUSED,
		     "the header ends too early$"),
		TEXT(ARRAY, "a header of 4 GiB", "\x93NUMPY\2\0\377\377\377\377aaaa", REFUSED,
		     "the header ends too early$"),
	};

	shapes();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		hostile(hostile_text("T%d %s", (int)rows[i].how, rows[i].what), rows[i].bytes, rows[i].n,
		        rows[i].how, rows[i].status, rows[i].regex);
}
