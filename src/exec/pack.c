/* SPDX-License-Identifier: Apache-2.0 */
/* Constants: where each lies in the plan's block, and how it gets there, in the order in which the
 * parameters come. Large ones go piece by piece, so that theirs need not all be there at once. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "exec/compile.h"

#define PIECE_BYTES (2 << 20)
#define PIECE_ROWS 64 /* the largest blocks of channels that layouts have */

static int64_t bytes_of(const struct packing *k)
{
	return (int64_t)sizeof(float) * dims_product(k->from.dim, k->from.rank);
}

/* By when they can be packed; of those, the largest last: it gives back what it has read. */
static int by_need(const void *a, const void *b)
{
	const struct packing *x = *(struct packing *const *)a, *y = *(struct packing *const *)b;

	if (x->from.until != y->from.until)
		return x->from.until < y->from.until ? -1 : 1;
	if (bytes_of(x) != bytes_of(y))
		return bytes_of(x) < bytes_of(y) ? -1 : 1;
	return x->slot - y->slot;
}

static int sort_packings(struct compile *c)
{
	struct exec_plan *p = c->plan;
	int n = 0;

	for (struct packing *k = c->packings; k; k = k->next)
		n++;
	p->packings = ARENA_NEW(&p->arena, struct packing *, (size_t)n + 1);
	if (!p->packings)
		return fail_memory(c->err);
	for (struct packing *k = c->packings; k; k = k->next)
		p->packings[p->n_packings++] = k;
	qsort(p->packings, (size_t)n, sizeof *p->packings, by_need);
	for (int64_t i = n, least = INT64_MAX; i-- > 0;) {
		p->packings[i]->later = least;
		least = p->packings[i]->from.from < least ? p->packings[i]->from.from : least;
	}
	return 0;
}

static struct buffer *buffer_of(const struct exec_plan *p, const struct packing *k)
{
	return &p->buffers[p->slots[k->slot].buffer];
}

int place_constants(struct compile *c)
{
	struct exec_plan *p = c->plan;

	TRY(sort_packings(c));
	for (int i = 0; i < p->n_packings; i++) {
		struct buffer *b = buffer_of(p, p->packings[i]);
		b->offset = p->const_bytes;
		p->const_bytes += b->size + (-b->size & 63);
	}
	if (p->const_bytes == 0)
		return 0;
	p->constants = exec_block(p->const_bytes);
	if (!p->constants)
		return fail_memory(c->err);
	for (int i = 0; i < p->n_packings; i++) { /* the gaps, which a file gets, too */
		const struct buffer *b = buffer_of(p, p->packings[i]);
		memset(p->constants + b->offset + b->size, 0, (size_t)(-b->size & 63));
	}
	for (int i = 0; i < p->n_slots; i++) {
		struct slot *s = &p->slots[i];
		const struct buffer *b = &p->buffers[s->buffer];
		if (b->kind == BUFFER_CONST && shim_memory(&s->constant, p->shim, s->desc,
		                                           p->constants + b->offset) != dnnl_success)
			return fail_memory(c->err);
	}
	return 0;
}

/* --- Packing ---------------------------------------------------------------------------------- */

struct packer {
	const struct exec_plan *plan;
	dnnl_stream_t stream;
	float *copy; /* room for a constant on its way */
	int64_t room;
	exec_ready *ready;
	void *self;
	struct dl4j_error *err;
};

static int pack_fail(struct packer *p, dnnl_status_t st)
{
	if (st == dnnl_out_of_memory)
		return fail_memory(p->err);
	return fail(p->err, DL4J_EBACKEND, "weights: oneDNN: %s", shim_status(st));
}

static int make_room(struct packer *p, int64_t n)
{
	if (n <= p->room)
		return 0;
	free(p->copy);
	p->copy = malloc((size_t)n * sizeof *p->copy);
	p->room = p->copy ? n : 0;
	return p->copy ? 0 : fail_memory(p->err);
}

