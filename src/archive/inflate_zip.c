/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by libzip, which checks size and CRC at the end of the entry. */
#include "archive/inflate.h"

int inflate_entry(zip_t *zip, const zip_stat_t *st, unsigned char *out, struct dl4j_error *err)
{
	zip_file_t *f = zip_fopen_index(zip, st->index, 0);
	unsigned char more;
	int r;

	if (!f)
		return fail(err, DL4J_EFORMAT, "%s", zip_strerror(zip));
	r = inflate_bytes(f, out, st->size, err);
	if (!r && zip_fread(f, &more, 1) != 0)
		r = fail(err, DL4J_EFORMAT, "damaged: its checksum or size is not what the zip says");
	zip_fclose(f);
	return r;
}
