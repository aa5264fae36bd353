/* SPDX-License-Identifier: Apache-2.0 */
/* A state: the activations of one thread, and every call's arguments bound to them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "exec/plan.h"

struct exec_state {
	const struct exec_plan *plan;
	dnnl_stream_t stream;
	char *temps;
	dnnl_memory_t *memory;  /* by slot; NULL: a constant's, or a slot that only kernels use */
	float **at;             /* of each argument of each call */
	dnnl_exec_arg_t *args;  /* likewise */
	int n_args;
	struct user {
		int slot;
		float **at; /* a kernel's argument, or NULL: the slot's memory */
	} *users;       /* what lies in the caller's arrays, and changes with each run */
	int n_users;
};

static const struct buffer *buffer_of(const struct exec_plan *p, int slot)
{
	return &p->buffers[p->slots[slot].buffer];
}

static bool is_user(const struct exec_plan *p, int slot)
{
	return buffer_of(p, slot)->kind == BUFFER_IN || buffer_of(p, slot)->kind == BUFFER_OUT;
}

static void *address(const struct exec_state *s, int slot)
{
	const struct buffer *b = buffer_of(s->plan, slot);

	switch (b->kind) {
	case BUFFER_TEMP:
		return s->temps + b->offset + s->plan->slots[slot].offset;
	case BUFFER_CONST:
		return s->plan->constants + b->offset;
	default:
		return NULL;
	}
}

static int allocate(struct exec_state *s, struct dl4j_error *err)
{
	const struct exec_plan *p = s->plan;

	for (int i = 0; i < p->n_calls; i++)
		s->n_args += p->calls[i].n_args;
	s->temps = exec_block(p->temp_bytes);
	s->memory = calloc((size_t)p->n_slots + 1, sizeof *s->memory);
	s->at = calloc((size_t)s->n_args + 1, sizeof *s->at);
	s->args = calloc((size_t)s->n_args + 1, sizeof *s->args);
	s->users = calloc((size_t)(s->n_args + p->n_slots) + 1, sizeof *s->users);
	if (!s->temps || !s->memory || !s->at || !s->args || !s->users)
		return fail_memory(err);
	/* fault the pages in now, and never compute with a stranger's NaN in a padding lane */
	memset(s->temps, 0, (size_t)p->temp_bytes);
	return 0;
}

static int bind(struct exec_state *s, struct dl4j_error *err)
{
	const struct exec_plan *p = s->plan;
	int at = 0;

	for (int i = 0; i < p->n_slots; i++) {
		if (p->slots[i].constant)
			continue;
		if (shim_memory(&s->memory[i], p->shim, p->slots[i].desc, address(s, i)) !=
		    dnnl_success)
			return fail_memory(err);
		if (is_user(p, i))
			s->users[s->n_users++] = (struct user){ i, NULL };
	}
	for (int i = 0; i < p->n_calls; i++)
		for (int k = 0; k < p->calls[i].n_args; k++, at++) {
			const struct arg *a = &p->calls[i].args[k];
			s->at[at] = address(s, a->slot);
			s->args[at].arg = a->role;
			s->args[at].memory = p->slots[a->slot].constant ? p->slots[a->slot].constant
			                                                : s->memory[a->slot];
			if (p->calls[i].kernel && is_user(p, a->slot))
				s->users[s->n_users++] = (struct user){ a->slot, &s->at[at] };
		}
	return 0;
}

int exec_state_new(struct exec_state **out, const struct exec_plan *plan, struct dl4j_error *err)
{
	struct exec_state *s = calloc(1, sizeof *s);
	int status;

	if (!s)
		return fail_memory(err);
	s->plan = plan;
	status = dnnl_stream_create(&s->stream, shim_engine(plan->shim),
	                            dnnl_stream_default_flags) == dnnl_success
	                 ? 0
	                 : fail_memory(err);
	if (status == 0)
		status = allocate(s, err);
	if (status == 0)
		status = bind(s, err);
	if (status < 0)
		exec_state_free(s);
	else
		*out = s;
	return status;
}

