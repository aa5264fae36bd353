/* SPDX-License-Identifier: Apache-2.0 */
/* ndarray: arrays written byte by byte, with the headers of every release, in every element type;
 * each cut short at each byte and changed at each byte of its header. */
#include "unit.h"

#include <math.h>
#include <stdint.h>

#include "base/num.h"
#include "ndarray/ndarray.h"

struct bytes {
	unsigned char b[8192];
	size_t n;
};

static void big(struct bytes *b, uint64_t v, int size)
{
	for (int i = size - 1; i >= 0; i--)
		b->b[b->n++] = i < 8 ? (unsigned char)(v >> 8 * i) : 0;
}

static void word(struct bytes *b, const char *text)
{
	big(b, strlen(text), 2);
	memcpy(b->b + b->n, text, strlen(text));
	b->n += strlen(text);
}

/* Mode, length and element type of a buffer, as one release writes them. */
static void head(struct bytes *b, const char *mode, int64_t length, const char *type)
{
	word(b, mode);
	big(b, (uint64_t)length, strlen(mode) < 8 ? 4 : 8); /* DIRECT, HEAP, JAVACPP */
	word(b, type);
}

static void shape(struct bytes *b, const char *mode, int rank, const int64_t *dim,
                  const int64_t *stride, uint64_t extras)
{
	int size = strlen(mode) < 8 ? 4 : 8;

	head(b, mode, 2 * rank + 4, size == 4 ? "INT" : "LONG");
	big(b, (uint64_t)rank, size);
	for (int i = 0; i < rank; i++)
		big(b, (uint64_t)dim[i], size);
	for (int i = 0; i < rank; i++)
		big(b, (uint64_t)stride[i], size);
	big(b, extras, size);
	big(b, 1, size);
	big(b, 'c', size);
}

static uint64_t float_bits(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, 4);
	return bits;
}

#define MIXED "MIXED_DATA_TYPES"
#define FLOAT_EXTRAS 8192

/* Elements 0, 1, 2, ... in the order of memory. */
static void counting(struct bytes *b, const char *mode, int rank, const int64_t *dim,
                     const int64_t *stride)
{
	int64_t n = dims_product(dim, rank);

	shape(b, mode, rank, dim, stride, strcmp(mode, MIXED) ? 0 : FLOAT_EXTRAS);
	head(b, mode, n, "FLOAT");
	for (int64_t i = 0; i < n; i++)
		big(b, float_bits((float)i), 4);
}

#define D(...) (int64_t[]){ __VA_ARGS__ }

static int parse(struct ndarray *a, const struct bytes *b, struct dl4j_error *err)
{
	return ndarray_head(a, b->b, 0, b->n, b->n, err);
}

static void accepted(struct ndarray *a, const struct bytes *b)
{
	struct dl4j_error err = { 0 };

	ck_assert_msg(!parse(a, b, &err), "%s", err.msg);
	ck_assert_uint_eq(a->end, b->n);
}

static void refused(const struct bytes *b, int code, const char *msg)
{
	struct dl4j_error err = { 0 };
	struct ndarray a;

	unit_refused(parse(&a, b, &err), &err, code, msg);
}

static const char *const modes[] = { "DIRECT", "HEAP", "JAVACPP", "LONG_SHAPE", MIXED };

START_TEST(every_mode)
{
	struct bytes b = { .n = 0 };
	struct ndarray a;
	float out[6];

	counting(&b, modes[_i], 2, D(2, 3), D(3, 1));
	accepted(&a, &b);
	ck_assert_int_eq(a.rank, 2);
	ck_assert(a.dim[0] == 2 && a.dim[1] == 3 && a.stride[0] == 3 && a.stride[1] == 1);
	ck_assert_int_eq(a.n, 6);
	ck_assert_str_eq(a.type, "FLOAT");
	ck_assert_int_eq(a.element_size, 4);
	ck_assert_uint_eq(a.data, b.n - 24);
	ck_assert_int_ne(ndarray_in_order(&a), 0);
	ck_assert_int_eq(ndarray_floats(&a, b.b, out, NULL), 0);
	for (int i = 0; i < 6; i++)
		ck_assert_float_eq(out[i], (float)i);
}
END_TEST

