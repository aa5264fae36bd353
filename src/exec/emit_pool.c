/* SPDX-License-Identifier: Apache-2.0 */
/* POOL: in the layout of its input. */
#include "exec/compile.h"

struct layouts {
	const struct ir_op *op;
	const struct shim_desc *src, *dst;
};

static dnnl_status_t make(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                          dnnl_primitive_attr_t attr)
{
	static const dnnl_alg_kind_t alg[IR_POOLS] = {
		[IR_POOL_MAX] = dnnl_pooling_max,
		[IR_POOL_AVG] = dnnl_pooling_avg_exclude_padding,
		[IR_POOL_AVG_PADDED] = dnnl_pooling_avg_include_padding,
	};
	const struct layouts *l = how;

	return shim_pool(pd, c->plan->shim, alg[l->op->pool], l->src, l->dst, &l->op->window, attr);
}

/* Where channels come last oneDNN takes twice to three times as long for numbers of 16 bits. */
static bool is_ours(struct compile *c, const struct layouts *l)
{
	const struct ir_op *op = l->op;

	return op->pool == IR_POOL_MAX && op->window.n == 2 && shim_type(l->src) == dnnl_bf16 &&
	       compile_block(c, l->src, op->in[0]) == op->in[0]->dim[1];
}

static int emit_ours(struct compile *c, const struct layouts *l, int from)
{
	const int64_t *in = l->op->in[0]->dim, *out = l->op->out->dim;
	const struct kernel_max_pool k = { .n = in[0], .channels = in[1], .in = { in[2], in[3] },
		                           .out = { out[2], out[3] }, .window = l->op->window };
	const struct shim_desc *d = compile_like(c, l->src, l->op->in[0], l->op->out);
	int slots[] = { from, 0 };

	if (!d)
		return compile_fail(c, dnnl_invalid_arguments);
	TRY(compile_slot(c, d, &slots[1]));
	TRY(compile_kernel(c, NULL, kernel_max_pool, &k, sizeof k, slots, 2));
	return compile_finish(c, slots[1], 0);
}

int emit_POOL(struct compile *c, const struct ir_op *op)
{
	struct layouts l = { .op = op };
	struct arg args[] = { { DNNL_ARG_SRC, 0 }, { DNNL_ARG_DST, 0 } };
	dnnl_primitive_desc_t pd;
	int fused, made;

	if (int8_only(c, op->out) && op->pool == IR_POOL_MAX && !op->n_post)
		TRY(compile_read_int8(c, op->in[0], &args[0].slot));
	else
		TRY(compile_read_as_is(c, op->in[0], &args[0].slot));
	l.src = compile_desc(c, args[0].slot);
	TRY(compile_any(c, op->out, shim_type(l.src), &l.dst));
	TRY(compile_pick(c, &pd, &fused, make, &l)); /* what oneDNN refuses we do, too */
	if (is_ours(c, &l)) {
		dnnl_primitive_desc_destroy(pd);
		return emit_ours(c, &l, args[0].slot);
	}
	made = compile_result(c, shim_asked(pd, dnnl_query_dst_md, 0), fused, &args[1].slot);
	if (made < 0) {
		dnnl_primitive_desc_destroy(pd);
		return made;
	}
	TRY(compile_primitive(c, NULL, pd, args, 2));
	return compile_finish(c, args[1].slot, fused);
}
