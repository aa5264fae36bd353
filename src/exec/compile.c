/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers, slots, places and calls; which operation is emitted how stands in emit_*.c. */
#include "exec/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

/* Layouts that oneDNN's fast primitives know, of a rank; the first is row-major. */
static const dnnl_format_tag_t common[IR_RANK + 1][5] = {
	[1] = { dnnl_a },
	[2] = { dnnl_ab },
	[3] = { dnnl_abc, dnnl_acb, dnnl_aBc16b, dnnl_aBc8b },
	[4] = { dnnl_abcd, dnnl_acdb, dnnl_aBcd16b, dnnl_aBcd8b },
	[5] = { dnnl_abcde, dnnl_acdeb, dnnl_aBcde16b, dnnl_aBcde8b },
	[6] = { dnnl_abcdef },
};

bool compile_no_memory(const struct compile *c)
{
	return c->no_memory || shim_no_memory(c->plan->shim);
}

int compile_fail(struct compile *c, dnnl_status_t st)
{
	if (st == dnnl_out_of_memory || compile_no_memory(c))
		return fail_memory(c->err);
	return fail(c->err, DL4J_EBACKEND, "%s: %s: oneDNN: %s",
	            c->op ? c->op->origin : "network",
	            c->op ? ir_name(c->op->code) : "input or output", shim_status(st));
}

/* A NULL descriptor is one that oneDNN refused to make. */
static int have(struct compile *c, const struct shim_desc *d)
{
	return d ? 0 : compile_fail(c, dnnl_invalid_arguments);
}

/* An unrolled recurrent layer asks for the same few descriptors thousands of times. */
static const struct shim_desc *tagged(struct compile *c, int rank, const int64_t *dim,
                                      dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	struct known *k = c->known;

	while (k && (k->rank != rank || k->type != type || k->tag != tag ||
	             memcmp(k->dim, dim, (size_t)rank * sizeof *dim)))
		k = k->next;
	if (k)
		return k->desc;
	k = ARENA_NEW(&c->plan->arena, struct known, 1);
	if (!k) {
		c->no_memory = true;
		return NULL;
	}
	k->rank = rank;
	k->type = type;
	k->tag = tag;
	memcpy(k->dim, dim, (size_t)rank * sizeof *dim);
	k->desc = shim_tagged(c->plan->shim, rank, dim, type, tag);
	k->next = c->known;
	c->known = k;
	return k->desc;
}

int compile_tagged(struct compile *c, const struct ir_val *v, dnnl_format_tag_t tag,
                   const struct shim_desc **out)
{
	*out = tagged(c, v->rank, v->dim, dnnl_f32, tag);
	return have(c, *out);
}

int compile_plain(struct compile *c, const struct ir_val *v, const struct shim_desc **out)
{
	return compile_tagged(c, v, common[v->rank][0], out);
}

int compile_any(struct compile *c, const struct ir_val *v, dnnl_data_type_t type,
                const struct shim_desc **out)
{
	*out = tagged(c, v->rank, v->dim, type, dnnl_format_tag_any);
	return have(c, *out);
}

/* Which of the common layouts d is; dnnl_format_tag_undef: none. */
static dnnl_format_tag_t tag_of(struct compile *c, const struct shim_desc *d,
                                const struct ir_val *v)
{
	for (const dnnl_format_tag_t *tag = common[v->rank]; *tag; tag++) {
		const struct shim_desc *candidate = tagged(c, v->rank, v->dim, shim_type(d), *tag);
		if (candidate && shim_equal(candidate, d))
			return *tag;
	}
	return dnnl_format_tag_undef;
}

const struct shim_desc *compile_like(struct compile *c, const struct shim_desc *d,
                                     const struct ir_val *of, const struct ir_val *v)
{
	dnnl_format_tag_t tag = tag_of(c, d, of);

	return tag ? tagged(c, v->rank, v->dim, shim_type(d), tag) : NULL;
}

const struct shim_desc *compile_desc(const struct compile *c, int slot)
{
	return c->plan->slots[slot].desc;
}