/* The two buffers' modes are read independently. */
START_TEST(two_modes)
{
	struct bytes b = { .n = 0 };
	struct ndarray a;

	shape(&b, "JAVACPP", 1, D(1), D(1), 0);
	head(&b, MIXED, 1, "FLOAT");
	big(&b, float_bits(4), 4);
	accepted(&a, &b);
}
END_TEST

static const struct {
	const char *name;
	int size;
	struct {
		uint64_t bits;
		float value;
	} element[5];
} types[] = {
	{ "DOUBLE", 8, { { 0x3ff0000000000000, 1 }, { 0xc000000000000000, -2 },
	                 { 0x3fb999999999999a, 0.1F }, { 0x7ff0000000000000, INFINITY },
	                 { 0x36a0000000000000, 0x1p-149F } } },
	{ "FLOAT", 4, { { 0x3f800000, 1 }, { 0xc0000000, -2 }, { 0x00000001, 0x1p-149F },
	                { 0xff800000, -INFINITY }, { 0x7f7fffff, 0x1.fffffep127F } } },
	{ "HALF", 2, { { 0x3c00, 1 }, { 0xc000, -2 }, { 0x3800, 0.5F }, { 0x7bff, 65504 },
	               { 0xfc00, -INFINITY } } },
	{ "BFLOAT16", 2, { { 0x3f80, 1 }, { 0xc000, -2 }, { 0x3f00, 0.5F }, { 0x7f80, INFINITY },
	                   { 0x8000, 0 } } },
	{ "LONG", 8, { { 1, 1 }, { UINT64_MAX, -1 }, { 1000000000000, 1e12F },
	               { (uint64_t)INT64_MIN, -0x1p63F }, { 0, 0 } } },
	{ "INT", 4, { { 1, 1 }, { 0xffffffff, -1 }, { 0x7fffffff, 0x1p31F },
	              { 0x80000000, -0x1p31F }, { 0, 0 } } },
	{ "SHORT", 2, { { 1, 1 }, { 0xffff, -1 }, { 0x7fff, 32767 }, { 0x8000, -32768 }, { 0, 0 } } },
	{ "UBYTE", 1, { { 1, 1 }, { 255, 255 }, { 128, 128 }, { 127, 127 }, { 0, 0 } } },
	{ "BYTE", 1, { { 1, 1 }, { 255, -1 }, { 128, -128 }, { 127, 127 }, { 0, 0 } } },
	{ "BOOL", 1, { { 1, 1 }, { 0, 0 }, { 1, 1 }, { 0, 0 }, { 1, 1 } } },
	{ "UINT16", 2, { { 1, 1 }, { 0xffff, 65535 }, { 0x8000, 32768 }, { 0x7fff, 32767 },
	                 { 0, 0 } } },
	{ "UINT32", 4, { { 1, 1 }, { 0xffffffff, 0x1p32F }, { 0x80000000, 0x1p31F },
	                 { 4000000000, 4e9F }, { 0, 0 } } },
	{ "UINT64", 8, { { 1, 1 }, { UINT64_MAX, 0x1p64F }, { 0x8000000000000000, 0x1p63F },
	                 { 12, 12 }, { 0, 0 } } },
};

/* In C order, and through strides: two ways through the code. */
START_TEST(every_type)
{
	struct bytes b = { .n = 0 };
	struct ndarray a;
	float out[10];
	double doubles[5];

	shape(&b, MIXED, 1, D(5), D(1), 0);
	head(&b, MIXED, 5, types[_i].name);
	for (int i = 0; i < 5; i++)
		big(&b, types[_i].element[i].bits, types[_i].size);
	accepted(&a, &b);
	ck_assert_str_eq(a.type, types[_i].name);
	ck_assert_int_eq(a.element_size, types[_i].size);
	ck_assert_int_eq(ndarray_floats(&a, b.b, out, NULL), 0);
	ndarray_doubles(&a, b.b, doubles);
	for (int i = 0; i < 5; i++) {
		ck_assert_msg(out[i] == types[_i].element[i].value, "%d: %g", i, (double)out[i]);
		ck_assert((float)doubles[i] == types[_i].element[i].value);
	}

	b.n = 0;
	shape(&b, MIXED, 2, D(2, 5), D(1, 2), 0);
	head(&b, MIXED, 10, types[_i].name);
	for (int i = 0; i < 10; i++)
		big(&b, types[_i].element[i / 2].bits, types[_i].size);
	accepted(&a, &b);
	ck_assert_int_eq(ndarray_in_order(&a), 0);
	ck_assert_int_eq(ndarray_floats(&a, b.b, out, NULL), 0);
	for (int i = 0; i < 10; i++)
		ck_assert(out[i] == types[_i].element[i % 5].value);
}
END_TEST

