/* SPDX-License-Identifier: Apache-2.0 */
/* unit: what the unit tests share. A binary tests a folder of src/, a suite tests a file of it; the
 * last line that a binary prints is Check's count. */
#ifndef DL4J_TEST_UNIT_H
#define DL4J_TEST_UNIT_H

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef fail /* a name that Check used to have */
#include "base/err.h"

/* Run suites, the last being NULL; what main returns. */
static inline int unit_main(Suite *const *suites)
{
	SRunner *runner = srunner_create(suites[0]);
	int failed;

	for (int i = 1; suites[i]; i++)
		srunner_add_suite(runner, suites[i]);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A new suite of one case, to which tests are added. */
static inline Suite *unit_suite(const char *name, TCase **tests)
{
	Suite *suite = suite_create(name);

	*tests = tcase_create(name);
	tcase_set_timeout(*tests, 120); /* sanitizers and valgrind are slow */
	suite_add_tcase(suite, *tests);
	return suite;
}

/* printf into a text that lasts until the next call. */
PRINTF(1, 2) static inline const char *unit_text(const char *fmt, ...)
{
	static char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return text;
}

/* `r` is what the call returned, `err` what it said. */
static inline void unit_refused(int r, const struct dl4j_error *err, int code, const char *msg)
{
	ck_assert_msg(r != 0, "accepted, expected: %s", msg);
	ck_assert_str_eq(err->msg, msg);
	ck_assert_int_eq(r, code);
	ck_assert_int_eq(err->code, code);
}

#define COUNT(list) (int)(sizeof(list) / sizeof *(list))

#endif
