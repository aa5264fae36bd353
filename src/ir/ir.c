/* SPDX-License-Identifier: Apache-2.0 */
/* ir: the list of operations, its upkeep by passes, its checks and its costs.
 * What makes operations is in build.c. */
#include "ir/ir.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

static const struct {
	const char *name;
	int arity;
} ops[] = {
#define OP(code, arity) { #code, arity },
#include "ir/ops.def"
#undef OP
};

_Static_assert(sizeof ops / sizeof *ops == IR_CODES, "a line for each operation");

void ir_init(struct ir *ir, struct arena *arena)
{
	memset(ir, 0, sizeof *ir);
	ir->arena = arena;
	ir->origin = "";
	ir->end = &ir->computed;
}

const char *ir_name(enum ir_code code)
{
	return ops[code].name;
}

int64_t ir_elements(const struct ir_val *x)
{
	return dims_product(x->dim, x->rank);
}

bool ir_same_dims(const struct ir_val *x, const struct ir_val *y)
{
	return x->rank == y->rank &&
	       memcmp(x->dim, y->dim, (size_t)x->rank * sizeof x->dim[0]) == 0;
}

struct ir_source ir_source(const struct ir_val *v, int rank, const int *axis)
{
	struct ir_source s = { .rank = rank, .data = v->data, .scale = v->scale, .from = v->from,
		               .until = v->until };

	for (int i = 0; i < rank; i++) {
		int k = axis ? axis[i] : i;
		s.dim[i] = v->dim[k];
		s.stride[i] = v->stride[k];
		s.scale_stride[i] = v->scale_stride[k];
	}
	return s;
}

int64_t ir_compute(struct ir *ir, int64_t until)
{
	int64_t from = INT64_MAX;

	ir->end = &ir->computed;
	while (*ir->end) {
		struct ir_computed *c = *ir->end;
		if (c->until > until) {
			from = c->from < from ? c->from : from;
			ir->end = &c->next;
			continue;
		}
		c->formula(c->how, c->out);
		*ir->end = c->next;
	}
	return from;
}

/* Neighbouring axes that can be walked as one become one: rows get long. */
static struct ir_source merged(const struct ir_source *s)
{
	struct ir_source m = { .data = s->data, .scale = s->scale };

	for (int i = 0; i < s->rank; i++) {
		const int k = m.rank - 1;
		if (s->dim[i] == 1)
			continue;
		if (k >= 0 && m.stride[k] == s->dim[i] * s->stride[i] &&
		    m.scale_stride[k] == s->dim[i] * s->scale_stride[i]) {
			m.dim[k] *= s->dim[i]; /* fits: of an array that is there */
			m.stride[k] = s->stride[i];
			m.scale_stride[k] = s->scale_stride[i];
			continue;
		}
		m.dim[m.rank] = s->dim[i];
		m.stride[m.rank] = s->stride[i];
		m.scale_stride[m.rank++] = s->scale_stride[i];
	}
	if (!m.rank)
		m.dim[m.rank++] = 1;
	return m;
}

static void gather_row(float *restrict out, const float *x, int64_t step, const float *scale,
                       int64_t scale_step, int64_t n)
{
	if (scale && scale_step)
		for (int64_t i = 0; i < n; i++)
			out[i] = x[i * step] * scale[i * scale_step];
	else if (step == 1)
		for (int64_t i = 0; i < n; i++)
			out[i] = x[i] * (scale ? *scale : 1);
	else
		for (int64_t i = 0; i < n; i++)
			out[i] = x[i * step] * (scale ? *scale : 1);
}

void ir_gather(const struct ir_source *source, float *out)
{
	const struct ir_source s = merged(source);
	const int last = s.rank - 1;
	const int64_t n = dims_product(s.dim, s.rank), row = s.dim[last];
	int64_t at[IR_RANK] = { 0 }, from = 0, scale = 0;

	for (int64_t i = 0; i < n; i += row) {
		gather_row(out + i, s.data + from, s.stride[last], s.scale ? s.scale + scale : NULL,
		           s.scale_stride[last], row);
		for (int k = last - 1; k >= 0; k--) {
			from += s.stride[k];
			scale += s.scale_stride[k];
			if (++at[k] < s.dim[k])
				break;
			from -= s.stride[k] * s.dim[k];
			scale -= s.scale_stride[k] * s.dim[k];
			at[k] = 0;
		}
	}
}

void ir_drop(struct ir *ir, int at)
{
	struct ir_op *op = ir->ops[at];

	for (int i = 0; i < op->n_in; i++)
		op->in[i]->uses--;
	for (int i = 0; i < op->n_post; i++)
		if (op->post[i].operand)
			op->post[i].operand->uses--;
	ir->ops[at] = NULL;
}

