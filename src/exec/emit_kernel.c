/* SPDX-License-Identifier: Apache-2.0 */
/* KERNEL: a host function of a layer's own, on row-major arrays. */
#include "exec/compile.h"

int emit_KERNEL(struct compile *c, const struct ir_op *op)
{
	int *slots = ARENA_NEW(&c->plan->arena, int, (size_t)op->n_in + 1);
	const struct shim_desc *d;

	if (!slots)
		return fail_memory(c->err);
	for (int i = 0; i < op->n_in; i++)
		TRY(compile_read_plain(c, op->in[i], &slots[i]));
	TRY(compile_plain(c, op->out, &d));
	TRY(compile_slot(c, d, &slots[op->n_in]));
	TRY(compile_kernel(c, op->kernel->name, op->kernel->function, op->how, op->size, slots,
	                   op->n_in + 1));
	return compile_finish(c, slots[op->n_in], 0);
}
