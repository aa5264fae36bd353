/* SPDX-License-Identifier: Apache-2.0 */
/* json: bytes as configuration.json: scanned, parsed, and read as a network's wiring, beside one of
 * the heads that coefficients.bin can have. */
#include "config/config.h"
#include "fuzz/fuzz.h"

void fuzz_json(const uint8_t *bytes, size_t n)
{
	static const struct ndarray flats[] = {
		{ .rank = 2 }, { .rank = 2, .mode = "JAVACPP" }, { .rank = 2, .mode = "LONG_SHAPE" },
		{ .rank = 2, .mode = "MIXED_DATA_TYPES" }, { .rank = 1, .mode = "MIXED_DATA_TYPES" },
	};
	const struct dl4j_limits limits = dl4j_limits_default();
	struct arena arena = { 0 };
	struct dl4j_error err = { 0 };
	struct wiring wiring;
	struct graph graph;

	if (!config_read(&wiring, (const char *)bytes, n, &flats[n % 5], &limits, &arena, &err))
		graph_new(&graph, &wiring, &arena, &err);
	arena_free(&arena);
}
