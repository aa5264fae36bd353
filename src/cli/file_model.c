/* SPDX-License-Identifier: Apache-2.0 */
/* file_model: opens the zip that the command line names, under its limits.
 * Apart from file.c, which programs without limits use, too. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/limits.h"

int file_model(dl4j_model **out, const char *path, struct dl4j_error *err)
{
	struct bytes bytes;
	int code;

	*out = NULL;
	if (strcmp(path, "-") != 0)
		return dl4j_model_open(out, path, limits_model(), err);
	if (file_read(&bytes, path, SIZE_MAX / 4, err) < 0)
		return within(err, "standard input");
	code = dl4j_model_read(out, bytes.at, bytes.n, limits_model(), err);
	free(bytes.at);
	return code < 0 ? within(err, "standard input") : 0;
}
