/* SPDX-License-Identifier: Apache-2.0 */
/* image: every row of data/images/golden.tsv, which DL4J's NativeImageLoader wrote, bit for bit;
 * and the files, limits and sizes that are refused. */
#include "image/image.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
	unsigned char *bytes;
	size_t n;
};

static const char *path_of(const char *name)
{
	static char path[4096];
	const char *top = getenv("srcdir");

	snprintf(path, sizeof path, "%s/data/images/%s", top ? top : ".", name);
	return path;
}

static struct file slurp(const char *name)
{
	struct file file = { malloc(1 << 20), 0 };
	FILE *in = fopen(path_of(name), "rb");

	ck_assert_msg(in != NULL, "%s cannot be read", path_of(name));
	file.n = fread(file.bytes, 1, 1 << 20, in);
	fclose(in);
	return file;
}

static int read_file(struct image *out, const char *name, const struct image_limits *limits,
		     struct dl4j_error *err)
{
	struct file file = slurp(name);
	int code = image_read(out, file.bytes, file.n, limits, err);

	free(file.bytes);
	return code;
}

static uint64_t fnv1a(const float *values, size_t n)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++) {
		uint32_t bits;

		memcpy(&bits, &values[i], 4);
		for (int k = 0; k < 32; k += 8)
			hash = (hash ^ (bits >> k & 0xff)) * 0x100000001b3u;
	}
	return hash;
}

struct row {
	char file[64], crop[16], hash[17];
	int channels, h, w;
	double min, max, mean;
};

/* The tensor of one row; says what differs, so that one run shows all that is wrong. */
static int agrees(const struct image *image, const struct row *row)
{
	enum image_crop crop =
		strcmp(row->crop, "none") == 0 ? IMAGE_CROP_NONE : IMAGE_CROP_DL4J_CENTER;
	size_t n = (size_t)row->channels * (size_t)row->h * (size_t)row->w;
	float *planes = malloc(n * sizeof *planes);
	double sum = 0, min = 1e9, max = -1;
	struct dl4j_error err;
	char hash[17];

	ck_assert_msg(image_to_tensor(image, row->channels, row->h, row->w, crop, planes, &err) == 0,
		      "%s: %s", row->file, err.msg);
	snprintf(hash, sizeof hash, "%016llx", (unsigned long long)fnv1a(planes, n));
	for (size_t i = 0; i < n; i++) {
		sum += planes[i];
		min = planes[i] < min ? planes[i] : min;
		max = planes[i] > max ? planes[i] : max;
	}
	free(planes);
	if (strcmp(hash, row->hash) == 0)
		return 1;
	fprintf(stderr, "%s, %s crop, to %dx%dx%d: expected min %.0f max %.0f mean %.6f, found "
		"%.0f %.0f %.6f\n", row->file, row->crop, row->channels, row->h, row->w,
		row->min, row->max, row->mean, min, max, sum / (double)n);
	return 0;
}

START_TEST(golden)
{
	struct image image = { 0 };
	struct dl4j_error err = { 0 };
	char line[256], open[64] = "";
	int code = 0, rows = 0, wrong = 0;
	FILE *in = fopen(path_of("golden.tsv"), "r");

	ck_assert_msg(in != NULL, "%s cannot be read", path_of("golden.tsv"));
	while (fgets(line, sizeof line, in)) {
		struct row row;

		if (sscanf(line, "%63s %15s %d %d %d %16s %lf %lf %lf", row.file, row.crop,
			   &row.channels, &row.h, &row.w, row.hash, &row.min, &row.max,
			   &row.mean) != 9)
			continue;
		if (strcmp(open, row.file) != 0) {
			image_free(&image);
			code = read_file(&image, row.file, NULL, &err);
			strcpy(open, row.file);
		}
		rows++;
		if ((code != 0) != (strcmp(row.hash, "refused") == 0)) {
			fprintf(stderr, "%s: %s\n", row.file,
				code ? err.msg : "read, but DL4J refuses it");
			wrong++;
		} else if (code == 0) {
			wrong += !agrees(&image, &row);
			ck_assert_msg(image.truncated == (strncmp(row.file, "cut-", 4) == 0),
				      "%s: truncated is %d", row.file, image.truncated);
		}
	}
	image_free(&image);
	fclose(in);
	ck_assert_int_gt(rows, 1000);
	ck_assert_msg(wrong == 0, "%d of %d rows are not DL4J's", wrong, rows);
}
END_TEST

