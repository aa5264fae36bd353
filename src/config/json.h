/* SPDX-License-Identifier: Apache-2.0 */
/* json: configuration.json as a tree, behind a scan that bounds what the parser will meet.
 * The only folder that knows cJSON. */
#ifndef DL4J_CONFIG_JSON_H
#define DL4J_CONFIG_JSON_H

#include <cJSON.h>

#include "base/err.h"

/* Depth, number of values, lengths of strings and numbers, UTF-8, nothing after the end. Iterative,
 * allocates nothing. */
int json_scan(const char *text, size_t n, const struct dl4j_limits *limits, struct dl4j_error *err);
/* Scan, parse, refuse duplicate keys. Freed with cJSON_Delete. */
int json_parse(cJSON **out, const char *text, size_t n, const struct dl4j_limits *limits,
               struct dl4j_error *err);

/* A member, or NULL when it is missing or null. Case matters. */
const cJSON *json_get(const cJSON *object, const char *key);
/* An integral number within min..max. */
int json_int(int64_t *out, const cJSON *value, int64_t min, int64_t max, struct dl4j_error *err);

#endif
