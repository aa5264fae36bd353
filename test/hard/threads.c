/* SPDX-License-Identifier: Apache-2.0 */
/* threads: eight threads share a model and a plan, and every output is that of one thread, to the
 * bit; then a model is opened, run and closed again and again, and takes no more memory for it:
 * threads ZIP RUNS CYCLES. ZIP takes [n,c,h,w] and has one output. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dl4j.h"

enum { THREADS = 8, INPUTS = 4, SIDE = 12, MOST = 4096 };

static const struct dl4j_run_options one = { .threads = 1 };
static struct dl4j_array shape = { .rank = 4, .dim = { 1, 0, SIDE, SIDE } };
static float input[INPUTS][MOST], expected[INPUTS][MOST];
static size_t n_in, n_out;
static struct dl4j_model *model;
static struct dl4j_runner *shared;
static pthread_barrier_t start;
static int runs;

static void die(const struct dl4j_error *err)
{
	fprintf(stderr, "threads: %s\n", err->msg);
	exit(2);
}

static size_t elements(const struct dl4j_array *a)
{
	size_t n = 1;

	for (int i = 0; i < a->rank; i++)
		n *= (size_t)a->dim[i];
	return n <= MOST ? n : 0;
}

static int same(struct dl4j_runner *r, int i)
{
	struct dl4j_error err = { 0 };
	float out[MOST], *to = out;
	const float *in = input[i];

	if (dl4j_runner_run(r, &in, &to, &err))
		die(&err);
	return !memcmp(out, expected[i], n_out * sizeof *out);
}

/* Half of the threads make a plan of their own, at the same time; the others clone one. */
static void *work(void *arg)
{
	int number = *(int *)arg, wrong = 0;
	struct dl4j_error err = { 0 };
	struct dl4j_runner *r;

	pthread_barrier_wait(&start);
	if (dl4j_model_load(model, &err) ||
	    (number % 2 ? dl4j_runner_new(&r, model, &shape, &one, &err) :
	                  dl4j_runner_clone(&r, shared, &err)))
		die(&err);
	for (int i = 0; i < runs; i++)
		wrong += !same(r, (i + number) % INPUTS);
	dl4j_runner_free(r);
	*(int *)arg = wrong;
	return NULL;
}

static void expect(const char *zip)
{
	struct dl4j_error err = { 0 };
	struct dl4j_runner *r;
	struct dl4j_array out;
	uint32_t seed = 1;

	if (dl4j_model_open(&model, zip, NULL, &err))
		die(&err);
	shape.dim[1] = dl4j_model_input_shape(model, 0).c;
	if (dl4j_runner_new(&r, model, &shape, &one, &err))
		die(&err);
	out = dl4j_runner_output(r, 0);
	n_in = elements(&shape);
	n_out = elements(&out);
	for (int k = 0; k < INPUTS; k++) {
		float *to = expected[k];
		const float *in = input[k];
		for (size_t i = 0; i < n_in; i++) {
			seed = seed * 1664525u + 1013904223u;
			input[k][i] = (float)(seed >> 8) / (1 << 23) - 1;
		}
		if (dl4j_runner_run(r, &in, &to, &err))
			die(&err);
	}
	dl4j_runner_free(r);
	dl4j_model_free(model);
}

static int share(const char *zip)
{
	pthread_t thread[THREADS];
	int number[THREADS], wrong = 0;
	struct dl4j_error err = { 0 };

	if (dl4j_model_open(&model, zip, NULL, &err) ||
	    dl4j_runner_new(&shared, model, &shape, &one, &err))
		die(&err);
	pthread_barrier_init(&start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		number[i] = i;
		if (pthread_create(&thread[i], NULL, work, &number[i]))
			exit(2);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], NULL);
		wrong += number[i];
	}
	pthread_barrier_destroy(&start);
	dl4j_runner_free(shared);
	dl4j_model_free(model);
	printf("%s - %d threads, %d runs each: %d outputs differ\n", wrong ? "not ok" : "ok", THREADS,
	       runs, wrong);
	return wrong != 0;
}

static long resident_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size, resident = 0;

	if (f && fscanf(f, "%ld %ld", &size, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROOM = 1 << 20 }; /* these keep freed memory */
#else
enum { ROOM = 64 };
#endif

static int cycle(const char *zip, int cycles)
{
	struct dl4j_error err = { 0 };
	struct dl4j_runner *r;
	long before = 0, after;
	int wrong = 0;

	for (int i = 0; i < cycles; i++) {
		if (i == cycles / 5) /* what libraries keep, they keep by now */
			before = resident_kib();
		if (dl4j_model_open(&model, zip, NULL, &err) ||
		    (i % 10 == 0 && dl4j_runner_new(&r, model, &shape, &one, &err)))
			die(&err);
		if (i % 10 == 0) {
			wrong += !same(r, i % INPUTS);
			dl4j_runner_free(r);
		}
		dl4j_model_free(model);
	}
	after = resident_kib();
	wrong += after - before > 8 * ROOM;
	printf("%s - %d times opened and closed, a tenth of them run: grew by %ld KiB\n",
	       wrong ? "not ok" : "ok", cycles, after - before);
	return wrong != 0;
}

/* By how many KiB the process grows meanwhile. */
static long growth(struct dl4j_runner *r, int n, int *wrong)
{
	const long before = resident_kib();

	for (int i = 0; i < n; i++)
		*wrong += !same(r, i % INPUTS);
	return resident_kib() - before;
}

static int soak(const char *zip)
{
	struct dl4j_error err = { 0 };
	struct dl4j_runner *r;
	int wrong = 0, n = runs * THREADS;
	long grown;

	if (dl4j_model_open(&model, zip, NULL, &err) || dl4j_runner_new(&r, model, &shape, &one, &err))
		die(&err);
	growth(r, n / 5, &wrong);
	grown = growth(r, n, &wrong);
	for (int i = 0; i < 2 && grown > ROOM; i++) /* a heap grows in steps; a leak grows each time */
		grown = growth(r, n, &wrong);
	wrong += grown > ROOM;
	dl4j_runner_free(r);
	dl4j_model_free(model);
	printf("%s - %d runs of one runner: grew by %ld KiB\n", wrong ? "not ok" : "ok", n, grown);
	return wrong != 0;
}

int main(int argc, char **argv)
{
	int failed;

	if (argc < 4)
		return fprintf(stderr, "usage: threads ZIP RUNS CYCLES\n"), 2;
	runs = atoi(argv[2]);
	expect(argv[1]);
	failed = share(argv[1]) + cycle(argv[1], atoi(argv[3])) + soak(argv[1]);
	printf("%d passed, %d failed\n", 3 - failed, failed);
	return failed > 0;
}
