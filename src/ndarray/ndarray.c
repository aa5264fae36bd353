/* SPDX-License-Identifier: Apache-2.0 */
/* ndarray: ND4J's binary arrays.
 * Bytes are read one by one: nothing is assumed about alignment or the host's byte order. */
#include "ndarray/ndarray.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/num.h"

struct type {
	const char *name;
	int size; /* 0: known, but not a number that we read */
};

static const struct type types[] = {
	{ "DOUBLE", 8 }, { "FLOAT", 4 }, { "HALF", 2 }, { "BFLOAT16", 2 }, { "LONG", 8 }, { "INT", 4 },
	{ "SHORT", 2 }, { "UBYTE", 1 }, { "BYTE", 1 }, { "BOOL", 1 }, { "UINT16", 2 },
	{ "UINT32", 4 }, { "UINT64", 8 }, { "UTF8", 0 }, { "COMPRESSED", 0 }, { "UNKNOWN", 0 },
};

static const struct {
	const char *name;
	int length_bytes;
} modes[] = {
	{ "DIRECT", 4 }, { "HEAP", 4 }, { "JAVACPP", 4 }, { "LONG_SHAPE", 8 },
	{ "MIXED_DATA_TYPES", 8 },
};

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define EMPTY_FLAG 8 /* in the shape info's extras */

struct reader {
	const unsigned char *bytes;
	size_t at, n, total;
	struct dl4j_error *err;
};

static uint64_t big_endian(const unsigned char *p, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static int take(struct reader *r, int n, uint64_t *out)
{
	if (r->at > r->n || (size_t)n > r->n - r->at)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: the array is cut short", r->at);
	*out = big_endian(r->bytes + r->at, n);
	r->at += (size_t)n;
	return 0;
}

static int take_signed(struct reader *r, int n, int64_t *out)
{
	uint64_t v = 0;

	TRY(take(r, n, &v));
	*out = n == 4 ? (int32_t)(uint32_t)v : (int64_t)v;
	return 0;
}

/* Java's modified UTF-8 with a length before it; all that belongs here is short ASCII. */
static int take_word(struct reader *r, char *out, size_t size)
{
	size_t at = r->at;
	uint64_t n = 0;

	TRY(take(r, 2, &n));
	assert(r->at <= r->n);
	if (n >= size || n > r->n - r->at)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected an ND4J array, found no word", at);
	memcpy(out, r->bytes + r->at, n);
	out[n] = '\0';
	r->at += n;
	return 0;
}

/* Allocation mode, length and element type of one buffer. */
static int take_buffer(struct reader *r, const char **mode, int64_t *length,
                       const struct type **type)
{
	size_t at = r->at;
	char word[24];
	int bytes = 0;

	TRY(take_word(r, word, sizeof word));
	for (size_t i = 0; i < COUNT(modes); i++)
		if (!strcmp(word, modes[i].name)) {
			*mode = modes[i].name;
			bytes = modes[i].length_bytes;
		}
	if (!bytes)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected an ND4J allocation mode, found "
		            "'%s'", at, word);
	TRY(take_signed(r, bytes, length));
	at = r->at;
	TRY(take_word(r, word, sizeof word));
	*type = NULL;
	for (size_t i = 0; i < COUNT(types); i++)
		if (!strcmp(word, types[i].name))
			*type = &types[i];
	if (!*type || !(*type)->size)
		return fail(r->err, *type ? DL4J_EUNSUPPORTED : DL4J_EFORMAT,
		            "byte %zu: expected a numeric ND4J type, found '%s'", at, word);
	return 0;
}

