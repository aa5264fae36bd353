/* SPDX-License-Identifier: Apache-2.0 */
/* idx2png: writes the pictures of an MNIST-style idx3-ubyte file, gzipped or not, as 8-bit
 * grey PNG files 00000.png, 00001.png, ... so that `dl4j classify` can be fed a whole test set. */
#include <errno.h>
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define MAGIC 0x00000803 /* unsigned bytes, three dimensions */
#define SIDE_MAX 4096
#define COUNT_MAX 100000 /* what five digits can name */

static int fail(const char *where, const char *what)
{
	fprintf(stderr, "idx2png: %s: %s\n", where, what);
	return 1;
}

/* Reads one big-endian 32-bit number; gives 0 at the end of the file, which no header holds. */
static uint32_t read_u32(gzFile in)
{
	unsigned char b[4];

	if (gzread(in, b, 4) != 4)
		return 0;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int write_png(const char *path, const unsigned char *grey, uint32_t width, uint32_t height)
{
	png_image image;

	memset(&image, 0, sizeof(image));
	image.version = PNG_IMAGE_VERSION;
	image.width = width;
	image.height = height;
	image.format = PNG_FORMAT_GRAY;
	image.flags = PNG_IMAGE_FLAG_FAST;
	if (!png_image_write_to_file(&image, path, 0, grey, 0, NULL))
		return fail(path, image.message);
	return 0;
}

static int write_all(gzFile in, const char *file, const char *dir, uint32_t limit)
{
	uint32_t magic = read_u32(in), count = read_u32(in);
	uint32_t height = read_u32(in), width = read_u32(in);
	unsigned char *grey;
	char path[4096];
	int status = 0;

	if (magic != MAGIC)
		return fail(file, "not an idx3-ubyte file");
	if (!count || !height || !width || height > SIDE_MAX || width > SIDE_MAX)
		return fail(file, "no pictures of a sensible size");
	if (limit && limit < count)
		count = limit;
	if (count > COUNT_MAX)
		return fail(file, "more than 100000 pictures: give N");
	grey = malloc((size_t)width * height);
	if (!grey)
		return fail(file, "out of memory");
	for (uint32_t i = 0; i < count && !status; i++) {
		int n = snprintf(path, sizeof(path), "%s/%05u.png", dir, (unsigned)i);

		if (n < 0 || (size_t)n >= sizeof(path))
			status = fail(dir, "path too long");
		else if (gzread(in, grey, width * height) != (int)(width * height))
			status = fail(file, "ends within the pictures");
		else
			status = write_png(path, grey, width, height);
	}
	free(grey);
	return status;
}

int main(int argc, char **argv)
{
	unsigned long limit = 0;
	char *end = "";
	gzFile in;
	int status;

	if (argc == 4)
		limit = strtoul(argv[3], &end, 10);
	if (argc < 3 || argc > 4 || *end || (argc == 4 && (!limit || limit > COUNT_MAX))) {
		fprintf(stderr, "usage: idx2png IMAGES.idx3-ubyte[.gz] OUT_DIR [N]\n");
		return 2;
	}
	if (mkdir(argv[2], 0777) && errno != EEXIST)
		return fail(argv[2], strerror(errno));
	in = gzopen(argv[1], "rb"); /* reads plain files as they are */
	if (!in)
		return fail(argv[1], strerror(errno));
	status = write_all(in, argv[1], argv[2], (uint32_t)limit);
	gzclose(in);
	return status;
}
