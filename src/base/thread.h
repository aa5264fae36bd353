/* SPDX-License-Identifier: Apache-2.0 */
/* thread: a thread of the library's own, which the program's signals are not for. */
#ifndef DL4J_BASE_THREAD_H
#define DL4J_BASE_THREAD_H

#include <pthread.h>
#include <signal.h>

static inline int thread_start(pthread_t *thread, void *(*work)(void *), void *arg)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(thread, NULL, work, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

#endif
