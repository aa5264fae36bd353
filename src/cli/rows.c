/* SPDX-License-Identifier: Apache-2.0 */
/* rows: what classify says of a picture, in each output format.
 * Numbers have nine digits, so that they read back to the same float32. */
#include "cli/rows.h"

#include <math.h>
#include <string.h>

#include "cli/npy.h"
#include "cli/table.h"
#include "cli/text.h"

/* --- csv and tsv: one row a picture, three columns a prediction ------------------------------- */

static void csv_begin(const struct rows *rows, struct str *out)
{
	str_add(out, "image,error");
	for (int k = 1; k <= rows->top; k++)
		str_addf(out, ",index%d,label%d,probability%d", k, k, k);
	str_add(out, "\r\n");
}

static void csv_row(const struct rows *rows, const struct row *row, struct str *out)
{
	char number[16];

	text_csv(out, row->image);
	str_add(out, ",");
	text_csv(out, row->error ? row->error : "");
	for (int k = 0, past = row->error != NULL; k < rows->top; k++) {
		past |= !past && row->best[k] < 0;
		if (past) {
			str_add(out, ",,,");
			continue;
		}
		str_addf(out, ",%d,", row->best[k]);
		text_csv(out, labels_name(rows->labels, row->best[k], number));
		str_addf(out, ",%.9g", (double)row->p[row->best[k]]);
	}
	str_add(out, "\r\n");
}

static void tsv_row(const struct rows *rows, const struct row *row, struct str *out)
{
	char number[16];

	text_plain(out, row->image);
	if (row->error) {
		str_add(out, "\terror\t");
		text_plain(out, row->error);
	}
	for (int k = 0; !row->error && k < rows->top && row->best[k] >= 0; k++) {
		str_addf(out, "\t%d\t", row->best[k]);
		text_plain(out, labels_name(rows->labels, row->best[k], number));
		str_addf(out, "\t%.9g", (double)row->p[row->best[k]]);
	}
	str_add(out, "\n");
}

/* --- json and jsonl --------------------------------------------------------------------------- */

static void jsonl_row(const struct rows *rows, const struct row *row, struct str *out)
{
	char number[16];

	str_add(out, "{\"image\":");
	text_json(out, row->image);
	if (row->error) {
		str_add(out, ",\"error\":");
		text_json(out, row->error);
		str_add(out, "}\n");
		return;
	}
	str_add(out, ",\"predictions\":[");
	for (int k = 0; k < rows->top && row->best[k] >= 0; k++) {
		str_addf(out, "%s{\"index\":%d,\"label\":", k ? "," : "", row->best[k]);
		text_json(out, labels_name(rows->labels, row->best[k], number));
		str_addf(out, ",\"probability\":%.9g}", (double)row->p[row->best[k]]);
	}
	str_add(out, "]}\n");
}

static void json_begin(const struct rows *rows, struct str *out)
{
	(void)rows;
	str_add(out, "[\n");
}

static void json_row(const struct rows *rows, const struct row *row, struct str *out)
{
	str_add(out, row->number ? "," : " ");
	jsonl_row(rows, row, out);
}

static void json_end(const struct rows *rows, struct str *out)
{
	(void)rows;
	str_add(out, "]\n");
}

/* --- arff: every probability, and the class, as Weka reads it --------------------------------- */

/* "7 Sneaker": with its index, as names of attributes and values must differ. */
static void add_arff_class(struct str *out, const struct rows *rows, int i)
{
	struct str name = { 0 };
	char number[16];

	str_addf(&name, "%d", i);
	if (rows->labels->name)
		str_addf(&name, " %s", labels_name(rows->labels, i, number));
	out->failed |= name.failed;
	text_arff(out, name.text ? name.text : "");
	str_free(&name);
}

static void arff_begin(const struct rows *rows, struct str *out)
{
	str_add(out, "@relation dl4j\n\n@attribute image string\n");
	for (int i = 0; i < rows->classes; i++) {
		str_add(out, "@attribute ");
		add_arff_class(out, rows, i);
		str_add(out, " numeric\n");
	}
	str_add(out, "@attribute class {");
	for (int i = 0; i < rows->classes; i++) {
		str_add(out, i ? "," : "");
		add_arff_class(out, rows, i);
	}
	str_add(out, "}\n\n@data\n");
}

static void arff_row(const struct rows *rows, const struct row *row, struct str *out)
{
	text_arff(out, row->image);
	for (int i = 0; i < rows->classes; i++)
		if (row->error)
			str_add(out, ",?");
		else
			str_addf(out, ",%.9g", (double)row->p[i]);
	str_add(out, ",");
	if (row->error || row->best[0] < 0)
		str_add(out, "?");
	else
		add_arff_class(out, rows, row->best[0]);
	str_add(out, "\n");
}

/* --- npy: [pictures, classes], NaN for what failed -------------------------------------------- */

static void npy_begin(const struct rows *rows, struct str *out)
{
	npy_header(out, 2, (int64_t[]){ rows->pictures < 0 ? 0 : rows->pictures, rows->classes });
}

static void npy_row(const struct rows *rows, const struct row *row, struct str *out)
{
	const float nan = NAN;

	if (!row->error)
		npy_values(out, row->p, (size_t)rows->classes);
	for (int i = 0; row->error && i < rows->classes; i++)
		npy_values(out, &nan, 1);
}

/* ---------------------------------------------------------------------------------------------- */

const char *const rows_formats[] = { "table", "csv", "tsv", "json", "jsonl", "arff", "npy", NULL };

static const struct writer {
	void (*begin)(const struct rows *rows, struct str *out);
	void (*row)(const struct rows *rows, const struct row *row, struct str *out);
	void (*end)(const struct rows *rows, struct str *out);
} writers[] = {
	[ROWS_TABLE] = { table_begin, table_row, NULL },
	[ROWS_CSV] = { csv_begin, csv_row, NULL },
	[ROWS_TSV] = { NULL, tsv_row, NULL },
	[ROWS_JSON] = { json_begin, json_row, json_end },
	[ROWS_JSONL] = { NULL, jsonl_row, NULL },
	[ROWS_ARFF] = { arff_begin, arff_row, NULL },
	[ROWS_NPY] = { npy_begin, npy_row, NULL },
};

void rows_begin(const struct rows *rows, struct str *out)
{
	if (writers[rows->format].begin)
		writers[rows->format].begin(rows, out);
}

void rows_add(const struct rows *rows, const struct row *row, struct str *out)
{
	writers[rows->format].row(rows, row, out);
}

void rows_end(const struct rows *rows, struct str *out)
{
	if (writers[rows->format].end)
		writers[rows->format].end(rows, out);
}

void rows_best(const struct rows *rows, const float *p, int *best)
{
	int n = 0;

	for (int i = 0; i < rows->classes; i++) {
		int k;

		if (n == rows->top && p[i] <= p[best[n - 1]])
			continue;
		k = n < rows->top ? n++ : n - 1;
		for (; k > 0 && p[best[k - 1]] < p[i]; k--)
			best[k] = best[k - 1];
		best[k] = i;
	}
	for (int k = 0; k < n; k++)
		if ((double)p[best[k]] < rows->least)
			best[k] = -1;
}
