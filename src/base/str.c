/* SPDX-License-Identifier: Apache-2.0 */
/* str: a growing text, sticky on failure.
 * Used for every text that the library hands out. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct str *s, size_t more)
{
	size_t room = s->room ? s->room : 256;
	char *text;

	if (s->failed || more > SIZE_MAX / 2 - s->len - 1)
		return !(s->failed = true);
	if (s->len + more + 1 <= s->room)
		return true;
	while (room < s->len + more + 1)
		room *= 2;
	text = realloc(s->text, room);
	if (!text)
		return !(s->failed = true);
	s->text = text;
	s->room = room;
	return true;
}

void str_addn(struct str *s, const char *text, size_t n)
{
	if (!reserve(s, n))
		return;
	memcpy(s->text + s->len, text, n);
	s->len += n;
	s->text[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(s, (size_t)n)) {
		s->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(s->text + s->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->len += (size_t)n;
}

void str_fill(struct str *s, char c, size_t n)
{
	if (!reserve(s, n))
		return;
	memset(s->text + s->len, c, n);
	s->len += n;
	s->text[s->len] = '\0';
}

void str_add_grouped(struct str *s, int64_t n)
{
	char digits[32];
	int len = snprintf(digits, sizeof digits, "%lld", (long long)n);

	for (int i = 0; i < len; i++) {
		str_addn(s, &digits[i], 1);
		if (digits[i] != '-' && i + 1 < len && (len - i - 1) % 3 == 0)
			str_addn(s, ",", 1);
	}
}

void str_add_json(struct str *s, const char *text)
{
	str_add(s, "\"");
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			str_addf(s, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			str_addf(s, "\\u%04x", c);
		else
			str_addn(s, text, 1);
	}
	str_add(s, "\"");
}

void str_free(struct str *s)
{
	free(s->text);
	*s = (struct str){ 0 };
}
