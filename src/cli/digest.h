/* SPDX-License-Identifier: Apache-2.0 */
/* digest: what tells a file from others: its size, SHA-256 and Adler-32.
 * DL4J's zoo and WekaDeeplearning4j check their downloads by Adler-32. */
#ifndef CLI_DIGEST_H
#define CLI_DIGEST_H

#include "base/err.h"
#include "base/sha256.h"

struct digest {
	int64_t bytes;
	uint32_t adler32;
	char sha256[SHA256_TEXT];
};

/* A file read piece by piece; the message does not name it. */
int digest_file(struct digest *out, const char *path, struct dl4j_error *err);
void digest_bytes(struct digest *out, const void *bytes, size_t n);

/* A published model file. */
struct known_file {
	uint32_t adler32;
	const char *name; /* its model class, and what that was trained on where there are several */
	const char *from; /* who publishes it */
};

/* The one of this checksum, or NULL. */
const struct known_file *known_file(uint32_t adler32);

#endif
