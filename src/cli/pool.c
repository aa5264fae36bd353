/* SPDX-License-Identifier: Apache-2.0 */
/* pool: jobs done by several threads, their results taken in the jobs' order.
 * The calling thread hands out jobs, and it alone gets the signals. */
#include "cli/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pool {
	const struct pool_work *work;
	void *self;
	char *jobs;
	size_t size;
	int window;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t changed;
	bool *done;                   /* of each place in the window */
	int64_t given, begun, taken; /* jobs so far; job n is at place n % window */
	bool closed;                 /* no more jobs will be given */
	bool stopped;                /* nothing more is begun or taken */
	struct dl4j_error err;
};

struct worker {
	struct pool *pool;
	pthread_t thread;
	int number;
};

static volatile sig_atomic_t signal_seen;

static void on_signal(int number)
{
	signal_seen = number;
}

int pool_signal(void)
{
	return signal_seen;
}

static void *job_at(struct pool *p, int64_t n)
{
	return p->jobs + (size_t)(n % p->window) * p->size;
}

/* With the lock held. The first failure is the one that is told. */
static void stop(struct pool *p, const struct dl4j_error *err)
{
	if (err && p->err.code == 0)
		p->err = *err;
	p->stopped = true;
}

/* With the lock held: takes the results that are next in order. */
static void take_ready(struct pool *p)
{
	while (!p->stopped && p->taken < p->begun && p->done[p->taken % p->window]) {
		struct dl4j_error err = { 0 };
		int64_t next = p->taken + 1;
		bool idle = next >= p->begun || !p->done[next % p->window];
		int code = p->work->take(p->self, job_at(p, p->taken), idle, &err);

		p->done[p->taken % p->window] = false;
		p->taken = next;
		if (code != 0)
			stop(p, code < 0 ? &err : NULL);
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct dl4j_error err = { 0 };
		int64_t n;
		int code;

		while (!p->stopped && !p->closed && p->begun == p->given)
			pthread_cond_wait(&p->changed, &p->lock);
		if (p->stopped || p->begun == p->given)
			break;
		n = p->begun++;
		pthread_mutex_unlock(&p->lock);
		code = p->work->work(p->self, w->number, job_at(p, n), &err);
		pthread_mutex_lock(&p->lock);
		if (code < 0)
			stop(p, &err);
		p->done[n % p->window] = true;
		take_ready(p);
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Whether there is room for another job, after waiting for it. */
static bool wait_for_room(struct pool *p)
{
	bool room;

	pthread_mutex_lock(&p->lock);
	while (!p->stopped && !signal_seen && p->given - p->taken >= p->window)
		pthread_cond_wait(&p->changed, &p->lock);
	room = !p->stopped && !signal_seen;
	pthread_mutex_unlock(&p->lock);
	return room;
}

static void give_all(struct pool *p)
{
	struct dl4j_error err = { 0 };
	int code = 0;

	while (wait_for_room(p) && (code = p->work->next(p->self, job_at(p, p->given), &err)) > 0) {
		pthread_mutex_lock(&p->lock);
		p->given++;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->lock);
	}
	pthread_mutex_lock(&p->lock);
	if (code < 0)
		stop(p, &err);
	p->closed = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

/* The wait for standard input must end, so no SA_RESTART; a second signal kills at once. */
static void catch_signal(int number)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND }, before;

	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void pool_note_signals(void)
{
	catch_signal(SIGINT);
	catch_signal(SIGTERM);
}

/* The workers inherit a mask that leaves the signals to the caller. */
static int start(struct pool *p, struct worker *workers, int threads)
{
	sigset_t both, before;
	int n = 0;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &both, &before);
	for (; n < threads; n++) {
		workers[n] = (struct worker){ .pool = p, .number = n };
		if (pthread_create(&workers[n].thread, NULL, work, &workers[n]) != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return n;
}

int pool_run(const struct pool_work *how, void *self, int threads, void *jobs, size_t size,
             int window, struct dl4j_error *err)
{
	struct pool p = { .work = how, .self = self, .jobs = jobs, .size = size, .window = window };
	struct worker *workers = calloc((size_t)threads, sizeof *workers);
	int started;

	p.done = calloc((size_t)window, sizeof *p.done);
	if (!p.done || !workers) {
		free(p.done);
		free(workers);
		return fail_memory(err);
	}
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.changed, NULL);
	pool_note_signals();
	started = start(&p, workers, threads);
	if (started > 0)
		give_all(&p);
	for (int i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	pthread_mutex_destroy(&p.lock);
	pthread_cond_destroy(&p.changed);
	free(p.done);
	free(workers);
	if (started == 0)
		return fail(err, DL4J_EMEMORY, "no thread can be started");
	if (p.err.code)
		*err = p.err;
	return p.err.code;
}