static const struct { const char *file, *message; } refused[] = {
	{ "empty.png", "expected a PNG or JPEG picture, found an empty file" },
	{ "text.jpg", "expected a PNG or JPEG picture, found text" },
	{ "cut.png", "cannot decode the PNG picture: the file is cut short" },
	{ "cut-end.png", "cannot decode the PNG picture: the file is cut short" },
	{ "missing-rows.png", "cannot decode the PNG picture: Not enough image data" },
	{ "no-palette.png", "cannot decode the PNG picture: IDAT: Missing PLTE before IDAT" },
	{ "cut-header.jpg", "the JPEG picture is cut short: the file ends within its header" },
	{ "cut-prog.jpg",
	  "the progressive JPEG picture is cut short: the file ends before the last scan does" },
};

START_TEST(refusals)
{
	struct image image;
	struct dl4j_error err;

	ck_assert_int_eq(read_file(&image, refused[_i].file, NULL, &err), DL4J_EFORMAT);
	ck_assert_str_eq(err.msg, refused[_i].message);
	ck_assert_ptr_null(image.pixels);
}
END_TEST

static const struct { const char *bytes; size_t n; const char *found; } others[] = {
	{ "GIF89a\1\0\1\0", 10, "a GIF file: convert it first" },
	{ "RIFF\4\0\0\0WEBPVP8 ", 16, "a WebP file: convert it first" },
	{ "PK\3\4", 4, "a zip file: convert it first" },
	{ "\xff", 1, "data that begins with ff" },
	{ "\0\1\2", 3, "data that begins with 00 01 02" },
	{ "\x89PNG\r\n", 6, "data that begins with 89 50 4e 47" },
	{ "\xc3\xa9 is text", 10, "data that begins with c3 a9 20 69" },
	{ "pr\xc3\xa8s", 5, "text" },
};

/* Of a long text the start is looked at. */
START_TEST(long_text)
{
	unsigned char text[300];
	struct image image;
	struct dl4j_error err;

	memset(text, 'a', sizeof text);
	text[299] = 0;
	ck_assert_int_eq(image_read(&image, text, sizeof text, NULL, &err), DL4J_EFORMAT);
	ck_assert_str_eq(err.msg, "expected a PNG or JPEG picture, found text");
	text[255] = 0;
	ck_assert_int_eq(image_read(&image, text, sizeof text, NULL, &err), DL4J_EFORMAT);
	ck_assert_str_eq(err.msg, "expected a PNG or JPEG picture, found data that begins with "
			 "61 61 61 61");
}
END_TEST

START_TEST(other_formats)
{
	struct image image;
	struct dl4j_error err;
	char message[128] = "expected a PNG or JPEG picture, found ";

	strcat(message, others[_i].found);
	ck_assert_int_lt(image_read(&image, (const unsigned char *)others[_i].bytes, others[_i].n,
				    NULL, &err), 0);
	ck_assert_str_eq(err.msg, message);
}
END_TEST

static void check_limit(const char *file, struct image_limits limits, int code, const char *message)
{
	struct image image;
	struct dl4j_error err;

	ck_assert_int_eq(read_file(&image, file, &limits, &err), code);
	if (code == 0)
		image_free(&image);
	else
		ck_assert_str_eq(err.msg, message);
}

START_TEST(limits)
{
	struct image_limits few = image_default_limits;

	few.pixels = 42 * 30;
	check_limit("rgb-8.png", few, 0, NULL);
	few.pixels--;
	check_limit("rgb-8.png", few, DL4J_ELIMIT,
		    "the picture is too large: expected at most 1259 pixels, found 42 x 30");
	check_limit("base-420.jpg", few, DL4J_ELIMIT,
		    "the picture is too large: expected at most 1259 pixels, found 96 x 72");

	few = image_default_limits;
	few.file_bytes = 100;
	check_limit("text.jpg", few, DL4J_EFORMAT, "expected a PNG or JPEG picture, found text");
	few.file_bytes = 17;
	check_limit("text.jpg", few, DL4J_ELIMIT,
		    "the picture file is too large: expected at most 17 bytes, found 18");

	few = image_default_limits;
	few.scans = 10;
	check_limit("prog-420.jpg", few, 0, NULL);
	few.scans = 9;
	check_limit("prog-420.jpg", few, DL4J_ELIMIT,
		    "cannot decode the JPEG picture: expected at most 9 scans, found more");
}
END_TEST

