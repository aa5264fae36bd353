/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: bytes as normalizer.bin, then applied to arrays of a few shapes. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "normalizer/normalizer.h"

void fuzz_normalizer(const uint8_t *bytes, size_t n)
{
	static const struct {
		int rank;
		int64_t dim[4];
	} shapes[] = { { 1, { 4 } }, { 2, { 2, 3 } }, { 3, { 2, 2, 3 } }, { 4, { 1, 3, 2, 2 } } };
	struct arena arena = { 0 };
	struct dl4j_error err = { 0 };
	struct normalizer z;
	float data[24];

	memset(&z, 0, sizeof z);
	for (size_t i = 0; !normalizer_read(&z, bytes, n, &arena, &err) && i < 4; i++) {
		memset(data, 1, sizeof data);
		normalizer_apply(&z, 0, data, shapes[i].dim, shapes[i].rank, &err);
		memset(&z, 0, sizeof z);
	}
	arena_free(&arena);
}