/* Every half there is, against the definition of the format. */
START_TEST(every_half)
{
	static unsigned char bytes[2 * 65536 + 200];
	static float out[65536];
	struct bytes b = { .n = 0 };
	struct dl4j_error err = { 0 };
	struct ndarray a;

	shape(&b, MIXED, 1, D(65536), D(1), 4096);
	head(&b, MIXED, 65536, "HALF");
	memcpy(bytes, b.b, b.n);
	for (size_t i = 0; i < 65536; i++) {
		bytes[b.n + 2 * i] = (unsigned char)(i >> 8);
		bytes[b.n + 2 * i + 1] = (unsigned char)i;
	}
	ck_assert_int_eq(ndarray_head(&a, bytes, 0, b.n, b.n + 2 * 65536, &err), 0);
	ck_assert_int_eq(ndarray_floats(&a, bytes, out, NULL), 0);
	for (int i = 0; i < 65536; i++) {
		int exp = i >> 10 & 31, man = i & 1023;
		double v = exp == 31 ? man ? NAN : INFINITY :
		           exp ? ldexp(1024 + man, exp - 25) : ldexp(man, -24);
		v = i & 0x8000 ? -v : v;
		ck_assert_msg(isnan(v) ? isnan(out[i]) : v == (double)out[i], "0x%04x", (unsigned)i);
		ck_assert_msg(isnan(v) || !signbit(v) == !signbit(out[i]), "0x%04x", (unsigned)i);
	}
}
END_TEST

/* 1e39, row by row and through strides; what is infinite in the file may be. */
START_TEST(beyond_float)
{
	static const uint64_t large = 0x48078287f49c4a1d, infinite = 0x7ff0000000000000;
	struct dl4j_error err;
	float out[4];

	for (int strided = 0; strided < 2; strided++) {
		struct bytes b = { .n = 0 };
		struct ndarray a;
		shape(&b, MIXED, 2, D(2, 2), strided ? D(1, 2) : D(2, 1), 0);
		head(&b, MIXED, 4, "DOUBLE");
		big(&b, infinite, 8);
		big(&b, 0, 16);
		big(&b, large, 8);
		accepted(&a, &b);
		unit_refused(ndarray_floats(&a, b.b, out, &err), &err, DL4J_EUNSUPPORTED,
		             "expected doubles within float32's range, found 1e+39");
		ck_assert(isinf(out[0]));
	}
}
END_TEST

START_TEST(other_types)
{
	static const char *const not_numbers[] = { "UTF8", "COMPRESSED", "UNKNOWN" };
	static const char *const unheard_of[] = { "FLOATS", "float", "", "FLOA" };
	struct bytes b;
	size_t at;

	for (int i = 0; i < COUNT(not_numbers) + COUNT(unheard_of); i++) {
		bool known = i < COUNT(not_numbers);
		const char *name = known ? not_numbers[i] : unheard_of[i - COUNT(not_numbers)];
		b.n = 0;
		shape(&b, MIXED, 1, D(1), D(1), 0);
		at = b.n + 2 + strlen(MIXED) + 8;
		head(&b, MIXED, 1, name);
		big(&b, 0, 8);
		refused(&b, known ? DL4J_EUNSUPPORTED : DL4J_EFORMAT,
		        unit_text("byte %zu: expected a numeric ND4J type, found '%s'", at, name));
	}
}
END_TEST