bool compile_is_float(const struct compile *c, int slot)
{
	return shim_type(compile_desc(c, slot)) == dnnl_f32;
}

/* As with arenas, each request can fail where --enable-coverage asks for it. */
#ifdef OWN_BLOCKS
#define LARGER(room) ((room) + 1)
#else
#define LARGER(room) ((room) * 2 + 64)
#endif

/* Room for one more element; the arrays are freed with the plan. */
static int grow(struct compile *c, void *array, int n, int *room, size_t size)
{
	void **at = array, *grown;

	if (n < *room)
		return 0;
	grown = realloc(*at, (size_t)LARGER(*room) * size);
	if (!grown)
		return fail_memory(c->err);
	*at = grown;
	*room = LARGER(*room);
	return 0;
}

static int add_buffer(struct compile *c, enum buffer_kind kind, size_t size, int index)
{
	struct exec_plan *p = c->plan;

	TRY(grow(c, &p->buffers, p->n_buffers, &c->room_buffers, sizeof *p->buffers));
	p->buffers[p->n_buffers] =
	        (struct buffer){ .kind = kind, .size = (int64_t)size, .index = index };
	return p->n_buffers++;
}

static int add_slot(struct compile *c, const struct shim_desc *d, int buffer, int *slot)
{
	struct exec_plan *p = c->plan;

	TRY(buffer);
	TRY(grow(c, &p->slots, p->n_slots, &c->room_slots, sizeof *p->slots));
	p->slots[p->n_slots] = (struct slot){ .desc = d, .buffer = buffer, .scale = 1 };
	*slot = p->n_slots++;
	return 0;
}

int compile_slot(struct compile *c, const struct shim_desc *d, int *slot)
{
	return add_slot(c, d, add_buffer(c, BUFFER_TEMP, shim_size(d), 0), slot);
}

int compile_slot_of(struct compile *c, const struct ir_val *v, const struct shim_desc *d,
                    int *slot)
{
	TRY(compile_slot(c, d, slot));
	if (int8_is(c, *slot))
		c->plan->slots[*slot].scale = c->values[v->id].scale;
	return 0;
}

int compile_alias(struct compile *c, int slot, const struct shim_desc *d, int *alias)
{
	TRY(add_slot(c, d, c->plan->slots[slot].buffer, alias));
	c->plan->slots[*alias].offset = c->plan->slots[slot].offset;
	c->plan->slots[*alias].scale = c->plan->slots[slot].scale;
	return 0;
}

static struct buffer *buffer_of(const struct compile *c, int slot)
{
	return &c->plan->buffers[c->plan->slots[slot].buffer];
}

/* rank 0: under v's own axes. A stride along a size of 1 means nothing, yet oneDNN 2.6.3 and 3.8.1
 * compute wrongly where it is not the layout's own. */
static int add_place(struct compile *c, const struct ir_val *v, int slot, int rank)
{
	struct place *p = ARENA_NEW(&c->plan->arena, struct place, 1), **end;
	const struct shim_desc *usual;

	if (!p)
		return fail_memory(c->err);
	usual = rank ? NULL : compile_like(c, compile_desc(c, slot), v, v);
	if (usual)
		c->plan->slots[slot].desc = usual;
	p->slot = slot;
	p->rank = rank;
	for (end = &c->values[v->id].places; *end; end = &(*end)->next)
		;
	*end = p;
	if (c->values[v->id].uses > 0)
		buffer_of(c, slot)->live++;
	return 0;
}

/* One use of v less; with the last, its buffers may be overwritten. */
static void consume(struct compile *c, const struct ir_val *v)
{
	if (--c->values[v->id].uses == 0)
		for (const struct place *p = c->values[v->id].places; p; p = p->next)
			buffer_of(c, p->slot)->live--;
}

static int in_buffer(const struct compile *c, const struct ir_val *v, int buffer)
{
	for (const struct place *p = c->values[v->id].places; p; p = p->next)
		if (c->plan->slots[p->slot].buffer == buffer)
			return 1;
	return 0;
}

