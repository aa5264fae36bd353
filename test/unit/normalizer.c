/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: normalizer.bin written byte by byte, its arithmetic against numbers worked out by
 * hand; whole files of DL4J are compared by test/golden/run. */
#include "starve.h"

#include <math.h>
#include <stdint.h>

#include "normalizer/normalizer.h"

static struct arena arena;
static enum release release = RELEASE_M2; /* that wrote the zip */

enum { IN_ARRAY = 0xffff };

struct bytes {
	unsigned char b[2048];
	uint16_t field[2048]; /* where the one begins that each byte belongs to */
	size_t n;
};

static void mark(struct bytes *b, size_t from, size_t field)
{
	for (; from < b->n; from++)
		b->field[from] = (uint16_t)field;
}

static void big(struct bytes *b, uint64_t v, int size)
{
	for (int i = size - 1; i >= 0; i--)
		b->b[b->n++] = (unsigned char)(v >> 8 * i);
	mark(b, b->n - (size_t)size, b->n - (size_t)size);
}

static void word(struct bytes *b, const char *text)
{
	big(b, strlen(text), 2);
	memcpy(b->b + b->n, text, strlen(text));
	b->n += strlen(text);
	mark(b, b->n - strlen(text), b->n - strlen(text));
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
	const size_t from = b->n;

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
	mark(b, from, IN_ARRAY);
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

/* For MULTI_HYBRID: statistics of an array, 1: mean and deviation, 2: minimum and maximum. */
static void statistics(struct bytes *b, int index, int kind, int n, const double *x,
                       const double *y)
{
	big(b, (uint64_t)index, 4);
	big(b, (uint64_t)kind, 4);
	array(b, n, x);
	array(b, n, y);
}

static void target(struct bytes *b, double min, double max)
{
	big(b, 2, 4);
	number(b, min);
	number(b, max);
}

static int parse(struct normalizer *z, const struct bytes *b, struct dl4j_error *err)
{
	*z = (struct normalizer){ .type = NULL };
	arena_free(&arena);
	return normalizer_read(z, b->b, b->n, release, &arena, err);
}

static void refused(const struct bytes *b, int code, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;

	unit_refused(parse(&z, b, &err), &err, code, msg);
}

static void compare(const float *data, const float *out, int n)
{
	for (int i = 0; i < n; i++)
		ck_assert_msg(data[i] == out[i], "%d: %.9g, expected %.9g", i, (double)data[i],
		              (double)out[i]);
}

/* Input `i` of several, with a mask or NULL. */
static void input(const struct normalizer *z, int i, const float *mask, int rank,
                  const int64_t *dim, int n, const float *in, const float *out)
{
	struct dl4j_error err = { 0 };
	float data[64];

	memcpy(data, in, (size_t)n * sizeof *in);
	ck_assert_msg(!normalizer_apply(z, i, data, dim, rank, mask, &err), "%s", err.msg);
	compare(data, out, n);
}

static void output(const struct normalizer *z, int i, const float *mask, int rank,
                   const int64_t *dim, int n, const float *in, const float *out)
{
	struct dl4j_error err = { 0 };
	float data[64];

	memcpy(data, in, (size_t)n * sizeof *in);
	ck_assert_msg(!normalizer_revert(z, i, data, dim, rank, mask, &err), "%s", err.msg);
	compare(data, out, n);
}

static void gives(const struct bytes *b, int rank, const int64_t *dim, int n, const float *in,
                  const float *out)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;

	ck_assert_msg(!parse(&z, b, &err), "%s", err.msg);
	input(&z, 0, NULL, rank, dim, n, in, out);
}

#define D(...) COUNT(((int64_t[]){ __VA_ARGS__ })), (int64_t[]){ __VA_ARGS__ }
#define F(...) (float[]){ __VA_ARGS__ }