static const struct {
	int rank;
	int64_t dim[8], stride[8];
} layouts[] = {
	{ 2, { 1, 7 }, { 1, 1 } },     /* coefficients up to 1.0.0-M1 */
	{ 1, { 7 }, { 1 } },           /* and of 1.0.0-M2 */
	{ 2, { 3, 4 }, { 1, 3 } },     /* order f */
	{ 4, { 2, 3, 4, 5 }, { 1, 2, 6, 24 } },
	{ 3, { 3, 7, 10 }, { 1, 30, 3 } },
	{ 4, { 2, 4, 3, 5 }, { 60, 1, 20, 4 } },
	{ 3, { 1, 5, 1 }, { 77, 1, -3 } }, /* the stride of an axis of size 1 says nothing */
	{ 3, { 4, 2, 2 }, { 2, 8, 1 } },
	{ 8, { 1, 2, 1, 2, 1, 2, 1, 2 }, { 16, 8, 8, 4, 4, 2, 2, 1 } },
	{ 8, { 1, 2, 1, 2, 1, 2, 1, 2 }, { 1, 1, 2, 2, 4, 4, 8, 8 } },
};

START_TEST(every_layout)
{
	const int64_t *dim = layouts[_i].dim, *stride = layouts[_i].stride;
	int rank = layouts[_i].rank, k = 0;
	int64_t at[8] = { 0 }, i = 0;
	struct bytes b = { .n = 0 };
	struct ndarray a;
	float out[256];
	double doubles[256];

	counting(&b, MIXED, rank, dim, stride);
	accepted(&a, &b);
	ck_assert_int_eq(ndarray_floats(&a, b.b, out, NULL), 0);
	ndarray_doubles(&a, b.b, doubles);
	do { /* C order: the last index runs fastest */
		int64_t place = 0;
		for (int d = 0; d < rank; d++)
			place += at[d] * stride[d];
		ck_assert_double_eq(doubles[i], (double)place);
		ck_assert_float_eq(out[i++], (float)place);
		for (k = rank - 1; k >= 0 && ++at[k] == dim[k]; k--)
			at[k] = 0;
	} while (k >= 0);
	ck_assert_int_eq(i, a.n);
}
END_TEST

START_TEST(in_order)
{
	static const int expected[COUNT(layouts)] = { 1, 1, 0, 0, 0, 0, 1, 0, 1, 0 };
	struct bytes b = { .n = 0 };
	struct ndarray a;

	counting(&b, MIXED, layouts[_i].rank, layouts[_i].dim, layouts[_i].stride);
	accepted(&a, &b);
	ck_assert_int_eq(ndarray_in_order(&a), expected[_i]);
}
END_TEST

START_TEST(scalar)
{
	struct bytes b = { .n = 0 };
	struct ndarray a;
	float out;

	counting(&b, MIXED, 0, NULL, NULL);
	accepted(&a, &b);
	ck_assert_int_eq(a.rank, 0);
	ck_assert_int_eq(a.n, 1);
	ck_assert_int_eq(ndarray_floats(&a, b.b, &out, NULL), 0);
	ck_assert_float_eq(out, 0);
}
END_TEST

/* What 1.0.0-M2.1 writes for a network without parameters. */
START_TEST(empty)
{
	struct bytes b = { .n = 0 };
	struct ndarray a;
	float out = 5;

	shape(&b, MIXED, 1, D(0), D(0), 0x2008);
	head(&b, MIXED, 0, "FLOAT");
	accepted(&a, &b);
	ck_assert_int_eq(a.n, 0);
	ck_assert_uint_eq(a.data, a.end);
	ck_assert_int_eq(ndarray_floats(&a, b.b, &out, NULL), 0);
	ck_assert_float_eq(out, 5);
	b.n = 0; /* the flag rules, whatever the shape says */
	shape(&b, MIXED, 2, D(3, 4), D(4, 1), 0x2008);
	head(&b, MIXED, 0, "FLOAT");
	accepted(&a, &b);
	ck_assert_int_eq(a.n, 0);
}
END_TEST

