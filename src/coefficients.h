/* SPDX-License-Identifier: Apache-2.0 */
/* coefficients: the flat vector of a model's parameters on its way out of the zip. A thread reads
 * it from the front, so that who works through it in that order need not wait for all of it, and
 * can give back what is done with: then the vector is never there as a whole. */
#ifndef DL4J_COEFFICIENTS_H
#define DL4J_COEFFICIENTS_H

#include "model.h"

struct coefficients;

/* The model's number of parameters must be what its configuration asks for (model_read sees to it).
 * The zip is read by one at a time. */
int coefficients_new(struct coefficients **out, struct dl4j_model *m, struct dl4j_error *err);
/* Begin to read. */
int coefficients_start(struct coefficients *c, struct dl4j_error *err);
/* Ends the reading, too. */
void coefficients_free(struct coefficients *c);

/* Where they are, or will be. */
const float *coefficients_at(const struct coefficients *c);
/* Until the first `n` are there; INT64_MAX: all, and their checksum was right. */
int coefficients_wait(struct coefficients *c, int64_t n, struct dl4j_error *err);
/* Those before `n` are not read any more. */
void coefficients_drop(struct coefficients *c, int64_t n);

/* dl4j.c: those that the model holds, or NULL; dl4j_model_unload lets them go. */
const float *model_hold(struct dl4j_model *m);
/* Others, for the caller alone, not yet begun. */
int model_read(struct coefficients **out, struct dl4j_model *m, struct dl4j_error *err);

#endif
