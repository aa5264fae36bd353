/* SPDX-License-Identifier: Apache-2.0 */
/* classify: pictures through a network, by all cores, rows out in the order of the pictures.
 * Many pictures: a core a stream, each with its own clone of the runner, some at a time where that
 * is faster; few: all cores on one. */
#include "cli/classify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cache.h"
#include "cli/pool.h"
#include "cli/precision.h"
#include "cli/say.h"
#include "cli/text.h"

struct stream {
	dl4j_runner *runner;
	struct arrays arrays;
	int *best;
};

struct verdict {
	int wanted, found, rank;
};

/* The pool's job. */
struct batch {
	int n, rows; /* pictures; rows that came of them */
	int failed;
	int64_t number; /* of the first row */
	struct path *path;
	struct dl4j_error *err; /* of each picture; code 0 where all is well */
	struct verdict *verdict;
	struct str text, notes; /* for stdout; for stderr */
};

/* --- streams ---------------------------------------------------------------------------------- */

/* [n,classes], also with further axes of one element. */
static int check_output(struct classify *c, const dl4j_array *out, struct dl4j_error *err)
{
	for (int i = 2; i < out->rank; i++)
		if (out->dim[i] != 1)
			return fail(err, DL4J_EUSAGE, "the network does not put out classes: '%s' has %d "
			            "dimensions", out->name, out->rank);
	if (out->rank < 2 || out->dim[1] < 1 || out->dim[1] > 1 << 24)
		return fail(err, DL4J_EUSAGE, "the network does not put out classes");
	c->rows.classes = (int)out->dim[1];
	return 0;
}

static int prepare_stream(struct classify *c, int i, struct dl4j_error *err)
{
	const dl4j_run_options how = { .threads = c->streams > 1 ? 1 : c->threads,
		                       .precision = (enum dl4j_precision)c->precision,
		                       .cache = c->cache };
	struct stream *s = &c->stream[i];
	dl4j_array *shape;

	TRY(arrays_new(&s->arrays, c->model, err));
	shape = s->arrays.in_shape;
	shape->rank = input_dims(&c->input, c->batch, shape->dim);
	if (i == 0)
		TRY(dl4j_runner_new(&s->runner, c->model, shape, &how, err));
	else
		TRY(dl4j_runner_clone(&s->runner, c->stream[0].runner, err));
	TRY(arrays_outputs(&s->arrays, s->runner, err));
	s->arrays.in[0] = calloc(arrays_elements(shape), sizeof(float));
	return s->arrays.in[0] ? check_output(c, s->arrays.out_shape, err) : fail_memory(err);
}

static void load(struct classify *c, const struct path *path, float *to, struct dl4j_error *err)
{
	err->code = 0;
	if (path->error)
		fail(err, DL4J_EIO, "%s", path->error);
	else
		input_load(&c->input, path->name, to, err);
}

/* On the first pictures that can be read: too few are not worth it. */
static int choose_precision(struct classify *c, struct dl4j_error *err)
{
	enum { SOME = 16 };
	const size_t size = input_elements(&c->input);
	const int threads = c->streams > 1 ? 1 : c->threads;
	dl4j_array shape = { 0 };
	float *all = malloc(SOME * size * sizeof *all), *picture[SOME];
	int code = all ? paths_ahead(&c->paths, SOME, err) : fail_memory(err), n = 0;

	c->precision = DL4J_F32;
	for (size_t i = c->paths.next; code == 0 && i < c->paths.n && n < SOME; i++) {
		struct dl4j_error why = { 0 }; /* told when its turn comes */
		picture[n] = all + (size_t)n * size;
		load(c, &c->paths.list[i], picture[n], &why);
		n += !why.code;
	}
	shape.rank = input_dims(&c->input, 1, shape.dim);
	if (code == 0 && n == SOME)
		code = precision_choose(&c->precision, c->model, &shape, picture, n, threads, err);
	else if (code == 0)
		say_note("precision f32: fewer than %d pictures", SOME);
	free(all);
	return code;
}

