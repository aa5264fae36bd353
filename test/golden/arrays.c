/* SPDX-License-Identifier: Apache-2.0 */
/* arrays: a vertex' name becomes a file's as the oracle writes it. */
#include "arrays.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

/* One '_' for each character, not byte, that is not plain. */
static void file_name(struct str *out, const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

	for (; *name; name++)
		if (((unsigned char)*name & 0xc0) != 0x80)
			str_addn(out, strchr(plain, *name) ? name : "_", 1);
	str_add(out, ".npy");
}

static int read_member(struct npy *out, zip_t *zip, const char *name, struct dl4j_error *err)
{
	zip_stat_t st;
	zip_file_t *f = NULL;
	unsigned char *bytes = NULL;
	int r = -1;

	if (zip_stat(zip, name, ZIP_FL_ENC_RAW, &st))
		return 0;
	f = zip_fopen_index(zip, st.index, 0);
	bytes = malloc(st.size + 1);
	if (!f || !bytes || zip_fread(f, bytes, st.size) != (zip_int64_t)st.size)
		fail(err, DL4J_EIO, "%s cannot be read", name);
	else
		r = npy_parse(out, bytes, st.size, err) < 0 ? -1 : 1;
	free(bytes);
	if (f)
		zip_fclose(f);
	return r;
}

int golden_array(struct npy *out, const char *dir, const char *folder, const char *vertex,
                 struct dl4j_error *err)
{
	struct str path = { 0 }, name = { 0 };
	struct stat there;
	zip_t *zip;
	int r = 0;

	*out = (struct npy){ 0 };
	file_name(&name, vertex);
	if (!strcmp(folder, "out")) {
		str_addf(&path, "%s/out.npz", dir);
		zip = zip_open(path.text, ZIP_RDONLY, NULL);
		r = zip ? read_member(out, zip, name.text, err) :
		          fail(err, DL4J_EIO, "%s cannot be read", path.text);
		zip_discard(zip);
	} else {
		str_addf(&path, "%s/%s/%s", dir, folder, name.text);
		if (!stat(path.text, &there))
			r = npy_read(out, path.text, err) < 0 ? -1 : 1;
	}
	str_free(&path);
	str_free(&name);
	return r < 0 ? -1 : r;
}
