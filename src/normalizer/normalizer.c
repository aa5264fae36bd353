/* SPDX-License-Identifier: Apache-2.0 */
/* normalizer: the arithmetic.
 * DL4J scales in place, step by step, in float32: the order of the steps is part of the result. */
#include "normalizer/normalizer.h"

#include <inttypes.h>

#include "base/num.h"

static float standardize(const struct scaler *s, float x, int64_t c)
{
	return (x - s->shift[c]) / s->scale[c];
}

static float unstandardize(const struct scaler *s, float x, int64_t c)
{
	return x * s->scale[c] + s->shift[c];
}

static float min_max(const struct scaler *s, float x, int64_t c)
{
	x = (x - s->shift[c]) / s->scale[c];
	return x * (float)(s->max - s->min) + (float)s->min;
}

static float unmin_max(const struct scaler *s, float x, int64_t c)
{
	x = (x - (float)s->min) / (float)(s->max - s->min);
	return x * s->scale[c] + s->shift[c];
}

static float image(const struct scaler *s, float x, int64_t c)
{
	(void)c;
	x /= (float)s->max_pixel;
	if (s->max - s->min != 1)
		x *= (float)(s->max - s->min);
	if (s->min != 0)
		x += (float)s->min;
	return x;
}

typedef float scale(const struct scaler *s, float x, int64_t channel);

/* No normalizer of images is stored with labels. */
static scale *const forth[] = {
	[SCALING_STANDARDIZE] = standardize, [SCALING_MIN_MAX] = min_max, [SCALING_IMAGE] = image,
};
static scale *const back[] = {
	[SCALING_STANDARDIZE] = unstandardize, [SCALING_MIN_MAX] = unmin_max,
};

/* Of an index that is told twice the last one counts, as in a Java map. */
static const struct scaler *find(const struct scalers *all, int i)
{
	for (int k = all->n; k-- > 0;)
		if (all->list[k].index == i)
			return &all->list[k];
	return &all->rest;
}

static int fits(const struct scaler *s, const int64_t *dim, int rank, struct dl4j_error *err)
{
	if (s->n && (rank < 2 || dim[1] != s->n))
		return fail(err, DL4J_ESHAPE, "expected %" PRId64 " columns or channels, found %" PRId64,
		            s->n, rank < 2 ? 0 : dim[1]);
	return 0;
}

static void apply(const struct scaler *s, scale *f, float *data, const int64_t *dim, int rank,
                  const float *mask)
{
	const int64_t n = dims_product(dim, rank);
	const int64_t inner = rank > 1 ? dims_product(dim + 2, rank - 2) : 1;

	for (int64_t i = 0; i < n; i++) {
		data[i] = f(s, data[i], s->n ? i / inner % s->n : 0);
		if (mask && rank == 3 && s->n)
			data[i] *= mask[i / inner / dim[1] * inner + i % inner];
	}
}

static int run(const struct normalizer *z, const char *what, int i, scale *const *steps,
               float *data, const int64_t *dim, int rank, const float *mask,
               struct dl4j_error *err)
{
	const struct scaler *s = find(steps == back ? &z->outputs : &z->inputs, i);

	if (z->refusal)
		return fail(err, DL4J_EUNSUPPORTED, "normalizer.bin: %s", z->refusal);
	if (!z->type || s->how == SCALING_NONE)
		return 0;
	if (s->how == SCALING_MISSING)
		return fail(err, DL4J_ESHAPE, "normalizer.bin: expected statistics of network %s %d, "
		            "found none", what, i);
	if (fits(s, dim, rank, err))
		return within(err, "normalizer.bin: network %s %d", what, i);
	apply(s, steps[s->how], data, dim, rank, mask);
	return 0;
}

int normalizer_apply(const struct normalizer *z, int i, float *data, const int64_t *dim, int rank,
                     const float *mask, struct dl4j_error *err)
{
	return run(z, "input", i, forth, data, dim, rank, mask, err);
}

int normalizer_reverts(const struct normalizer *z, int i)
{
	return z->type && !z->refusal && find(&z->outputs, i)->how != SCALING_NONE;
}

int normalizer_revert(const struct normalizer *z, int i, float *data, const int64_t *dim, int rank,
                      const float *mask, struct dl4j_error *err)
{
	return run(z, "output", i, back, data, dim, rank, mask, err);
}
