/* SPDX-License-Identifier: Apache-2.0 */
/* paths: the pictures that the arguments name.
 * Files as they are, folders listed and sorted, "-" for paths on standard input as they come. */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct path {
	char *name;        /* malloc'ed; NULL at the end */
	const char *error; /* a folder that yields nothing says why */
};

struct paths {
	struct path *list;
	size_t n, room, next;
	bool streams; /* standard input follows the list */
	int delimiter;
};

/* The arguments are a model, then paths: that there are some, and standard input is not both. */
int paths_after_model(const char *verb, int argc, char **argv, struct dl4j_error *err);
/* argc may be 0. `recursive`: folders within folders, too; `nul`: NUL-separated input. */
int paths_open(struct paths *out, int argc, char **argv, bool recursive, bool nul,
               struct dl4j_error *err);
/* The next one, which the caller frees; standard input may keep it waiting. */
struct path paths_next(struct paths *paths);
/* Reads standard input until the list has n more, or all there are. */
int paths_ahead(struct paths *paths, size_t n, struct dl4j_error *err);
/* How many there are, or -1 where that shows later. */
int64_t paths_count(const struct paths *paths);
void paths_free(struct paths *paths);

#endif