bool compile_may_overwrite(const struct compile *c, int slot)
{
	const struct buffer *b = buffer_of(c, slot);
	int readers = 0;

	if (b->kind != BUFFER_TEMP || b->live > 0)
		return false;
	for (int i = 0; i < c->op->n_in; i++)
		readers += in_buffer(c, c->op->in[i], c->plan->slots[slot].buffer);
	for (int i = 0; i < c->op->n_post; i++)
		if (c->op->post[i].kind == IR_POST_SUM)
			readers += in_buffer(c, c->op->post[i].operand, c->plan->slots[slot].buffer);
	return readers <= 1;
}

/* --- Reading values --- */

/* A slot for a constant in layout `as`, to be filled when all is planned. */
static int pack(struct compile *c, const struct ir_source *from, const struct shim_desc *as,
                int *slot)
{
	struct packing *p = ARENA_NEW(&c->plan->arena, struct packing, 1);

	if (!p)
		return fail_memory(c->err);
	TRY(add_slot(c, as, add_buffer(c, BUFFER_CONST, shim_size(as), 0), slot));
	p->slot = *slot;
	p->from = *from;
	p->next = c->packings;
	c->packings = p;
	return 0;
}

/* A value's own dimensions tell under which other axes it is read. */
static int find(const struct compile *c, const struct ir_val *v, int rank,
                const struct shim_desc *as)
{
	for (const struct place *p = c->values[v->id].places; p; p = p->next)
		if (p->rank == rank && shim_equal(compile_desc(c, p->slot), as))
			return p->slot;
	return -1;
}

int compile_read(struct compile *c, const struct ir_val *v, const struct shim_desc *as, int *slot)
{
	*slot = find(c, v, 0, as);
	if (*slot >= 0)
		return 0;
	if (v->data) {
		const struct ir_source from = ir_source(v, v->rank, NULL);
		TRY(pack(c, &from, as, slot));
	} else {
		TRY(compile_slot_of(c, v, as, slot));
		/* the first place is where it was made, under its own axes */
		TRY(compile_reorder(c, "REORDER", c->values[v->id].places->slot, *slot));
	}
	return add_place(c, v, *slot, 0);
}

int compile_read_plain(struct compile *c, const struct ir_val *v, int *slot)
{
	const struct shim_desc *plain;

	TRY(compile_plain(c, v, &plain));
	return compile_read(c, v, plain, slot);
}

int compile_constant(struct compile *c, const float *x, int64_t n, int *slot)
{
	float *copy = ARENA_NEW(&c->plan->arena, float, (size_t)n);
	const struct ir_source from = { .rank = 1, .dim = { n }, .data = copy, .stride = { 1 } };
	const struct shim_desc *d = copy ? tagged(c, 1, &n, dnnl_f32, dnnl_a) : NULL;

	if (!copy)
		return fail_memory(c->err);
	memcpy(copy, x, (size_t)n * sizeof *copy);
	TRY(have(c, d));
	return pack(c, &from, d, slot);
}

int compile_fill(struct compile *c, float x, int like, int *slot)
{
	const struct shim_desc *d = compile_desc(c, like);
	const int64_t n = (int64_t)(shim_size(d) / sizeof(float));
	float *data = ARENA_NEW(&c->plan->arena, float, (size_t)n);
	const struct ir_source from = { .rank = 1, .dim = { n }, .data = data, .stride = { 1 } };

	if (!data)
		return fail_memory(c->err);
	for (int64_t i = 0; i < n; i++)
		data[i] = x;
	return pack(c, &from, d, slot);
}

/* The first place in a layout that primitives know, in 8 bits or not; -1: none. */
static int known_place(struct compile *c, const struct ir_val *v, bool int8)
{
	for (const struct place *p = c->values[v->id].places; p; p = p->next)
		if (!p->rank && int8_is(c, p->slot) == int8 && tag_of(c, compile_desc(c, p->slot), v))
			return p->slot;
	return -1;
}

const struct shim_desc *compile_as(struct compile *c, int slot, const struct ir_val *v,
                                   dnnl_data_type_t type)
{
	return tagged(c, v->rank, v->dim, type, tag_of(c, compile_desc(c, slot), v));
}

