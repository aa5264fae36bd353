/* SPDX-License-Identifier: Apache-2.0 */
/* say: what the program tells people, on stderr, and the exit status that goes with it.
 * Each message is one write, so that messages of several processes do not mix. */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int code;
	enum status status;
} statuses[] = {
	{ DL4J_EIO, STATUS_REFUSED },         { DL4J_EFORMAT, STATUS_REFUSED },
	{ DL4J_EUNSUPPORTED, STATUS_REFUSED }, { DL4J_ESHAPE, STATUS_REFUSED },
	{ DL4J_EMEMORY, STATUS_LIMIT },       { DL4J_ELIMIT, STATUS_LIMIT },
	{ DL4J_EUSAGE, STATUS_USAGE },        { DL4J_EBACKEND, STATUS_MACHINE },
	{ SAY_EOUTPUT, STATUS_MACHINE },
};

enum status say_status(int code)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (statuses[i].code == code)
			return statuses[i].status;
	return STATUS_MACHINE;
}

int say_error(const struct dl4j_error *err)
{
	const char *hint = strstr(err->msg, HINT);
	int n = hint ? (int)(hint - err->msg) : (int)strlen(err->msg);

	if (hint)
		fprintf(stderr, "dl4j: %.*s\ndl4j: hint: %s\n", n, err->msg, hint + strlen(HINT));
	else if (n > 0)
		fprintf(stderr, "dl4j: %s\n", err->msg);
	return say_status(err->code);
}

static void say(const char *kind, const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof text, fmt, ap);
	fprintf(stderr, "dl4j: %s: %s\n", kind, text);
}

void say_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("warning", fmt, ap);
	va_end(ap);
}

void say_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("note", fmt, ap);
	va_end(ap);
}

/* The edits (insert, delete, replace) that make one word of the other; long words are far off. */
static int distance(const char *a, const char *b)
{
	enum { LONGEST = 40 };
	int row[LONGEST + 1];
	int na = (int)strlen(a), nb = (int)strlen(b);

	if (na > LONGEST || nb > LONGEST)
		return LONGEST;
	for (int j = 0; j <= nb; j++)
		row[j] = j;
	for (int i = 1; i <= na; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= nb; j++) {
			int best = diagonal + (a[i - 1] != b[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[nb];
}

const char *say_nearest(const char *word, const void *names, size_t stride, int n)
{
	const char *best = NULL;
	int least = (int)strlen(word) / 3 + 2;

	for (int i = 0; i < n; i++) {
		const char *name;
		int d;

		memcpy(&name, (const char *)names + (size_t)i * stride, sizeof name);
		d = name ? distance(word, name) : least;
		if (d < least) {
			least = d;
			best = name;
		}
	}
	return best;
}