START_TEST(images)
{
	struct bytes b;

	image(&b, 0, 1, 255);
	gives(&b, D(1, 1, 2, 2), 4, F(0, 255, 51, 127.5F), F(0, 1, 0.2F, 0.5F));
	image(&b, -1, 2, 255);
	gives(&b, D(1, 1, 1, 2), 2, F(0, 255), F(-1, 2));
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

	standardize(&b, 4, V(0, 0, 0, 0), V(0, 1e-9, 1e-5, 1e-4)); /* M2.1 takes 1 for them */
	gives(&b, D(1, 4), 4, F(3, 1, 1, 1), F(3, 1, 1, 1 / 1e-4F));
	release = RELEASE_BETA7;
	gives(&b, D(1, 4), 4, F(3, 1, 1, 1), F(3 / smallest, 1 / smallest, 1 / smallest, 1 / 1e-4F));
	release = RELEASE_M2;
	min_max(&b, 0, 1, 2, V(0, 5), V(0, 4));
	gives(&b, D(1, 2), 2, F(1, 5), F(1 / smallest, 0));
	min_max(&b, 0, 1, 1, V(5), V(5)); /* lifted from where it is */
	gives(&b, D(1, 1), 1, F(6), F(1 / (float)(5 + 1e-5 - 5)));
	min_max(&b, 0, 1, 1, V(0), V(4e-6));
	gives(&b, D(1, 1), 1, F(1), F(1 / smallest));
	min_max(&b, 1, 1, 1, V(0), V(1)); /* the target range too */
	gives(&b, D(1, 1), 1, F(0), F(1));
	min_max(&b, 0, 0, 1, V(0), V(1));
	gives(&b, D(1, 1), 1, F(1), F(smallest));
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
	unit_refused(normalizer_apply(&z, 0, data, (int64_t[]){ 1, 3 }, 2, NULL, &err), &err,
	             DL4J_ESHAPE, "normalizer.bin: network input 0: expected 2 columns or channels, "
	             "found 3");
	unit_refused(normalizer_apply(&z, 0, data, (int64_t[]){ 2 }, 1, NULL, &err), &err, DL4J_ESHAPE,
	             "normalizer.bin: network input 0: expected 2 columns or channels, found 0");
	ck_assert_int_eq(normalizer_apply(&z, 0, data, (int64_t[]){ 0, 2 }, 2, NULL, &err), 0);
}
END_TEST

START_TEST(none)
{
	struct normalizer z = { .type = NULL };
	struct dl4j_error err = { 0 };
	float data = 3;

	ck_assert_int_eq(normalizer_apply(&z, 0, &data, (int64_t[]){ 1, 1 }, 2, NULL, &err), 0);
	ck_assert_float_eq(data, 3);
}
END_TEST

/* What cannot be applied is no error before it is asked for. */
static void inapplicable(const struct bytes *b, const char *type, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	float data = 3;

	ck_assert_int_eq(parse(&z, b, &err), 0);
	ck_assert_str_eq(z.type, type);
	unit_refused(normalizer_apply(&z, 0, &data, (int64_t[]){ 1, 1 }, 2, NULL, &err), &err,
	             DL4J_EUNSUPPORTED, msg);
	unit_refused(normalizer_revert(&z, 0, &data, (int64_t[]){ 1, 1 }, 2, NULL, &err), &err,
	             DL4J_EUNSUPPORTED, msg);
	ck_assert(!normalizer_reverts(&z, 0));
	ck_assert_float_eq(data, 3);
}

START_TEST(other_types)
{
	struct bytes b;

	start(&b, "IMAGE_VGG16");
	inapplicable(&b, "IMAGE_VGG16", "normalizer.bin: expected a normalizer of DL4J's own, found "
	             "IMAGE_VGG16");
	start(&b, "CUSTOM");
	word(&b, "org.example.Mine");
	big(&b, 12345, 8);
	inapplicable(&b, "CUSTOM", "normalizer.bin: expected a normalizer of DL4J's own, found the "
	             "user's class org.example.Mine");
	b.n = 0; /* as the oldest releases wrote it */
	big(&b, 0xaced0005, 4);
	inapplicable(&b, "JAVA", "normalizer.bin: expected DL4J's own format, found a serialized Java "
	             "object, as old releases wrote");
	big(&b, 0x7372, 2);
	word(&b, "org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize");
	inapplicable(&b, "JAVA", "normalizer.bin: expected DL4J's own format, found a serialized Java "
	             "object, as old releases wrote");
}
END_TEST

/* --- Labels, masks, several inputs ------------------------------------------------------------ */

START_TEST(labels)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;

	start(&b, "STANDARDIZE");
	big(&b, 1, 1);
	array(&b, 1, V(7));
	array(&b, 1, V(2));
	array(&b, 2, V(1, -2));
	array(&b, 2, V(2, 0.5));
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	ck_assert(normalizer_reverts(&z, 0));
	output(&z, 0, NULL, D(2, 2), 4, F(0, 0, 1, 2), F(1, -2, 3, -1));
	output(&z, 0, F(1, 0), D(1, 2, 2), 4, F(1, 1, 2, 2), F(3, 0, -1, 0));
	start(&b, "MIN_MAX");
	big(&b, 1, 1);
	number(&b, -1);
	number(&b, 1);
	array(&b, 1, V(7));
	array(&b, 1, V(8));
	array(&b, 2, V(0, 10));
	array(&b, 2, V(4, 20));
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	output(&z, 0, NULL, D(2, 2), 4, F(-0.5F, -1, 1, 0), F(1, 10, 4, 15));
	min_max(&b, -1, 1, 1, V(0), V(4)); /* labels left alone */
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	ck_assert(!normalizer_reverts(&z, 0));
	output(&z, 0, NULL, D(1, 3), 3, F(1, 2, 3), F(1, 2, 3));
}
END_TEST

