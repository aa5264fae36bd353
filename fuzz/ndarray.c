/* SPDX-License-Identifier: Apache-2.0 */
/* ndarray: bytes as an ND4J array: its headers, and its elements where they fit. */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "ndarray/ndarray.h"

void fuzz_ndarray(const uint8_t *bytes, size_t n)
{
	struct dl4j_error err = { 0 };
	struct ndarray a;
	float *out;

	/* as the beginning of something larger: elements are only counted */
	ndarray_head(&a, bytes, 0, n < NDARRAY_HEAD ? n : NDARRAY_HEAD, n + 1000000, &err);
	if (ndarray_head(&a, bytes, 0, n, n, &err))
		return;
	if (a.n < 0 || a.end > n || a.data > a.end)
		fuzz_wrong("elements beyond the end");
	out = malloc((size_t)a.n * sizeof *out + 1);
	if (out)
		ndarray_floats(&a, bytes, out, &err);
	free(out);
}
