/* SPDX-License-Identifier: Apache-2.0 */
/* fma: how many GFLOP/s of fused multiply-adds in float32 this machine gives to N threads, the
 * ceiling for any float32 network.      cc -O2 -march=native bench/fma.c -lpthread; ./a.out N */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif
#define LANES (BYTES / (int)sizeof(float))
/* Independent sums: more than latency times units, and all in registers. */
#define CHAINS 12
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define LOOPS 20000000

typedef float vector __attribute__((vector_size(BYTES)));

static void *work(void *out)
{
	vector by = (vector){ 0 } + 0.999f, add = (vector){ 0 } + 0.001f, all = { 0 };
#define START(k) vector sum##k = (vector){ 0 } + (float)k;
#define STEP(k) sum##k = sum##k * by + add;
#define END(k) all += sum##k;

	EACH(START)
	for (long i = 0; i < LOOPS; i++) {
		EACH(STEP)
	}
	EACH(END)
	*(float *)out = all[0];
	return NULL;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t *threads = calloc((size_t)n, sizeof *threads);
	float *out = calloc((size_t)n * 64, sizeof *out); /* a cache line each */
	double best = 1e9;

	if (n < 1 || !threads || !out)
		return 2;
	for (int round = 0; round < 5; round++) {
		double start = now(), took;

		for (int i = 0; i < n; i++)
			pthread_create(&threads[i], NULL, work, &out[i * 64]);
		for (int i = 0; i < n; i++)
			pthread_join(threads[i], NULL);
		took = now() - start;
		best = took < best ? took : best;
	}
	printf("%.1f\n", 2.0 * LANES * CHAINS * LOOPS * n / best * 1e-9);
	free(threads);
	free(out);
	return 0;
}