/* The floats may take the place of the bytes that they come from. */
START_TEST(in_place)
{
	static const char *const wide[] = { "FLOAT", "DOUBLE", "INT", "LONG" };
	struct bytes b;
	struct ndarray a;
	float *out = (float *)(void *)b.b;

	for (int i = 0; i < COUNT(wide); i++) {
		int size = i % 2 ? 8 : 4;
		b.n = 0;
		shape(&b, MIXED, 1, D(500), D(1), 0);
		head(&b, MIXED, 500, wide[i]);
		for (int k = 0; k < 500; k++) {
			double d = k;
			uint64_t bits = float_bits((float)k);
			if (i == 1)
				memcpy(&bits, &d, 8);
			big(&b, i > 1 ? (uint64_t)k : bits, size);
		}
		accepted(&a, &b);
		ck_assert_int_eq(ndarray_floats(&a, b.b, out, NULL), 0);
		for (int k = 0; k < 500; k++)
			ck_assert_float_eq(out[k], (float)k);
	}
}
END_TEST

/* Behind other bytes, before other bytes, and with its elements not there yet. */
START_TEST(within_more)
{
	struct bytes b = { .n = 13 };
	struct dl4j_error err = { 0 };
	struct ndarray a;
	size_t end;
	float out[6];

	counting(&b, MIXED, 1, D(6), D(1));
	end = b.n;
	big(&b, 0, 5);
	ck_assert_int_eq(ndarray_head(&a, b.b, 13, b.n, b.n, &err), 0);
	ck_assert_uint_eq(a.end, end);
	ck_assert_uint_eq(a.data, end - 24);
	ck_assert_int_eq(ndarray_floats(&a, b.b, out, NULL), 0);
	ck_assert_float_eq(out[5], 5);
	ck_assert_int_eq(ndarray_head(&a, b.b, 13, a.data, b.n, &err), 0);
	ck_assert_uint_eq(a.end, end);
	unit_refused(ndarray_head(&a, b.b, b.n + 1, b.n, b.n, &err), &err, DL4J_EFORMAT,
	             unit_text("byte %zu: the array is cut short", b.n + 1));
}
END_TEST

/* NDARRAY_HEAD bytes hold the longest headers. */
START_TEST(longest_head)
{
	struct bytes b = { .n = 0 };
	struct ndarray a;

	shape(&b, MIXED, DL4J_MAX_RANK, D(1, 1, 1, 1, 1, 1, 1, 1), D(1, 1, 1, 1, 1, 1, 1, 1), 0);
	head(&b, MIXED, 1, "BFLOAT16");
	ck_assert_uint_le(b.n, NDARRAY_HEAD);
	big(&b, 0, 2);
	accepted(&a, &b);
}
END_TEST

START_TEST(cut_short)
{
	struct bytes b = { .n = 0 };

	counting(&b, modes[_i], 2, D(2, 3), D(3, 1));
	for (size_t n = 0; n < b.n; n++) {
		unsigned char *exact = malloc(n + 1); /* so that sanitizers see a byte too many */
		struct dl4j_error err = { 0 };
		struct ndarray a;
		memcpy(exact, b.b, n);
		ck_assert_msg(ndarray_head(&a, exact, 0, n, n, &err) == DL4J_EFORMAT, "%zu", n);
		ck_assert(!strncmp(err.msg, "byte ", 5));
		ck_assert_msg(strstr(err.msg, ": the array is cut short") ||
		              strstr(err.msg, ": expected an ND4J array, found no word") ||
		              strstr(err.msg, ": expected 24 bytes of elements"), "%zu: %s", n, err.msg);
		free(exact);
	}
}
END_TEST

/* Each byte of the headers with each value: refused, or read without leaving the bytes. */
START_TEST(changed)
{
	struct bytes b = { .n = 0 };
	int accepted_changes = 0;
	unsigned char *exact;

	counting(&b, modes[_i], 2, D(2, 3), D(3, 1));
	exact = malloc(b.n);
	memcpy(exact, b.b, b.n);
	for (size_t at = 0; at < b.n - 24; at++) {
		for (int v = 0; v < 256; v++) {
			struct dl4j_error err = { 0 };
			struct ndarray a;
			float out[24];
			exact[at] = (unsigned char)v;
			if (ndarray_head(&a, exact, 0, b.n, b.n, &err))
				continue;
			ck_assert_int_le(a.n, 24);
			ck_assert_uint_le(a.end, b.n);
			ck_assert_int_eq(ndarray_floats(&a, exact, out, NULL), 0);
			accepted_changes++;
		}
		exact[at] = b.b[at];
	}
	ck_assert_int_gt(accepted_changes, 0);
	free(exact);
}
END_TEST

