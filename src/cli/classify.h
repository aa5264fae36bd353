/* SPDX-License-Identifier: Apache-2.0 */
/* classify: pictures through a network, by all cores, rows out in the order of the pictures.
 * The engine behind the verb; cmd_classify.c has the options. */
#ifndef CLI_CLASSIFY_H
#define CLI_CLASSIFY_H

#include "cli/arrays.h"
#include "cli/input.h"
#include "cli/out.h"
#include "cli/paths.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "cli/truth.h"

struct classify {
	/* set by the caller */
	const dl4j_model *model;
	struct input input;
	struct rows rows;
	struct paths paths;
	struct truth *truth; /* or NULL */
	struct out *out;
	struct progress progress;
	bool fail_fast;
	bool one_terminal; /* the rows and the progress line share it */
	int threads, batch, precision; /* batch 0: what is fastest */
	const char *cache; /* or NULL */
	/* counted on the way */
	int64_t written, failed;
	/* the engine's own */
	int64_t number;
	int streams;
	struct stream *stream;
};

/* Compiles the network. After this rows.classes is known. */
int classify_prepare(struct classify *c, struct dl4j_error *err);
/* All the pictures. */
int classify_run(struct classify *c, struct dl4j_error *err);
void classify_free(struct classify *c);

#endif