void ir_sweep(struct ir *ir)
{
	int n = 0;

	for (int i = 0; i < ir->n_ops; i++)
		if (ir->ops[i])
			ir->ops[n++] = ir->ops[i];
	ir->n_ops = n;
}

static int count_use(int *uses, bool *defined, const struct ir_op *op, const struct ir_val *x,
                     struct dl4j_error *err)
{
	if (!x->data && !defined[x->id])
		return fail(err, DL4J_EBACKEND, "%s of '%s' reads value %d before it is computed",
		            ir_name(op->code), op->origin, x->id);
	uses[x->id]++;
	return 0;
}

static int verify_op(const struct ir *ir, const struct ir_op *op, int *uses, bool *defined,
                     struct dl4j_error *err)
{
	int arity = ops[op->code].arity;

	if (arity >= 0 && arity != op->n_in)
		return fail(err, DL4J_EBACKEND, "%s of '%s': expected %d inputs, found %d",
		            ir_name(op->code), op->origin, arity, op->n_in);
	for (int i = 0; i < op->n_in; i++)
		TRY(count_use(uses, defined, op, op->in[i], err));
	for (int i = 0; i < op->n_post; i++)
		if (op->post[i].operand)
			TRY(count_use(uses, defined, op, op->post[i].operand, err));
	if (op->out->def != op || op->out->id >= ir->n_vals || defined[op->out->id])
		return fail(err, DL4J_EBACKEND, "%s of '%s': value %d is computed twice",
		            ir_name(op->code), op->origin, op->out->id);
	if (ir_elements(op->out) <= 0)
		return fail(err, DL4J_EBACKEND, "%s of '%s': an empty result",
		            ir_name(op->code), op->origin);
	defined[op->out->id] = true;
	return 0;
}

static int check_uses(const struct ir_val *x, const int *uses, struct dl4j_error *err)
{
	if (x->uses != uses[x->id])
		return fail(err, DL4J_EBACKEND, "value %d says %d uses, has %d", x->id, x->uses,
		            uses[x->id]);
	return 0;
}

int ir_verify(const struct ir *ir, struct dl4j_error *err)
{
	struct arena scratch = { 0 };
	int *uses = ARENA_NEW(&scratch, int, (size_t)ir->n_vals + 1);
	bool *defined = ARENA_NEW(&scratch, bool, (size_t)ir->n_vals + 1);
	int r = uses && defined ? 0 : fail_memory(err);

	for (int i = 0; !r && i < ir->n_inputs; i++)
		defined[ir->inputs[i]->id] = true;
	for (int i = 0; !r && i < ir->n_ops; i++)
		r = verify_op(ir, ir->ops[i], uses, defined, err);
	for (int i = 0; !r && i < ir->n_outputs; i++)
		if (defined[ir->outputs[i]->id] || ir->outputs[i]->data)
			uses[ir->outputs[i]->id]++;
		else
			r = fail(err, DL4J_EBACKEND, "output %d is never computed", i);
	for (int i = 0; !r && i < ir->n_ops; i++)
		r = check_uses(ir->ops[i]->out, uses, err);
	arena_free(&scratch);
	return r;
}

double ir_flops(const struct ir_op *op)
{
	const struct ir_val *w = op->n_in > 1 ? op->in[1] : NULL;
	double out = (double)ir_elements(op->out), window = 1;

	switch (op->code) {
	case IR_CONV: /* per output element: i/g times the window */
		return 2 * out * (double)dims_product(w->dim + 2, w->rank - 2);
	case IR_DECONV: /* per input element: o/g times the window */
		return 2 * (double)ir_elements(op->in[0]) * (double)w->dim[1] *
		       (double)dims_product(w->dim + 3, w->rank - 3);
	case IR_LRN:
		return out * 2 * (double)op->span;
	case IR_MATMUL:
		return 2 * out * (double)w->dim[0];
	case IR_POOL:
		for (int i = 0; i < op->window.n; i++)
			window *= (double)op->window.kernel[i];
		return out * window;
	case IR_KERNEL:
		return op->kernel->flops ? op->kernel->flops(op->how) : out;
	case IR_VIEW:
	case IR_PERMUTE:
	case IR_PAD:
	case IR_CONCAT:
	case IR_SLICE:
	case IR_RESAMPLE:
		return 0;
	default:
		return out;
	}
}

double ir_bytes(const struct ir_op *op)
{
	double n = (double)ir_elements(op->out);

	if (op->code == IR_VIEW)
		return 0;
	for (int i = 0; i < op->n_in; i++)
		n += (double)ir_elements(op->in[i]);
	for (int i = 0; i < op->n_post; i++)
		if (op->post[i].operand)
			n += (double)ir_elements(op->post[i].operand);
	return n * (double)sizeof(float);
}
