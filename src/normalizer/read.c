/* SPDX-License-Identifier: Apache-2.0 */
/* read: normalizer.bin. "NORMALIZER", version 1, a type, then what that type needs; all big-endian.
 * A kind that we cannot apply is no error until it is asked for: summary and run need none. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "ndarray/ndarray.h"
#include "normalizer/normalizer.h"

#define EPSILON 1e-5 /* the least deviation and range that DL4J divides by */

enum { MOST = 4096 }; /* inputs or outputs that a file may have statistics of */

struct reader {
	const unsigned char *bytes;
	size_t at, size;
	enum release release;
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

static int take_int(struct reader *r, int64_t *out)
{
	uint64_t v;

	TRY(take_number(r, 4, &v));
	*out = (int32_t)(uint32_t)v;
	return 0;
}

static int take_bool(struct reader *r, bool *out)
{
	uint64_t v;

	TRY(take_number(r, 1, &v));
	*out = v != 0;
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

/* How many of something follow: one for each of a network's inputs or outputs. */
static int take_count(struct reader *r, int *out)
{
	const size_t at = r->at;
	int64_t n;

	TRY(take_int(r, &n));
	if (n < 0 || n > MOST)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected 0 to %d entries, found %" PRId64, at,
		            MOST, n);
	*out = (int)n;
	return 0;
}

/* --- Statistics ------------------------------------------------------------------------------- */

/* Two arrays of one length, in the precision that they were saved in. */
struct pair {
	double *a, *b;
	int64_t n;
	bool is_double;
};

static int take_array(struct reader *r, double **out, struct pair *pair)
{
	struct ndarray a;

	TRY(ndarray_head(&a, r->bytes, r->at, r->size, r->size, r->err));
	if (a.n == 0)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected numbers, found none", r->at);
	if (pair->n && a.n != pair->n)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected %" PRId64 " numbers, found %" PRId64,
		            r->at, pair->n, a.n);
	pair->n = a.n;
	pair->is_double = !strcmp(a.type, "DOUBLE");
	*out = ARENA_NEW(r->arena, double, (size_t)a.n + 1);
	if (!*out)
		return fail_memory(r->err);
	ndarray_doubles(&a, r->bytes, *out);
	for (int64_t i = 0; i < a.n; i++)
		if (isfinite((*out)[i]) && !isfinite((float)(*out)[i]))
			return fail(r->err, DL4J_EUNSUPPORTED, "expected doubles within float32's range, "
			            "found %g", (*out)[i]);
	r->at = a.end;
	return 0;
}

static int take_pair(struct reader *r, struct scaler *s, struct pair *p)
{
	*p = (struct pair){ 0 };
	TRY(take_array(r, &p->a, p));
	TRY(take_array(r, &p->b, p));
	s->n = p->n;
	s->shift = ARENA_NEW(r->arena, float, (size_t)p->n + 1);
	s->scale = ARENA_NEW(r->arena, float, (size_t)p->n + 1);
	return s->shift && s->scale ? 0 : fail_memory(r->err);
}

/* None below EPSILON; then M2 and M2.1 take what is not above it for 0, and 1 in its place. */
static int take_deviation(struct reader *r, struct scaler *s)
{
	const double least = r->release == RELEASE_M2 ? 1 : EPSILON;
	struct pair p;

	s->how = SCALING_STANDARDIZE;
	TRY(take_pair(r, s, &p));
	for (int64_t i = 0; i < p.n; i++) {
		s->shift[i] = (float)p.a[i];
		s->scale[i] = (float)p.b[i] <= (float)EPSILON ? (float)least : (float)p.b[i];
	}
	return 0;
}

/* A range below EPSILON is made as long as that by lifting its end; the range is then computed
 * anew, each step in the precision of the file. */
static int take_range(struct reader *r, struct scaler *s)
{
	struct pair p;

	s->how = SCALING_MIN_MAX;
	TRY(take_pair(r, s, &p));
	for (int64_t i = 0; i < p.n; i++) {
		const float low = (float)p.a[i], epsilon = (float)EPSILON;
		float high = (float)p.b[i];
		s->shift[i] = low;
		if (p.is_double) {
			if (p.b[i] - p.a[i] < EPSILON)
				p.b[i] += EPSILON - (p.b[i] - p.a[i]);
			s->scale[i] = (float)(p.b[i] - p.a[i]);
			continue;
		}
		if (high - low < epsilon)
			high += epsilon - (high - low);
		s->scale[i] = high - low;
	}
	return 0;
}

static int take_target(struct reader *r, struct scaler *s)
{
	TRY(take_double(r, &s->min));
	TRY(take_double(r, &s->max));
	if (s->max < s->min + EPSILON)
		s->max = s->min + EPSILON;
	return 0;
}

