/* SPDX-License-Identifier: Apache-2.0 */
/* base: error texts that hostile names cannot break, arenas that cannot overflow, texts that grow,
 * checked products of dimensions. */
#include "unit.h"

#include <limits.h>
#include <stdalign.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/sha256.h"
#include "base/str.h"

/* --- err -------------------------------------------------------------------------------------- */

START_TEST(err_fail)
{
	struct dl4j_error err = { 0 };

	ck_assert_int_eq(fail(&err, DL4J_ESHAPE, "expected %d, found %s", 3, "none"), DL4J_ESHAPE);
	ck_assert_int_eq(err.code, DL4J_ESHAPE);
	ck_assert_str_eq(err.msg, "expected 3, found none");
	ck_assert_int_eq(fail_memory(&err), DL4J_EMEMORY);
	ck_assert_int_eq(err.code, DL4J_EMEMORY);
	ck_assert_str_eq(err.msg, "out of memory");
}
END_TEST

START_TEST(err_within)
{
	struct dl4j_error err = { 0 };

	fail(&err, DL4J_EFORMAT, "expected 2 numbers, found 3");
	ck_assert_int_eq(within(&err, "%s", "kernelSize"), DL4J_EFORMAT);
	ck_assert_int_eq(within(&err, "layer '%s'", "conv1"), DL4J_EFORMAT);
	ck_assert_str_eq(err.msg, "layer 'conv1': kernelSize: expected 2 numbers, found 3");
}
END_TEST

/* One line, whatever the names in a file hold. */
START_TEST(err_control_characters)
{
	struct dl4j_error err = { 0 };

	fail(&err, DL4J_EFORMAT, "a\nb\x1b[31m\x7f\t\x01 caf\xc3\xa9");
	ck_assert_str_eq(err.msg, "a?b?[31m??? caf\xc3\xa9");
	within(&err, "x\r\n");
	ck_assert_str_eq(err.msg, "x??: a?b?[31m??? caf\xc3\xa9");
}
END_TEST

START_TEST(err_long)
{
	struct {
		struct dl4j_error err;
		char after[8];
	} e = { .after = "unhurt" };
	char text[2000];

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	fail(&e.err, DL4J_EIO, "%s", text);
	ck_assert_uint_eq(strlen(e.err.msg), sizeof e.err.msg - 1);
	ck_assert_int_eq(within(&e.err, "here"), DL4J_EIO);
	ck_assert(!strncmp(e.err.msg, "here: xxx", 9));
	ck_assert_uint_lt(strlen(e.err.msg), sizeof e.err.msg);
	for (int i = 0; i < 100; i++)
		within(&e.err, "a place of some length");
	ck_assert(!strncmp(e.err.msg, "a place of some length: a place", 31));
	within(&e.err, "%s", text); /* no room for what was there */
	ck_assert_uint_eq(strlen(e.err.msg), sizeof e.err.msg - 1);
	ck_assert_int_eq(e.err.code, DL4J_EIO);
	ck_assert_str_eq(e.after, "unhurt");
}
END_TEST

/* A prefix that leaves 0 to 3 bytes: neither overrun nor a dangling colon's tail. */
START_TEST(err_full)
{
	struct {
		struct dl4j_error err;
		char after[8];
	} e = { .after = "unhurt" };
	char text[sizeof e.err.msg];

	memset(text, 'y', sizeof text);
	text[sizeof text - 1 - _i] = '\0';
	fail(&e.err, DL4J_EIO, "tail");
	within(&e.err, "%s", text);
	ck_assert(!strncmp(e.err.msg, text, strlen(text)));
	ck_assert_uint_lt(strlen(e.err.msg), sizeof e.err.msg);
	ck_assert_str_eq(e.after, "unhurt");
}
END_TEST

static int first_negative(int a, int b)
{
	TRY(a);
	TRY(b);
	return 7;
}

