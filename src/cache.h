/* SPDX-License-Identifier: Apache-2.0 */
/* cache: packed constants, kept in a folder from one process to the next. A file belongs to what a
 * plan wants and what the zip holds, to the bit; whatever else is found there is not used. */
#ifndef DL4J_CACHE_H
#define DL4J_CACHE_H

#include "base/sha256.h"
#include "exec/exec.h"
#include "model.h"

/* Names the file: the hash of the zip's configuration and coefficients as they lie there, and of
 * the plan's layout. */
int cache_key(char key[SHA256_TEXT], const struct dl4j_model *m, const struct exec_plan *plan,
              int threads, struct dl4j_error *err);
/* 1: the plan's constants are there. 0: there is no such file, or it is damaged. Negative: the
 * folder is not one to be used. */
int cache_read(const char *folder, const char *key, struct exec_plan *plan, int threads,
               struct dl4j_error *err);
/* Whole or not at all, whoever else writes. */
int cache_write(const char *folder, const char *key, struct exec_plan *plan,
                struct dl4j_error *err);

#endif
