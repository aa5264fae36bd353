/* SPDX-License-Identifier: Apache-2.0 */
/* str: a growing text, sticky on failure: append freely, ask once at the end.
 * Fractions take the process' decimal point; the library prints whole numbers only. */
#ifndef DL4J_BASE_STR_H
#define DL4J_BASE_STR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct str {
	char *text; /* malloc'ed, NUL-terminated once anything was added */
	size_t len, room;
	bool failed;
};

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *text, size_t n);
void str_addf(struct str *s, const char *fmt, ...) PRINTF(2, 3);
void str_fill(struct str *s, char c, size_t n);
/* 1234567 as "1,234,567". */
void str_add_grouped(struct str *s, int64_t n);
/* As a JSON string, quotes included. */
void str_add_json(struct str *s, const char *text);
void str_free(struct str *s);

#endif
