/* SPDX-License-Identifier: Apache-2.0 */
/* table: text in columns, laid out as in DL4J's summary(): a column is as wide
 * as its longest cell, and all but the last get three blanks more. */
#ifndef DL4J_SUMMARY_TABLE_H
#define DL4J_SUMMARY_TABLE_H

#include "base/str.h"

#define TABLE_COLUMNS 8

struct table {
	int n_columns;
	/* As wide as these instead, and the rules as `rule`; longer cells stand as they are. 0: after a
	 * blank, not padded. */
	const int *fixed, *fixed_header;
	int rule;
	struct str cells; /* NUL-terminated each, row by row; the first row is the header */
};

/* Cells are written with the str functions into table->cells; this ends one. */
void table_next(struct table *t);
void table_cell(struct table *t, const char *text);
/* Rule of '=', header, rule of '=', rows; returns the width. */
size_t table_print(struct str *out, const struct table *t);
void table_free(struct table *t);

/* What `text` measures in Java, whose characters are UTF-16 units. */
size_t table_width(const char *text);

#endif
