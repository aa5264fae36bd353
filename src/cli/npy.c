/* SPDX-License-Identifier: Apache-2.0 */
/* npy: NumPy's array files.
 * The header is a Python dictionary; of it only what NumPy itself writes is understood. */
#include "cli/npy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/out.h"

static const char magic[] = "\x93NUMPY";
enum { MAGIC = 6, ALIGN = 64, LEAST_HEADER = 128 };

static uint64_t load(const unsigned char *p, int size)
{
	uint64_t v = 0;

	for (int i = 0; i < size; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

static float from_f4(const unsigned char *p)
{
	uint32_t bits = (uint32_t)load(p, 4);
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static float from_f8(const unsigned char *p)
{
	uint64_t bits = load(p, 8);
	double v;

	memcpy(&v, &bits, sizeof v);
	return (float)v;
}

static float from_u1(const unsigned char *p)
{
	return *p;
}

static float from_i4(const unsigned char *p)
{
	return (float)(int32_t)(uint32_t)load(p, 4);
}

static const struct type {
	const char *descr;
	size_t size;
	float (*get)(const unsigned char *p);
} types[] = {
	{ "'<f4'", 4, from_f4 },
	{ "'<f8'", 8, from_f8 },
	{ "'|u1'", 1, from_u1 },
	{ "'<i4'", 4, from_i4 },
};

/* What follows "'key': " in the header. */
static const char *find(const char *header, const char *key)
{
	char quoted[32] = "'";
	const char *at = strstr(header, strcat(strcat(quoted, key), "':"));

	if (!at)
		return "";
	at += strlen(quoted);
	return at + strspn(at, " ");
}

static int read_shape(struct npy *out, const char *at, struct dl4j_error *err)
{
	if (*at++ != '(')
		return fail(err, DL4J_EFORMAT, "the header has no shape");
	for (out->n = 1, out->rank = 0; *at != ')'; at += strspn(at, ", ")) {
		char *end;
		int64_t dim = strtoll(at, &end, 10);

		if (end == at || dim < 0)
			return fail(err, DL4J_EFORMAT, "the header's shape cannot be read");
		if (out->rank == DL4J_MAX_RANK)
			return fail(err, DL4J_EFORMAT, "expected at most %d dimensions, found more",
			            DL4J_MAX_RANK);
		if (__builtin_mul_overflow(out->n, (size_t)dim, &out->n))
			return fail(err, DL4J_ELIMIT, "the shape is too large");
		out->dim[out->rank++] = dim;
		at = end;
	}
	return 0;
}

static int read_header(struct npy *out, const char *header, const struct type **type,
                       struct dl4j_error *err)
{
	const char *descr = find(header, "descr");

	*type = NULL;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strncmp(descr, types[i].descr, 5) == 0)
			*type = &types[i];
	if (!*type)
		return fail(err, DL4J_EFORMAT, "expected '<f4', '<f8', '|u1' or '<i4', found %.*s",
		            (int)strcspn(descr, ",}"), descr);
	TRY(read_shape(out, find(header, "shape"), err));
	if (strncmp(find(header, "fortran_order"), "False", 5) != 0 && out->rank > 1)
		return fail(err, DL4J_EFORMAT, "expected C order, found Fortran order"
		            "; numpy.ascontiguousarray makes it so");
	return 0;
}

int npy_parse(struct npy *out, unsigned char *at, size_t n, struct dl4j_error *err)
{
	size_t fixed, length, have, bytes;
	const struct type *type;

	if (n < MAGIC + 6 || memcmp(at, magic, MAGIC) != 0)
		return fail(err, DL4J_EFORMAT, "not an npy file");
	fixed = at[MAGIC] == 1 ? MAGIC + 4 : MAGIC + 6;
	length = (size_t)load(at + MAGIC + 2, fixed - MAGIC == 4 ? 2 : 4);
	if (length == 0 || length > n - fixed)
		return fail(err, DL4J_EFORMAT, "the header ends too early");
	have = n - fixed - length;
	at[fixed + length - 1] = '\0'; /* its newline */
	TRY(read_header(out, (char *)at + fixed, &type, err));
	if (__builtin_mul_overflow(out->n, type->size, &bytes) || bytes != have)
		return fail(err, DL4J_EFORMAT, "expected %zu elements of %zu bytes, found %zu bytes",
		            out->n, type->size, have);
	out->data = malloc(out->n * sizeof *out->data + 1);
	if (!out->data)
		return fail_memory(err);
	at += fixed + length;
	for (size_t i = 0; i < out->n; i++, at += type->size)
		out->data[i] = type->get(at);
	return 0;
}

int npy_read(struct npy *out, const char *path, struct dl4j_error *err)
{
	struct bytes file;
	int code;

	*out = (struct npy){ 0 };
	code = file_read(&file, path, SIZE_MAX / 4, err);
	if (code == 0)
		code = npy_parse(out, file.at, file.n, err);
	free(file.at);
	return code < 0 ? within(err, "%s", path) : 0;
}

void npy_free(struct npy *npy)
{
	free(npy->data);
	npy->data = NULL;
}

static void add_dims(struct str *out, int rank, const int64_t *dim)
{
	for (int i = 0; i < rank; i++)
		str_addf(out, i ? ", %" PRId64 : "%" PRId64, dim[i]);
}

void npy_header(struct str *out, int rank, const int64_t *dim)
{
	struct str dict = { 0 };
	size_t size;

	str_add(&dict, "{'descr': '<f4', 'fortran_order': False, 'shape': (");
	add_dims(&dict, rank, dim);
	str_add(&dict, rank == 1 ? ",), }" : "), }");
	size = (MAGIC + 4 + dict.len + 1 + ALIGN - 1) / ALIGN * ALIGN;
	if (size < LEAST_HEADER)
		size = LEAST_HEADER;
	str_addn(out, magic, MAGIC);
	str_addn(out, (char[]){ 1, 0, (char)((size - MAGIC - 4) & 255),
	                        (char)((size - MAGIC - 4) >> 8) }, 4);
	str_addn(out, dict.text ? dict.text : "", dict.len);
	str_fill(out, ' ', size - MAGIC - 4 - dict.len - 1);
	str_add(out, "\n");
	out->failed |= dict.failed;
	str_free(&dict);
}

void npy_values(struct str *out, const float *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t v;

		memcpy(&v, &data[i], sizeof v);
		str_addn(out, (char[]){ (char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24) }, 4);
	}
}

int npy_write(const char *path, int rank, const int64_t *dim, const float *data,
              struct dl4j_error *err)
{
	enum { PIECE = 1 << 14 };
	struct out file;
	struct str text = { 0 };
	size_t n = 1;
	int code = out_open(&file, path, err);

	if (code < 0)
		return code;
	for (int i = 0; i < rank; i++)
		n *= (size_t)dim[i]; /* fits: the data are there */
	npy_header(&text, rank, dim);
	for (size_t i = 0; code == 0; i += PIECE) {
		code = text.failed ? fail_memory(err) : out_add(&file, text.text, text.len, err);
		if (i >= n)
			break;
		text.len = 0;
		npy_values(&text, data + i, n - i < PIECE ? n - i : PIECE);
	}
	str_free(&text);
	if (out_close(&file, code < 0, err) < 0)
		code = err->code;
	return code;
}

void npy_shape(char *out, size_t size, int rank, const int64_t *dim)
{
	struct str text = { 0 };

	str_add(&text, "[");
	for (int i = 0; i < rank; i++)
		str_addf(&text, i ? ",%" PRId64 : "%" PRId64, dim[i]);
	str_add(&text, "]");
	out[0] = '\0';
	if (!text.failed)
		strncat(out, text.text, size - 1);
	str_free(&text);
}
