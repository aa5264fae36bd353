/* SPDX-License-Identifier: Apache-2.0 */
/* CONCAT, VIEW, PERMUTE, PAD, SLICE: elements elsewhere. VIEW, PERMUTE and SLICE only describe the
 * same bytes anew; what reads the result reorders, if it has to. */
#include "exec/compile.h"

static int read_part(struct compile *c, const struct ir_op *op, int i, int *slot)
{
	return int8_only(c, op->out) ? compile_read_int8(c, op->in[i], slot)
	                             : compile_read_as_is(c, op->in[i], slot);
}

/* The layout of the first input, if every input has whole blocks of channels. */
static int concat_layout(struct compile *c, const struct ir_op *op, const struct shim_desc **out)
{
	const struct shim_desc *d;
	int64_t offset[IR_RANK] = { 0 };
	int from;

	TRY(read_part(c, op, 0, &from));
	d = compile_like(c, compile_desc(c, from), op->in[0], op->out);
	for (int i = 0; d && i < op->n_in; i++) {
		if (!shim_part(c->plan->shim, d, op->in[i]->dim, offset))
			d = NULL;
		offset[op->axis] += op->in[i]->dim[op->axis];
	}
	*out = d;
	return d ? 0 : compile_plain(c, op->out, out);
}

/* As many parts of a block as there are inputs; those that are not there are copied. */
int emit_CONCAT(struct compile *c, const struct ir_op *op)
{
	const struct shim_desc *d = NULL, *part;
	int64_t offset[IR_RANK] = { 0 };
	int from, to, slot;

	if (!op->n_post && !int8_only(c, op->out))
		d = join_layout(c, op->out);
	if (!d)
		TRY(concat_layout(c, op, &d));
	if (op->n_post) /* which are done in place, and others may read the parts */
		TRY(compile_slot(c, d, &slot));
	else
		TRY(join_slot(c, d, &slot));
	for (int i = 0; i < op->n_in; offset[op->axis] += op->in[i++]->dim[op->axis]) {
		if (op->axis == 1 && join_is_there(c, op->in[i], slot, offset[1]))
			continue;
		part = shim_part(c->plan->shim, d, op->in[i]->dim, offset);
		if (!part)
			return compile_fail(c, dnnl_invalid_arguments);
		TRY(compile_alias(c, slot, part, &to));
		TRY(read_part(c, op, i, &from));
		TRY(compile_reorder(c, "CONCAT", from, to));
	}
	return compile_finish(c, slot, 0);
}

/* The result is the slot's buffer as d describes it, or a copy where post-ops will write to it. */
static int describe(struct compile *c, int slot, const struct shim_desc *d)
{
	int copy;

	if (!d)
		return compile_fail(c, dnnl_invalid_arguments);
	TRY(compile_alias(c, slot, d, &slot));
	if (!c->op->n_post)
		return compile_finish(c, slot, 0);
	TRY(compile_plain(c, c->op->out, &d));
	TRY(compile_slot(c, d, &copy));
	TRY(compile_reorder(c, NULL, slot, copy));
	return compile_finish(c, copy, 0);
}

int emit_VIEW(struct compile *c, const struct ir_op *op)
{
	const struct shim_desc *d;
	int slot;

	TRY(compile_read_plain(c, op->in[0], &slot));
	TRY(compile_plain(c, op->out, &d));
	return describe(c, slot, d);
}

int emit_PERMUTE(struct compile *c, const struct ir_op *op)
{
	int to[IR_RANK], slot; /* oneDNN is told where each axis goes */

	for (int i = 0; i < op->out->rank; i++)
		to[op->perm[i]] = i;
	TRY(compile_read_as_is(c, op->in[0], &slot));
	return describe(c, slot, shim_permuted(c->plan->shim, compile_desc(c, slot), to));
}

int emit_PAD(struct compile *c, const struct ir_op *op)
{
	const struct shim_desc *d, *part = NULL;
	struct kernel_zero k;
	int from, to, slot;

	TRY(compile_read_as_is(c, op->in[0], &from));
	d = compile_like(c, compile_desc(c, from), op->in[0], op->out);
	if (d)
		part = shim_part(c->plan->shim, d, op->in[0]->dim, op->pad[0]);
	if (!part) {
		TRY(compile_plain(c, op->out, &d));
		part = shim_part(c->plan->shim, d, op->in[0]->dim, op->pad[0]);
	}
	if (!part)
		return compile_fail(c, dnnl_invalid_arguments);
	k.bytes = (int64_t)shim_size(d);
	TRY(compile_slot(c, d, &slot));
	TRY(compile_alias(c, slot, part, &to));
	TRY(compile_kernel(c, "ZERO", kernel_zero, &k, sizeof k, &slot, 1));
	TRY(compile_reorder(c, NULL, from, to));
	return compile_finish(c, slot, 0);
}

int emit_SLICE(struct compile *c, const struct ir_op *op)
{
	const struct shim_desc *d;
	int slot;

	TRY(compile_read_as_is(c, op->in[0], &slot));
	d = shim_part(c->plan->shim, compile_desc(c, slot), op->out->dim, op->from);
	if (!d) { /* cuts through a block of channels */
		TRY(compile_read_plain(c, op->in[0], &slot));
		d = shim_part(c->plan->shim, compile_desc(c, slot), op->out->dim, op->from);
	}
	return describe(c, slot, d);
}
