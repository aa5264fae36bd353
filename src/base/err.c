/* SPDX-License-Identifier: Apache-2.0 */
/* err: the caller's error text.
 * Long texts are cut, never overrun; control characters of hostile names are shown as '?'. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void show_plain(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

int fail(struct dl4j_error *err, int code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	va_end(ap);
	show_plain(err->msg);
	return code;
}

int within(struct dl4j_error *err, const char *fmt, ...)
{
	char msg[sizeof err->msg];
	va_list ap;
	int n;

	memcpy(msg, err->msg, sizeof msg);
	va_start(ap, fmt);
	n = vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n + 3 < sizeof err->msg)
		snprintf(err->msg + n, sizeof err->msg - (size_t)n, ": %.*s",
		         (int)(sizeof err->msg - (size_t)n - 3), msg);
	show_plain(err->msg);
	return err->code;
}

int fail_memory(struct dl4j_error *err)
{
	return fail(err, DL4J_EMEMORY, "out of memory");
}
