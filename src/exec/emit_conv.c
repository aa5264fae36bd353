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

	return shim_conv(pd, c->plan->shim, dnnl_convolution_direct, l->src, l->weights, l->bias,
	                 l->dst, &l->op->window, attr);
}

static dnnl_status_t make_winograd(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                   dnnl_primitive_attr_t attr)
{
	const struct layouts *l = how;

	return shim_conv(pd, c->plan->shim, dnnl_convolution_winograd, l->src, l->weights, l->bias,
	                 l->dst, &l->op->window, attr);
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

typedef dnnl_status_t make_fn(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                              dnnl_primitive_attr_t attr);

/* How oneDNN wants an operation's weights: under which axes. */
struct form {
	int rank;
	const int *axis;
	make_fn *make;
};

static struct form form_of(const struct ir_op *op)
{
	static const int all[] = { 0, 1, 2, 3, 4, 5 }, swapped[] = { 1, 0 };
	int grouped = op->in[1]->dim[0] > 1;

	if (op->code == IR_MATMUL)
		return (struct form){ 2, swapped, make_matmul };
	return (struct form){ op->in[1]->rank - !grouped, all + !grouped,
		              op->code == IR_CONV ? make_conv : make_deconv };
}

/* As the primitive wants them; `scales`: in 8 bits. */
static int read_inputs(struct compile *c, const_dnnl_primitive_desc_t pd,
                       const struct shim_scales *scales, struct arg *args, int *n)
{
	const struct shim_desc *src = shim_asked(pd, dnnl_query_src_md, 0);
	const struct shim_desc *weights = shim_asked(pd, dnnl_query_weights_md, 0);
	const struct shim_desc *bias = shim_asked(pd, dnnl_query_weights_md, 1);
	const struct ir_op *op = c->op;
	const struct form f = form_of(op);

	args[0].role = DNNL_ARG_SRC;
	args[1].role = DNNL_ARG_WEIGHTS;
	TRY(compile_read(c, op->in[0], src, &args[0].slot));
	if (scales)
		TRY(compile_read_weights(c, op->in[1], f.rank, f.axis, weights, scales->n_weights,
		                         &args[1].slot));
	else
		TRY(compile_read_axes(c, op->in[1], f.rank, f.axis, weights, &args[1].slot));
	*n = 2;
	if (op->n_in == 3) {
		args[2].role = DNNL_ARG_BIAS;
		if (scales && !shim_scales_role) /* unreached: oneDNN 3, which divides the bias itself */
			TRY(int8_bias(c, op->in[2], scales, &args[2].slot));
		else
			TRY(compile_read(c, op->in[2], bias, &args[2].slot));
		*n = 3;
	}
	return scales ? compile_scales(c, scales, args, n) : 0;
}

/* Read the inputs, and add the call. */
static int call(struct compile *c, dnnl_primitive_desc_t pd, int fused,
                const struct shim_scales *scales)
{
	struct arg args[7 + IR_POSTS]; /* scales included */
	int n, slot, made = read_inputs(c, pd, scales, args, &n);

	if (made == 0)
		made = compile_result(c, shim_asked(pd, dnnl_query_dst_md, 0), fused, &slot);
	if (made == 0) {
		args[n++] = (struct arg){ DNNL_ARG_DST, slot };
		made = compile_channels(c, args, n, fused);
	}
	if (made < 0) {
		dnnl_primitive_desc_destroy(pd);
		return made;
	}
	TRY(compile_primitive(c, NULL, pd, args, made));
	return compile_finish(c, slot, fused);
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
	return shim_prefers_blocks && fitting > 0.9 * all; /* unreached: oneDNN 3, which does not */
}

static int in_blocks(struct compile *c, const struct ir_val *v, const struct shim_desc **out)
{
	static const dnnl_format_tag_t tag[IR_RANK + 1] = { [3] = dnnl_aBc16b, [4] = dnnl_aBcd16b,
		                                            [5] = dnnl_aBcde16b };

	return few(v->dim[1]) ? compile_plain(c, v, out) : compile_tagged(c, v, tag[v->rank], out);
}

/* The result in 8 bits, or as floats. */
static int pick_int8(struct compile *c, const struct ir_op *op, struct layouts *l,
                     dnnl_data_type_t dst, const struct shim_scales *scales,
                     dnnl_primitive_desc_t *pd, int *fused)
{
	const struct form f = form_of(op);
	int made;

	if (op->n_in == 3)
		TRY(compile_plain(c, op->in[2], &l->bias));
	TRY(compile_any_axes(c, op->in[1], f.rank, f.axis, dnnl_s8, &l->weights));
	TRY(compile_any(c, op->in[0], c->values[op->in[0]->id].int8, &l->src));
	TRY(compile_any(c, op->out, dst, &l->dst));
	c->scales = scales;
	made = compile_pick_fast(c, pd, fused, f.make, l);
	c->scales = NULL;
	return made;
}

static dnnl_data_type_t floats(const struct compile *c, const struct ir_op *op)
{
	return op->code == IR_MATMUL ? dnnl_f32 : c->type;
}

int emit_try_int8(struct compile *c, const struct ir_op *op, bool *fast)
{
	const struct form f = form_of(op);
	struct layouts l = { .op = op };
	struct shim_scales scales;
	dnnl_primitive_desc_t pd = NULL;
	int fused;

	c->op = op;
	TRY(int8_weigh(c, op, f.rank, f.axis));
	scales = int8_scales(c, op);
	if (scales.weights)
		TRY(pick_int8(c, op, &l, floats(c, op), &scales, &pd, &fused));
	*fast = pd != NULL;
	dnnl_primitive_desc_destroy(pd);
	return 0;
}

static bool all_scalable(const struct ir_op *op)
{
	for (int i = 0; i < op->n_post; i++)
		if (!shim_scalable(&op->post[i]))
			return false;
	return true;
}

/* The result in 8 bits, too, where all who read it want that and it is then complete. *pd is NULL
 * when there is no fast primitive, after all. */
static int pick_best_int8(struct compile *c, const struct ir_op *op, struct shim_scales *scales,
                          dnnl_primitive_desc_t *pd, int *fused)
{
	struct layouts l = { .op = op };
	const struct value *out = &c->values[op->out->id];

	*scales = int8_scales(c, op);
	if (int8_only(c, op->out) && all_scalable(op)) {
		scales->dst = out->scale;
		TRY(pick_int8(c, op, &l, out->int8, scales, pd, fused));
		if (*pd && *fused == op->n_post)
			return 0;
		dnnl_primitive_desc_destroy(*pd);
	}
	scales->dst = 1;
	return pick_int8(c, op, &l, floats(c, op), scales, pd, fused);
}

static int emit(struct compile *c, const struct ir_op *op)
{
	const struct form f = form_of(op);
	struct layouts l = { .op = op };
	struct shim_scales scales;
	dnnl_primitive_desc_t pd = NULL;
	int fused;

	if (op->n_in == 3)
		TRY(compile_plain(c, op->in[2], &l.bias));
	if (c->values[op->in[1]->id].scales) {
		TRY(pick_best_int8(c, op, &scales, &pd, &fused));
		if (pd)
			return call(c, pd, fused, &scales);
	}
	if (c->type != dnnl_f32) { /* what there is no fast primitive for stays float */
		TRY(compile_any_axes(c, op->in[1], f.rank, f.axis, c->type, &l.weights));
		TRY(compile_any(c, op->in[0], c->type, &l.src));
		TRY(compile_any(c, op->out, floats(c, op), &l.dst));
		TRY(compile_pick_fast(c, &pd, &fused, f.make, &l));
	}
	if (pd)
		return call(c, pd, fused, NULL);
	TRY(compile_any_axes(c, op->in[1], f.rank, f.axis, dnnl_f32, &l.weights));
	if (c->blocks && op->code == IR_CONV) {
		TRY(in_blocks(c, op->in[0], &l.src));
		TRY(in_blocks(c, op->out, &l.dst));
		if (op->winograd)
			TRY(compile_pick_fast(c, &pd, &fused, make_winograd, &l));
		if (!pd)
			TRY(compile_pick_fast(c, &pd, &fused, f.make, &l));
	}
	if (!pd) {
		TRY(compile_any(c, op->in[0], dnnl_f32, &l.src));
		TRY(compile_any(c, op->out, dnnl_f32, &l.dst));
		TRY(compile_pick(c, &pd, &fused, f.make, &l));
	}
	return call(c, pd, fused, NULL);
}

int emit_CONV(struct compile *c, const struct ir_op *op)
{
	return emit(c, op);
}

int emit_DECONV(struct compile *c, const struct ir_op *op)
{
	return emit(c, op);
}

int emit_MATMUL(struct compile *c, const struct ir_op *op)
{
	return emit(c, op);
}