/* Every run reads all weights: the more these outweigh a picture, and so what is made of it, the
 * more pictures share that. Found by trial: more than two of Xception's no longer stay in caches.
 * Paths on standard input may come one by one, and each is answered before the next. */
static int choose_batch(const struct classify *c, int64_t pictures)
{
	enum { MOST = 4, TURNS = 4, HEAVY = 40 };
	const int64_t share = pictures / TURNS / c->streams; /* that all end at about the same time */
	double best = 0;

	for (int i = 0; i < dl4j_model_tensors(c->model); i++)
		best += (double)dl4j_model_tensor(c->model, i).n;
	best /= HEAVY * (double)input_elements(&c->input);
	best = best < MOST ? best : MOST;
	best = best < (double)share ? best : (double)share;
	return best > 1 ? (int)best : 1;
}

int classify_prepare(struct classify *c, struct dl4j_error *err)
{
	int64_t pictures = paths_count(&c->paths);

	if (dl4j_model_outputs(c->model) != 1)
		return fail(err, DL4J_EUSAGE, "the network has %d outputs, expected one",
		            dl4j_model_outputs(c->model));
	c->streams = pictures >= 0 && pictures <= c->threads ? 1 : c->threads;
	if (c->batch == 0)
		c->batch = choose_batch(c, pictures);
	else if (pictures >= 0 && pictures < c->batch)
		c->batch = pictures > 1 ? (int)pictures : 1;
	c->rows.pictures = pictures;
	if (c->precision == PRECISION_AUTO)
		TRY(choose_precision(c, err));
	c->stream = calloc((size_t)c->streams, sizeof *c->stream);
	if (!c->stream)
		return fail_memory(err);
	for (int i = 0; i < c->streams; i++)
		TRY(prepare_stream(c, i, err));
	cache_warn(c->stream[0].runner);
	return 0;
}

void classify_free(struct classify *c)
{
	for (int i = c->stream ? c->streams - 1 : -1; i >= 0; i--) {
		arrays_free(&c->stream[i].arrays);
		dl4j_runner_free(c->stream[i].runner);
		free(c->stream[i].best);
	}
	free(c->stream);
	paths_free(&c->paths);
}

/* --- one batch -------------------------------------------------------------------------------- */

static int next(void *self, void *job, struct dl4j_error *err)
{
	struct classify *c = self;
	struct batch *b = job;

	(void)err;
	b->number = c->number;
	for (b->n = 0; b->n < c->batch; b->n++) {
		b->path[b->n] = paths_next(&c->paths);
		if (!b->path[b->n].name)
			break;
	}
	c->number += b->n;
	return b->n > 0;
}

static void judge(const struct classify *c, const struct row *row, struct verdict *v)
{
	v->wanted = truth_of(c->truth, row->image);
	v->found = v->rank = 0;
	for (int i = 0; i < c->rows.classes; i++)
		if (row->p[i] > row->p[v->found])
			v->found = i;
	for (int i = 0; v->wanted >= 0 && i < c->rows.classes; i++)
		v->rank += row->p[i] > row->p[v->wanted] || (row->p[i] == row->p[v->wanted] &&
		                                             i < v->wanted);
}

static void add_row(struct classify *c, struct batch *b, int i, const float *p, int *best)
{
	struct row row = { b->number + i, b->path[i].name, NULL, p, best };

	for (int k = 0; !b->err[i].code && k < c->rows.classes; k++)
		if (isnan(p[k]))
			fail(&b->err[i], DL4J_EFORMAT, "the network puts out NaN");
	if (b->err[i].code) {
		row.error = b->err[i].msg;
		b->failed++;
		str_add(&b->notes, "dl4j: ");
		text_plain(&b->notes, row.image);
		str_addf(&b->notes, ": %s\n", row.error);
	} else {
		rows_best(&c->rows, p, best);
		if (c->truth)
			judge(c, &row, &b->verdict[i]);
	}
	rows_add(&c->rows, &row, &b->text);
}

