/* SPDX-License-Identifier: Apache-2.0 */
/* release: which release wrote a zip. No file says so; what it says, and how, tells the first and
 * the last that can have written it. */
#ifndef DL4J_CONFIG_RELEASE_H
#define DL4J_CONFIG_RELEASE_H

#include "base/arena.h"
#include "config/json.h"
#include "graph/graph.h"
#include "ndarray/ndarray.h"

/* Sets out->release, ->release_name and ->release_why. Of several the last is taken, but beta7
 * where that is among them. `flat`: the head of coefficients.bin; all zero where there is none. */
int release_tell(struct wiring *out, const cJSON *root, const struct ndarray *flat,
                 struct arena *arena, struct dl4j_error *err);
/* By its name, such as "1.0.0-beta7"; false: there is no such release. */
bool release_named(const char *name, enum release *out);

#endif
