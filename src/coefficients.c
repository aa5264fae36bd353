/* SPDX-License-Identifier: Apache-2.0 */
/* coefficients: floats in order are inflated where they are to lie, and turned to the host's byte
 * order piece by piece. What is stored otherwise is read whole first. */
#include "coefficients.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/thread.h"

/* Fewer bytes are there before a thread for them would be. */
#ifndef THREAD_FROM
#define THREAD_FROM (1 << 20)
#endif
#define ALIGN 64
#define PAGE ((size_t)2 << 20) /* a huge one: pages go back in such pieces */

struct coefficients {
	struct dl4j_model *m;
	unsigned char *block; /* mapped: its pages can be given back one by one */
	size_t size;
	unsigned char *bytes; /* of the entry, in the block, or NULL: it is read apart */
	float *at;
	size_t dropped; /* bytes of the block */
	pthread_t thread;
	bool threaded;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	int64_t there; /* so many floats; INT64_MAX: all, checked */
	bool stop;
	struct dl4j_error err; /* why there will be no more */
};

/* Whether nobody waits for more. */
static bool publish(struct coefficients *c, int64_t there, const struct dl4j_error *err)
{
	bool stop;

	pthread_mutex_lock(&c->lock);
	c->there = there;
	if (err)
		c->err = *err;
	stop = c->stop;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return stop;
}

/* So many bytes of the entry are there: the floats among them. */
static int more(void *self, size_t n, struct dl4j_error *err)
{
	struct coefficients *c = self;
	const struct ndarray *a = &c->m->coefficients;
	const int64_t before = c->there, now = n < a->data ? 0 : (int64_t)(n - a->data) / 4;

	ndarray_floats_part(a, c->bytes, before, now, c->at);
	return publish(c, now, NULL) ? fail(err, DL4J_EUSAGE, "nobody waits for it") : 0;
}

static int read_whole(struct coefficients *c, struct dl4j_error *err)
{
	unsigned char *bytes;
	size_t n;
	int r;

	TRY(archive_read(c->m->archive, MODEL_COEFFICIENTS, INT64_MAX, 0, &bytes, &n, err));
	r = ndarray_floats(&c->m->coefficients, bytes, c->at, err);
	free(bytes);
	return r ? within(err, MODEL_COEFFICIENTS) : 0;
}

static void *read_all(void *self)
{
	struct coefficients *c = self;
	struct dl4j_error err;
	int r;

	pthread_mutex_lock(&c->m->reading);
	r = c->bytes ? archive_read_to(c->m->archive, MODEL_COEFFICIENTS, c->bytes, more, c, &err) :
	               read_whole(c, &err);
	pthread_mutex_unlock(&c->m->reading);
	publish(c, r ? c->there : INT64_MAX, r ? &err : NULL);
	return NULL;
}

int coefficients_new(struct coefficients **out, struct dl4j_model *m, struct dl4j_error *err)
{
	const struct ndarray *a = &m->coefficients;
	const bool in_place = ndarray_is_floats(a) && ndarray_in_order(a);
	struct coefficients *c;

	*out = NULL;
	if (a->n)
		TRY(archive_claim(m->archive, MODEL_COEFFICIENTS, m->limits.coefficient_bytes, err));
	c = calloc(1, sizeof *c);
	if (!c)
		return fail_memory(err);
	c->m = m;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	c->size = (in_place ? a->end : (size_t)a->n * sizeof(float)) + ALIGN; /* fits: claimed */
	c->block = mmap(NULL, c->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (c->block == MAP_FAILED) {
		c->block = NULL;
		coefficients_free(c);
		return fail_memory(err);
	}
	madvise(c->block, c->size, MADV_HUGEPAGE);
	if (in_place)
		c->bytes = c->block + (ALIGN - a->data % ALIGN) % ALIGN;
	c->at = (float *)(void *)(in_place ? c->bytes + a->data : c->block);
	if (!a->n)
		c->there = INT64_MAX;
	*out = c;
	return 0;
}

int coefficients_start(struct coefficients *c, struct dl4j_error *err)
{
	if (!c->m->coefficients.n)
		return 0;
	if (c->size < THREAD_FROM) {
		read_all(c);
		return 0;
	}
	c->threaded = !thread_start(&c->thread, read_all, c);
	return c->threaded ? 0 : fail_memory(err);
}

void coefficients_free(struct coefficients *c)
{
	if (!c)
		return;
	if (c->threaded) {
		pthread_mutex_lock(&c->lock);
		c->stop = true;
		pthread_mutex_unlock(&c->lock);
		pthread_join(c->thread, NULL);
	}
	if (c->block)
		munmap(c->block, c->size);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

const float *coefficients_at(const struct coefficients *c)
{
	return c->at;
}

int coefficients_wait(struct coefficients *c, int64_t n, struct dl4j_error *err)
{
	int r = 0;

	pthread_mutex_lock(&c->lock);
	while (c->there < n && !c->err.code)
		pthread_cond_wait(&c->changed, &c->lock);
	if (c->there < n) {
		*err = c->err;
		r = err->code;
	}
	pthread_mutex_unlock(&c->lock);
	return r;
}

void coefficients_drop(struct coefficients *c, int64_t n)
{
	size_t to;

	pthread_mutex_lock(&c->lock);
	n = n < c->there ? n : c->there; /* of what is being written its checksum is still to come */
	pthread_mutex_unlock(&c->lock);
	if (n > c->m->coefficients.n)
		n = c->m->coefficients.n;
	to = (size_t)((unsigned char *)(c->at + n) - c->block) / PAGE * PAGE;
	if (to <= c->dropped)
		return;
	madvise(c->block + c->dropped, to - c->dropped, MADV_DONTNEED);
	c->dropped = to;
}