/* A header may claim any size: the claim alone must not cost memory or time. */
START_TEST(false_header)
{
	struct file file = slurp("base-420.jpg");
	struct dl4j_error err;
	struct image image;
	size_t at = 0;

	while (memcmp(file.bytes + at, "\xff\xc0\0\x11\x08", 5) != 0)
		ck_assert_uint_lt(++at, file.n - 9);
	memset(file.bytes + at + 5, 0xfe, 4);	/* 65278 x 65278: over the limit */
	ck_assert_int_eq(image_read(&image, file.bytes, file.n, NULL, &err), DL4J_ELIMIT);
	memcpy(file.bytes + at + 5, "\x10\0\x10\0", 4);	/* 4096 x 4096: mostly missing */
	ck_assert_int_eq(image_read(&image, file.bytes, file.n, NULL, &err), 0);
	ck_assert(image.truncated);
	image_free(&image);
	free(file.bytes);
}
END_TEST

/* Cut behind the header of its scan: there is no row that could be repeated. */
START_TEST(no_row)
{
	struct file file = slurp("base-420.jpg");
	struct dl4j_error err = { 0 };
	struct image image;
	size_t at = 0;

	while (memcmp(file.bytes + at, "\xff\xda", 2) != 0)
		ck_assert_uint_lt(++at, file.n - 4);
	file.n = at + 2 + (size_t)file.bytes[at + 3];
	ck_assert_msg(image_read(&image, file.bytes, file.n, NULL, &err) == 0, "%s", err.msg);
	ck_assert(image.truncated);
	for (size_t i = 0; i < 96 * 72 * 3; i++)
		ck_assert_uint_eq(((const unsigned char *)image.pixels)[i], 0);
	image_free(&image);
	free(file.bytes);
}
END_TEST

/* base-420.jpg, of 96 x 72 pixels, with one more segment at its start. */
static struct file with_segment(int marker, const char *body, size_t n)
{
	struct file plain = slurp("base-420.jpg"), file = { malloc(plain.n + n + 4), 0 };
	const unsigned char head[] = { 0xff, 0xd8, 0xff, (unsigned char)marker,
				       (unsigned char)((n + 2) >> 8), (unsigned char)(n + 2) };

	memcpy(file.bytes, head, sizeof head);
	memcpy(file.bytes + sizeof head, body, n);
	memcpy(file.bytes + sizeof head + n, plain.bytes + 2, plain.n - 2);
	file.n = plain.n + n + 4;
	free(plain.bytes);
	return file;
}

enum { APP1 = 0xe1, APP2 = 0xe2 };

#define EXIF "Exif\0\0"
#define LITTLE EXIF "II*\0\x8\0\0\0"
/* Entries of a directory: tag, type, count, value. */
#define TURN "\x12\x1\x3\0\x1\0\0\0\x6\0\0\0"
#define MAKER(count, at) "\x0f\x1\x2\0" count "\0\0\0" at "\0\0\0"
#define DENSITY(at) "\x1a\x1\x5\0\x1\0\0\0" at "\0\0\0"
#define UNIT "\x28\x1\x3\0\x1\0\0\0\x2\0\0\0"
#define OTHER "\xff\xff\x3\0\x1\0\0\0\xff\0\0\0"
#define BODY(text) text, sizeof text - 1

