/* SPDX-License-Identifier: Apache-2.0 */
/* ELTWISE, BINARY, AFFINE: in the layout of the input, in its place where nothing else needs it. */
#include "exec/compile.h"

#include "base/num.h"

/* Attributes without post-ops. */
static dnnl_status_t make_eltwise(struct compile *c, dnnl_primitive_desc_t *pd, enum ir_eltwise f,
                                  float a, float b, const struct shim_desc *d)
{
	dnnl_primitive_attr_t attr;
	struct shim_function known;
	dnnl_status_t st;

	*pd = NULL;
	if (!shim_knows(f, a, b, &known))
		return dnnl_unimplemented;
	st = shim_attr(&attr, c->plan->shim, NULL, 0, NULL);
	if (st != dnnl_success)
		return st;
	st = shim_eltwise(pd, c->plan->shim, &known, d, attr);
	dnnl_primitive_attr_destroy(attr);
	return st;
}

/* A kernel also computes what pads the channels, which must stay zero. */
static bool keeps_zero(enum ir_eltwise f, float a, float b)
{
	const struct kernel_eltwise one = { f, a, b, 1 };
	float x = 0;

	kernel_eltwise(&one, (float *const[]){ &x, &x });
	return x == 0;
}

int emit_eltwise(struct compile *c, const char *name, enum ir_eltwise f, float a, float b, int x,
                 int to, int *slot)
{
	const int64_t n = ir_elements(c->op->out);
	const struct shim_desc *d = compile_desc(c, x);
	struct kernel_eltwise k = { f, a, b, 0 };
	dnnl_primitive_desc_t pd;
	dnnl_status_t st = make_eltwise(c, &pd, f, a, b, d);

	if (st != dnnl_success && st != dnnl_unimplemented)
		return compile_fail(c, st);
	if (!pd && (!compile_is_float(c, x) ||
	            (shim_size(d) != (size_t)n * sizeof(float) && !keeps_zero(f, a, b)))) {
		TRY(compile_plain(c, c->op->out, &d));
		TRY(compile_slot(c, d, &to));
		TRY(compile_reorder(c, "REORDER", x, to));
		x = to;
	}
	*slot = to;
	if (to < 0 && compile_result(c, d, 0, slot) < 0) {
		dnnl_primitive_desc_destroy(pd);
		return c->err->code;
	}
	k.n = (int64_t)(shim_size(d) / sizeof(float));
	if (!pd)
		return compile_kernel(c, name, kernel_eltwise, &k, sizeof k, (int[]){ x, *slot }, 2);
	return compile_primitive(c, name, pd, (struct arg[]){ { DNNL_ARG_SRC, x },
	                         { DNNL_ARG_DST, *slot } }, 2);
}

/* To numbers from 0 to 255 nothing below zero gets. */
static int quantize(struct compile *c, const struct ir_op *op)
{
	const struct shim_desc *d;
	int x, slot;

	TRY(compile_read_as_is(c, op->in[0], &x));
	d = compile_as(c, x, op->out, dnnl_u8);
	if (!d)
		return compile_fail(c, dnnl_invalid_arguments);
	TRY(compile_slot_of(c, op->out, d, &slot));
	TRY(compile_reorder(c, NULL, x, slot));
	return compile_finish(c, slot, 0);
}

int emit_ELTWISE(struct compile *c, const struct ir_op *op)
{
	int x, slot;

	if (int8_only(c, op->out) && c->values[op->out->id].int8 == dnnl_u8 &&
	    op->eltwise == IR_RELU && op->a == 0 && !op->n_post)
		return quantize(c, op);
	TRY(compile_read_as_is(c, op->in[0], &x));
	slot = compile_may_overwrite(c, x) ? x : -1;
	TRY(emit_eltwise(c, NULL, op->eltwise, op->a, op->b, x, slot, &slot));
	return compile_finish(c, slot, 0);
}

struct pair {
	dnnl_alg_kind_t alg;
	const struct shim_desc *x, *y;
};

static dnnl_status_t make_binary(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                 dnnl_primitive_attr_t attr)
{
	const struct pair *p = how;

	return shim_binary(pd, c->plan->shim, p->alg, p->x, p->y, p->x, attr);
}

/* One shape, one number, or one a channel: what oneDNN does fast and right. It broadcasts the
 * second input only, and 2.6.3 errs in other cases. */
static bool broadcasts(const struct ir_val *y, const struct ir_val *out)
{
	bool number = true, channel = true;

	for (int i = 0; i < y->rank; i++) {
		number &= y->dim[i] == 1;
		channel &= y->dim[i] == (i == 1 ? out->dim[i] : 1);
	}
	return number || channel || ir_same_dims(y, out);
}

