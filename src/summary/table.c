/* SPDX-License-Identifier: Apache-2.0 */
/* table: text in columns.
 * Cells are measured as Java measures them, or names beyond ASCII would shift the columns. */
#include "summary/table.h"

#include <string.h>

#define GAP 3

void table_next(struct table *t)
{
	str_addn(&t->cells, "", 1);
}

void table_cell(struct table *t, const char *text)
{
	str_add(&t->cells, text);
	table_next(t);
}

size_t table_width(const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		n += c < 0x80 || c >= 0xc0; /* not a byte that continues a character */
		n += c >= 0xf0;             /* beyond 16 bits: a pair */
	}
	return n;
}

static const char *after(const char *cell)
{
	return cell + strlen(cell) + 1;
}

size_t table_print(struct str *out, const struct table *t)
{
	size_t width[TABLE_COLUMNS] = { 0 }, total = 0;
	const char *cell = t->cells.text, *end = cell + t->cells.len;
	int row, column;

	if (t->cells.failed) {
		out->failed = true;
		return 0;
	}
	if (t->fixed)
		end = cell; /* none is measured */
	for (column = 0; cell < end; cell = after(cell), column = (column + 1) % t->n_columns)
		if (table_width(cell) > width[column])
			width[column] = table_width(cell);
	for (column = 0; column < t->n_columns; column++)
		total += width[column] += column + 1 < t->n_columns ? GAP : 0;
	if (t->fixed)
		total = (size_t)t->rule;
	end = t->cells.text + t->cells.len;
	str_fill(out, '=', total);
	str_add(out, "\n");
	for (cell = t->cells.text, row = 0; cell < end; row++) {
		const int *fixed = row ? t->fixed : t->fixed_header;
		for (column = 0; column < t->n_columns; column++, cell = after(cell)) {
			size_t own = table_width(cell), all = width[column];
			if (fixed)
				all = (size_t)fixed[column];
			str_add(out, fixed && !all ? " " : "");
			str_add(out, cell);
			str_fill(out, ' ', own < all ? all - own : 0);
		}
		str_add(out, "\n");
		if (row)
			continue;
		str_fill(out, '=', total);
		str_add(out, "\n");
	}
	return total;
}

void table_free(struct table *t)
{
	str_free(&t->cells);
}