START_TEST(masks)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;

	standardize(&b, 2, V(1, 10), V(1, 2));
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	input(&z, 0, F(1, 0, 0, 0.5F), D(2, 2, 2), 8, F(1, 2, 10, 12, 3, 4, 14, 16),
	      F(0, 0, 0, 0, 0, 1.5F, 0, 1.5F));
	input(&z, 0, F(0), D(1, 2), 2, F(3, 12), F(2, 1)); /* no series */
	image(&b, 0, 1, 255);
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	input(&z, 0, F(0), D(1, 1, 1), 1, F(255), F(1)); /* pictures have no mask */
}
END_TEST

START_TEST(several)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;
	float data[2] = { 0 };

	start(&b, "MULTI_STANDARDIZE");
	big(&b, 0, 1);
	big(&b, 2, 4);
	big(&b, (uint64_t)-1, 4);
	array(&b, 1, V(1));
	array(&b, 1, V(2));
	array(&b, 2, V(3, 4));
	array(&b, 2, V(4, 8));
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	input(&z, 0, NULL, D(1, 1), 1, F(5), F(2));
	input(&z, 1, NULL, D(1, 2), 2, F(5, 8), F(0.5F, 0.5F));
	unit_refused(normalizer_apply(&z, 2, data, (int64_t[]){ 1, 2 }, 2, NULL, &err), &err,
	             DL4J_ESHAPE, "normalizer.bin: expected statistics of network input 2, found none");
	unit_refused(normalizer_apply(&z, 1, data, (int64_t[]){ 2, 1 }, 2, NULL, &err), &err,
	             DL4J_ESHAPE, "normalizer.bin: network input 1: expected 2 columns or channels, "
	             "found 1");
	start(&b, "MULTI_MIN_MAX");
	big(&b, 1, 1);
	big(&b, 1, 4);
	big(&b, 2, 4);
	number(&b, 0);
	number(&b, 2);
	array(&b, 1, V(1));
	array(&b, 1, V(3));
	array(&b, 1, V(0));
	array(&b, 1, V(8));
	array(&b, 1, V(4));
	array(&b, 1, V(5));
	ck_assert_int_eq(parse(&z, &b, &err), 0);
	input(&z, 0, NULL, D(1, 1), 1, F(2), F(1));
	output(&z, 0, NULL, D(1, 1), 1, F(1), F(4));
	output(&z, 1, NULL, D(1, 1), 1, F(1), F(4.5F));
	unit_refused(normalizer_revert(&z, 2, data, (int64_t[]){ 1, 1 }, 2, NULL, &err), &err,
	             DL4J_ESHAPE, "normalizer.bin: expected statistics of network output 2, found "
	             "none");
}
END_TEST

/* Input 0 by the strategy for all, 1 by its own, 2 by none; output 0 by its own. */
static void hybrid(struct bytes *b)
{
	start(b, "MULTI_HYBRID");
	big(b, 2, 4);
	statistics(b, 1, 2, 1, V(1), V(3)); /* in whatever order a HashMap has them */
	statistics(b, 0, 1, 1, V(1), V(2));
	big(b, 1, 4);
	statistics(b, 0, 1, 1, V(10), V(4));
	big(b, 1, 4); /* for all inputs: standardize */
	big(b, 0, 4); /* for all outputs: nothing */
	big(b, 2, 4);
	big(b, 2, 4);
	big(b, 0, 4);
	big(b, 1, 4);
	target(b, -1, 1);
	big(b, 1, 4);
	big(b, 0, 4);
	big(b, 1, 4);
}

START_TEST(hybrids)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;
	float data = 0;

	hybrid(&b);
	ck_assert_msg(!parse(&z, &b, &err), "%s", err.msg);
	input(&z, 0, NULL, D(1, 1), 1, F(5), F(2));
	input(&z, 1, NULL, D(1, 1), 1, F(2.5F), F(0.5F));
	input(&z, 2, NULL, D(1, 5), 1, F(5), F(5));
	unit_refused(normalizer_apply(&z, 3, &data, (int64_t[]){ 1, 1 }, 2, NULL, &err), &err,
	             DL4J_ESHAPE, "normalizer.bin: expected statistics of network input 3, found none");
	ck_assert(normalizer_reverts(&z, 0));
	output(&z, 0, NULL, D(1, 1), 1, F(2), F(18));
	ck_assert(!normalizer_reverts(&z, 1));
	output(&z, 1, NULL, D(1, 1), 1, F(2), F(2));
}
END_TEST