static int take_shape(struct reader *r, struct ndarray *a)
{
	int64_t length, v[2 * DL4J_MAX_RANK + 4];
	const struct type *type;
	size_t at = r->at;

	TRY(take_buffer(r, &a->mode, &length, &type));
	if ((strcmp(type->name, "INT") && strcmp(type->name, "LONG")) || length < 4 ||
	    length > (int64_t)COUNT(v))
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected 4 to %zu integers of shape "
		            "information, found %" PRId64 " of %s", at, COUNT(v), length, type->name);
	for (int64_t i = 0; i < length; i++)
		TRY(take_signed(r, type->size, &v[i]));
	if (v[0] < 0 || v[0] > DL4J_MAX_RANK || length != 2 * v[0] + 4)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: rank %" PRId64 " does not fit %" PRId64
		            " integers of shape information", at, v[0], length);
	a->rank = (int)v[0];
	memcpy(a->dim, v + 1, (size_t)a->rank * sizeof *v);
	memcpy(a->stride, v + 1 + a->rank, (size_t)a->rank * sizeof *v);
	/* older releases have an offset here, which is always 0 */
	a->n = v[1 + 2 * a->rank] & EMPTY_FLAG ? 0 : dims_product(a->dim, a->rank);
	if (a->n < 0 || a->n > INT64_MAX / 8)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: the shape is negative or overflows", at);
	return 0;
}

/* Every element must lie within the data, whatever the strides say. */
static int check_strides(const struct ndarray *a, size_t at, struct dl4j_error *err)
{
	int64_t last = 0, span;

	for (int i = 0; a->n && i < a->rank; i++)
		if (a->dim[i] > 1 &&
		    (a->stride[i] < 0 || __builtin_mul_overflow(a->dim[i] - 1, a->stride[i], &span) ||
		     __builtin_add_overflow(last, span, &last)))
			last = a->n;
	if (last >= a->n && a->n)
		return fail(err, DL4J_EFORMAT, "byte %zu: strides that leave the %" PRId64 " elements", at,
		            a->n);
	return 0;
}

/* And every element of the data must be one of the array's: as many as there are, none twice. */
static int check_dense(const struct ndarray *a, size_t at, struct dl4j_error *err)
{
	int64_t next = 1;

	while (next < a->n) {
		int64_t before = next;
		for (int i = 0; i < a->rank && next == before; i++)
			if (a->dim[i] > 1 && a->stride[i] == next)
				next *= a->dim[i]; /* fits: it divides n */
		if (next == before)
			return fail(err, DL4J_EFORMAT, "byte %zu: strides that reach some of the %" PRId64
			            " elements twice", at, a->n);
	}
	return 0;
}

int ndarray_head(struct ndarray *out, const unsigned char *bytes, size_t at, size_t n, size_t total,
                 struct dl4j_error *err)
{
	struct reader r = { bytes, at, n, total, err };
	const struct type *type;
	int64_t length;

	memset(out, 0, sizeof *out);
	TRY(take_shape(&r, out));
	at = r.at;
	TRY(take_buffer(&r, &out->mode, &length, &type));
	if (length != out->n)
		return fail(err, DL4J_EFORMAT, "byte %zu: expected %" PRId64 " elements, found %" PRId64,
		            at, out->n, length);
	out->type = type->name;
	out->element_size = type->size;
	out->data = r.at;
	assert(r.at <= n && n <= total);
	if ((uint64_t)out->n > (total - r.at) / (size_t)type->size)
		return fail(err, DL4J_EFORMAT, "byte %zu: expected %" PRId64 " bytes of elements, found "
		            "%zu", r.at, out->n * type->size, total - r.at);
	out->end = r.at + (size_t)out->n * (size_t)type->size;
	TRY(check_strides(out, at, err));
	return check_dense(out, at, err);
}

static float half_to_float(unsigned h)
{
	uint32_t sign = (uint32_t)(h & 0x8000) << 16, exp = h >> 10 & 31, man = h & 1023, bits;
	float f;

	if (exp == 0) { /* zero and subnormals: man * 2^-24 */
		f = (float)man * (1.0f / 16777216);
		return sign ? -f : f;
	}
	bits = sign | (exp == 31 ? 255u : exp + 112) << 23 | man << 13;
	memcpy(&f, &bits, sizeof f);
	return f;
}

