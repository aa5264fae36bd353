/* SPDX-License-Identifier: Apache-2.0 */
/* err: the caller's error text. fail() writes it where the trouble is seen; each stage above adds
 * once, with within(), where that was: "model.zip: configuration.json: layer 'conv1': ...". */
#ifndef DL4J_BASE_ERR_H
#define DL4J_BASE_ERR_H

#include "dl4j.h"

#if defined(__GNUC__)
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF(fmt, args)
#endif

/* Set code and text; returns code. */
int fail(struct dl4j_error *err, int code, const char *fmt, ...) PRINTF(3, 4);
/* Prefix "where: " to the text; returns the code that is already there. */
int within(struct dl4j_error *err, const char *fmt, ...) PRINTF(2, 3);
int fail_memory(struct dl4j_error *err);

#define TRY(call)                    \
	do {                         \
		int try_ = (call);   \
		if (try_ < 0)        \
			return try_; \
	} while (0)

#endif
