/* SPDX-License-Identifier: Apache-2.0 */
/* OpenMP's threads: how many, and how they wait for each other.
 * Libgomp's spin for milliseconds after each primitive: the fastest way while the cores are ours,
 * but it costs a factor of four as soon as another program wants one. Where a process has more of
 * them than cores they soon sleep: so while the system takes cores from us, one team more is kept,
 * which does nothing. OMP_WAIT_POLICY still rules. */
#include <omp.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/thread.h"
#include "exec/plan.h"

/* What the compiler makes of `#pragma omp parallel`. */
extern void GOMP_parallel(void (*body)(void *), void *arg, unsigned threads, unsigned flags)
        __attribute__((weak));

/* How often a second the system takes our core for another program: on a quiet machine 10 to 30
 * times, beside one that computes 200 times and more. Judged over some time of running. */
#define CROWDED 60
#define WINDOW 0.02 /* seconds */
#define CALM_WINDOWS 10

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool asleep;
	int calm;       /* windows in a row */
	double seconds; /* of this window */
	long switches;
} watch = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static int set_threads(int threads)
{
	int before = omp_get_max_threads();

	omp_set_num_threads(threads > 0 ? threads : 1);
	return before;
}

static void nothing(void *arg)
{
	(void)arg;
}

/* Its team ends with it. */
static void *bystander(void *threads)
{
	GOMP_parallel(nothing, NULL, (unsigned)(uintptr_t)threads, 0);
	pthread_mutex_lock(&watch.lock);
	while (watch.asleep)
		pthread_cond_wait(&watch.changed, &watch.lock);
	pthread_mutex_unlock(&watch.lock);
	return NULL;
}

static bool add_bystander(void)
{
	pthread_t thread;
	uintptr_t n = (uintptr_t)omp_get_num_procs() + 1;

	/* unreached: a program with another OpenMP than libgomp */
	if (!GOMP_parallel || thread_start(&thread, bystander, (void *)n))
		return false;
	pthread_detach(thread);
	return true;
}

/* Under the lock. */
static void end_window(void)
{
	const bool crowded = (double)watch.switches > 1 + CROWDED * watch.seconds;

	watch.calm = crowded ? 0 : watch.calm + 1;
	if (crowded && !watch.asleep)
		watch.asleep = add_bystander();
	if (watch.asleep && watch.calm >= CALM_WINDOWS) {
		watch.asleep = false;
		pthread_cond_broadcast(&watch.changed);
	}
	watch.seconds = 0;
	watch.switches = 0;
}

static void look(double *seconds, long *switches)
{
	struct rusage r = { 0 };

	*seconds = seconds_now();
	getrusage(RUSAGE_THREAD, &r);
	*switches = r.ru_nivcsw;
}

struct exec_turn exec_begin(int threads)
{
	struct exec_turn turn = { .threads = threads };

	if (threads > 1)
		look(&turn.seconds, &turn.switches);
	turn.before = set_threads(threads);
	return turn;
}

void exec_end(const struct exec_turn *turn)
{
	double seconds;
	long switches;

	set_threads(turn->before);
	if (turn->threads <= 1)
		return;
	look(&seconds, &switches);
	pthread_mutex_lock(&watch.lock);
	watch.seconds += seconds - turn->seconds;
	watch.switches += switches - turn->switches;
	if (watch.seconds >= WINDOW)
		end_window();
	pthread_mutex_unlock(&watch.lock);
}
