/* SPDX-License-Identifier: Apache-2.0 */
/* CONV, DECONV and MATMUL: the primitives choose the layouts; weights and bias are packed. */
#include "exec/compile.h"

struct layouts {
	const struct ir_op *op;
	const struct shim_desc *src, *weights, *bias, *dst;
};

static dnnl_status_t make_conv(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                               dnnl_primitive_attr_t attr)
{
	const struct layouts *l = how;

	return shim_conv(pd, c->plan->shim, l->src, l->weights, l->bias, l->dst, &l->op->window, attr);
}

static dnnl_status_t make_deconv(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                 dnnl_primitive_attr_t attr)
{
	const struct layouts *l = how;

	return shim_deconv(pd, c->plan->shim, l->src, l->weights, l->bias, l->dst, &l->op->window,
	                   attr);
}

static dnnl_status_t make_matmul(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                 dnnl_primitive_attr_t attr)
{
	const struct layouts *l = how;

	return shim_inner_product(pd, c->plan->shim, l->src, l->weights, l->bias, l->dst, attr);
}

/* Read the inputs as the primitive wants them, and add its call. */
static int call(struct compile *c, dnnl_primitive_desc_t pd, int fused, int rank, const int *axis)
{
	const struct ir_op *op = c->op;
	const struct shim_desc *dst = shim_asked(pd, dnnl_query_dst_md, 0);
	struct arg args[4 + IR_POSTS] = { { DNNL_ARG_SRC, 0 }, { DNNL_ARG_WEIGHTS, 0 },
	                                  { DNNL_ARG_DST, 0 }, { DNNL_ARG_BIAS, 0 } };
	int made = compile_read(c, op->in[0], shim_asked(pd, dnnl_query_src_md, 0), &args[0].slot);

	if (made == 0)
		made = compile_read_axes(c, op->in[1], rank, axis,
		                         shim_asked(pd, dnnl_query_weights_md, 0), &args[1].slot);
	if (made == 0 && op->n_in == 3)
		made = compile_read(c, op->in[2], shim_asked(pd, dnnl_query_weights_md, 1),
		                    &args[3].slot);
	if (made == 0)
		made = compile_result(c, dst, fused, &args[2].slot);
	if (made == 0)
		made = compile_channels(c, args, op->n_in == 3 ? 4 : 3, fused);
	if (made < 0) {
		dnnl_primitive_desc_destroy(pd);
		return made;
	}
	TRY(compile_primitive(c, NULL, pd, args, made));
	return compile_finish(c, args[2].slot, fused);
}

#define BLOCK 16

/* Blocks pad the channels; that must cost little. */
static bool fits(int64_t channels)
{
	return (channels + BLOCK - 1) / BLOCK * BLOCK <= channels + channels / BLOCK;
}

/* A convolution reads few channels, as the first does, as they come. */
static bool few(int64_t channels)
{
	return channels < BLOCK;
}

bool emit_prefers_blocks(const struct ir *ir)
{
	double fitting = 0, all = 0;

	for (int i = 0; i < ir->n_ops; i++) {
		const struct ir_op *op = ir->ops[i];
		if (!op || op->code != IR_CONV)
			continue;
		all += ir_flops(op);
		if ((few(op->in[0]->dim[1]) || fits(op->in[0]->dim[1])) && fits(op->out->dim[1]))
			fitting += ir_flops(op);
	}
	return shim_prefers_blocks && fitting > 0.9 * all;
}

static int in_blocks(struct compile *c, const struct ir_val *v, const struct shim_desc **out)
{
	static const dnnl_format_tag_t tag[IR_RANK + 1] = { [3] = dnnl_aBc16b, [4] = dnnl_aBcd16b,
		                                            [5] = dnnl_aBcde16b };

	return few(v->dim[1]) ? compile_plain(c, v, out) : compile_tagged(c, v, tag[v->rank], out);
}

static int emit(struct compile *c, const struct ir_op *op, int rank, const int *axis,
                dnnl_status_t (*make)(struct compile *c, dnnl_primitive_desc_t *pd,
                                      const void *how, dnnl_primitive_attr_t attr))
{
	struct layouts l = { .op = op };
	dnnl_primitive_desc_t pd = NULL;
	int fused;

	if (op->n_in == 3)
		TRY(compile_plain(c, op->in[2], &l.bias));
	if (c->type != dnnl_f32) { /* what there is no fast primitive for stays float */
		TRY(compile_any_axes(c, op->in[1], rank, axis, c->type, &l.weights));
		TRY(compile_any(c, op->in[0], c->type, &l.src));
		TRY(compile_any(c, op->out, op->code == IR_MATMUL ? dnnl_f32 : c->type, &l.dst));
		TRY(compile_pick_fast(c, &pd, &fused, make, &l));
	}
	if (pd)
		return call(c, pd, fused, rank, axis);
	TRY(compile_any_axes(c, op->in[1], rank, axis, dnnl_f32, &l.weights));
	if (c->blocks && op->code == IR_CONV) {
		TRY(in_blocks(c, op->in[0], &l.src));
		TRY(in_blocks(c, op->out, &l.dst));
		TRY(compile_pick_fast(c, &pd, &fused, make, &l));
	}
	if (!pd) {
		TRY(compile_any(c, op->in[0], dnnl_f32, &l.src));
		TRY(compile_any(c, op->out, dnnl_f32, &l.dst));
		TRY(compile_pick(c, &pd, &fused, make, &l));
	}
	return call(c, pd, fused, rank, axis);
}

static const int all_axes[] = { 0, 1, 2, 3, 4, 5 };

int emit_CONV(struct compile *c, const struct ir_op *op)
{
	int grouped = op->in[1]->dim[0] > 1;

	return emit(c, op, op->in[1]->rank - !grouped, all_axes + !grouped, make_conv);
}

int emit_DECONV(struct compile *c, const struct ir_op *op)
{
	int grouped = op->in[1]->dim[0] > 1;

	return emit(c, op, op->in[1]->rank - !grouped, all_axes + !grouped, make_deconv);
}

int emit_MATMUL(struct compile *c, const struct ir_op *op)
{
	return emit(c, op, 2, (const int[]){ 1, 0 }, make_matmul);
}
