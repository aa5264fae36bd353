/* SPDX-License-Identifier: Apache-2.0 */
/* zip: bytes as a zip in memory: the records, the entries that a model has, the model itself. */
#include <stdlib.h>

#include "archive/archive.h"
#include "fuzz/fuzz.h"

void fuzz_zip(const uint8_t *bytes, size_t n)
{
	static const char *const names[] = { "configuration.json", "coefficients.bin",
		                             "normalizer.bin", "a" };
	static const struct dl4j_limits limits = { .zip_entries = 64, .directory_bytes = 1 << 20,
		                                   .config_bytes = 1 << 20,
		                                   .normalizer_bytes = 1 << 20 };
	struct dl4j_error err = { 0 };
	struct archive *a;
	struct dl4j_model *model;

	if (archive_open(&a, NULL, bytes, n, &limits, &err))
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		unsigned char *out, head[64];
		size_t size;
		int64_t told = archive_size(a, names[i]);
		if (archive_peek(a, names[i], head, sizeof head, &err) > told && told >= 0)
			fuzz_wrong("more bytes peeked than there are");
		if (archive_read(a, names[i], 1 << 20, 3, &out, &size, &err))
			continue;
		if ((int64_t)size != told)
			fuzz_wrong("another size read than told");
		free(out);
	}
	archive_close(a);
	if (!dl4j_model_read(&model, bytes, n, &limits, &err)) {
		dl4j_model_load(model, &err);
		dl4j_model_free(model);
	}
}
