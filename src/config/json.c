/* SPDX-License-Identifier: Apache-2.0 */
/* json: configuration.json as a tree.
 * cJSON recurses and keeps the last of two equal keys; the scan and the check below stand guard. */
#include "config/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The length of the UTF-8 sequence at s, or 0 when it is not one. */
static size_t utf8(const unsigned char *s, size_t left)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 :
	           s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* Are these four hexadecimal digits, and not all zero? cJSON takes anything else for a NUL. */
static bool code_unit(const unsigned char *s)
{
	return memcmp(s, "0000", 4) != 0 && isxdigit(s[0]) && isxdigit(s[1]) && isxdigit(s[2]) &&
	       isxdigit(s[3]);
}

/* From an opening quote to just after the closing one. */
static int skip_string(const unsigned char *s, size_t n, size_t *at, int64_t most,
                       struct dl4j_error *err)
{
	size_t start = *at, i = start + 1, len;

	while (i < n && s[i] != '"') {
		if (s[i] < 0x20)
			return fail(err, DL4J_EFORMAT, "byte %zu: a control character in a string", i);
		if (s[i] == '\\') {
			if (i + 5 < n && s[i + 1] == 'u' && !code_unit(s + i + 2))
				return fail(err, DL4J_EFORMAT, "byte %zu: a NUL in a string, or not four "
				            "hexadecimal digits", i);
			i++; /* the escaped character is looked at no further: cJSON does that */
			if (i >= n)
				break;
		}
		len = utf8(s + i, n - i);
		if (len == 0)
			return fail(err, DL4J_EFORMAT, "byte %zu: expected UTF-8, found 0x%02x", i, s[i]);
		i += len;
		if ((int64_t)(i - start) > most)
			return fail(err, DL4J_ELIMIT, "byte %zu: a string of over %" PRId64 " bytes",
			            start, most);
	}
	if (i >= n)
		return fail(err, DL4J_EFORMAT, "byte %zu: a string without an end", start);
	*at = i + 1;
	return 0;
}

static bool in_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '+' || c == '-' || c == '.';
}

int json_scan(const char *text, size_t n, const struct dl4j_limits *limits, struct dl4j_error *err)
{
	const unsigned char *s = (const unsigned char *)text;
	int64_t depth = 0, values = 0;

	for (size_t i = 0; i < n;) {
		size_t start = i;
		if (s[i] == '"') {
			TRY(skip_string(s, n, &i, limits->json_string_bytes, err));
			values++;
		} else if (s[i] == '{' || s[i] == '[') {
			if (++depth > limits->json_depth)
				return fail(err, DL4J_ELIMIT, "byte %zu: nested deeper than %" PRId64, i,
				            limits->json_depth);
			i++;
			values++;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
			i++;
		} else if (in_word(s[i])) {
			while (i < n && in_word(s[i]))
				i++;
			if ((int64_t)(i - start) > limits->json_number_chars)
				return fail(err, DL4J_ELIMIT, "byte %zu: a number of over %" PRId64
				            " characters", start, limits->json_number_chars);
			values++;
		} else if (s[i] == '\0' || !strchr(" \t\r\n,:", s[i])) {
			return fail(err, DL4J_EFORMAT, "byte %zu: expected JSON, found 0x%02x", i, s[i]);
		} else {
			i++;
		}
		if (values > limits->json_nodes)
			return fail(err, DL4J_ELIMIT, "more than %" PRId64 " values", limits->json_nodes);
	}
	return 0;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int unique_keys(const cJSON *object, struct dl4j_error *err)
{
	size_t n = (size_t)cJSON_GetArraySize(object), i = 0;
	const char **keys = malloc((n + 1) * sizeof *keys);
	const cJSON *c;
	int r = 0;

	if (!keys)
		return fail_memory(err);
	for (c = object->child; c; c = c->next)
		keys[i++] = c->string;
	qsort(keys, n, sizeof *keys, by_key);
	for (i = 1; !r && i < n; i++)
		if (!strcmp(keys[i - 1], keys[i]))
			r = fail(err, DL4J_EFORMAT, "the key '%s' stands twice in one object", keys[i]);
	free(keys);
	return r;
}

/* Depth is bounded by the scan. */
static int unique_below(const cJSON *value, struct dl4j_error *err)
{
	const cJSON *c;

	if (cJSON_IsObject(value))
		TRY(unique_keys(value, err));
	for (c = value->child; c; c = c->next)
		TRY(unique_below(c, err));
	return 0;
}

int json_parse(cJSON **out, const char *text, size_t n, const struct dl4j_limits *limits,
               struct dl4j_error *err)
{
	const char *end;

	TRY(json_scan(text, n, limits, err));
	*out = cJSON_ParseWithLengthOpts(text, n, &end, false);
	if (!*out)
		return fail(err, DL4J_EFORMAT, "byte %zd: not JSON, or out of memory",
		            end - text);
	while (end < text + n && memchr(" \t\r\n", *end, 4))
		end++;
	if (end < text + n) {
		cJSON_Delete(*out);
		return fail(err, DL4J_EFORMAT, "byte %td: expected the end, found more", end - text);
	}
	if (unique_below(*out, err)) {
		cJSON_Delete(*out);
		return err->code;
	}
	return 0;
}

const cJSON *json_get(const cJSON *object, const char *key)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsNull(value) ? NULL : value;
}

int json_int(int64_t *out, const cJSON *value, int64_t min, int64_t max, struct dl4j_error *err)
{
	double d = cJSON_GetNumberValue(value);

	if (!cJSON_IsNumber(value) || d != floor(d) || d < (double)min || d > (double)max)
		return fail(err, DL4J_EFORMAT, "expected a whole number from %" PRId64 " to %" PRId64
		            ", found %s", min, max, cJSON_IsNumber(value) ? "another" : "none");
	*out = (int64_t)d;
	return 0;
}
