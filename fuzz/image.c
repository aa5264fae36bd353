/* SPDX-License-Identifier: Apache-2.0 */
/* image: bytes as a picture, decoded and made the tensors of a few networks. */
#include "fuzz/fuzz.h"
#include "image/image.h"

void fuzz_image(const uint8_t *bytes, size_t n)
{
	const struct image_limits limits = { .file_bytes = 1 << 20, .pixels = 1 << 18, .scans = 20 };
	struct dl4j_error err = { 0 };
	struct image image;
	float planes[4 * 9 * 7];

	if (image_read(&image, bytes, n, &limits, &err)) {
		if (image.pixels)
			fuzz_wrong("a refused picture has pixels");
		return;
	}
	if (image.w < 1 || image.h < 1 || (uint64_t)image.w * (uint64_t)image.h > limits.pixels)
		fuzz_wrong("more pixels than the limit");
	for (int crop = 0; crop < 3; crop++)
		for (int channels = 1; channels < 5; channels++)
			image_to_tensor(&image, channels, 9, 7, (enum image_crop)crop, planes, &err);
	image_free(&image);
}
