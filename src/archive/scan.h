/* SPDX-License-Identifier: Apache-2.0 */
/* scan: a zip's records checked before libzip sees them: DL4J reads local headers, libzip the
 * central directory, and a file that shows them different models is refused. */
#ifndef DL4J_ARCHIVE_SCAN_H
#define DL4J_ARCHIVE_SCAN_H

#include <stdio.h>

#include "base/err.h"

/* Bytes of a file or of memory. */
struct source {
	FILE *file; /* NULL: memory */
	const unsigned char *bytes;
	int64_t size;
};

/* `*data`, to be freed: where the data of each entry start, in the order of the directory. */
int scan_zip(const struct source *s, const struct dl4j_limits *limits, int64_t **data,
             struct dl4j_error *err);

#endif