/* --- Types ------------------------------------------------------------------------------------ */

typedef int take_scaler(struct reader *r, struct scaler *s);

static int read_standardize(struct normalizer *z, struct reader *r)
{
	bool labels;

	TRY(take_bool(r, &labels));
	TRY(take_deviation(r, &z->inputs.rest));
	return labels ? take_deviation(r, &z->outputs.rest) : 0;
}

static int read_min_max(struct normalizer *z, struct reader *r)
{
	bool labels;

	TRY(take_bool(r, &labels));
	TRY(take_target(r, &z->inputs.rest));
	z->outputs.rest.min = z->inputs.rest.min;
	z->outputs.rest.max = z->inputs.rest.max;
	TRY(take_range(r, &z->inputs.rest));
	return labels ? take_range(r, &z->outputs.rest) : 0;
}

static int read_image(struct normalizer *z, struct reader *r)
{
	struct scaler *s = &z->inputs.rest;

	s->how = SCALING_IMAGE;
	TRY(take_double(r, &s->min));
	TRY(take_double(r, &s->max));
	TRY(take_double(r, &s->max_pixel));
	return s->max_pixel > 0 ? 0 : fail(r->err, DL4J_EFORMAT, "expected a largest pixel above 0");
}

/* --- One scaler an input, and an output: MULTI_STANDARDIZE, MULTI_MIN_MAX --------------------- */

static int new_list(struct scalers *s, struct reader *r, int n)
{
	s->list = ARENA_NEW(r->arena, struct scaler, (size_t)n + 1);
	return s->list ? 0 : fail_memory(r->err);
}

static int take_list(struct scalers *s, struct reader *r, int n, const struct scaler *like,
                     take_scaler *take_one)
{
	TRY(new_list(s, r, n));
	s->rest.how = SCALING_MISSING;
	for (; s->n < n; s->n++) {
		struct scaler *one = &s->list[s->n];
		*one = *like;
		one->index = s->n;
		TRY(take_one(r, one));
	}
	return 0;
}

static int read_multi(struct normalizer *z, struct reader *r, bool target, take_scaler *take_one)
{
	struct scaler like = { .index = 0 };
	int inputs, outputs = 0;
	int64_t none;
	bool labels;

	TRY(take_bool(r, &labels));
	TRY(take_count(r, &inputs));
	TRY(labels ? take_count(r, &outputs) : take_int(r, &none));
	if (target)
		TRY(take_target(r, &like));
	TRY(take_list(&z->inputs, r, inputs, &like, take_one));
	return labels ? take_list(&z->outputs, r, outputs, &like, take_one) : 0;
}

static int read_multi_standardize(struct normalizer *z, struct reader *r)
{
	return read_multi(z, r, false, take_deviation);
}

static int read_multi_min_max(struct normalizer *z, struct reader *r)
{
	return read_multi(z, r, true, take_range);
}

/* --- MULTI_HYBRID: statistics by index, then what is done with them -------------------------- */

static int take_kind(struct reader *r, enum scaling *out)
{
	const size_t at = r->at;
	int64_t kind;

	TRY(take_int(r, &kind));
	if (kind < 0 || kind > 2)
		return fail(r->err, DL4J_EFORMAT, "byte %zu: expected a strategy of 0 to 2, found %" PRId64,
		            at, kind);
	*out = (const enum scaling[]){ SCALING_NONE, SCALING_STANDARDIZE, SCALING_MIN_MAX }[kind];
	return 0;
}

static int take_statistics(struct scalers *s, struct reader *r)
{
	int n;

	TRY(take_count(r, &n));
	TRY(new_list(s, r, n));
	for (; s->n < n; s->n++) {
		struct scaler *one = &s->list[s->n];
		const size_t at = r->at;
		TRY(take_int(r, &one->index));
		TRY(take_kind(r, &one->how));
		if (one->how == SCALING_NONE)
			return fail(r->err, DL4J_EFORMAT, "byte %zu: expected statistics, found none", at);
		TRY(one->how == SCALING_MIN_MAX ? take_range(r, one) : take_deviation(r, one));
	}
	return 0;
}

static int take_strategy(struct reader *r, struct scaler *out)
{
	TRY(take_kind(r, &out->how));
	return out->how == SCALING_MIN_MAX ? take_target(r, out) : 0;
}

static int take_strategies(struct scalers *s, struct reader *r)
{
	int n;

	TRY(take_count(r, &n));
	TRY(new_list(s, r, n));
	for (; s->n < n; s->n++) {
		TRY(take_int(r, &s->list[s->n].index));
		TRY(take_strategy(r, &s->list[s->n]));
	}
	return 0;
}

