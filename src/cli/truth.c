/* SPDX-License-Identifier: Apache-2.0 */
/* truth: how often the network was right, where the folder's name is the class.
 * A folder "Ankle_boot" is the label "Ankle boot", and "tench" is "tench, Tinca tinca". */
#include "cli/truth.h"

#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

enum { MATRIX_MOST = 16, MISTAKES = 10, CELL = 6 };

int truth_new(struct truth *t, const struct labels *labels, int classes, struct dl4j_error *err)
{
	*t = (struct truth){ .labels = labels, .classes = classes };
	t->count = calloc((size_t)classes * (size_t)classes, sizeof *t->count);
	return t->count ? 0 : fail_memory(err);
}

void truth_free(struct truth *t)
{
	free(t->count);
	t->count = NULL;
}

static bool names_class(const char *folder, size_t n, const char *label)
{
	for (size_t i = 0; i < n; i++)
		if (folder[i] != label[i] && !(folder[i] == '_' && label[i] == ' '))
			return false;
	return label[n] == '\0' || label[n] == ',';
}

int truth_of(const struct truth *t, const char *path)
{
	const char *end = strrchr(path, '/');
	const char *folder = end;
	char number[16];

	if (!end)
		return -1;
	while (folder > path && folder[-1] != '/')
		folder--;
	for (int i = 0; i < t->classes; i++)
		if (names_class(folder, (size_t)(end - folder), labels_name(t->labels, i, number)))
			return i;
	return -1;
}

void truth_add(struct truth *t, int wanted, int found, int rank)
{
	if (wanted < 0) {
		t->unknown++;
		return;
	}
	t->judged++;
	t->right += rank == 0;
	t->in_top5 += rank < 5;
	t->count[(size_t)wanted * (size_t)t->classes + (size_t)found]++;
}

static int64_t at(const struct truth *t, int wanted, int found)
{
	return t->count[(size_t)wanted * (size_t)t->classes + (size_t)found];
}

static void add_name(const struct truth *t, struct str *out, int i, size_t width)
{
	struct str name = { 0 };
	char number[16];

	text_plain(&name, labels_name(t->labels, i, number));
	text_fit(out, name.text ? name.text : "", width, false);
	str_free(&name);
}

static void add_matrix(const struct truth *t, struct str *out)
{
	str_add(out, "\nrows: the folder; columns: what it was taken for\n");
	str_fill(out, ' ', 2 * CELL + 2);
	for (int i = 0; i < t->classes; i++) {
		str_add(out, " ");
		add_name(t, out, i, CELL);
	}
	str_add(out, "\n");
	for (int i = 0; i < t->classes; i++) {
		add_name(t, out, i, 2 * CELL + 2);
		for (int k = 0; k < t->classes; k++)
			str_addf(out, " %*lld", CELL, (long long)at(t, i, k));
		str_add(out, "\n");
	}
}

/* The commonest pairs: each time the largest count below the last (or equal, but later). */
static void add_mistakes(const struct truth *t, struct str *out)
{
	size_t n = (size_t)t->classes, cells = n * n, last = 0;
	int64_t limit = INT64_MAX;

	for (int line = 0; line < MISTAKES; line++) {
		size_t best = cells;

		for (size_t c = 0; c < cells; c++)
			if (c / n != c % n && t->count[c] > 0 &&
			    (t->count[c] < limit || (t->count[c] == limit && c > last)) &&
			    (best == cells || t->count[c] > t->count[best]))
				best = c;
		if (best == cells)
			return;
		str_add(out, line ? "" : "\nmost often mistaken:\n");
		str_addf(out, "%*lld  ", CELL, (long long)t->count[best]);
		add_name(t, out, (int)(best / n), 24);
		str_add(out, " taken for ");
		add_name(t, out, (int)(best % n), 24);
		str_add(out, "\n");
		limit = t->count[best];
		last = best;
	}
}

void truth_report(const struct truth *t, struct str *out)
{
	double judged = t->judged ? (double)t->judged : 1;

	str_addf(out, "accuracy  %.2f %% (%lld of %lld)\n", 100 * (double)t->right / judged,
	         (long long)t->right, (long long)t->judged);
	if (t->classes > 5)
		str_addf(out, "top-5     %.2f %% (%lld of %lld)\n", 100 * (double)t->in_top5 / judged,
		         (long long)t->in_top5, (long long)t->judged);
	if (t->unknown)
		str_addf(out, "not judged: %lld in folders that name no class\n", (long long)t->unknown);
	if (t->classes <= MATRIX_MOST)
		add_matrix(t, out);
	else
		add_mistakes(t, out);
}

void truth_csv(const struct truth *t, struct str *out)
{
	char number[16];

	str_add(out, "truth");
	for (int i = 0; i < t->classes; i++) {
		str_add(out, ",");
		text_csv(out, labels_name(t->labels, i, number));
	}
	str_add(out, "\r\n");
	for (int i = 0; i < t->classes; i++) {
		text_csv(out, labels_name(t->labels, i, number));
		for (int k = 0; k < t->classes; k++)
			str_addf(out, ",%lld", (long long)at(t, i, k));
		str_add(out, "\r\n");
	}
}
