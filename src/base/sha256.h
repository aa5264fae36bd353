/* SPDX-License-Identifier: Apache-2.0 */
/* sha256: the hash of FIPS 180-4, for telling files and tensors apart. */
#ifndef DL4J_BASE_SHA256_H
#define DL4J_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t h[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
	bool plain; /* without the processor's own instructions for it */
};

#define SHA256_TEXT 65 /* 64 hexadecimal digits and a NUL */

void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);
void sha256_end(struct sha256 *s, char out[SHA256_TEXT]);

#endif