/* What lies in `slot`, a place of v, in the same layout as another type. */
static int convert(struct compile *c, const struct ir_val *v, dnnl_data_type_t type, int *slot)
{
	const struct shim_desc *d = compile_as(c, *slot, v, type);

	TRY(have(c, d));
	return compile_read(c, v, d, slot);
}

int compile_read_as_is(struct compile *c, const struct ir_val *v, int *slot)
{
	*slot = known_place(c, v, false);
	return *slot < 0 ? compile_read_plain(c, v, slot) : 0;
}

int compile_read_int8(struct compile *c, const struct ir_val *v, int *slot)
{
	*slot = known_place(c, v, true);
	if (*slot >= 0)
		return 0;
	TRY(compile_read_as_is(c, v, slot));
	return convert(c, v, c->values[v->id].int8, slot);
}

int compile_read_floats(struct compile *c, const struct ir_val *v, int *slot)
{
	TRY(compile_read_as_is(c, v, slot));
	return compile_is_float(c, *slot) ? 0 : convert(c, v, dnnl_f32, slot);
}

int compile_any_axes(struct compile *c, const struct ir_val *v, int rank, const int *axis,
                     dnnl_data_type_t type, const struct shim_desc **out)
{
	int64_t dim[IR_RANK];

	for (int i = 0; i < rank; i++)
		dim[i] = v->dim[axis[i]];
	*out = tagged(c, rank, dim, type, dnnl_format_tag_any);
	return have(c, *out);
}

int compile_read_axes(struct compile *c, const struct ir_val *v, int rank, const int *axis,
                      const struct shim_desc *as, int *slot)
{
	int64_t dim[IR_RANK], stride[IR_RANK], plain[IR_RANK];
	const struct ir_source constant = ir_source(v, rank, axis);
	const struct shim_desc *view;
	int from;

	*slot = find(c, v, rank, as);
	if (*slot >= 0)
		return 0;
	if (v->data) {
		TRY(pack(c, &constant, as, slot));
	} else {
		dims_strides(v->dim, v->rank, 'c', plain);
		for (int i = 0; i < rank; i++) {
			dim[i] = v->dim[axis[i]];
			stride[i] = plain[axis[i]];
		}
		TRY(compile_read_plain(c, v, &from));
		view = shim_strided(c->plan->shim, rank, dim, stride);
		TRY(have(c, view));
		TRY(compile_alias(c, from, view, &from));
		TRY(compile_slot(c, as, slot));
		TRY(compile_reorder(c, "REORDER", from, *slot));
	}
	return add_place(c, v, *slot, rank);
}

int compile_read_weights(struct compile *c, const struct ir_val *v, int rank, const int *axis,
                         const struct shim_desc *as, int n_scales, int *slot)
{
	const struct ir_source constant = ir_source(v, rank, axis);

	TRY(pack(c, &constant, as, slot));
	c->packings->scales = c->values[v->id].scales;
	c->packings->n_scales = n_scales;
	return 0;
}

/* --- Calls --- */

static int add_call(struct compile *c, struct call call, const struct arg *args, int n)
{
	struct exec_plan *p = c->plan;

	TRY(grow(c, &p->calls, p->n_calls, &c->room_calls, sizeof *p->calls));
	call.args = ARENA_NEW(&p->arena, struct arg, (size_t)n);
	if (!call.args)
		return fail_memory(c->err);
	memcpy(call.args, args, (size_t)n * sizeof *args);
	call.n_args = n;
	call.stats.origin = c->op ? c->op->origin : "";
	p->calls[p->n_calls++] = call;
	return 0;
}

static const char *impl_of(const_dnnl_primitive_desc_t pd)
{
	const char *impl = NULL;

	dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &impl);
	return impl ? impl : "";
}

static bool is_reference(const_dnnl_primitive_desc_t pd)
{
	return strstr(impl_of(pd), "ref") != NULL;
}

