/* SPDX-License-Identifier: Apache-2.0 */
/* flat: JSON of one kind only: an object of strings, numbers and arrays of numbers.
 * Strict: no escapes (no setting needs one), no nesting, nothing after the object. */
#include "cli/flat.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1024 };

struct reader {
	const char *start, *at;
	struct dl4j_error *err;
};

static int fail_here(struct reader *r, const char *expected)
{
	int line = 1;

	for (const char *p = r->start; p < r->at; p++)
		line += *p == '\n';
	return fail(r->err, DL4J_EFORMAT, "line %d: expected %s", line, expected);
}

static char peek(struct reader *r)
{
	r->at += strspn(r->at, " \t\r\n");
	return *r->at;
}

static int expect(struct reader *r, char c, const char *expected)
{
	if (peek(r) != c)
		return fail_here(r, expected);
	r->at++;
	return 0;
}

static int read_string(struct reader *r, char out[LONGEST])
{
	size_t n;

	TRY(expect(r, '"', "a string in double quotes"));
	n = strcspn(r->at, "\"\\\n");
	if (r->at[n] != '"' || n >= LONGEST)
		return fail_here(r, "a short string without escapes");
	memcpy(out, r->at, n);
	out[n] = '\0';
	r->at += n + 1;
	return 0;
}

static int read_number(struct reader *r, char out[LONGEST])
{
	size_t n = strspn(r->at, "+-0123456789.eE");
	char *end;

	strtod(r->at, &end);
	if (n == 0 || end != r->at + n || strlen(out) + n + 2 > LONGEST)
		return fail_here(r, "a string, a number or an array of numbers");
	strncat(out, r->at, n);
	r->at += n;
	return 0;
}

static int read_value(struct reader *r, char out[LONGEST])
{
	out[0] = '\0';
	if (peek(r) == '"')
		return read_string(r, out);
	if (*r->at != '[')
		return read_number(r, out);
	do {
		r->at++;
		if (*out)
			strcat(out, ",");
		peek(r);
		TRY(read_number(r, out));
	} while (peek(r) == ',');
	return expect(r, ']', "]");
}

int flat_read(const char *text, flat_set *set, void *to, struct dl4j_error *err)
{
	struct reader r = { text, text, err };
	char key[LONGEST], value[LONGEST];

	TRY(expect(&r, '{', "{"));
	while (peek(&r) != '}') {
		TRY(read_string(&r, key));
		TRY(expect(&r, ':', ":"));
		TRY(read_value(&r, value));
		TRY(set(to, key, value, err));
		if (peek(&r) != ',')
			break;
		r.at++;
		if (peek(&r) != '"')
			return fail_here(&r, "a member after the comma");
	}
	TRY(expect(&r, '}', "a comma or }"));
	return peek(&r) ? fail_here(&r, "nothing after the object") : 0;
}