static int work(void *self, int worker, void *job, struct dl4j_error *err)
{
	struct classify *c = self;
	struct stream *s = &c->stream[worker];
	struct batch *b = job;
	size_t size = input_elements(&c->input);
	float *in = s->arrays.in[0], *out = s->arrays.out[0];
	int good = 0;

	if (!s->best)
		s->best = calloc((size_t)c->rows.top, sizeof *s->best);
	if (!s->best)
		return fail_memory(err);
	for (int i = 0; i < b->n; i++) {
		load(c, &b->path[i], in + (size_t)i * size, &b->err[i]);
		good += !b->err[i].code;
		if (b->err[i].code) /* half a picture may be there */
			memset(in + (size_t)i * size, 0, size * sizeof *in);
	}
	if (good > 0)
		TRY(dl4j_runner_run(s->runner, (const float *const *)s->arrays.in, s->arrays.out, err));
	b->failed = 0;
	b->text.len = b->notes.len = 0;
	for (b->rows = 0; b->rows < b->n && !(c->fail_fast && b->failed); b->rows++)
		add_row(c, b, b->rows, out + (size_t)b->rows * (size_t)c->rows.classes, s->best);
	return b->text.failed || b->notes.failed ? fail_memory(err) : 0;
}

/* --- rows out --------------------------------------------------------------------------------- */

static void take_verdicts(struct classify *c, struct batch *b)
{
	for (int i = 0; c->truth && i < b->rows; i++)
		if (!b->err[i].code)
			truth_add(c->truth, b->verdict[i].wanted, b->verdict[i].found, b->verdict[i].rank);
	c->written += b->rows;
	c->failed += b->failed;
	for (int i = 0; i < b->n; i++)
		free(b->path[i].name);
	b->n = 0;
}

static int take(void *self, void *job, bool idle, struct dl4j_error *err)
{
	bool shows_errors = true;
	struct classify *c = self;
	struct batch *b = job;

	if (c->rows.format == ROWS_NPY || c->rows.format == ROWS_ARFF)
		shows_errors = false;
	if (c->one_terminal || (b->failed && !shows_errors))
		progress_hide(&c->progress);
	if (b->failed && !shows_errors)
		fwrite(b->notes.text, 1, b->notes.len, stderr);
	TRY(out_add(c->out, b->text.text, b->text.len, err));
	if (idle || c->one_terminal)
		TRY(out_flush(c->out, err));
	progress_add(&c->progress, b->rows);
	take_verdicts(c, b);
	return c->fail_fast && b->failed;
}

int classify_run(struct classify *c, struct dl4j_error *err)
{
	enum { AHEAD = 4 };
	static const struct pool_work how = { next, work, take };
	int window = c->streams * AHEAD;
	struct batch *jobs = calloc((size_t)window, sizeof *jobs);
	int code = jobs ? 0 : fail_memory(err);

	for (int i = 0; code == 0 && i < window; i++) {
		jobs[i].path = calloc((size_t)c->batch, sizeof *jobs[i].path);
		jobs[i].err = calloc((size_t)c->batch, sizeof *jobs[i].err);
		jobs[i].verdict = calloc((size_t)c->batch, sizeof *jobs[i].verdict);
		if (!jobs[i].path || !jobs[i].err || !jobs[i].verdict)
			code = fail_memory(err);
	}
	if (code == 0)
		code = pool_run(&how, c, c->streams, jobs, sizeof *jobs, window, err);
	progress_hide(&c->progress);
	for (int i = 0; jobs && i < window; i++) {
		for (int k = 0; jobs[i].path && k < jobs[i].n; k++)
			free(jobs[i].path[k].name);
		free(jobs[i].path);
		free(jobs[i].err);
		free(jobs[i].verdict);
		str_free(&jobs[i].text);
		str_free(&jobs[i].notes);
	}
	free(jobs);
	return code;
}