static int binary_primitive(struct compile *c, const struct ir_op *op, const struct ir_val *x,
                            const struct ir_val *y, bool *done)
{
	static const dnnl_alg_kind_t alg[IR_BINARIES] = {
		[IR_ADD] = dnnl_binary_add, [IR_SUB] = dnnl_binary_sub, [IR_MUL] = dnnl_binary_mul,
		[IR_DIV] = dnnl_binary_div, [IR_MAX] = dnnl_binary_max,
	};
	struct pair p = { .alg = alg[op->binary] };
	struct arg args[] = { { DNNL_ARG_SRC_0, 0 }, { DNNL_ARG_SRC_1, 0 }, { DNNL_ARG_DST, 0 } };
	dnnl_primitive_desc_t pd;
	int fused, made;

	TRY(compile_read_as_is(c, x, &args[0].slot));
	p.x = compile_desc(c, args[0].slot);
	p.y = compile_like(c, p.x, x, y);
	TRY(compile_pick_fast(c, &pd, &fused, make_binary, &p));
	*done = pd != NULL;
	if (!pd)
		return 0;
	made = compile_read(c, y, p.y, &args[1].slot);
	args[2].slot = args[0].slot;
	if (made == 0 && (fused || !compile_may_overwrite(c, args[0].slot)))
		made = compile_result(c, p.x, fused, &args[2].slot);
	if (made < 0) {
		dnnl_primitive_desc_destroy(pd);
		return made;
	}
	TRY(compile_primitive(c, NULL, pd, args, 3));
	return compile_finish(c, args[2].slot, fused);
}

static int binary_kernel(struct compile *c, const struct ir_op *op)
{
	struct kernel_binary k = { .f = op->binary, .rank = op->out->rank };
	const struct shim_desc *d;
	int slots[3];

	dims_strides(op->in[0]->dim, k.rank, 'c', k.x);
	dims_strides(op->in[1]->dim, k.rank, 'c', k.y);
	for (int i = 0; i < k.rank; i++) {
		k.dim[i] = op->out->dim[i];
		k.x[i] = op->in[0]->dim[i] == 1 ? 0 : k.x[i];
		k.y[i] = op->in[1]->dim[i] == 1 ? 0 : k.y[i];
	}
	TRY(compile_read_plain(c, op->in[0], &slots[0]));
	TRY(compile_read_plain(c, op->in[1], &slots[1]));
	TRY(compile_plain(c, op->out, &d));
	TRY(compile_slot(c, d, &slots[2]));
	TRY(compile_kernel(c, NULL, kernel_binary, &k, sizeof k, slots, 3));
	return compile_finish(c, slots[2], 0);
}

int emit_BINARY(struct compile *c, const struct ir_op *op)
{
	const struct ir_val *x = op->in[0], *y = op->in[1];
	bool either_order = op->binary != IR_SUB && op->binary != IR_DIV, done = false;

	/* a constant first would be packed and could not be overwritten */
	if (either_order && (!ir_same_dims(x, op->out) || x->data)) {
		x = op->in[1];
		y = op->in[0];
	}
	if (ir_same_dims(x, op->out) && broadcasts(y, op->out))
		TRY(binary_primitive(c, op, x, y, &done));
	return done ? 0 : binary_kernel(c, op);
}

static dnnl_status_t make_affine(struct compile *c, dnnl_primitive_desc_t *pd, const void *how,
                                 dnnl_primitive_attr_t attr)
{
	return shim_batchnorm(pd, c->plan->shim, how, attr);
}

static int affine_kernel(struct compile *c, const struct ir_op *op)
{
	struct kernel_affine k = { op->out->dim[0], op->out->dim[1],
	                           dims_product(op->out->dim + 2, op->out->rank - 2) };
	int slots[4];

	TRY(compile_read_plain(c, op->in[0], &slots[0]));
	TRY(compile_read_plain(c, op->in[1], &slots[1]));
	TRY(compile_read_plain(c, op->in[2], &slots[2]));
	slots[3] = slots[0];
	if (!compile_may_overwrite(c, slots[0]))
		TRY(compile_slot(c, compile_desc(c, slots[0]), &slots[3]));
	TRY(compile_kernel(c, NULL, kernel_affine, &k, sizeof k, slots, 4));
	return compile_finish(c, slots[3], 0);
}

/* Batch normalization with mean 0, variance 1 and epsilon 0 is just that. Where channels are
 * padded, 2.6.3 reads past the end of scale and shift. */
int emit_AFFINE(struct compile *c, const struct ir_op *op)
{
	struct arg args[] = { { DNNL_ARG_SRC, 0 }, { DNNL_ARG_SCALE, 0 }, { DNNL_ARG_SHIFT, 0 },
	                      { DNNL_ARG_MEAN, 0 }, { DNNL_ARG_VARIANCE, 0 }, { DNNL_ARG_DST, 0 } };
	const struct shim_desc *d;
	dnnl_primitive_desc_t pd;
	int fused, made;

	TRY(compile_read_floats(c, op->in[0], &args[0].slot));
	d = compile_desc(c, args[0].slot);
	if (shim_size(d) != (size_t)ir_elements(op->out) * sizeof(float))
		return affine_kernel(c, op);
	TRY(compile_pick_fast(c, &pd, &fused, make_affine, d));
	if (!pd)
		return affine_kernel(c, op);
	made = compile_read_plain(c, op->in[1], &args[1].slot);
	if (made == 0)
		made = compile_read_plain(c, op->in[2], &args[2].slot);
	if (made == 0)
		made = compile_fill(c, 0, args[1].slot, &args[3].slot);
	if (made == 0)
		made = compile_fill(c, 1, args[1].slot, &args[4].slot);
	args[5].slot = args[0].slot;
	if (made == 0 && (fused || !compile_may_overwrite(c, args[0].slot)))
		made = compile_result(c, d, fused, &args[5].slot);
	if (made < 0) {
		dnnl_primitive_desc_destroy(pd);
		return made;
	}
	TRY(compile_primitive(c, NULL, pd, args, 6));
	return compile_finish(c, args[5].slot, fused);
}
