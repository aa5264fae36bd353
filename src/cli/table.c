/* SPDX-License-Identifier: Apache-2.0 */
/* table: classify's rows for people.
 * One line a picture; on a terminal it is cut to the terminal's width. */
#include "cli/table.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/text.h"

/* The first of a class' synonyms: "tench, Tinca tinca" is "tench". */
static void add_short_name(struct str *out, const struct rows *rows, int i)
{
	char number[16], name[256];
	const char *label = labels_name(rows->labels, i, number);
	size_t n = strcspn(label, ",");

	n = n < sizeof name ? n : sizeof name - 1;
	memcpy(name, label, n);
	name[n] = '\0';
	text_plain(out, name);
}

size_t table_label_width(const struct labels *labels)
{
	enum { NARROWEST = 5, WIDEST = 24 };
	size_t width = NARROWEST;

	for (int i = 0; i < labels->n; i++) {
		size_t n = strcspn(labels->name[i], ",");

		width = n > width ? n : width;
	}
	return width < WIDEST ? width : WIDEST;
}

static void add_percent(struct str *out, float p)
{
	str_addf(out, "%6.2f %%", 100.0 * (double)p);
}

void table_begin(const struct rows *rows, struct str *out)
{
	text_fit(out, "IMAGE", rows->image_width, false);
	str_add(out, "  ");
	text_fit(out, "CLASS", rows->label_width, false);
	str_addf(out, "  %8s%s\n", "PROB", rows->top > 1 ? "  THEN" : "");
}

static void add_runners_up(const struct rows *rows, const struct row *row, struct str *out)
{
	for (int k = 1; k < rows->top && row->best[k] >= 0; k++) {
		str_add(out, k > 1 ? ", " : "  ");
		add_short_name(out, rows, row->best[k]);
		str_addf(out, " %.2f", 100.0 * (double)row->p[row->best[k]]);
	}
}

void table_row(const struct rows *rows, const struct row *row, struct str *out)
{
	struct str line = { 0 }, cell = { 0 };

	text_plain(&cell, row->image);
	text_fit(&line, cell.text ? cell.text : "", rows->image_width, true);
	str_add(&line, "  ");
	cell.len = 0;
	if (row->error) {
		str_add(&line, "error: ");
		text_plain(&line, row->error);
	} else if (row->best[0] >= 0) {
		add_short_name(&cell, rows, row->best[0]);
		text_fit(&line, cell.text ? cell.text : "", rows->label_width, false);
		str_add(&line, "  ");
		add_percent(&line, row->p[row->best[0]]);
		add_runners_up(rows, row, &line);
	} else {
		str_add(&line, "-");
	}
	out->failed |= line.failed || cell.failed;
	if (line.text && rows->columns && text_columns(line.text) > rows->columns)
		text_fit(out, line.text, rows->columns, false);
	else
		str_add(out, line.text ? line.text : "");
	str_add(out, "\n");
	str_free(&line);
	str_free(&cell);
}

void table_fit(struct rows *rows, const struct paths *paths)
{
	enum { NARROWEST = 12, WIDEST = 40 };
	struct winsize window;

	for (size_t i = 0; i < paths->n; i++) {
		size_t n = text_columns(paths->list[i].name);

		rows->image_width = n > rows->image_width ? n : rows->image_width;
	}
	if (rows->image_width < NARROWEST || paths->streams)
		rows->image_width = paths->streams ? WIDEST : NARROWEST;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
		rows->columns = window.ws_col;
		if (rows->image_width > WIDEST)
			rows->image_width = WIDEST;
	}
}
