/* SPDX-License-Identifier: Apache-2.0 */
/* table: classify's rows for people.
 * What rows.c uses for ROWS_TABLE. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/paths.h"
#include "cli/rows.h"

/* Makes room for the paths, on a terminal within reason. */
void table_fit(struct rows *rows, const struct paths *paths);
/* The widest label, within reason. */
size_t table_label_width(const struct labels *labels);

void table_begin(const struct rows *rows, struct str *out);
void table_row(const struct rows *rows, const struct row *row, struct str *out);

#endif