START_TEST(bad_hybrids)
{
	struct bytes b;

	start(&b, "MULTI_HYBRID");
	big(&b, 1, 4);
	big(&b, 0, 4);
	big(&b, 3, 4);
	refused(&b, DL4J_EFORMAT, "byte 38: expected a strategy of 0 to 2, found 3");
	start(&b, "MULTI_HYBRID");
	big(&b, 1, 4);
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, "byte 34: expected statistics, found none");
	start(&b, "MULTI_HYBRID");
	big(&b, (uint64_t)-1, 4);
	refused(&b, DL4J_EFORMAT, "byte 30: expected 0 to 4096 entries, found -1");
	start(&b, "MULTI_STANDARDIZE");
	big(&b, 0, 1);
	big(&b, 4097, 4);
	refused(&b, DL4J_EFORMAT, "byte 36: expected 0 to 4096 entries, found 4097");
	start(&b, "MULTI_STANDARDIZE");
	big(&b, 0, 1);
	big(&b, 4096, 4);
	big(&b, 0, 4);
	refused(&b, DL4J_EFORMAT, "byte 44: the array is cut short");
	hybrid(&b);
	b.b[b.n - 1] = 2; /* output 0: minimum and maximum, of which it has no statistics */
	number(&b, 0);
	number(&b, 1);
	refused(&b, DL4J_EFORMAT, "array 0: statistics and strategy are of two kinds");
	hybrid(&b);
	big(&b, 0, 1);
	refused(&b, DL4J_EFORMAT, unit_text("expected %zu bytes, found %zu", b.n - 1, b.n));
}
END_TEST

START_TEST(beyond_floats)
{
	struct bytes b;

	standardize(&b, 2, V(1, 1e300), V(2, 0.5));
	refused(&b, DL4J_EUNSUPPORTED, "expected doubles within float32's range, found 1e+300");
}
END_TEST

START_TEST(heads)
{
	struct bytes b = { .n = 0 };

	word(&b, "NORMALISER");
	big(&b, 1, 8);
	refused(&b, DL4J_EFORMAT, "expected a normalizer, found 'NORMALISER'");
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

/* Two inputs and two outputs. */
static void multi(struct bytes *b, const char *type, bool target)
{
	start(b, type);
	big(b, 1, 1);
	big(b, 2, 4);
	big(b, 2, 4);
	if (target) {
		number(b, 0);
		number(b, 1);
	}
	for (int i = 0; i < 4; i++) {
		array(b, 1, V(i));
		array(b, 1, V(i + 2));
	}
}

static void custom(struct bytes *b)
{
	start(b, "CUSTOM");
	word(b, "org.example.Mine");
}

/* A strategy for an input without statistics. */
START_TEST(strategy_alone)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;
	float data = 3;

	start(&b, "MULTI_HYBRID");
	big(&b, 0, 8); /* no statistics */
	big(&b, 0, 8); /* and nothing done */
	big(&b, 1, 4); /* but to input 5 */
	big(&b, 5, 4);
	target(&b, 0, 1);
	big(&b, 0, 4);
	ck_assert_msg(!parse(&z, &b, &err), "%s", err.msg);
	input(&z, 0, NULL, D(1, 1), 1, F(5), F(5));
	unit_refused(normalizer_apply(&z, 5, &data, (int64_t[]){ 1, 1 }, 2, NULL, &err), &err,
	             DL4J_ESHAPE, "normalizer.bin: expected statistics of network input 5, found none");
	start(&b, "MULTI_HYBRID"); /* an input of two kinds */
	big(&b, 1, 4);
	statistics(&b, 0, 1, 1, V(1), V(2));
	big(&b, 0, 4);
	target(&b, 0, 1);
	big(&b, 0, 4);
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, "array 0: statistics and strategy are of two kinds");
	start(&b, "MULTI_HYBRID");
	big(&b, 1, 4);
	big(&b, 0, 4);
	big(&b, (uint64_t)-1, 4);
	refused(&b, DL4J_EFORMAT, "byte 38: expected a strategy of 0 to 2, found -1");
}
END_TEST

