/* SPDX-License-Identifier: Apache-2.0 */
/* progress: a line on stderr that says how far it is, how fast, how long still.
 * Hidden while rows are written: both may go to one terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };
extern const char *const progress_names[];

struct progress {
	bool on, shown;
	int64_t done, total; /* total -1: not known */
	double start, last;
};

void progress_start(struct progress *p, int when, int64_t total);
void progress_add(struct progress *p, int64_t n);
void progress_hide(struct progress *p);

#endif