START_TEST(words)
{
	struct bytes b = { .n = 0 };

	word(&b, "JAVACPPX");
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, "byte 0: expected an ND4J allocation mode, found 'JAVACPPX'");
	b.n = 0;
	word(&b, "direct");
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, "byte 0: expected an ND4J allocation mode, found 'direct'");
	b.n = 0;
	word(&b, "a word that is far too long");
	refused(&b, DL4J_EFORMAT, "byte 0: expected an ND4J array, found no word");
	b.n = 0;
	big(&b, 0xffff, 2);
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, "byte 0: expected an ND4J array, found no word");
	b.n = 0;
	refused(&b, DL4J_EFORMAT, "byte 0: the array is cut short");
	head(&b, MIXED, 6, ""); /* a word of no letters, behind which nothing comes */
	refused(&b, DL4J_EFORMAT, "byte 26: expected a numeric ND4J type, found ''");
}
END_TEST

/* Lengths and ranks of the shape information that do not go together. */
START_TEST(shape_information)
{
	static const int64_t lengths[] = { -1, 0, 3, 21, INT64_MAX, INT64_MIN };
	static const int64_t ranks[] = { -1, 0, 2, 9, INT64_MAX, INT64_C(1) << 32 };
	struct bytes b;
	size_t at;

	for (int i = 0; i < COUNT(lengths); i++) {
		b.n = 0;
		head(&b, MIXED, lengths[i], "LONG");
		for (int k = 0; k < 40; k++)
			big(&b, 0, 8);
		refused(&b, DL4J_EFORMAT, unit_text("byte 0: expected 4 to 20 integers of shape "
		        "information, found %lld of LONG", (long long)lengths[i]));
	}
	for (int i = 0; i < COUNT(ranks); i++) {
		b.n = 0;
		head(&b, MIXED, 6, "LONG");
		at = 0;
		big(&b, (uint64_t)ranks[i], 8);
		for (int k = 0; k < 40; k++)
			big(&b, 1, 8);
		refused(&b, DL4J_EFORMAT, unit_text("byte %zu: rank %lld does not fit 6 integers of shape "
		        "information", at, (long long)ranks[i]));
	}
	b.n = 0;
	head(&b, MIXED, 6, "FLOAT");
	for (int k = 0; k < 40; k++)
		big(&b, 1, 8);
	refused(&b, DL4J_EFORMAT, "byte 0: expected 4 to 20 integers of shape information, found 6 of "
	        "FLOAT");
}
END_TEST

START_TEST(dimensions)
{
	static const int64_t bad[][2] = {
		{ -1, 3 }, { 3, -1 }, { -2, -3 }, { INT64_MAX, 2 }, { INT64_C(1) << 32, INT64_C(1) << 32 },
		{ INT64_MIN, 1 }, { INT64_MAX, 1 }, { INT64_C(1) << 30, INT64_C(1) << 31 },
	};
	struct bytes b;

	for (int i = 0; i < COUNT(bad); i++) {
		b.n = 0;
		shape(&b, MIXED, 2, bad[i], D(1, 1), FLOAT_EXTRAS);
		head(&b, MIXED, 0, "FLOAT");
		refused(&b, DL4J_EFORMAT, "byte 0: the shape is negative or overflows");
	}
	/* in 32 bits a negative size is negative too */
	b.n = 0;
	shape(&b, "JAVACPP", 2, D(-1, 3), D(1, 1), 0);
	head(&b, "JAVACPP", 0, "FLOAT");
	refused(&b, DL4J_EFORMAT, "byte 0: the shape is negative or overflows");
}
END_TEST