/* Where oneDNN does not accept the strides, or there is a scale, by way of a copy. */
static int source_memory(struct packer *p, const struct ir_source *s, dnnl_memory_t *out,
                         const struct shim_desc **desc)
{
	struct shim *shim = p->plan->shim;
	int64_t plain[IR_RANK];
	const float *data = s->data;

	*desc = s->scale ? NULL : shim_strided(shim, s->rank, s->dim, s->stride);
	if (!*desc) {
		TRY(make_room(p, dims_product(s->dim, s->rank)));
		ir_gather(s, p->copy);
		data = p->copy;
		dims_strides(s->dim, s->rank, 'c', plain);
		*desc = shim_strided(shim, s->rank, s->dim, plain);
	}
	if (!*desc || shim_memory(out, shim, *desc, (void *)(uintptr_t)data) != dnnl_success)
		return pack_fail(p, dnnl_out_of_memory);
	return 0;
}

static dnnl_status_t reorder(struct packer *p, const struct shim_desc *from_desc,
                             dnnl_memory_t from, const struct shim_desc *to_desc, dnnl_memory_t to)
{
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_t primitive = NULL;
	const dnnl_exec_arg_t args[] = { { DNNL_ARG_FROM, from }, { DNNL_ARG_TO, to } };
	dnnl_status_t st = shim_reorder(&pd, p->plan->shim, from_desc, to_desc, NULL);

	if (st == dnnl_success)
		st = dnnl_primitive_create(&primitive, pd);
	if (st == dnnl_success)
		st = dnnl_primitive_execute(primitive, p->stream, 2, args);
	if (st == dnnl_success)
		st = dnnl_stream_wait(p->stream);
	dnnl_primitive_destroy(primitive);
	dnnl_primitive_desc_destroy(pd);
	return st;
}

/* s, to where `desc` says it lies from the slot's first byte on. */
static int pack_part(struct packer *p, const struct ir_source *s, const struct slot *slot,
                     const struct shim_desc *desc)
{
	const struct exec_plan *plan = p->plan;
	const struct shim_desc *from_desc;
	dnnl_memory_t from = NULL, to = NULL;
	dnnl_status_t st;

	TRY(source_memory(p, s, &from, &from_desc));
	st = shim_memory(&to, plan->shim, desc,
	                 plan->constants + plan->buffers[slot->buffer].offset);
	if (st == dnnl_success)
		st = reorder(p, from_desc, from, desc, to);
	dnnl_memory_destroy(to);
	dnnl_memory_destroy(from);
	return st == dnnl_success ? 0 : pack_fail(p, st);
}

/* The axis along which the parameters follow each other, and how much of it is a piece. */
static int outer_axis(const struct ir_source *s, int64_t *rows)
{
	int64_t row = (int64_t)sizeof(float);
	int axis = 0;

	for (int i = 1; i < s->rank; i++)
		if (s->dim[i] > 1 && (s->dim[axis] == 1 || s->stride[i] > s->stride[axis]))
			axis = i;
	for (int i = 0; i < s->rank; i++)
		row *= i == axis ? 1 : s->dim[i]; /* fits: the elements were counted */
	*rows = (PIECE_BYTES / row + PIECE_ROWS) / PIECE_ROWS * PIECE_ROWS;
	return axis;
}

