/* SPDX-License-Identifier: Apache-2.0 */
/* out: a file written in whole rows.
 * Rows are collected, and each write(2) gets all or none of a row: an interrupt leaves no half. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "base/str.h"

struct out {
	int fd;
	const char *name; /* for messages */
	struct str pending;
};

/* `path` NULL or "-": standard output. */
int out_open(struct out *out, const char *path, struct dl4j_error *err);
/* The text is one or more rows. */
int out_add(struct out *out, const void *text, size_t n, struct dl4j_error *err);
int out_flush(struct out *out, struct dl4j_error *err);
/* Overwrites the beginning; 0 where the file cannot seek, 1 where done. */
int out_patch(struct out *out, const void *bytes, size_t n, struct dl4j_error *err);
/* Flushes, unless `failed`, and closes. */
int out_close(struct out *out, bool failed, struct dl4j_error *err);

/* The whole of standard output at once; frees the text. */
int out_text(struct str *text, struct dl4j_error *err);

#endif
