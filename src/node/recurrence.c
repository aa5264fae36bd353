/* SPDX-License-Identifier: Apache-2.0 */
/* recurrence: threads share out the examples, or, where these are few, each step's blocks of units:
 * a thread then reads the same weights in every step, but waits for the others after each. */
#include "node/recurrence.h"

#include <omp.h>
#include <string.h>

#include "base/clones.h"
#include "node/exponential.h"
#include "node/product.h"

#define ENOUGH 200000. /* multiplications a step; fewer are done before another thread is there */

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=fast") /* as in product.c */
#endif

/* Some examples' block of units in one step. */
struct part {
	int64_t at;          /* the step's place in the series */
	int64_t from, rows;  /* of the batch */
	int64_t unit;        /* the block's first */
	const float *before; /* h of the step before, [n,size] */
};

typedef void step_function(const struct steps *, float *const *at, const struct part *);

/* What all_steps shares out. */
struct job {
	const struct steps *s;
	float *const *at;
	const float *before;
	float *out;
	step_function *step;
	int64_t group; /* examples that share one reading of the weights */
};

/* Step i of one block of one group. */
static void do_part(const struct job *j, int64_t i, int64_t group, int64_t block)
{
	const struct steps *s = j->s;
	const int64_t place = s->backward ? s->t - 1 - i : i, last = place + (s->backward ? 1 : -1);
	const int64_t from = group * j->group, left = s->batch - from;
	const struct part p = { place, from, left < j->group ? left : j->group, block * s->width,
		                i ? j->out + last * s->batch * s->size : j->before };

	j->step(s, j->at, &p);
}

static void all_steps(const struct steps *s, float *const *at, const float *before, float *out,
                      int64_t gates, step_function *step)
{
	const int64_t threads = omp_get_max_threads(), blocks = s->size / s->width;
	const struct job j = { s, at, before, out, step, s->batch >= 8 * threads ? 8 : 4 };
	const int64_t groups = (s->batch + j.group - 1) / j.group;
	const double work = (double)s->batch * (double)s->size * (double)s->size * (double)gates;

	if (groups >= threads) {
#pragma omp parallel for if (work > ENOUGH)
		for (int64_t g = 0; g < groups; g++)
			for (int64_t i = 0; i < s->t; i++)
				for (int64_t b = 0; b < blocks; b++)
					do_part(&j, i, g, b);
		return;
	}
#pragma omp parallel if (work > ENOUGH && blocks > 1)
	for (int64_t i = 0; i < s->t; i++) {
#pragma omp for schedule(static)
		for (int64_t k = 0; k < blocks * groups; k++)
			do_part(&j, i, k % groups, k / groups);
	}
}

/* z's block of these examples, [rows,gates,width]. */
CLONED static void copy_block(float *z, const float *from, const struct steps *s, int64_t rows,
                              int64_t gates)
{
	for (int64_t i = 0; i < rows * gates; i++, z += s->width, from += s->size)
#pragma omp simd
		for (int64_t j = 0; j < s->width; j++)
			z[j] = from[j];
}

/* To that the product with h. */
static void add_state(const struct steps *s, float *z, float *const *at, const struct part *p,
                      int64_t gates)
{
	product_add(z, gates * s->width, p->before + p->from * s->size, s->size,
	            at[1] + p->unit * s->size * gates, p->rows, s->size, gates * s->width);
}

static const float *block_of(const struct steps *s, const float *z, const struct part *p,
                             int64_t gates)
{
	return z + (p->at * s->batch + p->from) * gates * s->size + p->unit;
}

CLONED static void add_times(float *z, const float *x, const float *y, int64_t n)
{
#pragma omp simd
	for (int64_t j = 0; j < n; j++)
		z[j] += x[j] * y[j];
}

CLONED static void scale(float *x, int64_t n, float by)
{
#pragma omp simd
	for (int64_t j = 0; j < n; j++)
		x[j] *= by;
}

CLONED static void multiply(float *x, const float *by, int64_t n)
{
#pragma omp simd
	for (int64_t j = 0; j < n; j++)
		x[j] *= by[j];
}

static inline __attribute__((always_inline)) void
usual_cells(int64_t n, int64_t size, const float *z, float *c, const float *peep, float *out)
{
#pragma omp simd
	for (int64_t j = 0; j < n; j++) {
		const float i = tangent(z[j]);
		const float f = logistic(z[n + j] + (peep ? c[j] * peep[j] : 0));
		const float g = logistic(z[3 * n + j] + (peep ? c[j] * peep[2 * size + j] : 0));
		const float after = f * c[j] + g * i;
		const float o = logistic(z[2 * n + j] + (peep ? after * peep[size + j] : 0));
		c[j] = after;
		out[j] = o * tangent(after);
	}
}

