/* SPDX-License-Identifier: Apache-2.0 */
/* truth: how often the network was right, where the folder's name is the class.
 * Accuracy, top-5, and which classes were taken for which. */
#ifndef CLI_TRUTH_H
#define CLI_TRUTH_H

#include "base/str.h"
#include "cli/labels.h"

struct truth {
	const struct labels *labels;
	int classes;
	int64_t *count; /* [classes][classes]: of each true class, what it was taken for */
	int64_t right, in_top5, judged, unknown;
};

int truth_new(struct truth *t, const struct labels *labels, int classes, struct dl4j_error *err);
void truth_free(struct truth *t);

/* The class that the picture's folder names, or -1. Thread-safe. */
int truth_of(const struct truth *t, const char *path);
/* `rank` is the place of the true class among all, from 0. */
void truth_add(struct truth *t, int wanted, int found, int rank);

/* The figures and, for few classes, the matrix; for many the commonest mistakes. */
void truth_report(const struct truth *t, struct str *out);
/* The matrix as csv: a row for each true class. */
void truth_csv(const struct truth *t, struct str *out);

#endif
