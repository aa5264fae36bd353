/* SPDX-License-Identifier: Apache-2.0 */
/* hostile: what the tables of hostile files share. Each file of cases makes its files in memory and
 * hands them to hostile(), which runs the program on them. */
#ifndef DL4J_TEST_HOSTILE_H
#define DL4J_TEST_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

#include "tools/mkzip.h"

/* What the program is asked to do with the file. */
enum how {
	SUMMARY,
	RUN_MLP, /* with the input of data/golden/mlp-m2.1 */
	RUN_NET, /* of data/golden/residual-m2.1 */
	PICTURE,
	LABELS,
	PROFILE,
	ARRAY
};

enum { FINE = 0, ROW_FAILED = 1, USAGE = 2, REFUSED = 3, LIMIT = 4 };

/* The entries of a good model. */
struct base {
	char *config; /* NUL-terminated */
	unsigned char *array;
	size_t n_config, n_array;
};

extern struct base mlp, net; /* a MultiLayerNetwork, a ComputationGraph with convolutions */
extern struct base cells;    /* with locally connected layers */

/* The file must give this exit status and one line on stderr that matches (regex, extended). */
void hostile(const char *title, const void *bytes, size_t n, enum how how, int status,
             const char *regex);
/* The same of a zip, which is freed. */
void hostile_zip(const char *title, struct mkzip *z, enum how how, int status, const char *regex);
/* A model of this configuration and these coefficients; stored. */
void hostile_model(const char *title, const void *config, size_t n_config, const void *array,
                   size_t n_array, enum how how, int status, const char *regex);
/* printf into a text that lasts until the call after the next. */
const char *hostile_text(const char *fmt, ...);

void hostile_zips(void);
void hostile_configs(void);
void hostile_arrays(void);
void hostile_pictures(const char *data);
void hostile_texts(void);

#endif
