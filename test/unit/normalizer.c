/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: normalizer.bin written byte by byte, its arithmetic against numbers worked out by
 * hand; whole files of DL4J are compared by test/golden/run. */
#include "unit.h"

#include <math.h>
#include <stdint.h>

#include "normalizer/normalizer.h"

static struct arena arena;

struct bytes {
	unsigned char b[2048];
	size_t n;
};

static void big(struct bytes *b, uint64_t v, int size)
{
	for (int i = size - 1; i >= 0; i--)
		b->b[b->n++] = (unsigned char)(v >> 8 * i);
}

static void word(struct bytes *b, const char *text)
{
	big(b, strlen(text), 2);
	memcpy(b->b + b->n, text, strlen(text));
	b->n += strlen(text);
}

static void number(struct bytes *b, double d)
{
	uint64_t bits;

	memcpy(&bits, &d, 8);
	big(b, bits, 8);
}

/* [1,n] of doubles, as 1.0.0-beta4 and later write it. */
static void array(struct bytes *b, int n, const double *v)
{
	const int64_t shape[] = { 2, 1, n, n, 1, 16384, 1, 'c' };

	word(b, "MIXED_DATA_TYPES");
	big(b, 8, 8);
	word(b, "LONG");
	for (int i = 0; i < 8; i++)
		big(b, (uint64_t)shape[i], 8);
	word(b, "MIXED_DATA_TYPES");
	big(b, (uint64_t)n, 8);
	word(b, "DOUBLE");
	for (int i = 0; i < n; i++)
		number(b, v[i]);
}

static void start(struct bytes *b, const char *type)
{
	b->n = 0;
	word(b, "NORMALIZER");
	big(b, 1, 4);
	word(b, type);
}

#define V(...) (double[]){ __VA_ARGS__ }

static void image(struct bytes *b, double min, double max, double max_pixel)
{
	start(b, "IMAGE_MIN_MAX");
	number(b, min);
	number(b, max);
	number(b, max_pixel);
}

static void standardize(struct bytes *b, int n, const double *mean, const double *std)
{
	start(b, "STANDARDIZE");
	big(b, 0, 1);
	array(b, n, mean);
	array(b, n, std);
}

static void min_max(struct bytes *b, double to_min, double to_max, int n, const double *min,
                    const double *max)
{
	start(b, "MIN_MAX");
	big(b, 0, 1);
	number(b, to_min);
	number(b, to_max);
	array(b, n, min);
	array(b, n, max);
}

static int parse(struct normalizer *z, const struct bytes *b, struct dl4j_error *err)
{
	*z = (struct normalizer){ .type = NULL };
	arena_free(&arena);
	return normalizer_read(z, b->b, b->n, &arena, err);
}

static void refused(const struct bytes *b, int code, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;

	unit_refused(parse(&z, b, &err), &err, code, msg);
}

static void gives(const struct bytes *b, int rank, const int64_t *dim, int n, const float *in,
                  const float *out)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	float data[64];

	ck_assert_msg(!parse(&z, b, &err), "%s", err.msg);
	memcpy(data, in, (size_t)n * sizeof *in);
	ck_assert_msg(!normalizer_apply(&z, 0, data, dim, rank, &err), "%s", err.msg);
	for (int i = 0; i < n; i++)
		ck_assert_msg(data[i] == out[i], "%d: %.9g, expected %.9g", i, (double)data[i],
		              (double)out[i]);
}

#define D(...) COUNT(((int64_t[]){ __VA_ARGS__ })), (int64_t[]){ __VA_ARGS__ }
#define F(...) (float[]){ __VA_ARGS__ }

START_TEST(images)
{
	struct bytes b;

	image(&b, 0, 1, 255);
	gives(&b, D(1, 1, 2, 2), 4, F(0, 255, 51, 127.5F), F(0, 1, 0.2F, 0.5F));
	image(&b, -1, 1, 255);
	gives(&b, D(1, 1, 2, 2), 4, F(0, 255, 51, 127.5F), F(-1, 1, 0.2F * 2 - 1, 0));
	image(&b, 2, 3, 1); /* a range of 1 is not multiplied by */
	gives(&b, D(4, 1), 4, F(0, 1, 0.5F, -1), F(2, 3, 2.5F, 1));
}
END_TEST

START_TEST(columns)
{
	struct bytes b;

	standardize(&b, 2, V(1, -2), V(2, 0.5));
	gives(&b, D(3, 2), 6, F(1, -2, 3, -1, 0, 0), F(0, 0, 1, 2, -0.5F, 4));
	min_max(&b, 0, 1, 2, V(0, 10), V(4, 20));
	gives(&b, D(2, 2), 4, F(1, 10, 4, 15), F(0.25F, 0, 1, 0.5F));
	min_max(&b, -1, 1, 2, V(0, 10), V(4, 20));
	gives(&b, D(2, 2), 4, F(1, 10, 4, 15), F(-0.5F, -1, 1, 0));
}
END_TEST

/* By axis 1 in arrays of rank 3 and 4. */
START_TEST(channels)
{
	struct bytes b;

	standardize(&b, 2, V(1, 10), V(1, 2));
	gives(&b, D(2, 2, 2), 8, F(1, 2, 10, 12, 3, 4, 14, 16), F(0, 1, 0, 1, 2, 3, 2, 3));
	gives(&b, D(1, 2, 1, 2), 4, F(1, 2, 10, 12), F(0, 1, 0, 1));
}
END_TEST

