/* SPDX-License-Identifier: Apache-2.0 */
/* Compile and lay out the memory; pack.c fills in the constants. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/num.h"
#include "exec/compile.h"
#include "exec/memory_plan.h"

#define PAGE ((size_t)4096)
#define HUGE_PAGE ((size_t)2 << 20)

void *exec_block(int64_t size)
{
	const size_t align = (size_t)size < HUGE_PAGE / 2 ? PAGE : HUGE_PAGE;
	const size_t bytes = ((size_t)size + align) / align * align;
	void *block = aligned_alloc(align, bytes);

	if (block && align == HUGE_PAGE)
		madvise(block, bytes, MADV_HUGEPAGE); /* ten times as fast to get; a wish only */
	return block;
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

static int check_processor(enum dl4j_precision precision, struct dl4j_error *err)
{
	if (precision == DL4J_BF16 && !exec_has_bf16())
		return fail(err, DL4J_EUNSUPPORTED, "precision bf16: expected a processor with AVX512_BF16 "
		            "or AMX, found one without");
	if (precision == DL4J_INT8 && !exec_has_int8())
		return fail(err, DL4J_EUNSUPPORTED, "precision int8: expected a processor with "
		            "AVX512_VNNI, AVX_VNNI or AMX, found one without");
	return 0;
}

int exec_plan_new(struct exec_plan **out, const struct ir *ir, const struct exec_layout *inputs,
                  const struct exec_layout *outputs, const struct exec_options *options,
                  struct dl4j_error *err)
{
	struct exec_plan *p = calloc(1, sizeof *p);
	struct compile c = { .plan = p, .ir = ir, .int8 = options->precision == DL4J_INT8,
		             .type = options->precision != DL4J_F32 && exec_has_bf16() ? dnnl_bf16 :
		                                                                         dnnl_f32,
		             .err = err };
	struct exec_turn turn;
	int status;

	if (!p)
		return fail_memory(err);
	if (check_processor(options->precision, err) || check_values(ir, options->max_bytes, err)) {
		free(p);
		return err->code;
	}
	p->threads = options->threads > 0 ? options->threads : 1;
	/* oneDNN settles a primitive's number of threads when it is made */
	turn = exec_begin(p->threads);
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
		status = place_constants(&c);
	exec_end(&turn);
	if (status == 0 && !options->late)
		status = exec_plan_pack(p, NULL, NULL, err);
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