START_TEST(err_try)
{
	ck_assert_int_eq(first_negative(0, 0), 7);
	ck_assert_int_eq(first_negative(5, 1), 7);
	ck_assert_int_eq(first_negative(0, -2), -2);
	ck_assert_int_eq(first_negative(-3, -2), -3);
}
END_TEST

static Suite *err_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("err", &tests);

	tcase_add_test(tests, err_fail);
	tcase_add_test(tests, err_within);
	tcase_add_test(tests, err_control_characters);
	tcase_add_test(tests, err_long);
	tcase_add_loop_test(tests, err_full, 0, 8);
	tcase_add_test(tests, err_try);
	return suite;
}

/* --- arena ------------------------------------------------------------------------------------ */

static bool all_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

START_TEST(arena_zeroed_and_aligned)
{
	struct arena a = { 0 };
	unsigned char *last = NULL;

	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *p = arena_alloc(&a, size, 1);
		ck_assert_ptr_nonnull(p);
		ck_assert_ptr_ne(p, last); /* distinct, even when empty */
		ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
		ck_assert(all_zero(p, size));
		memset(p, 0xff, size); /* must not show in what follows */
		last = p;
	}
	arena_free(&a);
}
END_TEST

/* What was handed out stays where it is, over many blocks and some larger than a block. */
START_TEST(arena_keeps)
{
	struct arena a = { 0 };
	unsigned *list[200];

	for (unsigned i = 0; i < 200; i++) {
		size_t n = i % 10 == 9 ? 100000 : 500 + i;
		list[i] = ARENA_NEW(&a, unsigned, n);
		ck_assert_ptr_nonnull(list[i]);
		ck_assert(all_zero((unsigned char *)list[i], n * sizeof(unsigned)));
		for (size_t k = 0; k < n; k++)
			list[i][k] = i;
	}
	for (unsigned i = 0; i < 200; i++)
		for (size_t k = 0; k < (i % 10 == 9 ? 100000 : 500 + i); k++)
			ck_assert_uint_eq(list[i][k], i);
	arena_free(&a);
}
END_TEST

START_TEST(arena_overflow)
{
	static const size_t pairs[][2] = {
		{ SIZE_MAX, 1 }, { SIZE_MAX, 2 }, { SIZE_MAX / 2 + 1, 2 }, { SIZE_MAX / 2 + 1, 1 },
		{ SIZE_MAX / 8 + 1, 8 }, { (size_t)1 << 32, (size_t)1 << 32 }, { SIZE_MAX, SIZE_MAX },
		{ SIZE_MAX - 7, 1 },
	};
	struct arena a = { 0 };

	ck_assert_ptr_nonnull(arena_alloc(&a, 3, 5));
	for (int i = 0; i < COUNT(pairs); i++)
		ck_assert_ptr_null(arena_alloc(&a, pairs[i][0], pairs[i][1]));
	ck_assert_ptr_nonnull(arena_alloc(&a, 3, 5)); /* still of use */
	arena_free(&a);
}
END_TEST

START_TEST(arena_strings)
{
	struct arena a = { 0 };
	char from[] = "conv1";
	char *copy = arena_strdup(&a, from), *part = arena_strndup(&a, "configuration", 6);
	char *none = arena_strndup(&a, "x", 0);

	from[0] = 'X';
	ck_assert_str_eq(copy, "conv1");
	ck_assert_str_eq(part, "config");
	ck_assert_str_eq(none, "");
	arena_free(&a);
}
END_TEST

START_TEST(arena_again)
{
	struct arena a = { 0 };

	arena_free(&a); /* of nothing */
	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(arena_alloc(&a, 70000, 1));
		ck_assert_ptr_nonnull(arena_alloc(&a, 16, 1));
		arena_free(&a);
		ck_assert_ptr_null(a.head);
	}
}
END_TEST

static Suite *arena_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("arena", &tests);

	tcase_add_test(tests, arena_zeroed_and_aligned);
	tcase_add_test(tests, arena_keeps);
	tcase_add_test(tests, arena_overflow);
	tcase_add_test(tests, arena_strings);
	tcase_add_test(tests, arena_again);
	return suite;
}