/* What a call is shown as: the operation itself, or with a name a step that it needs. */
static struct dl4j_op_stats stats_of(const struct compile *c, const char *name,
                                     const struct arg *args, int n)
{
	struct dl4j_op_stats s = { .op = name };

	if (!name) {
		s.op = ir_name(c->op->code);
		s.flops = ir_flops(c->op);
		s.bytes = ir_bytes(c->op);
		return s;
	}
	for (int i = 0; i < n; i++)
		s.bytes += (double)shim_size(compile_desc(c, args[i].slot));
	return s;
}

int compile_primitive(struct compile *c, const char *name, dnnl_primitive_desc_t pd,
                      const struct arg *args, int n)
{
	const struct shim_desc *scratch = shim_asked(pd, dnnl_query_scratchpad_md, 0);
	struct call call = { .pd = pd, .stats = stats_of(c, name, args, n) };
	struct arg *all = ARENA_NEW(&c->plan->arena, struct arg, (size_t)n + 1);
	dnnl_status_t st = dnnl_primitive_create(&call.primitive, pd);
	int made = all ? 0 : fail_memory(c->err);

	if (st != dnnl_success) {
		dnnl_primitive_desc_destroy(pd);
		return compile_fail(c, st);
	}
	call.stats.impl = impl_of(pd);
	if (all) {
		memcpy(all, args, (size_t)n * sizeof *all);
		if (shim_size(scratch) > 0) {
			all[n].role = DNNL_ARG_SCRATCHPAD;
			made = compile_slot(c, scratch, &all[n++].slot);
		}
	}
	if (made == 0)
		made = add_call(c, call, all, n);
	if (made < 0) {
		dnnl_primitive_destroy(call.primitive);
		dnnl_primitive_desc_destroy(pd);
	}
	return made;
}

int compile_kernel(struct compile *c, const char *name, ir_function *kernel, const void *how,
                   size_t size, const int *slots, int n)
{
	struct arg *args = ARENA_NEW(&c->plan->arena, struct arg, (size_t)n);
	struct call call = { .kernel = kernel };
	void *copy = arena_alloc(&c->plan->arena, 1, size);

	if (!copy || !args)
		return fail_memory(c->err);
	for (int i = 0; i < n; i++)
		args[i] = (struct arg){ .slot = slots[i] };
	call.stats = stats_of(c, name, args, n);
	if (c->op->code == IR_KERNEL)
		call.stats.flops = ir_flops(c->op);
	call.stats.impl = "kernel";
	call.how = memcpy(copy, how, size);
	return add_call(c, call, args, n);
}

int compile_reorder(struct compile *c, const char *name, int from, int to)
{
	const struct shim_scales scales = { .src = c->plan->slots[from].scale,
		                            .dst = c->plan->slots[to].scale };
	const bool scaled = scales.src != scales.dst;
	struct arg args[4] = { { DNNL_ARG_FROM, from }, { DNNL_ARG_TO, to } };
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_attr_t attr;
	dnnl_status_t st;
	int n = 2;

	if (scaled)
		TRY(compile_scales(c, &scales, args, &n)); /* unreached: only oneDNN 3 takes them so */
	st = shim_attr(&attr, c->plan->shim, NULL, 0, scaled ? &scales : NULL);

	if (st == dnnl_success) {
		st = shim_reorder(&pd, c->plan->shim, compile_desc(c, from), compile_desc(c, to), attr);
		dnnl_primitive_attr_destroy(attr);
	}
	if (st != dnnl_success)
		return compile_fail(c, st);
	return compile_primitive(c, name, pd, args, n);
}

int compile_scales(struct compile *c, const struct shim_scales *s, struct arg *args, int *n)
{
	const struct {
		int role;
		const float *scales;
		int n;
	} all[] = { { DNNL_ARG_SRC, &s->src, 1 },
		    { DNNL_ARG_WEIGHTS, s->weights, s->n_weights },
		    { DNNL_ARG_DST, s->dst == 1 ? NULL : &s->dst, 1 } };

	/* unreached: only oneDNN 3 has a role for scales */
	for (size_t i = 0; shim_scales_role && i < sizeof all / sizeof *all; i++)
		if (all[i].scales) { /* unreached: likewise */
			args[*n].role = shim_scales_role | all[i].role;
			/* unreached: likewise */
			TRY(compile_constant(c, all[i].scales, all[i].n, &args[*n].slot));
			++*n;
		}
	return 0;
}