START_TEST(elements)
{
	static const int64_t lengths[] = { 5, 7, 0, -6, INT64_MAX };
	struct bytes b;
	size_t at;

	for (int i = 0; i < COUNT(lengths); i++) {
		b.n = 0;
		shape(&b, MIXED, 2, D(2, 3), D(3, 1), FLOAT_EXTRAS);
		at = b.n;
		head(&b, MIXED, lengths[i], "FLOAT");
		for (int k = 0; k < 10; k++)
			big(&b, 0, 4);
		refused(&b, DL4J_EFORMAT, unit_text("byte %zu: expected 6 elements, found %lld", at,
		        (long long)lengths[i]));
	}
	b.n = 0; /* far more than there are bytes */
	shape(&b, MIXED, 2, D(1 << 20, 1 << 20), D(1 << 20, 1), FLOAT_EXTRAS);
	head(&b, MIXED, INT64_C(1) << 40, "DOUBLE");
	big(&b, 0, 8);
	refused(&b, DL4J_EFORMAT, unit_text("byte %zu: expected 8796093022208 bytes of elements, "
	        "found 8", b.n - 8));
	b.n = 0; /* as many as can be counted in bytes */
	shape(&b, MIXED, 1, D(INT64_MAX / 8), D(1), FLOAT_EXTRAS);
	head(&b, MIXED, INT64_MAX / 8, "DOUBLE");
	refused(&b, DL4J_EFORMAT, unit_text("byte %zu: expected 9223372036854775800 bytes of "
	        "elements, found 0", b.n));
}
END_TEST

/* Of 2 x 3 elements. */
static void refused_strides(const int64_t *stride, const char *why)
{
	struct bytes b = { .n = 0 };
	size_t at;

	shape(&b, MIXED, 2, D(2, 3), stride, FLOAT_EXTRAS);
	at = b.n;
	head(&b, MIXED, 6, "FLOAT");
	for (int k = 0; k < 6; k++)
		big(&b, 0, 4);
	refused(&b, DL4J_EFORMAT, unit_text("byte %zu: strides that %s", at, why));
}

/* Strides that would lead outside the elements, or before them. */
START_TEST(strides)
{
	static const int64_t bad[][2] = {
		{ 3, 2 }, { 4, 1 }, { -3, 1 }, { 3, -1 }, { 6, 1 }, { INT64_MAX, 1 }, { 1, INT64_MAX },
		{ INT64_MIN, 1 }, { INT64_MAX / 2 + 1, INT64_MAX / 2 + 1 }, { 1, 3 },
	};

	for (int i = 0; i < COUNT(bad); i++)
		refused_strides(bad[i], "leave the 6 elements");
}
END_TEST

/* Strides that stay inside, but reach some elements twice and others never. */
START_TEST(aliased)
{
	static const int64_t bad[][2] = { { 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 0 }, { 2, 1 } };
	struct bytes b = { .n = 0 };
	struct dl4j_error err = { 0 };
	struct ndarray a;

	for (int i = 0; i < COUNT(bad); i++)
		refused_strides(bad[i], "reach some of the 6 elements twice");
	counting(&b, MIXED, DL4J_MAX_RANK, D(1, 2, 1, 2, 1, 2, 1, 2), D(1, 1, 1, 1, 1, 1, 1, 1));
	ck_assert_int_eq(parse(&a, &b, &err), DL4J_EFORMAT);
	ck_assert(strstr(err.msg, "strides that reach some of the 16 elements twice"));
}
END_TEST

static Suite *suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("ndarray", &tests);

	tcase_add_loop_test(tests, every_mode, 0, COUNT(modes));
	tcase_add_test(tests, two_modes);
	tcase_add_loop_test(tests, every_type, 0, COUNT(types));
	tcase_add_test(tests, every_half);
	tcase_add_test(tests, beyond_float);
	tcase_add_test(tests, other_types);
	tcase_add_loop_test(tests, every_layout, 0, COUNT(layouts));
	tcase_add_loop_test(tests, in_order, 0, COUNT(layouts));
	tcase_add_test(tests, scalar);
	tcase_add_test(tests, empty);
	tcase_add_test(tests, in_place);
	tcase_add_test(tests, within_more);
	tcase_add_test(tests, longest_head);
	tcase_add_loop_test(tests, cut_short, 0, COUNT(modes));
	tcase_add_loop_test(tests, changed, 0, COUNT(modes));
	tcase_add_test(tests, words);
	tcase_add_test(tests, shape_information);
	tcase_add_test(tests, dimensions);
	tcase_add_test(tests, elements);
	tcase_add_test(tests, strides);
	tcase_add_test(tests, aliased);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ suite(), NULL });
}