/* --- str -------------------------------------------------------------------------------------- */

START_TEST(str_appends)
{
	struct str s = { 0 };

	str_add(&s, "");
	ck_assert_str_eq(s.text, "");
	str_add(&s, "ab");
	str_addn(&s, "cdef", 2);
	str_addf(&s, "%d-%s", 42, "x");
	str_fill(&s, '_', 3);
	str_fill(&s, '!', 0);
	ck_assert_str_eq(s.text, "abcd42-x___");
	ck_assert_uint_eq(s.len, 11);
	ck_assert(!s.failed);
	str_free(&s);
	ck_assert_ptr_null(s.text);
	ck_assert_uint_eq(s.len, 0);
}
END_TEST

/* Across many reallocations, each way of appending at each length around the first room. */
START_TEST(str_grows)
{
	struct str s = { 0 };

	for (int i = 0; i < 5000; i++)
		str_addf(&s, "%04d,", i);
	ck_assert_uint_eq(s.len, 25000);
	ck_assert_uint_eq(strlen(s.text), 25000);
	for (int i = 0; i < 5000; i++)
		ck_assert_int_eq(atoi(s.text + (size_t)i * 5), i);
	str_free(&s);
	for (size_t n = 250; n < 260; n++) {
		str_fill(&s, 'a', n);
		ck_assert_uint_eq(strlen(s.text), n);
		str_add(&s, "b");
		ck_assert_uint_eq(strlen(s.text), n + 1);
		str_addf(&s, "%0300d", 7);
		ck_assert_uint_eq(strlen(s.text), n + 301);
		str_free(&s);
	}
}
END_TEST

START_TEST(str_sticky)
{
	struct str s = { 0 };

	str_add(&s, "before");
	str_fill(&s, 'x', SIZE_MAX);
	ck_assert(s.failed);
	ck_assert_str_eq(s.text, "before");
	str_add(&s, "after");
	str_addn(&s, "after", 5);
	str_addf(&s, "%s", "after");
	str_fill(&s, 'a', 5);
	str_add_grouped(&s, 5);
	str_add_json(&s, "after");
	ck_assert(s.failed);
	ck_assert_str_eq(s.text, "before");
	str_free(&s);
	ck_assert(!s.failed);
}
END_TEST

static const struct {
	int64_t n;
	const char *text;
} grouped[] = {
	{ 0, "0" }, { 7, "7" }, { 999, "999" }, { 1000, "1,000" }, { 12345, "12,345" },
	{ 123456, "123,456" }, { 1234567, "1,234,567" }, { 22910480, "22,910,480" }, { -1, "-1" },
	{ -999, "-999" }, { -1000, "-1,000" }, { -123456, "-123,456" }, { -1234567, "-1,234,567" },
	{ INT64_MAX, "9,223,372,036,854,775,807" }, { INT64_MIN, "-9,223,372,036,854,775,808" },
};

START_TEST(str_grouped)
{
	struct str s = { 0 };

	str_add_grouped(&s, grouped[_i].n);
	ck_assert_str_eq(s.text, grouped[_i].text);
	str_free(&s);
}
END_TEST

static const struct {
	const char *text, *json;
} escaped[] = {
	{ "", "\"\"" },
	{ "plain /'<>", "\"plain /'<>\"" },
	{ "say \"no\"", "\"say \\\"no\\\"\"" },
	{ "C:\\x", "\"C:\\\\x\"" },
	{ "a\nb\tc\r\b\f", "\"a\\u000ab\\u0009c\\u000d\\u0008\\u000c\"" },
	{ "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
	{ "caf\xc3\xa9 \xe2\x82\xac", "\"caf\xc3\xa9 \xe2\x82\xac\"" },
};

START_TEST(str_json)
{
	struct str s = { 0 };

	str_add_json(&s, escaped[_i].text);
	ck_assert_str_eq(s.text, escaped[_i].json);
	str_free(&s);
}
END_TEST

static Suite *str_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("str", &tests);

	tcase_add_test(tests, str_appends);
	tcase_add_test(tests, str_grows);
	tcase_add_test(tests, str_sticky);
	tcase_add_loop_test(tests, str_grouped, 0, COUNT(grouped));
	tcase_add_loop_test(tests, str_json, 0, COUNT(escaped));
	return suite;
}