void exec_state_free(struct exec_state *s)
{
	if (!s)
		return;
	for (int i = 0; s->memory && i < s->plan->n_slots; i++)
		dnnl_memory_destroy(s->memory[i]);
	dnnl_stream_destroy(s->stream);
	free(s->temps);
	free(s->memory);
	free(s->at);
	free(s->args);
	free(s->users);
	free(s);
}

static dnnl_status_t set_arrays(struct exec_state *s, const float *const *in, float *const *out)
{
	for (int i = 0; i < s->n_users; i++) {
		const struct slot *slot = &s->plan->slots[s->users[i].slot];
		const struct buffer *b = &s->plan->buffers[slot->buffer];
		/* nothing is ever written to an input */
		float *at = (b->kind == BUFFER_IN ? (float *)(uintptr_t)in[b->index]
		                                  : out[b->index]) + slot->offset / (int64_t)sizeof(float);
		dnnl_status_t st = dnnl_success;

		if (s->users[i].at)
			*s->users[i].at = at;
		else
			st = dnnl_memory_set_data_handle(s->memory[s->users[i].slot], at);
		if (st != dnnl_success)
			return st;
	}
	return dnnl_success;
}

static dnnl_status_t execute(struct exec_state *s, int i, int at)
{
	const struct call *c = &s->plan->calls[i];

	if (c->primitive)
		return dnnl_primitive_execute(c->primitive, s->stream, c->n_args, s->args + at);
	c->kernel(c->how, s->at + at);
	return dnnl_success;
}

static int finish(const struct exec_plan *p, int i, dnnl_status_t st, struct dl4j_error *err)
{
	if (st == dnnl_success)
		return 0;
	if (st == dnnl_out_of_memory)
		return fail_memory(err);
	return fail(err, DL4J_EBACKEND, "%s: %s: oneDNN: %s",
	            i < p->n_calls ? p->calls[i].stats.origin : "network",
	            i < p->n_calls ? p->calls[i].stats.op : "run", shim_status(st));
}

int exec_run(struct exec_state *s, const float *const *in, float *const *out,
             struct dl4j_error *err)
{
	const struct exec_plan *p = s->plan;
	const struct exec_turn turn = exec_begin(p->threads);
	dnnl_status_t st = set_arrays(s, in, out);
	int i = 0, at = 0;

	for (; i < p->n_calls && st == dnnl_success; at += p->calls[i++].n_args)
		st = execute(s, i, at);
	if (st == dnnl_success)
		st = dnnl_stream_wait(s->stream);
	exec_end(&turn);
	return finish(p, i, st, err);
}

int exec_profile(struct exec_state *s, const float *const *in, float *const *out, int times,
                 struct dl4j_op_stats *stats, int *n, struct dl4j_error *err)
{
	const struct exec_plan *p = s->plan;
	const int room = *n;
	dnnl_status_t st = dnnl_success;
	struct exec_turn turn;
	int i = 0;

	*n = p->n_calls;
	if (!stats)
		return 0;
	if (room < p->n_calls)
		return fail(err, DL4J_EUSAGE, "profile: expected room for %d operations, found %d",
		            p->n_calls, room);
	turn = exec_begin(p->threads);
	st = set_arrays(s, in, out);
	for (i = 0; i < p->n_calls; i++)
		stats[i] = p->calls[i].stats;
	for (int k = 0; k < times && st == dnnl_success; k++) {
		int at = 0;
		for (i = 0; i < p->n_calls && st == dnnl_success; at += p->calls[i++].n_args) {
			const double start = seconds_now();
			st = execute(s, i, at);
			if (st == dnnl_success)
				st = dnnl_stream_wait(s->stream);
			stats[i].seconds += (seconds_now() - start) / times;
		}
	}
	exec_end(&turn);
	return finish(p, i, st, err);
}