/* A function of a kind that stands before among the post-ops, with other numbers: 2.6.3 may give
 * both the numbers of one of them. */
static bool repeats(const struct ir_op *op, int post)
{
	for (int i = 0; i < post; i++)
		if (op->post[i].kind == IR_POST_ELTWISE &&
		    op->post[i].eltwise == op->post[post].eltwise &&
		    (op->post[i].a != op->post[post].a || op->post[i].b != op->post[post].b))
			return true;
	return false;
}

/* The leading post-ops that a primitive could do: functions that oneDNN knows, and one sum. Others
 * than these four take post-ops too, but 2.6.3's pooling forgets sums, or crashes below AVX2. */
static int fusable(const struct ir_op *op)
{
	int sums = op->code == IR_CONV || op->code == IR_MATMUL ? 1 : 0, n = 0;
	struct shim_function f;

	if (!sums && op->code != IR_BINARY && op->code != IR_AFFINE)
		return 0;
	for (; n < op->n_post; n++) {
		const struct ir_post *p = &op->post[n];
		if (p->kind == IR_POST_SUM && sums-- == 0)
			break;
		if (p->kind == IR_POST_ELTWISE &&
		    (repeats(op, n) || !shim_knows(p->eltwise, p->a, p->b, &f)))
			break;
	}
	return n;
}

static bool is_channel(const struct ir_post *p)
{
	return p->kind == IR_POST_SCALE || p->kind == IR_POST_SHIFT;
}

static bool any_channel(const struct ir_op *op, int from, int to)
{
	for (int i = from; i < to; i++)
		if (is_channel(&op->post[i]))
			return true;
	return false;
}

/* Numbers a channel cost 2.6.3 a third more time in all implementations but those on brgemm; and
 * any may read past their end, where blocks of channels are not full. */
static bool suits(const struct ir_op *op, const_dnnl_primitive_desc_t pd, int fused)
{
	if (fused && is_reference(pd))
		return false;
	return !any_channel(op, 0, fused) ||
	       (strstr(impl_of(pd), "brg") && op->out->dim[1] % 16 == 0);
}

int compile_channels(struct compile *c, struct arg *args, int n, int fused)
{
	for (int i = 0; i < fused; i++) {
		if (!is_channel(&c->op->post[i]))
			continue;
		args[n].role = DNNL_ARG_ATTR_MULTIPLE_POST_OP(i) | DNNL_ARG_SRC_1;
		TRY(compile_read_plain(c, c->op->post[i].operand, &args[n++].slot));
	}
	return n;
}

int compile_pick(struct compile *c, dnnl_primitive_desc_t *pd, int *fused,
                 dnnl_status_t (*make)(struct compile *c, dnnl_primitive_desc_t *pd,
                                       const void *how, dnnl_primitive_attr_t attr),
                 const void *how)
{
	dnnl_primitive_attr_t attr;
	dnnl_status_t st = dnnl_unimplemented;

	for (*fused = fusable(c->op); *fused >= 0; --*fused) {
		*pd = NULL;
		st = shim_attr(&attr, c->plan->shim, c->op->post, *fused, c->scales);
		if (st != dnnl_success)
			return compile_fail(c, st);
		st = make(c, pd, how, attr);
		dnnl_primitive_attr_destroy(attr);
		if (st == dnnl_success && suits(c->op, *pd, *fused))
			return 0;
		if (st == dnnl_success)
			dnnl_primitive_desc_destroy(*pd);
		if (st == dnnl_out_of_memory)
			break;
	}
	*pd = NULL;
	return compile_fail(c, st);
}

int compile_pick_fast(struct compile *c, dnnl_primitive_desc_t *pd, int *fused,
                      dnnl_status_t (*make)(struct compile *c, dnnl_primitive_desc_t *pd,
                                            const void *how, dnnl_primitive_attr_t attr),
                      const void *how)
{
	int status = compile_pick(c, pd, fused, make, how);

	if (status == 0 && is_reference(*pd)) {
		dnnl_primitive_desc_destroy(*pd);
		*pd = NULL;
	}
	return status == DL4J_EMEMORY ? status : 0;
}

