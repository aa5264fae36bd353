/* SPDX-License-Identifier: Apache-2.0 */
/* file: whole files in memory, with a ceiling.
 * Also the names that stand beside a file: its folder, its stem. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stdbool.h>

#include "base/str.h"

struct bytes {
	unsigned char *at; /* malloc'ed; a NUL follows */
	size_t n;
};

/* "-" is standard input. The message does not name the file. */
int file_read(struct bytes *out, const char *path, size_t limit, struct dl4j_error *err);
bool file_exists(const char *path);
/* The last component, without a suffix such as ".zip". */
void file_stem(struct str *out, const char *path);
/* The path without its suffix. */
void file_base(struct str *out, const char *path);
/* The part up to and with the last slash; "" where there is none. */
void file_folder(struct str *out, const char *path);

/* Opens the zip at `path` or on standard input ("-"); the message names it. */
int file_model(dl4j_model **out, const char *path, struct dl4j_error *err);

#endif
