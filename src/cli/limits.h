/* SPDX-License-Identifier: Apache-2.0 */
/* limits: what files may ask for, by name: those of dl4j_limits, and of pictures.
 * --limit sets them for the process before a verb runs; whoever reads a file asks here. */
#ifndef CLI_LIMITS_H
#define CLI_LIMITS_H

#include "cli/opt.h"
#include "image/image.h"

/* The row of --limit, for the tables of verbs that read files. */
extern const struct opt limits_opts[];

/* "NAME=VALUE", where the value may end in K, M or G. */
int limits_set(const char *text, struct dl4j_error *err);
const dl4j_limits *limits_model(void);
const struct image_limits *limits_image(void);

/* Limit i as it stands; false: there are no more. */
bool limits_at(int i, const char **name, int64_t *value, const char **what);

#endif