/* Whether the picture is turned by that segment; the orientation in it is 6. */
static const struct {
	int marker;
	const char *body;
	size_t n;
	int turned;
	const char *why;
} exif[] = {
	{ APP1, BODY(LITTLE "\x1\0" TURN), 1, "the tag alone" },
	{ APP1, BODY(EXIF "MM\0*\0\0\0\x8\0\x1\x1\x12\0\x3\0\0\0\x1\0\x6\0\0"), 1, "big-endian" },
	{ APP1, BODY(EXIF "IM\0*\0\0\0\x8\0\x1\x1\x12\0\x3\0\0\0\x1\0\x6\0\0"), 1, "IM is not II" },
	{ APP1, BODY("other!" "II*\0\x8\0\0\0\x1\0" TURN), 1, "nobody reads the name" },
	{ APP1, BODY(LITTLE "\x4\0" UNIT OTHER MAKER("\x4", "\xff") TURN), 1, "tags before it" },
	{ APP1, BODY(LITTLE "\x2\0" MAKER("\x10", "\0") TURN), 1, "a text within the data" },
	{ APP1, BODY(LITTLE "\x2\0" DENSITY("\x8") TURN), 1, "a fraction within the data" },
	{ APP1, BODY(LITTLE "\x2\0" MAKER("\x10", "\x12") TURN), 1, "a text that ends with the data" },
	{ APP2, BODY(LITTLE "\x1\0" TURN), 0, "another segment" },
	{ APP1, BODY(""), 0, "nothing" },
	{ APP1, BODY(EXIF), 0, "no data" },
	{ APP1, BODY(EXIF "I"), 0, "one byte" },
	{ APP1, BODY(EXIF "II*"), 0, "cut in the magic number" },
	{ APP1, BODY(EXIF "II+\0\x8\0\0\0\x1\0" TURN), 0, "another magic number" },
	{ APP1, BODY(EXIF "II*\0\xff\0\0\0\x1\0" TURN), 0, "a directory beyond the end" },
	{ APP1, BODY(LITTLE "\x1\0\x12\x1\x3\0\x1\0\0\0\x6"), 0, "cut in the value" },
	{ APP1, BODY(LITTLE "\x1\0\x12\x1\x3\0\x1\0\0\0\x9\0"), 0, "orientation 9" },
	{ APP1, BODY(LITTLE "\x1\0\x12\x1\x3\0\x1\0\0\0\0\0"), 0, "orientation 0" },
	{ APP1, BODY(LITTLE "\x2\0" UNIT), 0, "fewer entries than it says" },
	{ APP1, BODY(LITTLE "\x1\0" UNIT), 0, "other tags only" },
	{ APP1, BODY(LITTLE "\x1\0" UNIT TURN), 0, "an entry more than it says" },
	{ APP1, BODY(LITTLE "\x2\0\x0f\x1\x2\0\x5"), 0, "cut in a text's entry" },
	{ APP1, BODY(LITTLE "\x2\0\x1a\x1\x5\0\x1"), 0, "cut in a fraction's entry" },
	{ APP1, BODY(LITTLE "\x2\0" MAKER("\x5", "\xff") TURN), 0, "a text beyond the end" },
	{ APP1, BODY(LITTLE "\x2\0" MAKER("\x7f", "\x8") TURN), 0, "a text across the end" },
	{ APP1, BODY(LITTLE "\x2\0" DENSITY("\xff") TURN), 0, "a fraction beyond the end" },
	{ APP1, BODY(LITTLE "\x2\0" DENSITY("\x1e") TURN), 0, "a fraction across the end" },
};

START_TEST(orientation)
{
	struct file file = with_segment(exif[_i].marker, exif[_i].body, exif[_i].n);
	struct dl4j_error err = { 0 };
	struct image image;

	ck_assert_msg(image_read(&image, file.bytes, file.n, NULL, &err) == 0, "%s", err.msg);
	ck_assert_msg(image.w == (exif[_i].turned ? 72 : 96) && image.h == 168 - image.w,
		      "%s: %d x %d", exif[_i].why, image.w, image.h);
	ck_assert(!image.truncated);
	image_free(&image);
	free(file.bytes);
}
END_TEST

/* A segment that says it is longer than the file. */
START_TEST(long_segment)
{
	struct file file = with_segment(APP2, BODY("twelve bytes"));
	struct dl4j_error err;
	struct image image;

	file.bytes[4] = 0xff;
	ck_assert_int_eq(image_read(&image, file.bytes, file.n, NULL, &err), DL4J_EFORMAT);
	ck_assert_str_eq(err.msg, "the JPEG picture is cut short: the file ends within its header");
	ck_assert_ptr_null(image.pixels);
	free(file.bytes);
}
END_TEST

/* A frame of two components: no colours that anyone knows. */
START_TEST(two_components)
{
	struct file file = slurp("base-420.jpg");
	struct dl4j_error err;
	struct image image;
	size_t at = 0;

	while (memcmp(file.bytes + at, "\xff\xc0\0\x11\x08", 5) != 0)
		ck_assert_uint_lt(++at, file.n - 20);
	file.bytes[at + 3] = 0x0e;
	file.bytes[at + 9] = 2;
	memmove(file.bytes + at + 16, file.bytes + at + 19, file.n - at - 19);
	while (memcmp(file.bytes + at, "\xff\xda\0\x0c\3", 5) != 0) /* the scan has two as well */
		ck_assert_uint_lt(++at, file.n - 20);
	file.bytes[at + 3] = 0x0a;
	file.bytes[at + 4] = 2;
	memmove(file.bytes + at + 9, file.bytes + at + 11, file.n - at - 14);
	ck_assert_int_eq(image_read(&image, file.bytes, file.n - 5, NULL, &err), DL4J_EFORMAT);
	ck_assert_str_eq(err.msg, "expected a JPEG of 1, 3 or 4 colour components, found 2");
	free(file.bytes);
}
END_TEST

