/* SPDX-License-Identifier: Apache-2.0 */
/* machine: the best of a few short tries, since a disturbance only makes them longer.
 * Multiply-adds are chains in vector registers, enough of them that none waits for another. */
#include "cli/machine.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=fast")
#endif

#define TRIES 5
#define TURNS 1000000
#define CHAINS 12
#define COPIED ((size_t)32 << 20)
#define UNROLLED _Pragma("GCC unroll 12")

struct worker {
	float x[32]; /* where chains begin and end: compilers must not know it */
	char *from, *to;
	double operations;
	pthread_t thread;
};

/* name: with vectors of so many lanes. */
#define MULTIPLY(name, target, lanes)                                               \
	typedef float name##_vector __attribute__((vector_size(4 * lanes)));        \
	target static void name(struct worker *w)                                   \
	{                                                                           \
		name##_vector by, sum[CHAINS];                                      \
                                                                                    \
		memcpy(&by, w->x, sizeof by);                                       \
		UNROLLED for (int k = 0; k < CHAINS; k++) sum[k] = by + (float)k;   \
		for (int i = 0; i < TURNS; i++)                                     \
			UNROLLED for (int k = 0; k < CHAINS; k++)                   \
				sum[k] = sum[k] * by + by;                          \
		UNROLLED for (int k = 1; k < CHAINS; k++) sum[0] += sum[k];         \
		memcpy(w->x + 16, &sum[0], sizeof by);                              \
		w->operations = 2.0 * TURNS * CHAINS * lanes;                       \
	}

MULTIPLY(with_4, , 4)
#ifdef __x86_64__
MULTIPLY(with_8, __attribute__((target("avx2,fma"))), 8)
MULTIPLY(with_16, __attribute__((target("avx512f"))), 16)
#endif

static void *multiply(void *worker)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		with_16(worker);
	else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		with_8(worker);
	else
#endif
		with_4(worker);
	return NULL;
}

static void *copy(void *worker)
{
	struct worker *w = worker;

	memcpy(w->to, w->from, COPIED);
	w->operations = 2.0 * (double)COPIED;
	return NULL;
}

/* Operations a second of all workers, at best. */
static int measure(double *out, void *(*work)(void *), struct worker *w, int n, dl4j_error *err)
{
	for (int try = 0; try < TRIES; try++) {
		double start = seconds_now(), all = 0;
		int started = 1;

		for (; started < n; started++)
			if (pthread_create(&w[started].thread, NULL, work, &w[started]) != 0)
				break;
		work(&w[0]);
		for (int i = 1; i < started; i++)
			pthread_join(w[i].thread, NULL);
		if (started < n)
			return fail(err, DL4J_EMEMORY, "no thread can be started");
		for (int i = 0; i < n; i++)
			all += w[i].operations;
		all /= seconds_now() - start;
		*out = all > *out ? all : *out;
	}
	return 0;
}

int machine_measure(struct machine *out, int threads, dl4j_error *err)
{
	struct worker *w = calloc((size_t)threads, sizeof *w);
	char *memory = calloc((size_t)threads, 2 * COPIED);
	int code = w && memory ? 0 : fail_memory(err);

	*out = (struct machine){ 0 };
	for (int i = 0; code == 0 && i < threads; i++) {
		for (int k = 0; k < 16; k++)
			w[i].x[k] = 0.5F;
		w[i].from = memory + 2 * (size_t)i * COPIED;
		w[i].to = w[i].from + COPIED;
	}
	if (code == 0)
		code = measure(&out->flops, multiply, w, threads, err);
	if (code == 0)
		code = measure(&out->bytes, copy, w, threads, err);
	free(memory);
	free(w);
	return code;
}

double machine_share(const struct machine *m, const dl4j_op_stats *op, const char **bound)
{
	const double flops = op->flops / m->flops, bytes = op->bytes / m->bytes;

	*bound = flops > bytes ? "compute" : "memory";
	return op->seconds > 0 ? (flops > bytes ? flops : bytes) / op->seconds : 0;
}
