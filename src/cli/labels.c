/* SPDX-License-Identifier: Apache-2.0 */
/* labels: the names of the classes.
 * The class' index is the line's number, so that a gap in the file is an error. */
#include "cli/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/labels_built_in.h"
#include "cli/say.h"

#define LIST(list) (int)(sizeof list / sizeof *list), list

const struct labels_row labels_rows[] = {
	{ "imagenet", LIST(labels_imagenet), "ImageNet as Keras and the DL4J zoo order it" },
	{ "darknet", LIST(labels_darknet), "ImageNet as Darknet19 orders it" },
	{ "mnist", LIST(labels_mnist), "digits" },
	{ "fashion-mnist", LIST(labels_fashion_mnist), "clothes" },
	{ "cifar10", LIST(labels_cifar10), "things and animals" },
	{ NULL, 0, NULL, NULL },
};

static void trim(char *line)
{
	size_t n = strlen(line);

	while (n > 0 && strchr(" \t\r", line[n - 1]))
		line[--n] = '\0';
}

static int split(struct labels *out, struct dl4j_error *err)
{
	char *at = out->text, *end;
	int lines = 1, gap = 0;

	for (char *p = at; *p; p++)
		lines += *p == '\n';
	out->name = calloc((size_t)lines, sizeof *out->name);
	if (!out->name)
		return fail_memory(err);
	if (strncmp(at, "\xef\xbb\xbf", 3) == 0) /* the mark that some editors begin a text with */
		at += 3;
	for (int line = 1; at; at = end, line++) {
		end = strchr(at, '\n');
		if (end)
			*end++ = '\0';
		trim(at);
		if (!*at) {
			gap = line;
			continue;
		}
		if (gap)
			return fail(err, DL4J_EFORMAT, "line %d is empty", gap);
		out->name[out->n++] = at;
	}
	return out->n ? 0 : fail(err, DL4J_EFORMAT, "no label in it");
}

static int read_file(struct labels *out, const char *path, struct dl4j_error *err)
{
	enum { LIMIT = 64 << 20 };
	struct bytes file;
	int code;

	if (file_read(&file, path, LIMIT, err) < 0)
		return within(err, "%s", path);
	out->text = (char *)file.at;
	if (strlen(out->text) != file.n)
		code = fail(err, DL4J_EFORMAT, "expected text, found a NUL byte");
	else
		code = split(out, err);
	if (code < 0)
		labels_free(out);
	return code < 0 ? within(err, "%s", path) : 0;
}

static int copy(struct labels *out, const struct labels_row *row, struct dl4j_error *err)
{
	out->name = calloc((size_t)row->n, sizeof *out->name);
	if (!out->name)
		return fail_memory(err);
	memcpy(out->name, row->list, (size_t)row->n * sizeof *out->name);
	out->n = row->n;
	return 0;
}

int labels_load(struct labels *out, const char *name, struct dl4j_error *err)
{
	const char *near;
	int n = 0;

	*out = (struct labels){ 0 };
	for (; labels_rows[n].name; n++)
		if (strcmp(labels_rows[n].name, name) == 0)
			return copy(out, &labels_rows[n], err);
	if (strchr(name, '/') || strchr(name, '.') || file_exists(name))
		return read_file(out, name, err);
	near = say_nearest(name, &labels_rows->name, sizeof *labels_rows, n);
	return fail(err, DL4J_EUSAGE, "--labels: neither a file nor built in: '%s'" HINT "%s%s", name,
	            near ? "did you mean " : "dl4j list labels", near ? near : "");
}

int labels_beside(char **path, const char *model, struct dl4j_error *err)
{
	for (int i = 0; i < 3; i++) {
		struct str s = { 0 };

		if (i == 0)
			file_base(&s, model);
		else if (i == 1)
			str_add(&s, model);
		else
			file_folder(&s, model);
		str_add(&s, i < 2 ? ".labels" : "labels.txt");
		if (s.failed)
			return fail_memory(err);
		*path = s.text;
		if (file_exists(*path))
			return 1;
		str_free(&s);
	}
	*path = NULL;
	return 0;
}

void labels_free(struct labels *labels)
{
	free(labels->name);
	free(labels->text);
	*labels = (struct labels){ 0 };
}

const char *labels_name(const struct labels *labels, int i, char number[16])
{
	if (labels->name && i < labels->n)
		return labels->name[i];
	snprintf(number, 16, "%d", i);
	return number;
}
