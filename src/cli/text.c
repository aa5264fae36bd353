/* SPDX-License-Identifier: Apache-2.0 */
/* text: foreign names in our output.
 * Control characters are those of ASCII, and of ISO 8859 as UTF-8 has them. */
#include "cli/text.h"

#include <string.h>

/* The length of the UTF-8 character at s; 0 where it is none. */
static size_t character(const char *s)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)*s;
	size_t n = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
	unsigned code = n > 1 ? c & (0x7fu >> n) : c;

	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	}
	return n > 1 && (code < least[n] || code > 0x10ffff || code >> 11 == 0x1b) ? 0 : n;
}

static bool is_control(const char *s)
{
	unsigned char c = (unsigned char)*s;

	return c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)s[1] - 0x80u < 0x20);
}

void text_plain(struct str *out, const char *s)
{
	while (*s) {
		size_t n = character(s);

		if (n > 0 && !is_control(s)) {
			str_addn(out, s, n);
			s += n;
		} else if (n > 0 || (unsigned char)*s - 0x80u < 0x20) {
			for (n += !n; n > 0; n--)
				str_addf(out, "\\x%02x", (unsigned char)*s++);
		} else {
			str_addn(out, s++, 1); /* a file name in an older encoding */
		}
	}
}

void text_csv(struct str *out, const char *s)
{
	struct str plain = { 0 };

	text_plain(&plain, s);
	out->failed |= plain.failed;
	s = plain.text ? plain.text : "";
	if (strpbrk(s, ",\"")) {
		str_add(out, "\"");
		for (; *s; s++)
			str_addn(out, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
		str_add(out, "\"");
	} else {
		str_add(out, s);
	}
	str_free(&plain);
}

void text_json(struct str *out, const char *s)
{
	struct str valid = { 0 };

	for (size_t n; *s; s += n ? n : 1) {
		n = character(s);
		str_addn(&valid, n ? s : "\xef\xbf\xbd", n ? n : 3);
	}
	out->failed |= valid.failed;
	str_add_json(out, valid.text ? valid.text : "");
	str_free(&valid);
}

void text_arff(struct str *out, const char *s)
{
	struct str plain = { 0 };

	text_plain(&plain, s);
	out->failed |= plain.failed;
	str_add(out, "'");
	for (s = plain.text ? plain.text : ""; *s; s++) {
		if (strchr("'\\%", *s))
			str_add(out, "\\");
		str_addn(out, s, 1);
	}
	str_add(out, "'");
	str_free(&plain);
}

size_t text_columns(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* The position of column n. */
static const char *skip_columns(const char *s, size_t n)
{
	for (; *s; s++)
		if (((unsigned char)*s & 0xc0) != 0x80 && n-- == 0)
			break;
	return s;
}

void text_fit(struct str *out, const char *s, size_t columns, bool from_left)
{
	static const char cut[] = "…";
	size_t have = text_columns(s);

	if (have <= columns) {
		str_add(out, s);
		str_fill(out, ' ', columns - have);
	} else if (from_left) {
		str_add(out, cut);
		str_add(out, skip_columns(s, have - columns + 1));
	} else {
		str_addn(out, s, (size_t)(skip_columns(s, columns - 1) - s));
		str_add(out, cut);
	}
}
