/* SPDX-License-Identifier: Apache-2.0 */
/* RESAMPLE and LRN: in the layout of their input. */
#include "exec/compile.h"

struct how {
	const struct ir_op *op;
	const struct shim_desc *src, *dst;
};

static dnnl_status_t make_resample(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                   dnnl_primitive_attr_t attr)
{
	const struct how *h = how;

	return shim_resample(pd, c->plan->shim, h->src, h->dst, attr);
}

static dnnl_status_t make_lrn(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                              dnnl_primitive_attr_t attr)
{
	const struct how *h = how;

	return shim_lrn(pd, c->plan->shim, h->src, h->op, attr);
}

static int emit(struct compile *c, const struct ir_op *op,
                dnnl_status_t (*make)(struct compile *c, dnnl_primitive_desc_t *pd,
                                      const void *how, dnnl_primitive_attr_t attr))
{
	struct how h = { .op = op };
	struct arg args[] = { { DNNL_ARG_SRC, 0 }, { DNNL_ARG_DST, 0 } };
	dnnl_primitive_desc_t pd;
	int fused, made;

	TRY(compile_read_floats(c, op->in[0], &args[0].slot));
	h.src = compile_desc(c, args[0].slot);
	h.dst = compile_like(c, h.src, op->in[0], op->out);
	if (!h.dst)
		TRY(compile_plain(c, op->out, &h.dst));
	TRY(compile_pick(c, &pd, &fused, make, &h));
	made = compile_result(c, h.dst, fused, &args[1].slot);
	if (made < 0) {
		dnnl_primitive_desc_destroy(pd);
		return made;
	}
	TRY(compile_primitive(c, NULL, pd, args, 2));
	return compile_finish(c, args[1].slot, fused);
}

int emit_RESAMPLE(struct compile *c, const struct ir_op *op)
{
	return emit(c, op, make_resample);
}

int emit_LRN(struct compile *c, const struct ir_op *op)
{
	return emit(c, op, make_lrn);
}
