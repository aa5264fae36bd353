/* SPDX-License-Identifier: Apache-2.0 */
/* text: foreign names in our output.
 * File names and labels may hold anything; terminals and parsers are spared it. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include "base/str.h"

/* Control characters as \xHH. */
void text_plain(struct str *out, const char *s);
/* The same as one field of RFC 4180. */
void text_csv(struct str *out, const char *s);
/* As a JSON string; bytes that are no UTF-8 become U+FFFD. */
void text_json(struct str *out, const char *s);
/* As a quoted name or value of ARFF. */
void text_arff(struct str *out, const char *s);

/* Columns on a terminal, each character taken for one. */
size_t text_columns(const char *s);
/* Padded to `columns`, or cut to them: at the end, or at the beginning where `from_left`. */
void text_fit(struct str *out, const char *s, size_t columns, bool from_left);

#endif
