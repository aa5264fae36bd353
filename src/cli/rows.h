/* SPDX-License-Identifier: Apache-2.0 */
/* rows: what classify says of a picture, in each output format.
 * A row is made in any thread; begin and end frame them all. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "base/str.h"
#include "cli/labels.h"

enum rows_format {
	ROWS_TABLE,
	ROWS_CSV,
	ROWS_TSV,
	ROWS_JSON,
	ROWS_JSONL,
	ROWS_ARFF,
	ROWS_NPY
};
extern const char *const rows_formats[]; /* NULL-terminated */

struct rows {
	enum rows_format format;
	int top; /* predictions a row */
	int classes;
	double least; /* probability to be listed */
	const struct labels *labels;
	int64_t pictures; /* how many rows there will be; -1: not known */
	/* of the table; columns 0: as wide as it gets */
	size_t image_width, label_width, columns;
};

struct row {
	int64_t number; /* from 0 */
	const char *image;
	const char *error; /* or NULL */
	const float *p;    /* a probability for each class */
	const int *best;   /* classes, best first; -1 after the last that is likely enough */
};

void rows_begin(const struct rows *rows, struct str *out);
void rows_add(const struct rows *rows, const struct row *row, struct str *out);
void rows_end(const struct rows *rows, struct str *out);

/* The `top` likeliest classes that reach `least`, then -1. Equal ones in the order of the index. */
void rows_best(const struct rows *rows, const float *p, int *best);

#endif
