/* SPDX-License-Identifier: Apache-2.0 */
/* OpenMP's threads: how many, and how they wait for each other.
 * libgomp's spin for a millisecond after each primitive, which costs a factor of four as soon as
 * another program wants a core. Where a process has more of them than cores they soon sleep: so one
 * team more is started, which does nothing. OMP_WAIT_POLICY still rules. */
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "exec/plan.h"

/* What the compiler makes of `#pragma omp parallel`. */
extern void GOMP_parallel(void (*body)(void *), void *arg, unsigned threads, unsigned flags)
        __attribute__((weak));

int exec_set_threads(int threads)
{
	int before = omp_get_max_threads();

	omp_set_num_threads(threads > 0 ? threads : 1);
	return before;
}

static void nothing(void *arg)
{
	(void)arg;
}

/* Its team sleeps as long as it does. */
static void *bystander(void *threads)
{
	GOMP_parallel(nothing, NULL, (unsigned)(uintptr_t)threads, 0);
	for (;;)
		pause();
	return NULL;
}

static void add_bystander(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	uintptr_t n = (uintptr_t)omp_get_num_procs() + 1;

	if (pthread_attr_init(&attr))
		return;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all); /* the program's signals are not for it */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_create(&thread, &attr, bystander, (void *)n);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
}

void exec_wait_asleep(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (GOMP_parallel)
		pthread_once(&once, add_bystander);
}