/* cell() with tanh and sigmoid, in one go. */
CLONED static void usual_cell(const struct steps *s, const float *z, float *c, const float *peep,
                              float *out)
{
	if (peep)
		usual_cells(s->width, s->size, z, c, peep, out);
	else
		usual_cells(s->width, s->size, z, c, NULL, out);
}

/* z: i, f, o, g of one example's block; peep: NULL, or the block's of f. */
static void cell(const struct steps *s, float *z, float *c, const float *peep, float *out)
{
	const int64_t n = s->width;
	float *i = z, *f = z + n, *o = z + 2 * n, *g = z + 3 * n;

	if (peep) {
		add_times(f, c, peep, n);
		add_times(g, c, peep + 2 * s->size, n);
	}
	s->activation.apply(&s->activation, i, n);
	s->gate.apply(&s->gate, f, n);
	s->gate.apply(&s->gate, g, n);
	multiply(c, f, n);
	add_times(c, g, i, n);
	if (peep)
		add_times(o, c, peep + s->size, n);
	s->gate.apply(&s->gate, o, n);
	memcpy(out, c, (size_t)n * sizeof *out);
	s->activation.apply(&s->activation, out, n);
	multiply(out, o, n);
}

static void lstm_step(const struct steps *s, float *const *at, const struct part *p)
{
	const int64_t n = s->batch, size = s->size, w = s->width;
	const float *peep = s->peepholes ? at[4] + p->unit : NULL;
	const float *mask = s->masked ? at[4 + s->peepholes] : NULL;
	float *out = at[4 + s->peepholes + s->masked];
	float *c = out + s->t * n * size; /* fits: elements of the result */
	float *z = c + n * size + 4 * (p->from * size + p->unit * p->rows);

	copy_block(z, block_of(s, at[0], p, 4), s, p->rows, 4);
	add_state(s, z, at, p, 4);
	for (int64_t k = 0; k < p->rows; k++) {
		const int64_t example = p->from + k;
		float *ck = c + example * size + p->unit;
		float *to = out + (p->at * n + example) * size + p->unit;
		if (s->activation.is_tanh && s->gate.is_sigmoid)
			usual_cell(s, z + k * 4 * w, ck, peep, to);
		else
			cell(s, z + k * 4 * w, ck, peep, to);
		if (mask) {
			scale(to, w, mask[example * s->t + p->at]);
			scale(ck, w, mask[example * s->t + p->at]);
		}
	}
}

void recurrence_lstm(const void *how, float *const *at)
{
	const struct steps *s = how;
	const int64_t cells = s->batch * s->size;
	float *out = at[4 + s->peepholes + s->masked];

	memcpy(out + s->t * cells, at[3], (size_t)cells * sizeof *out);
	all_steps(s, at, at[2], out, 4, lstm_step);
}

/* (x - mean) / std * gain, 0 where all are equal. */
static void normalize(float *x, int64_t n, const float *gain)
{
	double mean = 0, var = 0;
	float by;

	for (int64_t j = 0; j < n; j++)
		mean += x[j];
	mean /= (double)n;
	for (int64_t j = 0; j < n; j++)
		var += (x[j] - mean) * (x[j] - mean);
	by = var > 0 ? (float)(1 / sqrt(var / (double)n)) : 0;
	for (int64_t j = 0; j < n; j++)
		x[j] = (float)(x[j] - mean) * by * gain[j];
}

static void simple_step(const struct steps *s, float *const *at, const struct part *p)
{
	const int64_t n = s->batch, size = s->size, w = s->width;
	const float *gain = s->layer_norm ? at[3] + size : NULL;
	const float *mask = s->masked ? at[3 + s->layer_norm] : NULL;
	float *out = at[3 + s->layer_norm + s->masked];
	/* fits: elements of the result */
	float *z = out + s->t * n * size + p->from * size + p->unit * p->rows;

	if (gain)
		memset(z, 0, (size_t)(p->rows * w) * sizeof *z);
	else
		copy_block(z, block_of(s, at[0], p, 1), s, p->rows, 1);
	add_state(s, z, at, p, 1);
	for (int64_t k = 0; k < p->rows; k++) {
		const int64_t example = p->from + k, row = (p->at * n + example) * size + p->unit;
		float *to = out + row;
		if (gain)
			normalize(z + k * w, w, gain);
		for (int64_t j = 0; j < w; j++)
			to[j] = z[k * w + j] + (gain ? at[0][row + j] : 0);
		s->activation.apply(&s->activation, to, w);
		if (mask)
			scale(to, w, mask[example * s->t + p->at]);
	}
}

void recurrence_simple(const void *how, float *const *at)
{
	const struct steps *s = how;

	all_steps(s, at, at[2], at[3 + s->layer_norm + s->masked], 1, simple_step);
}
