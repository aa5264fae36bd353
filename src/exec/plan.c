/* SPDX-License-Identifier: Apache-2.0 */
/* Compile, lay out the memory, pack the constants. */
#include <stdint.h>
#include <stdlib.h>

#include "base/num.h"
#include "exec/compile.h"
#include "exec/memory_plan.h"

#define BLOCK_ALIGN 4096

static int64_t aligned(int64_t size)
{
	return (size + 63) / 64 * 64;
}

/* A buffer lives from the first call that touches it to the last. */
static int place_temps(struct exec_plan *p, struct dl4j_error *err)
{
	struct span *spans = calloc((size_t)p->n_buffers + 1, sizeof *spans);
	int *span_of = calloc((size_t)p->n_buffers + 1, sizeof *span_of);
	int n = 0, status = 0;

	if (!spans || !span_of) {
		status = fail_memory(err);
		goto out;
	}
	for (int i = 0; i < p->n_buffers; i++) {
		span_of[i] = -1;
		if (p->buffers[i].kind != BUFFER_TEMP)
			continue;
		span_of[i] = n;
		spans[n++] = (struct span){ .size = p->buffers[i].size, .first = -1, .last = -1 };
	}
	for (int i = 0; i < p->n_calls; i++)
		for (int k = 0; k < p->calls[i].n_args; k++) {
			int at = span_of[p->slots[p->calls[i].args[k].slot].buffer];
			if (at >= 0 && spans[at].first < 0)
				spans[at].first = i;
			if (at >= 0)
				spans[at].last = i;
		}
	if (memory_plan(spans, n, &p->temp_bytes) < 0) {
		status = fail_memory(err);
		goto out;
	}
	for (int i = 0; i < p->n_buffers; i++)
		if (span_of[i] >= 0)
			p->buffers[i].offset = spans[span_of[i]].offset;
out:
	free(spans);
	free(span_of);
	return status;
}

/* Where oneDNN does not accept the strides, or there is a scale, by way of a copy. */
static int source_memory(struct compile *c, const struct ir_source *s, dnnl_memory_t *out,
                         const struct shim_desc **desc, float **copy)
{
	int64_t plain[IR_RANK];
	const float *data = s->data;

	*desc = s->scale ? NULL : shim_strided(c->plan->shim, s->rank, s->dim, s->stride);
	if (!*desc) {
		data = *copy = ir_gather(s);
		if (!data)
			return fail_memory(c->err);
		dims_strides(s->dim, s->rank, 'c', plain);
		*desc = shim_strided(c->plan->shim, s->rank, s->dim, plain);
	}
	if (!*desc || shim_memory(out, c->plan->shim, *desc, (void *)(uintptr_t)data) != dnnl_success)
		return compile_fail(c, dnnl_out_of_memory);
	return 0;
}

static int pack_one(struct compile *c, dnnl_stream_t stream, const struct packing *k)
{
	const struct exec_plan *p = c->plan;
	struct slot *slot = &p->slots[k->slot];
	const struct shim_desc *desc;
	float *copy = NULL;
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_t reorder = NULL;
	dnnl_memory_t from = NULL;
	dnnl_status_t st;

	if (source_memory(c, &k->from, &from, &desc, &copy) < 0) {
		free(copy);
		return c->err->code;
	}
	st = shim_memory(&slot->constant, p->shim, slot->desc,
	                 p->constants + p->buffers[slot->buffer].offset);
	if (st == dnnl_success)
		st = shim_reorder(&pd, p->shim, desc, slot->desc, NULL);
	if (st == dnnl_success)
		st = dnnl_primitive_create(&reorder, pd);
	if (st == dnnl_success) {
		const dnnl_exec_arg_t args[] = { { DNNL_ARG_FROM, from },
		                                 { DNNL_ARG_TO, slot->constant } };
		st = dnnl_primitive_execute(reorder, stream, 2, args);
	}
	if (st == dnnl_success)
		st = dnnl_stream_wait(stream);
	dnnl_primitive_destroy(reorder);
	dnnl_primitive_desc_destroy(pd);
	dnnl_memory_destroy(from);
	free(copy);
	return st == dnnl_success ? 0 : compile_fail(c, st);
}

