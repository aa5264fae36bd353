/* SPDX-License-Identifier: Apache-2.0 */
/* bench: the measurement of one configuration.
 * The first run of each stream is not among the timed ones. Streams take the timed ones from one
 * queue, as those of `classify` do: a core that is disturbed does less, and nobody waits for it. */
#include "cli/bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/err.h"
#include "cli/arrays.h"
#include "cli/shapes.h"

struct queue {
	atomic_size_t next;
	size_t runs;
	double *latency; /* of each run */
};

struct stream {
	const struct bench *bench;
	struct queue *queue;
	dl4j_runner *runner;
	struct arrays arrays;
	pthread_t thread;
	dl4j_error err;
};

static int run_once(struct stream *s, dl4j_error *err)
{
	return dl4j_runner_run(s->runner, (const float *const *)s->arrays.in, s->arrays.out, err);
}

/* The same numbers in every process; their values do not matter to the speed. */
static float *random_array(size_t n)
{
	float *x = malloc(n * sizeof *x + 1);
	uint32_t state = 1;

	for (size_t i = 0; x && i < n; i++) {
		state = state * 1664525u + 1013904223u;
		x[i] = (float)(state >> 8) / (1 << 24);
	}
	return x;
}

static int make_inputs(struct stream *s, dl4j_error *err)
{
	TRY(arrays_new(&s->arrays, s->bench->model, err));
	for (int i = 0; i < s->arrays.n_in; i++) {
		dl4j_array *shape = &s->arrays.in_shape[i];

		shape->rank = shapes_dims(&s->bench->shapes[i], s->bench->batch, shape->dim);
		s->arrays.in[i] = random_array(arrays_elements(shape));
		if (!s->arrays.in[i])
			return fail_memory(err);
	}
	return 0;
}

/* The other streams are clones of the first. */
static int make_stream(struct stream *s, const dl4j_runner *first, struct figures *out,
                       dl4j_error *err)
{
	const dl4j_run_options how = { .threads = s->bench->threads,
		                       .no_passes = s->bench->no_passes,
		                       .precision = (enum dl4j_precision)s->bench->precision };
	double start;

	TRY(make_inputs(s, err));
	start = seconds_now();
	if (first)
		TRY(dl4j_runner_clone(&s->runner, first, err));
	else
		TRY(dl4j_runner_new(&s->runner, s->bench->model, s->arrays.in_shape, &how, err));
	if (!first)
		out->plan = seconds_now() - start;
	TRY(arrays_outputs(&s->arrays, s->runner, err));
	start = seconds_now();
	TRY(run_once(s, err));
	if (!first)
		out->first = seconds_now() - start;
	return 0;
}

static void *run_all(void *arg)
{
	struct stream *s = arg;
	struct queue *q = s->queue;

	for (size_t i; (i = atomic_fetch_add(&q->next, 1)) < q->runs;) {
		double start = seconds_now();

		if (run_once(s, &s->err) < 0)
			break;
		q->latency[i] = seconds_now() - start;
	}
	return NULL;
}

static int run_streams(struct stream *s, int n, dl4j_error *err)
{
	int started = 1;

	for (; started < n; started++)
		if (pthread_create(&s[started].thread, NULL, run_all, &s[started]) != 0)
			break;
	run_all(&s[0]);
	for (int i = 1; i < started; i++)
		pthread_join(s[i].thread, NULL);
	for (int i = 0; i < started; i++)
		if (s[i].err.code) {
			*err = s[i].err;
			return err->code;
		}
	return started < n ? fail(err, DL4J_EMEMORY, "no thread can be started") : 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The smallest value that at least p percent of all do not exceed. */
static double percentile(const double *sorted, size_t n, size_t p)
{
	return sorted[(n * p + 99) / 100 - 1];
}

static void sum_up(struct figures *out, const struct queue *q, int batch, double seconds)
{
	size_t n = q->runs;

	qsort(q->latency, n, sizeof *q->latency, by_value);
	out->min = q->latency[0];
	out->p50 = percentile(q->latency, n, 50);
	out->p90 = percentile(q->latency, n, 90);
	out->p99 = percentile(q->latency, n, 99);
	out->max = q->latency[n - 1];
	out->images_per_s = (double)n * batch / seconds;
}

static int measure_layers(struct figures *out, struct stream *s, dl4j_error *err)
{
	const float *const *in = (const float *const *)s->arrays.in;

	TRY(machine_measure(&out->machine, s->bench->threads, err));
	TRY(dl4j_runner_profile(s->runner, in, s->arrays.out, s->bench->runs, NULL, &out->n_ops, err));
	out->ops = calloc((size_t)out->n_ops + 1, sizeof *out->ops);
	if (!out->ops)
		return fail_memory(err);
	return dl4j_runner_profile(s->runner, in, s->arrays.out, s->bench->runs, out->ops, &out->n_ops,
	                           err);
}

static int measure(struct figures *out, struct stream *s, struct queue *q, bool layers,
                   dl4j_error *err)
{
	const struct bench *b = s->bench;
	struct rusage usage;
	double start;

	for (int i = 0; i < b->streams; i++) {
		s[i].bench = b;
		s[i].queue = q;
		TRY(make_stream(&s[i], i ? s[0].runner : NULL, out, err));
	}
	dl4j_runner_memory(s[0].runner, &out->activations, &out->constants);
	start = seconds_now();
	TRY(run_streams(s, b->streams, err));
	sum_up(out, q, b->batch, seconds_now() - start);
	getrusage(RUSAGE_SELF, &usage);
	out->peak_rss_mib = (double)usage.ru_maxrss / 1024; /* without what --layers copies */
	return layers ? measure_layers(out, &s[0], err) : 0;
}

int bench_measure(struct figures *out, const struct bench *b, bool layers, dl4j_error *err)
{
	struct stream *s = calloc((size_t)b->streams, sizeof *s);
	struct queue q = { .runs = (size_t)b->runs * (size_t)b->streams };
	int code;

	*out = (struct figures){ 0 };
	q.latency = calloc(q.runs, sizeof *q.latency);
	if (!s || !q.latency) {
		code = fail_memory(err);
	} else {
		s->bench = b;
		code = measure(out, s, &q, layers, err);
		for (int i = b->streams - 1; i >= 0; i--) {
			arrays_free(&s[i].arrays);
			dl4j_runner_free(s[i].runner);
		}
	}
	free(q.latency);
	free(s);
	return code;
}