/* At once: the parameters are all there. */
static int pack_int8(struct packer *p, const struct packing *k)
{
	static const dnnl_format_tag_t plain[] = { [2] = dnnl_ab, [3] = dnnl_abc, [4] = dnnl_abcd,
		                                   [5] = dnnl_abcde, [6] = dnnl_abcdef };
	const struct slot *slot = &p->plan->slots[k->slot];
	const struct ir_source *s = &k->from;
	const struct shim_desc *desc =
	        shim_tagged(p->plan->shim, s->rank, s->dim, dnnl_s8, plain[s->rank]);
	dnnl_memory_t from = NULL;
	dnnl_status_t st;

	TRY(make_room(p, dims_product(s->dim, s->rank)));
	ir_gather(s, p->copy);
	int8_round(p->copy, dims_product(s->dim, s->rank), k->scales, k->n_scales);
	st = desc ? shim_memory(&from, p->plan->shim, desc, p->copy) : dnnl_out_of_memory;
	if (st == dnnl_success)
		st = reorder(p, desc, from, slot->desc, slot->constant);
	dnnl_memory_destroy(from);
	return st == dnnl_success ? 0 : pack_fail(p, st);
}

static int pack_one(struct packer *p, const struct packing *k)
{
	const struct slot *slot = &p->plan->slots[k->slot];
	int64_t rows, at[IR_RANK] = { 0 };
	struct ir_source part = k->from;
	const int axis = outer_axis(&k->from, &rows);
	const int64_t all = k->from.dim[axis], stride = k->from.stride[axis];

	for (int64_t *i = &at[axis]; *i < all; *i += part.dim[axis]) {
		const struct shim_desc *desc = slot->desc;
		int64_t from = k->from.from + *i * stride, until = k->from.until;
		part.dim[axis] = all - *i < rows ? all - *i : rows;
		if (part.dim[axis] < all)
			desc = shim_part(p->plan->shim, slot->desc, part.dim, at);
		if (!desc) { /* not a layout that can be cut */
			part.dim[axis] = rows = all;
			desc = slot->desc;
		}
		part.data = k->from.data + *i * stride;
		if (part.scale)
			part.scale = k->from.scale + *i * k->from.scale_stride[axis];
		else
			until -= (all - *i - part.dim[axis]) * stride;
		if (p->ready)
			TRY(p->ready(p->self, from < k->later ? from : k->later, until, p->err));
		TRY(pack_part(p, &part, slot, desc));
	}
	return 0;
}

int exec_plan_pack(struct exec_plan *plan, exec_ready *ready, void *self, struct dl4j_error *err)
{
	struct packer p = { .plan = plan, .ready = ready, .self = self, .err = err };
	/* while others make the parameters, a team would wait for them at each end */
	const struct exec_turn turn = exec_begin(ready ? 1 : plan->threads);
	int status = 0;

	if (plan->n_packings && dnnl_stream_create(&p.stream, shim_engine(plan->shim),
	                                           dnnl_stream_default_flags) != dnnl_success)
		status = fail_memory(err);
	for (int i = 0; i < plan->n_packings && status == 0; i++)
		status = plan->packings[i]->scales ? pack_int8(&p, plan->packings[i])
		                                   : pack_one(&p, plan->packings[i]);
	dnnl_stream_destroy(p.stream);
	free(p.copy);
	exec_end(&turn);
	return status;
}

void *exec_plan_constants(const struct exec_plan *plan, int64_t *size)
{
	*size = plan->const_bytes;
	return plan->constants;
}

void exec_plan_describe(const struct exec_plan *plan, struct sha256 *s)
{
	const int64_t numbers[] = { plan->const_bytes, plan->n_packings };
	char backend[128] = "";

	exec_backend(backend, sizeof backend);
	sha256_add(s, backend, sizeof backend);
	sha256_add(s, numbers, sizeof numbers);
	for (int i = 0; i < plan->n_packings; i++) {
		const struct slot *slot = &plan->slots[plan->packings[i]->slot];
		const struct ir_source *from = &plan->packings[i]->from;
		const int64_t place[] = { plan->buffers[slot->buffer].offset, from->rank, !from->scale,
			                  from->from, from->until };
		sha256_add(s, place, sizeof place);
		sha256_add(s, from->dim, sizeof from->dim);
		sha256_add(s, from->stride, sizeof from->stride);
		sha256_add(s, from->scale_stride, sizeof from->scale_stride);
		shim_describe(slot->desc, s);
	}
}
