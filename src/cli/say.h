/* SPDX-License-Identifier: Apache-2.0 */
/* say: what the program tells people, on stderr, and the exit status that goes with it.
 * An error may end in HINT and an advice: it is shown on a line of its own. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "base/err.h"

#define HINT "; hint: "

/* Beside the library's codes: what was asked for cannot be written. */
enum { SAY_EOUTPUT = -100 };

enum status {
	STATUS_OK = 0,
	STATUS_SOME_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_REFUSED = 3,
	STATUS_LIMIT = 4,
	STATUS_MACHINE = 5
};

/* The exit status for a code. */
enum status say_status(int code);
/* Prints the error; returns the exit status for its code. */
int say_error(const struct dl4j_error *err);
void say_warning(const char *fmt, ...) PRINTF(1, 2);
void say_note(const char *fmt, ...) PRINTF(1, 2);

/* The name that `word` was probably meant to be, or NULL. names[i] is at names + i * stride. */
const char *say_nearest(const char *word, const void *names, size_t stride, int n);

#endif
