/* SPDX-License-Identifier: Apache-2.0 */
/* int8: which values lie in 8 bits, what a step of each is worth, and weights in 8 bits.
 * An activation has one scale, for all who read it; weights have one an output channel. Zero is
 * zero everywhere: 0 to 255 where nothing is below it, else -127 to 127. */
#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "exec/compile.h"

static struct value *value_of(const struct compile *c, const struct ir_val *v)
{
	return &c->values[v->id];
}

bool int8_only(const struct compile *c, const struct ir_val *v)
{
	return value_of(c, v)->int8 != dnnl_data_type_undef && !value_of(c, v)->floats;
}

bool int8_is(const struct compile *c, int slot)
{
	dnnl_data_type_t type = shim_type(compile_desc(c, slot));

	return type == dnnl_u8 || type == dnnl_s8;
}

static void set_range(struct value *v, float low, float high)
{
	v->int8 = low < 0 ? dnnl_s8 : dnnl_u8;
	v->scale = low < 0 ? fmaxf(-low, high) / 127 : high / 255;
}

/* The largest magnitude of each row; false: not all are finite. */
static bool magnitudes(const float *x, int64_t n, int64_t rows, float *out)
{
	bool finite = true;

	for (int64_t i = 0; i < rows; i++) {
		out[i] = 0;
		for (const float *end = x + n / rows; x < end; x++) {
			finite &= isfinite(*x) != 0;
			out[i] = fmaxf(out[i], fabsf(*x));
		}
	}
	return finite;
}

static float *gathered(const struct ir_source *s)
{
	float *x = malloc((size_t)dims_product(s->dim, s->rank) * sizeof *x);

	if (x)
		ir_gather(s, x);
	return x;
}

/* The floor keeps a bias in such steps finite, where a channel has next to no weights. */
int int8_weigh(struct compile *c, const struct ir_op *op, int rank, const int *axis)
{
	const struct ir_source s = ir_source(op->in[1], rank, axis);
	const float step = value_of(c, op->in[0])->scale;
	const int64_t rows = op->out->dim[1];
	float *scales = ARENA_NEW(&c->plan->arena, float, (size_t)rows), *data = gathered(&s);
	bool finite;

	if (!scales || !data) {
		free(data);
		return fail_memory(c->err);
	}
	finite = magnitudes(data, dims_product(s.dim, rank), rows, scales);
	free(data);
	for (int64_t i = 0; i < rows; i++)
		scales[i] = fmaxf(scales[i] / 127, 1e-20F / step);
	value_of(c, op->in[1])->scales = finite ? scales : NULL;
	return 0;
}

struct shim_scales int8_scales(const struct compile *c, const struct ir_op *op)
{
	return (struct shim_scales){
		.src = value_of(c, op->in[0])->scale,
		.dst = 1,
		.weights = value_of(c, op->in[1])->scales,
		.n_weights = (int)op->out->dim[1],
		.grouped = op->code == IR_CONV && op->in[1]->dim[0] > 1,
	};
}

/* A convolution or product reads in[0] so, if oneDNN is fast at it. */
static int plan_product(struct compile *c, const struct ir_op *op)
{
	struct value *v = value_of(c, op->in[0]), before = *v;
	bool fast = false;

	if (v->int8 == dnnl_data_type_undef)
		set_range(v, op->low, op->high);
	TRY(emit_try_int8(c, op, &fast));
	if (!fast) {
		*v = before;
		v->floats = true;
		value_of(c, op->in[1])->scales = NULL;
	}
	return 0;
}

static bool has_range(const struct ir_op *op)
{
	return (op->code == IR_CONV || op->code == IR_MATMUL) && (op->low < 0 || op->high > 0) &&
	       op->in[1]->data && !op->in[0]->data && (op->n_in < 3 || op->in[2]->data);
}

/* What only moves or compares numbers passes on what its readers want. */
static bool passes_on(const struct compile *c, const struct ir_op *op)
{
	return ((op->code == IR_POOL && op->pool == IR_POOL_MAX) || op->code == IR_CONCAT) &&
	       !op->n_post && int8_only(c, op->out);
}

static void plan_passing(struct compile *c, const struct ir_op *op)
{
	struct value *out = value_of(c, op->out);

	for (int i = 0; i < op->n_in; i++) {
		struct value *in = value_of(c, op->in[i]);
		if (in->int8 == dnnl_data_type_undef) {
			in->int8 = out->int8;
			in->scale = out->scale;
		} else if (op->code == IR_POOL) { /* one scale on both sides */
			out->int8 = in->int8;
			out->scale = in->scale;
		}
	}
}

/* Last first, so that what is read is known where it is made. */
int int8_plan(struct compile *c)
{
	for (int i = 0; i < c->ir->n_outputs; i++)
		value_of(c, c->ir->outputs[i])->floats = true;
	for (int i = c->ir->n_ops - 1; i >= 0; i--) {
		const struct ir_op *op = c->ir->ops[i];
		if (!op)
			continue;
		for (int k = 0; k < op->n_post; k++)
			if (op->post[k].kind == IR_POST_SUM)
				value_of(c, op->post[k].operand)->floats = true;
		if (has_range(op))
			TRY(plan_product(c, op));
		else if (passes_on(c, op))
			plan_passing(c, op);
		else
			for (int k = 0; k < op->n_in; k++)
				value_of(c, op->in[k])->floats = true;
	}
	return 0;
}

int int8_bias(struct compile *c, const struct ir_val *bias, const struct shim_scales *scales,
              int *slot)
{
	const struct ir_source s = ir_source(bias, 1, NULL);
	float *x = gathered(&s);
	int made;

	if (!x)
		return fail_memory(c->err);
	for (int i = 0; i < scales->n_weights; i++)
		x[i] /= scales->src * scales->weights[i];
	made = compile_constant(c, x, scales->n_weights, slot);
	free(x);
	return made;
}

void int8_round(float *x, int64_t all, const float *scales, int rows)
{
	const int64_t row = all / rows;
	int8_t *out = (int8_t *)x; /* never ahead of what is read */

	for (int64_t i = 0; i < all; i++)
		out[i] = (int8_t)fmaxf(-127, fminf(127, rintf(x[i] / scales[i / row])));
}