/* NaN and infinities pass: they are floats, too. */
START_TEST(no_numbers)
{
	struct dl4j_error err = { 0 };
	struct normalizer z;
	struct bytes b;
	float data[2] = { 1, 1 };

	standardize(&b, 2, V(NAN, INFINITY), V(2, 0.5));
	ck_assert_msg(!parse(&z, &b, &err), "%s", err.msg);
	ck_assert_int_eq(normalizer_apply(&z, 0, data, (int64_t[]){ 1, 2 }, 2, NULL, &err), 0);
	ck_assert(isnan(data[0]) && data[1] == -INFINITY);
}
END_TEST

/* An array of one axis has no columns, and pictures' ranges ask for none. */
START_TEST(one_axis)
{
	struct bytes b;

	image(&b, 0, 1, 255);
	gives(&b, D(3), 3, F(0, 255, 51), F(0, 1, 0.2F));
}
END_TEST

/* [1,n] of floats. */
static void floats(struct bytes *b, int n, const float *v)
{
	double zero[4] = { 0 };

	array(b, n, zero);
	b->n -= 8 * (size_t)n + strlen("DOUBLE") + 2;
	word(b, "FLOAT");
	for (int i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &v[i], 4);
		big(b, bits, 4);
	}
}

/* In a file of floats each step is one of floats. */
START_TEST(float_ranges)
{
	volatile float high = 1 + (float)1e-5, range = high - 1;
	struct bytes b;

	start(&b, "MIN_MAX");
	big(&b, 0, 1);
	number(&b, 0);
	number(&b, 1);
	floats(&b, 2, F(1, 2));
	floats(&b, 2, F(1, 6));
	gives(&b, D(1, 2), 2, F(2, 3), F(1 / range, 0.25F));
	start(&b, "MIN_MAX");
	big(&b, 0, 1);
	number(&b, 0);
	number(&b, 1);
	floats(&b, 1, F(0));
	floats(&b, 1, F(0x1p-20F));
	gives(&b, D(1, 1), 1, F(1), F(1 / (float)1e-5));
}
END_TEST

static int parse_once(const void *how, struct dl4j_error *err)
{
	struct normalizer z;

	return parse(&z, how, err);
}

START_TEST(starved)
{
	struct bytes b;

	custom(&b);
	ck_assert_int_ge(unit_starved(parse_once, &b), 1);
	hybrid(&b);
	ck_assert_int_ge(unit_starved(parse_once, &b), 1);
	multi(&b, "MULTI_MIN_MAX", true);
	ck_assert_int_ge(unit_starved(parse_once, &b), 1);
}
END_TEST

/* At each byte; outside arrays it is told which field that cuts. */
static void cut(struct bytes *b)
{
	for (size_t n = 0; n < b->n; n++) {
		unsigned char *exact = malloc(n + 1);
		struct dl4j_error err = { 0 };
		struct normalizer z = { .type = NULL };
		memcpy(exact, b->b, n);
		ck_assert_msg(normalizer_read(&z, exact, n, release, &arena, &err) == DL4J_EFORMAT,
		              "%zu", n);
		if (b->field[n] != IN_ARRAY)
			ck_assert_str_eq(err.msg, unit_text("byte %d: cut short", b->field[n]));
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
	hybrid(&b);
	cut(&b);
	start(&b, "MULTI_HYBRID");
	big(&b, 0, 4);
	big(&b, 0, 4);
	target(&b, 0, 1);
	target(&b, 0, 1);
	big(&b, 0, 4);
	big(&b, 0, 4);
	cut(&b);
	multi(&b, "MULTI_STANDARDIZE", false);
	cut(&b);
	multi(&b, "MULTI_MIN_MAX", true);
	cut(&b);
	custom(&b);
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
	tcase_add_test(tests, other_types);
	tcase_add_test(tests, labels);
	tcase_add_test(tests, masks);
	tcase_add_test(tests, several);
	tcase_add_test(tests, hybrids);
	tcase_add_test(tests, bad_hybrids);
	tcase_add_test(tests, beyond_floats);
	tcase_add_test(tests, heads);
	tcase_add_test(tests, max_pixel);
	tcase_add_test(tests, lengths);
	tcase_add_test(tests, strategy_alone);
	tcase_add_test(tests, no_numbers);
	tcase_add_test(tests, one_axis);
	tcase_add_test(tests, float_ranges);
	tcase_add_test(tests, starved);
	tcase_add_test(tests, cut_short);
	return suite;
}

int main(void)
{
	int failed = unit_main((Suite *[]){ suite(), NULL });

	arena_free(&arena);
	return failed;
}
