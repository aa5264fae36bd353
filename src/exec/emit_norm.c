/* SPDX-License-Identifier: Apache-2.0 */
/* SOFTMAX and LAYERNORM. */
#include "exec/compile.h"

struct how {
	const struct shim_desc *d;
	int axis;
};

static dnnl_status_t make_softmax(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                  dnnl_primitive_attr_t attr)
{
	const struct how *h = how;

	return shim_softmax(pd, c->plan->shim, h->d, h->axis, attr);
}

/* With the axis innermost. Elsewhere 2.6.3 has the slow reference, or for one example another
 * kernel than for several, and with it other last bits. */
static int read_innermost(struct compile *c, const struct ir_op *op, int *slot)
{
	static const dnnl_format_tag_t last[IR_RANK + 1] = { [3] = dnnl_acb, [4] = dnnl_acdb,
		                                             [5] = dnnl_acdeb };
	const struct ir_val *x = op->in[0];
	const struct shim_desc *d;

	if (op->axis != 1 || !last[x->rank])
		return compile_read_plain(c, x, slot);
	TRY(compile_tagged(c, x, last[x->rank], &d));
	return compile_read(c, x, d, slot);
}

int emit_SOFTMAX(struct compile *c, const struct ir_op *op)
{
	struct arg args[] = { { DNNL_ARG_SRC, 0 }, { DNNL_ARG_DST, 0 } };
	struct how h = { .axis = op->axis };
	dnnl_primitive_desc_t pd;
	int fused;

	TRY(read_innermost(c, op, &args[0].slot));
	h.d = compile_desc(c, args[0].slot);
	args[1].slot = args[0].slot;
	if (!compile_may_overwrite(c, args[0].slot))
		TRY(compile_slot(c, h.d, &args[1].slot));
	TRY(compile_pick(c, &pd, &fused, make_softmax, &h));
	TRY(compile_primitive(c, NULL, pd, args, 2));
	return compile_finish(c, args[1].slot, fused);
}

int emit_LAYERNORM(struct compile *c, const struct ir_op *op)
{
	struct kernel_layernorm k = { .n = op->out->dim[op->out->rank - 1] };
	int slots[2];

	k.rows = ir_elements(op->out) / k.n;
	TRY(compile_read_plain(c, op->in[0], &slots[0]));
	slots[1] = slots[0];
	if (!compile_may_overwrite(c, slots[0]))
		TRY(compile_slot(c, compile_desc(c, slots[0]), &slots[1]));
	TRY(compile_kernel(c, NULL, kernel_layernorm, &k, sizeof k, slots, 2));
	return compile_finish(c, slots[1], 0);
}