START_TEST(center_crop)
{
	static const struct { int h, w, top, left, rows, columns; } cases[] = {
		{ 2, 2, 0, 1, 3, 3 }, { 3, 3, 0, 1, 3, 3 }, { 3, 1, 0, 2, 3, 1 },
		{ 3, 5, 0, 0, 3, 5 }, { 1, 5, 1, 0, 1, 5 }, { 1, 50, 1, 0, 1, 5 },
	};
	unsigned char pixels[15];
	struct image image = { .w = 5, .h = 3, .channels = 1, .depth = 8, .pixels = pixels };
	struct dl4j_error err;

	for (unsigned char i = 0; i < 15; i++)
		pixels[i] = i;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int h = cases[i].h, w = cases[i].w;
		unsigned char part_pixels[15];
		struct image part = { .w = cases[i].columns, .h = cases[i].rows, .channels = 1,
				      .depth = 8, .pixels = part_pixels };
		float cropped[50], expected[50];

		for (int y = 0; y < part.h; y++)
			memcpy(part_pixels + y * part.w,
			       pixels + (y + cases[i].top) * 5 + cases[i].left, (size_t)part.w);
		ck_assert_int_eq(image_to_tensor(&image, 1, h, w, IMAGE_CROP_CENTER, cropped, &err),
				 0);
		ck_assert_int_eq(image_to_tensor(&part, 1, h, w, IMAGE_CROP_NONE, expected, &err), 0);
		ck_assert_mem_eq(cropped, expected, (size_t)(h * w) * sizeof(float));
	}
}
END_TEST

START_TEST(bad_targets)
{
	unsigned char pixel = 7;
	struct image image = { .w = 1, .h = 1, .channels = 1, .depth = 8, .pixels = &pixel };
	static float line[65535];
	struct dl4j_error err;
	float out[4];

	ck_assert_int_eq(image_to_tensor(&image, 2, 1, 1, IMAGE_CROP_NONE, out, &err), DL4J_EUSAGE);
	ck_assert_str_eq(err.msg, "expected 1, 3 or 4 channels for a picture, found 2");
	ck_assert_int_eq(image_to_tensor(&image, 1, 0, 1, IMAGE_CROP_NONE, out, &err), DL4J_EUSAGE);
	ck_assert_int_eq(image_to_tensor(&image, 1, 1, 0, IMAGE_CROP_NONE, out, &err), DL4J_EUSAGE);
	ck_assert_int_eq(image_to_tensor(&image, 1, 1, 65536, IMAGE_CROP_NONE, out, &err),
			 DL4J_EUSAGE);
	ck_assert_int_eq(image_to_tensor(&image, 1, 65536, 1, IMAGE_CROP_NONE, out, &err),
			 DL4J_EUSAGE);
	ck_assert_int_eq(image_to_tensor(&image, 1, 1, 65535, IMAGE_CROP_NONE, line, &err), 0);
	ck_assert_int_eq(image_to_tensor(&image, 1, 65535, 1, IMAGE_CROP_NONE, line, &err), 0);
	ck_assert(line[0] == 7 && line[65534] == 7);
	ck_assert_int_eq(image_to_tensor(&image, 4, 1, 1, IMAGE_CROP_NONE, out, &err), 0);
	ck_assert(out[0] == 7 && out[1] == 7 && out[2] == 7 && out[3] == 255);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("image");
	TCase *tests = tcase_create("image");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, golden);
	tcase_add_loop_test(tests, refusals, 0, sizeof refused / sizeof *refused);
	tcase_add_loop_test(tests, other_formats, 0, sizeof others / sizeof *others);
	tcase_add_test(tests, long_text);
	tcase_add_test(tests, limits);
	tcase_add_test(tests, false_header);
	tcase_add_test(tests, no_row);
	tcase_add_loop_test(tests, orientation, 0, sizeof exif / sizeof *exif);
	tcase_add_test(tests, long_segment);
	tcase_add_test(tests, two_components);
	tcase_add_test(tests, center_crop);
	tcase_add_test(tests, bad_targets);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