static int pack_constants(struct compile *c)
{
	struct exec_plan *p = c->plan;
	dnnl_stream_t stream;
	int status = 0;

	for (int i = 0; i < p->n_buffers; i++)
		if (p->buffers[i].kind == BUFFER_CONST) {
			p->buffers[i].offset = p->const_bytes;
			p->const_bytes += aligned(p->buffers[i].size);
		}
	if (p->const_bytes == 0)
		return 0;
	p->constants = aligned_alloc(BLOCK_ALIGN, (size_t)(p->const_bytes + BLOCK_ALIGN - 1) /
	                                                  BLOCK_ALIGN * BLOCK_ALIGN);
	if (!p->constants)
		return fail_memory(c->err);
	if (dnnl_stream_create(&stream, shim_engine(p->shim), dnnl_stream_default_flags) !=
	    dnnl_success)
		return fail_memory(c->err);
	for (const struct packing *k = c->packings; k && status == 0; k = k->next)
		status = pack_one(c, stream, k);
	dnnl_stream_destroy(stream);
	for (int i = 0; i < p->n_slots && status == 0; i++) {
		struct slot *s = &p->slots[i];
		const struct buffer *b = &p->buffers[s->buffer];
		if (b->kind == BUFFER_CONST && !s->constant &&
		    shim_memory(&s->constant, p->shim, s->desc, p->constants + b->offset) !=
		            dnnl_success)
			status = fail_memory(c->err);
	}
	return status;
}

/* `what` with its verb: "the outputs need". */
static int check_limit(double bytes, int64_t most, const char *what, struct dl4j_error *err)
{
	if (most > 0 && bytes > (double)most)
		return fail(err, DL4J_ELIMIT, "%s %.0f MB, the limit is %.0f MB", what, bytes / 1e6,
		            (double)most / 1e6);
	return 0;
}

/* Before a thing is compiled or allocated: no value, nor the caller's outputs together, may be
 * larger than all activations may be. */
static int check_values(const struct ir *ir, int64_t most, struct dl4j_error *err)
{
	double outputs = 0;

	for (int i = 0; i < ir->n_ops; i++) {
		const struct ir_op *op = ir->ops[i];
		if (op && check_limit(4 * (double)ir_elements(op->out), most, "alone needs", err)) {
			struct dl4j_error is = *err;
			return fail(err, is.code, "'%.64s' %s", op->origin ? op->origin : ir_name(op->code),
			            is.msg);
		}
	}
	for (int i = 0; i < ir->n_outputs; i++)
		outputs += 4 * (double)ir_elements(ir->outputs[i]);
	return check_limit(outputs, most, "the outputs need", err);
}

int exec_plan_new(struct exec_plan **out, const struct ir *ir, const struct exec_layout *inputs,
                  const struct exec_layout *outputs, const struct exec_options *options,
                  struct dl4j_error *err)
{
	struct exec_plan *p = calloc(1, sizeof *p);
	const bool bf16 = options->precision == DL4J_BF16;
	struct compile c = { .plan = p, .ir = ir, .type = bf16 ? dnnl_bf16 : dnnl_f32, .err = err };
	int status, threads;

	if (!p)
		return fail_memory(err);
	if (bf16 && !exec_has_bf16()) {
		free(p);
		return fail(err, DL4J_EUNSUPPORTED, "precision bf16: expected a processor with AVX512_BF16 "
		            "or AMX, found one without");
	}
	if (check_values(ir, options->max_bytes, err)) {
		free(p);
		return err->code;
	}
	p->threads = options->threads > 0 ? options->threads : 1;
	if (p->threads > 1)
		exec_wait_asleep();
	/* oneDNN settles a primitive's number of threads when it is made */
	threads = exec_set_threads(p->threads);
	status = shim_new(&p->shim) == dnnl_success ? 0 : fail_memory(err);
	if (status == 0)
		status = compile_ir(&c, inputs, outputs);
	if (status == 0 && compile_no_memory(&c)) /* it did without a descriptor: a slower plan */
		status = fail_memory(err);
	if (status == 0)
		status = place_temps(p, err);
	if (status == 0)
		status = check_limit((double)p->temp_bytes, options->max_bytes, "the activations need",
		                     err);
	if (status == 0)
		status = pack_constants(&c);
	exec_set_threads(threads);
	if (status < 0)
		exec_plan_free(p);
	else
		*out = p;
	return status;
}

void exec_plan_free(struct exec_plan *p)
{
	if (!p)
		return;
	for (int i = 0; i < p->n_calls; i++) {
		dnnl_primitive_destroy(p->calls[i].primitive);
		dnnl_primitive_desc_destroy(p->calls[i].pd);
	}
	for (int i = 0; i < p->n_slots; i++)
		dnnl_memory_destroy(p->slots[i].constant);
	shim_free(p->shim);
	free(p->buffers);
	free(p->slots);
	free(p->calls);
	free(p->constants);
	arena_free(&p->arena);
	free(p);
}

void exec_plan_memory(const struct exec_plan *p, int64_t *activations, int64_t *constants)
{
	*activations = p->temp_bytes;
	*constants = p->const_bytes;
}