/* Both lists together: one scaler for each index that either has. */
static int join(struct scalers *to, const struct scalers *statistics, const struct scaler *global,
                const struct scalers *own, struct reader *r)
{
	const struct scalers *from[] = { statistics, own };

	TRY(new_list(to, r, statistics->n + own->n));
	for (int l = 0; l < 2; l++)
		for (int i = 0; i < from[l]->n; i++) {
			const int64_t index = from[l]->list[i].index;
			const struct scaler *how = global, *what = NULL;
			struct scaler *one = &to->list[to->n++];
			for (int k = 0; k < own->n; k++)
				if (own->list[k].index == index)
					how = &own->list[k];
			for (int k = 0; k < statistics->n; k++)
				if (statistics->list[k].index == index)
					what = &statistics->list[k];
			*one = *how;
			one->index = index;
			if (how->how == SCALING_NONE)
				continue;
			if (what && what->how != how->how)
				return fail(r->err, DL4J_EFORMAT, "array %" PRId64 ": statistics and "
				            "strategy are of two kinds", index);
			one->how = what ? how->how : SCALING_MISSING;
			one->shift = what ? what->shift : NULL;
			one->scale = what ? what->scale : NULL;
			one->n = what ? what->n : 0;
		}
	to->rest.how = global->how == SCALING_NONE ? SCALING_NONE : SCALING_MISSING;
	return 0;
}

static int read_hybrid(struct normalizer *z, struct reader *r)
{
	struct scalers statistics[2] = { 0 }, own[2] = { 0 };
	struct scaler global[2] = { 0 };

	for (int i = 0; i < 2; i++)
		TRY(take_statistics(&statistics[i], r));
	for (int i = 0; i < 2; i++)
		TRY(take_strategy(r, &global[i]));
	for (int i = 0; i < 2; i++)
		TRY(take_strategies(&own[i], r));
	TRY(join(&z->inputs, &statistics[0], &global[0], &own[0], r));
	return join(&z->outputs, &statistics[1], &global[1], &own[1], r);
}

/* --- The file --------------------------------------------------------------------------------- */

static const struct kind {
	const char *type;
	int (*read)(struct normalizer *, struct reader *);
} kinds[] = {
	{ "STANDARDIZE", read_standardize },
	{ "MIN_MAX", read_min_max },
	{ "IMAGE_MIN_MAX", read_image },
	{ "MULTI_STANDARDIZE", read_multi_standardize },
	{ "MULTI_MIN_MAX", read_multi_min_max },
	{ "MULTI_HYBRID", read_hybrid },
};

/* The rest of the file is not looked at: it is for code that we do not have. */
static int refuse(struct normalizer *z, struct reader *r, const char *expected, const char *found,
                  const char *name)
{
	struct str text = { 0 };

	str_addf(&text, "expected %s, found %s%.300s", expected, found, name);
	if (!text.failed)
		z->refusal = arena_strndup(r->arena, text.text, text.len);
	str_free(&text);
	return z->refusal ? 0 : fail_memory(r->err);
}

static int read_other(struct normalizer *z, struct reader *r)
{
	const char *name;

	if (strcmp(z->type, "CUSTOM") != 0)
		return refuse(z, r, "a normalizer of DL4J's own", "", z->type);
	TRY(take_word(r, &name));
	return refuse(z, r, "a normalizer of DL4J's own", "the user's class ", name);
}

int normalizer_read(struct normalizer *out, const unsigned char *bytes, size_t size,
                    enum release release, struct arena *arena, struct dl4j_error *err)
{
	static const unsigned char java[] = { 0xac, 0xed, 0, 5 };
	struct reader r = { bytes, 0, size, release, arena, err };
	const char *magic;
	uint64_t version;

	if (size >= sizeof java && !memcmp(bytes, java, sizeof java)) {
		out->type = "JAVA";
		return refuse(out, &r, "DL4J's own format", "a serialized Java object, as old releases "
		              "wrote", "");
	}
	TRY(take_word(&r, &magic));
	if (strcmp(magic, "NORMALIZER") != 0)
		return fail(err, DL4J_EFORMAT, "expected a normalizer, found '%s'", magic);
	TRY(take_number(&r, 4, &version));
	if (version != 1)
		return fail(err, DL4J_EUNSUPPORTED, "expected version 1, found %" PRIu64, version);
	TRY(take_word(&r, &out->type));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].type, out->type)) {
			TRY(kinds[i].read(out, &r));
			return r.at == size ? 0 : fail(err, DL4J_EFORMAT, "expected %zu bytes, found %zu",
			                               r.at, size);
		}
	return read_other(out, &r);
}
