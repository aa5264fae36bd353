/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: normalizer.bin and its arithmetic.
 * The file: "NORMALIZER", version 1, a type, then what that type needs; all big-endian. */
#include "normalizer/normalizer.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/num.h"
#include "ndarray/ndarray.h"

#define EPSILON 1e-5f /* the least standard deviation and range that DL4J divides by */

struct reader {
	const unsigned char *bytes;
	size_t at, size;
	struct arena *arena;
	struct dl4j_error *err;
};

static int take(struct reader *r, size_t n, const unsigned char **out)
{
	if (n > r->size - r->at)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: cut short", r->at);
	*out = r->bytes + r->at;
	r->at += n;
	return 0;
}

static int take_number(struct reader *r, int n, uint64_t *out)
{
	const unsigned char *p = NULL;

	*out = 0;
	TRY(take(r, (size_t)n, &p));
	for (int i = 0; i < n; i++)
		*out = *out << 8 | p[i];
	return 0;
}

static int take_double(struct reader *r, double *out)
{
	uint64_t bits;

	TRY(take_number(r, 8, &bits));
	memcpy(out, &bits, sizeof *out);
	return 0;
}

static int take_word(struct reader *r, const char **out)
{
	const unsigned char *p = NULL;
	uint64_t n;

	TRY(take_number(r, 2, &n));
	TRY(take(r, n, &p));
	*out = arena_strndup(r->arena, (const char *)p, n);
	return *out ? 0 : fail_memory(r->err);
}

static int take_array(struct reader *r, float **out, int64_t *n)
{
	struct ndarray a;

	TRY(ndarray_head(&a, r->bytes, r->at, r->size, r->size, r->err));
	if (a.n == 0)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected numbers, found none", r->at);
	if (*n && a.n != *n)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected %" PRId64 " numbers, found %" PRId64,
		            r->at, *n, a.n);
	*n = a.n;
	*out = ARENA_NEW(r->arena, float, (size_t)a.n + 1);
	if (!*out)
		return fail_memory(r->err);
	TRY(ndarray_floats(&a, r->bytes, *out, r->err));
	r->at = a.end;
	return 0;
}

static int read_standardize(struct normalizer *z, struct reader *r)
{
	uint64_t labels;

	TRY(take_number(r, 1, &labels));
	TRY(take_array(r, &z->a, &z->n));
	TRY(take_array(r, &z->b, &z->n));
	for (int64_t i = 0; i < z->n; i++)
		z->b[i] = z->b[i] == 0 ? 1 : z->b[i] < EPSILON ? EPSILON : z->b[i];
	return 0;
}

static int read_min_max(struct normalizer *z, struct reader *r)
{
	uint64_t labels;

	TRY(take_number(r, 1, &labels));
	TRY(take_double(r, &z->min));
	TRY(take_double(r, &z->max));
	TRY(take_array(r, &z->a, &z->n));
	TRY(take_array(r, &z->b, &z->n));
	if (z->max < z->min + (double)EPSILON)
		z->max = z->min + (double)EPSILON;
	for (int64_t i = 0; i < z->n; i++)
		if (z->b[i] < z->a[i] + EPSILON)
			z->b[i] = z->a[i] + EPSILON;
	return 0;
}

static int read_image(struct normalizer *z, struct reader *r)
{
	TRY(take_double(r, &z->min));
	TRY(take_double(r, &z->max));
	TRY(take_double(r, &z->max_pixel));
	return z->max_pixel > 0 ? 0 : fail(r->err, DL4J_EFORMAT, "expected a largest pixel above 0");
}

/* DL4J scales in place, step by step, in float32: the order of the steps is part of the result. */
static float image(const struct normalizer *z, float x, int64_t c)
{
	(void)c;
	x /= (float)z->max_pixel;
	if (z->max - z->min != 1)
		x *= (float)(z->max - z->min);
	if (z->min != 0)
		x += (float)z->min;
	return x;
}

static float standardize(const struct normalizer *z, float x, int64_t c)
{
	return (x - z->a[c]) / z->b[c];
}

static float min_max(const struct normalizer *z, float x, int64_t c)
{
	x = (x - z->a[c]) / (z->b[c] - z->a[c]);
	return x * (float)(z->max - z->min) + (float)z->min;
}

static const struct kind {
	const char *type;
	int (*read)(struct normalizer *, struct reader *);
	float (*apply)(const struct normalizer *, float, int64_t channel);
} kinds[] = {
	{ "STANDARDIZE", read_standardize, standardize },
	{ "MIN_MAX", read_min_max, min_max },
	{ "IMAGE_MIN_MAX", read_image, image },
};

static const struct kind *find(const char *type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].type, type))
			return &kinds[i];
	return NULL;
}

/* A type we cannot apply is no error until it is asked for: summary and run need none. */
int normalizer_read(struct normalizer *out, const unsigned char *bytes, size_t size,
                    struct arena *arena, struct dl4j_error *err)
{
	struct reader r = { bytes, 0, size, arena, err };
	const struct kind *kind;
	const char *magic;
	uint64_t version;

	TRY(take_word(&r, &magic));
	if (strcmp(magic, "NORMALIZER") != 0)
		return fail(err, DL4J_EFORMAT, "expected a normalizer, found '%s'", magic);
	TRY(take_number(&r, 4, &version));
	if (version != 1)
		return fail(err, DL4J_EUNSUPPORTED, "expected version 1, found %" PRIu64, version);
	TRY(take_word(&r, &out->type));
	kind = find(out->type);
	return kind ? kind->read(out, &r) : 0;
}

int normalizer_apply(const struct normalizer *z, int input, float *data, const int64_t *dim,
                     int rank, struct dl4j_error *err)
{
	const struct kind *kind = z->type ? find(z->type) : NULL;
	int64_t n = dims_product(dim, rank), inner = rank > 1 ? dims_product(dim + 2, rank - 2) : 1;

	(void)input;
	if (!z->type)
		return 0;
	if (!kind)
		return fail(err, DL4J_EUNSUPPORTED, "normalizer.bin: expected STANDARDIZE, MIN_MAX or "
		            "IMAGE_MIN_MAX, found '%s'", z->type);
	if (z->n && (rank < 2 || dim[1] != z->n))
		return fail(err, DL4J_ESHAPE, "normalizer.bin: expected %" PRId64 " columns or channels, "
		            "found %" PRId64, z->n, rank < 2 ? 0 : dim[1]);
	for (int64_t i = 0; i < n; i++)
		data[i] = kind->apply(z, data[i], z->n ? i / inner % z->n : 0);
	return 0;
}
