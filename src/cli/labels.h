/* SPDX-License-Identifier: Apache-2.0 */
/* labels: the names of the classes.
 * From a file, one a line, or from the lists that are part of the program. */
#ifndef CLI_LABELS_H
#define CLI_LABELS_H

#include "base/err.h"

struct labels {
	const char **name; /* NULL: none */
	int n;
	char *text; /* what the names of a file point into */
};

struct labels_row {
	const char *name;
	int n;
	const char *const *list;
	const char *what;
};
extern const struct labels_row labels_rows[]; /* what is built in; ends in a NULL name */

/* A file, or a built-in name. */
int labels_load(struct labels *out, const char *name, struct dl4j_error *err);
/* What stands beside the model: MODEL.labels, with or without its suffix, or labels.txt. Returns 1
 * and the path (malloc'ed) where there is one. */
int labels_beside(char **path, const char *model, struct dl4j_error *err);
void labels_free(struct labels *labels);

/* The name of class i, or its number, which goes into `number`. */
const char *labels_name(const struct labels *labels, int i, char number[16]);

#endif