/* --- num -------------------------------------------------------------------------------------- */

#define PRODUCT(...) dims_product((int64_t[]){ __VA_ARGS__ }, COUNT(((int64_t[]){ __VA_ARGS__ })))

START_TEST(num_product)
{
	ck_assert_int_eq(dims_product(NULL, 0), 1);
	ck_assert_int_eq(PRODUCT(7), 7);
	ck_assert_int_eq(PRODUCT(2, 3, 299, 299), 536406);
	ck_assert_int_eq(PRODUCT(5, 0, 3), 0);
	ck_assert_int_eq(PRODUCT(-1), -1);
	ck_assert_int_eq(PRODUCT(-2, -3), -1);
	ck_assert_int_eq(PRODUCT(0, -3), -1);
	ck_assert_int_eq(PRODUCT(INT64_MAX, 1), INT64_MAX);
	ck_assert_int_eq(PRODUCT(INT64_MAX, 2), -1);
	ck_assert_int_eq(PRODUCT(INT64_C(1) << 32, INT64_C(1) << 30), INT64_C(1) << 62);
	ck_assert_int_eq(PRODUCT(INT64_C(1) << 32, INT64_C(1) << 31), -1);
	ck_assert_int_eq(PRODUCT(INT64_C(1) << 32, INT64_C(1) << 32), -1);
	/* an overflow is not forgiven by what follows */
	ck_assert_int_eq(PRODUCT(INT64_MAX, 2, 0), -1);
	ck_assert_int_eq(PRODUCT(INT64_MIN), -1);
}
END_TEST

START_TEST(num_strides)
{
	static const int64_t dim[] = { 2, 3, 4, 5 };
	int64_t s[4];

	dims_strides(dim, 4, 'c', s);
	ck_assert(s[0] == 60 && s[1] == 20 && s[2] == 5 && s[3] == 1);
	dims_strides(dim, 4, 'f', s);
	ck_assert(s[0] == 1 && s[1] == 2 && s[2] == 6 && s[3] == 24);
	dims_strides(dim, 1, 'f', s);
	ck_assert_int_eq(s[0], 1);
}
END_TEST

static Suite *num_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("num", &tests);

	tcase_add_test(tests, num_product);
	tcase_add_test(tests, num_strides);
	return suite;
}

/* --- sha256: the examples of FIPS 180-2 ------------------------------------------------------- */

static void hashes(const char *text, size_t n, size_t piece, const char *expected)
{
	char out[SHA256_TEXT];
	struct sha256 s;

	for (int plain = 0; plain < 2; plain++) {
		sha256_start(&s);
		s.plain |= plain;
		for (size_t at = 0; at < n; at += piece)
			sha256_add(&s, text + at, n - at < piece ? n - at : piece);
		sha256_end(&s, out);
		ck_assert_str_eq(out, expected);
	}
}

START_TEST(sha256_examples)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	enum { MILLION = 1000000 };
	char *many = malloc(MILLION);

	hashes("", 0, 1,
	       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hashes("abc", 3, 3,
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	for (size_t piece = 1; piece < sizeof two_blocks; piece++)
		hashes(two_blocks, sizeof two_blocks - 1, piece,
		       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	ck_assert_ptr_nonnull(many);
	memset(many, 'a', MILLION);
	hashes(many, MILLION, MILLION,
	       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	hashes(many, MILLION, 129,
	       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(many);
}
END_TEST

static Suite *sha256_suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("sha256", &tests);

	tcase_add_test(tests, sha256_examples);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ err_suite(), arena_suite(), str_suite(), num_suite(),
		                      sha256_suite(), NULL });
}