static float element(const struct ndarray *a, const unsigned char *p)
{
	uint64_t bits = big_endian(p, a->element_size);
	uint32_t low = (uint32_t)bits;
	double d;
	float f;

	switch (a->type[0]) {
	case 'F': /* FLOAT */
		memcpy(&f, &low, sizeof f);
		return f;
	case 'D': /* DOUBLE */
		memcpy(&d, &bits, sizeof d);
		return (float)d;
	case 'H': /* HALF */
		return half_to_float(low);
	case 'U': /* UBYTE, UINT16, UINT32, UINT64 */
		return (float)bits;
	}
	if (!strcmp(a->type, "BFLOAT16")) {
		low <<= 16;
		memcpy(&f, &low, sizeof f);
		return f;
	}
	switch (a->element_size) { /* LONG, INT, SHORT, BYTE, BOOL */
	case 8:
		return (float)(int64_t)bits;
	case 4:
		return (float)(int32_t)low;
	case 2:
		return (float)(int16_t)low;
	}
	return (float)(int8_t)low;
}

int ndarray_in_order(const struct ndarray *a)
{
	int64_t next = 1;

	for (int i = a->rank - 1; i >= 0; i--) {
		if (a->dim[i] > 1 && a->stride[i] != next)
			return 0;
		next *= a->dim[i]; /* fits: the elements were counted */
	}
	return 1;
}

/* A double beyond float32 must not become an infinity that nobody asked for. */
static int fits(const struct ndarray *a, const unsigned char *p, float f, struct dl4j_error *err)
{
	uint64_t bits;
	double d;

	if (isfinite(f) || a->type[0] != 'D')
		return 0;
	bits = big_endian(p, 8);
	memcpy(&d, &bits, sizeof d);
	return isfinite(d) ? fail(err, DL4J_EUNSUPPORTED, "expected doubles within float32's range, "
	                          "found %g", d) : 0;
}

int ndarray_is_floats(const struct ndarray *a)
{
	return a->type && a->type[0] == 'F';
}

void ndarray_floats_part(const struct ndarray *a, const unsigned char *bytes, int64_t from,
                         int64_t to, float *out)
{
	for (int64_t i = from; i < to; i++) { /* a loop that the compiler turns into shuffles */
		uint32_t v;
		memcpy(&v, bytes + a->data + 4 * i, 4);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		v = __builtin_bswap32(v);
#endif
		memcpy((unsigned char *)out + 4 * i, &v, 4);
	}
}

static int in_order(const struct ndarray *a, const unsigned char *bytes, float *out,
                    struct dl4j_error *err)
{
	if (ndarray_is_floats(a)) {
		ndarray_floats_part(a, bytes, 0, a->n, out);
		return 0;
	}
	for (int64_t i = 0; i < a->n; i++) {
		const unsigned char *p = bytes + a->data + i * a->element_size;
		float f = element(a, p);
		TRY(fits(a, p, f, err));
		out[i] = f;
	}
	return 0;
}

int ndarray_floats(const struct ndarray *a, const unsigned char *bytes, float *out,
                   struct dl4j_error *err)
{
	int64_t at[DL4J_MAX_RANK] = { 0 }, from = 0;

	if (ndarray_in_order(a))
		return in_order(a, bytes, out, err);
	for (int64_t i = 0; i < a->n; i++) {
		const unsigned char *p = bytes + a->data + from * a->element_size;
		out[i] = element(a, p);
		TRY(fits(a, p, out[i], err));
		for (int k = a->rank - 1; k >= 0; k--) { /* step the last index, carry to the left */
			from += a->stride[k];
			if (++at[k] < a->dim[k])
				break;
			from -= a->stride[k] * a->dim[k];
			at[k] = 0;
		}
	}
	return 0;
}

void ndarray_doubles(const struct ndarray *a, const unsigned char *bytes, double *out)
{
	for (int64_t i = 0; i < a->n; i++) {
		const unsigned char *p = bytes + a->data;
		int64_t rest = i;
		uint64_t bits;
		for (int k = a->rank - 1; k >= 0; k--) {
			/* fits: within the data */
			p += rest % a->dim[k] * a->stride[k] * a->element_size;
			rest /= a->dim[k];
		}
		bits = big_endian(p, a->element_size);
		if (a->type[0] == 'D')
			memcpy(&out[i], &bits, sizeof *out);
		else
			out[i] = (double)element(a, p);
	}
}