/* No division by zero or by next to nothing. */
START_TEST(least)
{
	const float smallest = 1e-5F;
	struct bytes b;

	standardize(&b, 3, V(0, 0, 0), V(0, 1e-9, 1e-4));
	gives(&b, D(1, 3), 3, F(3, 1, 1), F(3, 1 / smallest, 1 / 1e-4F));
	min_max(&b, 0, 1, 2, V(0, 5), V(0, 4));
	gives(&b, D(1, 2), 2, F(1, 5), F(1 / smallest, 0));
	min_max(&b, 1, 1, 1, V(0), V(1)); /* the target range too */
	gives(&b, D(1, 1), 1, F(0), F(1));
}
END_TEST

START_TEST(sizes)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;
	float data[4] = { 0 };

	standardize(&b, 2, V(1, -2), V(2, 0.5));
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	unit_refused(normalizer_apply(&z, 0, data, (int64_t[]){ 1, 3 }, 2, &err), &err, DL4J_ESHAPE,
	             "normalizer.bin: expected 2 columns or channels, found 3");
	unit_refused(normalizer_apply(&z, 0, data, (int64_t[]){ 2 }, 1, &err), &err, DL4J_ESHAPE,
	             "normalizer.bin: expected 2 columns or channels, found 0");
	ck_assert_int_eq(normalizer_apply(&z, 0, data, (int64_t[]){ 0, 2 }, 2, &err), 0);
}
END_TEST

START_TEST(none)
{
	struct normalizer z = { .type = NULL };
	struct dl4j_error err = { 0 };
	float data = 3;

	ck_assert_int_eq(normalizer_apply(&z, 0, &data, (int64_t[]){ 1, 1 }, 2, &err), 0);
	ck_assert_float_eq(data, 3);
}
END_TEST

/* A type that cannot be applied is no error before it is asked for. */
START_TEST(other_type)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;
	float data = 3;

	start(&b, "MULTI_HYBRID");
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	ck_assert_str_eq(z.type, "MULTI_HYBRID");
	unit_refused(normalizer_apply(&z, 0, &data, (int64_t[]){ 1, 1 }, 2, &err), &err,
	             DL4J_EUNSUPPORTED, "normalizer.bin: expected STANDARDIZE, MIN_MAX or "
	             "IMAGE_MIN_MAX, found 'MULTI_HYBRID'");
}
END_TEST

START_TEST(heads)
{
	struct bytes b = { .n = 0 };

	word(&b, "NORMALISER");
	big(&b, 1, 8);
	refused(&b, DL4J_EFORMAT, "expected a normalizer, found 'NORMALISER'");
	b.n = 0; /* Java's serialization, which the oldest releases used */
	big(&b, 0xaced0005, 4);
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, "byte 2: cut short");
	image(&b, 0, 1, 255);
	b.b[15] = 2;
	refused(&b, DL4J_EUNSUPPORTED, "expected version 1, found 2");
}
END_TEST

START_TEST(max_pixel)
{
	static const double bad[] = { 0, -1, NAN };
	struct bytes b;

	for (int i = 0; i < COUNT(bad); i++) {
		image(&b, 0, 1, bad[i]);
		refused(&b, DL4J_EFORMAT, "expected a largest pixel above 0");
	}
}
END_TEST

/* Two arrays of different lengths, none and some among them. */
START_TEST(lengths)
{
	struct bytes b;
	size_t second;

	for (int n = 0; n < 4; n++)
		for (int m = 0; m < 4; m++) {
			start(&b, "STANDARDIZE");
			big(&b, 0, 1);
			array(&b, n, V(1, 1, 1, 1));
			second = b.n;
			array(&b, m, V(1, 1, 1, 1));
			if (n == 0 || m == 0)
				refused(&b, DL4J_EFORMAT,
				        unit_text("byte %zu: expected numbers, found none", n ? second : 30));
			else if (n != m)
				refused(&b, DL4J_EFORMAT,
				        unit_text("byte %zu: expected %d numbers, found %d", second, n, m));
		}
}
END_TEST

static void cut(struct bytes *b)
{
	for (size_t n = 0; n < b->n; n++) {
		unsigned char *exact = malloc(n + 1);
		struct dl4j_error err = { 0 };
		struct normalizer z = { .type = NULL };
		memcpy(exact, b->b, n);
		ck_assert_msg(normalizer_read(&z, exact, n, &arena, &err) == DL4J_EFORMAT, "%zu", n);
		free(exact);
	}
}

START_TEST(cut_short)
{
	struct bytes b;

	image(&b, 0, 1, 255);
	cut(&b);
	standardize(&b, 2, V(1, -2), V(2, 0.5));
	cut(&b);
	min_max(&b, 0, 1, 2, V(0, 10), V(4, 20));
	cut(&b);
	arena_free(&arena);
}
END_TEST

static Suite *suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("normalizer", &tests);

	tcase_add_test(tests, images);
	tcase_add_test(tests, columns);
	tcase_add_test(tests, channels);
	tcase_add_test(tests, least);
	tcase_add_test(tests, sizes);
	tcase_add_test(tests, none);
	tcase_add_test(tests, other_type);
	tcase_add_test(tests, heads);
	tcase_add_test(tests, max_pixel);
	tcase_add_test(tests, lengths);
	tcase_add_test(tests, cut_short);
	return suite;
}

int main(void)
{
	int failed = unit_main((Suite *[]){ suite(), NULL });

	arena_free(&arena);
	return failed;
}
