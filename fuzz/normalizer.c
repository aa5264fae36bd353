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
	static const enum release releases[] = { RELEASE_BETA3, RELEASE_M2 };
	struct arena arena = { 0 };
	struct dl4j_error err = { 0 };
	struct normalizer z;
	float data[24], mask[6] = { 1, 0, 1, 1, 1, 0 };

	for (size_t r = 0; r < 2; r++) {
		memset(&z, 0, sizeof z);
		if (normalizer_read(&z, bytes, n, releases[r], &arena, &err))
			continue;
		for (int i = 0; i < 8; i++) {
			const int64_t *dim = shapes[i % 4].dim;
			int rank = shapes[i % 4].rank;
			memset(data, 1, sizeof data);
			normalizer_apply(&z, i / 4, data, dim, rank, rank == 3 ? mask : NULL, &err);
			if (normalizer_reverts(&z, i / 4))
				normalizer_revert(&z, i / 4, data, dim, rank, rank == 3 ? mask : NULL, &err);
		}
	}
	arena_free(&arena);
}
