/* SPDX-License-Identifier: Apache-2.0 */
/* json: bytes as configuration.json: scanned, parsed, and read as a network's wiring. */
#include "config/config.h"
#include "config/json.h"
#include "fuzz/fuzz.h"

void fuzz_json(const uint8_t *bytes, size_t n)
{
	const struct dl4j_limits limits = dl4j_limits_default();
	struct arena arena = { 0 };
	struct dl4j_error err = { 0 };
	struct wiring wiring;
	struct graph graph;
	struct ndarray flat = { .rank = 0 };
	cJSON *root;

	if (!json_parse(&root, (const char *)bytes, n, &limits, &err)) {
		json_get(root, "vertices");
		cJSON_Delete(root);
	}
	for (flat.rank = 1; flat.rank < 3; flat.rank++)
		if (!config_read(&wiring, (const char *)bytes, n, &flat, &limits, &arena, &err))
			graph_new(&graph, &wiring, &arena, &err);
	arena_free(&arena);
}