int compile_result(struct compile *c, const struct shim_desc *d, int fused, int *slot)
{
	const struct ir_val *operand = NULL;
	int from;

	for (int i = 0; i < fused; i++)
		if (c->op->post[i].kind == IR_POST_SUM)
			operand = c->op->post[i].operand;
	if (!operand)
		return join_slot(c, d, slot);
	*slot = find(c, operand, 0, d);
	if (*slot >= 0 && compile_may_overwrite(c, *slot))
		return 0;
	if (*slot >= 0)
		from = *slot;
	else
		TRY(compile_read_as_is(c, operand, &from));
	TRY(compile_slot(c, d, slot));
	return compile_reorder(c, "REORDER", from, *slot);
}

static int add_operand(struct compile *c, const struct ir_val *operand, int slot)
{
	const struct shim_desc *d = compile_desc(c, slot);
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_attr_t attr;
	dnnl_status_t st;
	int y;

	TRY(compile_read(c, operand, d, &y));
	st = shim_attr(&attr, c->plan->shim, NULL, 0, NULL);
	if (st == dnnl_success) {
		st = shim_binary(&pd, c->plan->shim, dnnl_binary_add, d, d, d, attr);
		dnnl_primitive_attr_destroy(attr);
	}
	if (st != dnnl_success)
		return compile_fail(c, st);
	return compile_primitive(c, "BINARY", pd, (struct arg[]){ { DNNL_ARG_SRC_0, slot },
	                         { DNNL_ARG_SRC_1, y }, { DNNL_ARG_DST, slot } }, 3);
}

int64_t compile_block(struct compile *c, const struct shim_desc *d, const struct ir_val *v)
{
	const dnnl_format_tag_t tag = tag_of(c, d, v), *all = common[v->rank];

	if (!tag)
		return 0;
	if (v->rank == 2 || tag == all[1])
		return v->dim[1];
	return tag == all[0] ? 1 : tag == all[2] ? 16 : 8;
}

/* Post-ops [from, to) in one sweep, over floats. */
static int sweep(struct compile *c, int from, int to, int *slot)
{
	const struct ir_val *v = c->op->out;
	struct kernel_posts k = { .n = v->dim[0], .channels = v->dim[1],
		                  .block = compile_block(c, compile_desc(c, *slot), v),
		                  .inner = dims_product(v->dim + 2, v->rank - 2),
		                  .n_post = to - from };
	int slots[1 + IR_POSTS], n = 1;

	if (!k.block || k.channels % k.block || !compile_is_float(c, *slot)) {
		const struct shim_desc *d;
		TRY(compile_plain(c, v, &d));
		TRY(compile_slot(c, d, &slots[0]));
		TRY(compile_reorder(c, "REORDER", *slot, slots[0]));
		*slot = slots[0];
		k.block = v->rank == 2 ? v->dim[1] : 1;
	}
	slots[0] = *slot;
	for (int i = 0; i < k.n_post; i++) {
		k.post[i] = c->op->post[from + i];
		if (is_channel(&k.post[i]))
			TRY(compile_read_plain(c, k.post[i].operand, &slots[n++]));
		else if (k.post[i].kind == IR_POST_SUM)
			TRY(compile_read(c, k.post[i].operand, compile_desc(c, *slot), &slots[n++]));
	}
	return compile_kernel(c, "POSTS", kernel_posts, &k, sizeof k, slots, n);
}

/* Where the post-ops from `from` on end that a sweep can do; a number a channel begins them. */
static int sweepable(const struct ir_op *op, int from)
{
	int to = from;

	if (is_channel(&op->post[from]))
		while (to < op->n_post && (op->post[to].kind != IR_POST_ELTWISE ||
		                           op->post[to].eltwise == IR_RELU))
			to++;
	return to;
}

