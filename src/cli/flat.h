/* SPDX-License-Identifier: Apache-2.0 */
/* flat: JSON of one kind only: an object of strings, numbers and arrays of numbers.
 * A value is handed on as the text of the option of that name: [1,2.5] as "1,2.5". */
#ifndef CLI_FLAT_H
#define CLI_FLAT_H

#include "base/err.h"

typedef int flat_set(void *to, const char *key, const char *value, struct dl4j_error *err);

int flat_read(const char *text, flat_set *set, void *to, struct dl4j_error *err);

#endif
