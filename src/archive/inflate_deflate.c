/* SPDX-License-Identifier: Apache-2.0 */
/* inflate by libdeflate, from the compressed bytes that libzip hands out. */
#include <inttypes.h>
#include <libdeflate.h>
#include <stdlib.h>

#include "archive/inflate.h"

static int inflate_all(const zip_stat_t *st, const unsigned char *in, unsigned char *out,
                       struct dl4j_error *err)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result r;
	size_t read = 0;

	if (!d)
		return fail_memory(err);
	r = libdeflate_deflate_decompress_ex(d, in, st->comp_size, out, st->size, &read, NULL);
	libdeflate_free_decompressor(d);
	/* bytes left over could be entries to a reader that does not know the compressed size */
	return r == LIBDEFLATE_SUCCESS && read == st->comp_size ? 0 :
	       fail(err, DL4J_EFORMAT, "damaged: expected %" PRIu64 " bytes of deflated data",
	            st->size);
}

int inflate_entry(zip_t *zip, const zip_stat_t *st, unsigned char *out, struct dl4j_error *err)
{
	zip_file_t *f = zip_fopen_index(zip, st->index, ZIP_FL_COMPRESSED);
	unsigned char *in = NULL;
	int r;

	if (!f)
		return fail(err, DL4J_EFORMAT, "%s", zip_strerror(zip));
	if (st->comp_method == ZIP_CM_STORE) {
		r = inflate_bytes(f, out, st->size, err);
	} else if (!(in = malloc(st->comp_size + 1))) {
		r = fail_memory(err);
	} else {
		r = inflate_bytes(f, in, st->comp_size, err);
		if (!r)
			r = inflate_all(st, in, out, err);
	}
	free(in);
	zip_fclose(f);
	if (!r && libdeflate_crc32(0, out, st->size) != st->crc)
		r = fail(err, DL4J_EFORMAT, "damaged: its checksum is not what the zip says");
	return r;
}