int compile_finish(struct compile *c, int slot, int fused)
{
	for (int i = fused, to; i < c->op->n_post; i = to) {
		const struct ir_post *p = &c->op->post[i];
		to = sweepable(c->op, i);
		if (to > i)
			TRY(sweep(c, i, to, &slot));
		else if (p->kind == IR_POST_SUM)
			TRY(add_operand(c, p->operand, slot));
		else
			TRY(emit_eltwise(c, "ELTWISE", p->eltwise, p->a, p->b, slot, slot, &slot));
		to = to > i ? to : i + 1;
	}
	return add_place(c, c->op->out, slot, 0);
}

/* --- The whole --- */

static int emit(struct compile *c, const struct ir_op *op)
{
	static int (*const emitters[IR_CODES])(struct compile *, const struct ir_op *) = {
#define OP(code, arity) [IR_##code] = emit_##code,
#include "ir/ops.def"
#undef OP
	};

	c->op = op;
	for (int i = 0; i < op->n_in; i++)
		consume(c, op->in[i]);
	for (int i = 0; i < op->n_post; i++)
		if (op->post[i].kind == IR_POST_SUM)
			consume(c, op->post[i].operand);
	return emitters[op->code](c, op);
}

static int count_uses(struct compile *c)
{
	const struct ir *ir = c->ir;

	c->values = ARENA_NEW(&c->plan->arena, struct value, (size_t)ir->n_vals);
	if (!c->values)
		return fail_memory(c->err);
	for (int i = 0; i < ir->n_ops; i++) {
		const struct ir_op *op = ir->ops[i];
		for (int k = 0; op && k < op->n_in; k++)
			c->values[op->in[k]->id].uses++;
		for (int k = 0; op && k < op->n_post; k++)
			if (op->post[k].kind == IR_POST_SUM)
				c->values[op->post[k].operand->id].uses++;
	}
	for (int i = 0; i < ir->n_outputs; i++)
		c->values[ir->outputs[i]->id].uses++;
	return 0;
}

static int user_slot(struct compile *c, enum buffer_kind kind, int index, const struct ir_val *v,
                     const struct exec_layout *layout, int *slot)
{
	const struct shim_desc *d = shim_strided(c->plan->shim, v->rank, v->dim, layout->stride);

	TRY(have(c, d));
	return add_slot(c, d, add_buffer(c, kind, shim_size(d), index), slot);
}

/* Let the result be computed where the caller wants it, else copy it there. */
static int put_out(struct compile *c, int index, const struct exec_layout *layout)
{
	const struct ir_val *v = c->ir->outputs[index];
	int to, from;

	TRY(user_slot(c, BUFFER_OUT, index, v, layout, &to));
	from = find(c, v, 0, compile_desc(c, to));
	if (from >= 0 && c->plan->slots[from].offset == 0 && buffer_of(c, from)->kind == BUFFER_TEMP &&
	    buffer_of(c, from)->size == buffer_of(c, to)->size) {
		buffer_of(c, from)->kind = BUFFER_OUT;
		buffer_of(c, from)->index = index;
		return 0;
	}
	if (from < 0)
		TRY(compile_read_as_is(c, v, &from));
	return compile_reorder(c, "REORDER", from, to);
}

int compile_ir(struct compile *c, const struct exec_layout *inputs,
               const struct exec_layout *outputs)
{
	const struct ir *ir = c->ir;
	int slot;

	TRY(count_uses(c));
	if (c->int8)
		TRY(int8_plan(c));
	join_plan(c);
	/* unreached: a processor with 8 bits, but no bfloat16 */
	c->blocks = c->type == dnnl_f32 && !c->int8 && emit_prefers_blocks(ir);
	for (int i = 0; i < ir->n_inputs; i++) {
		TRY(user_slot(c, BUFFER_IN, i, ir->inputs[i], &inputs[i], &slot));
		TRY(add_place(c, ir->inputs[i], slot, 0));
	}
	for (int i = 0; i < ir->n_ops; i++)
		if (ir->ops[i])
			TRY(emit(c, ir->ops[i]));
	for (int i = 0; i < ir->n_outputs; i++) {
		c->op = ir->outputs[i]->def;
		TRY(put_out(c, i, &outputs[i]));
	}
	return 0;
}
