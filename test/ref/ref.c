/* SPDX-License-Identifier: Apache-2.0 */
/* Every value is a row-major array of its own; an operation reads its inputs, element by element,
 * through at(). Slow on purpose: what matters is that it is plainly right. */
#include "ref.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ref {
	float **value; /* by id; NULL for constants */
};

/* The place of element i, counted in row-major order, of an array with these strides. */
static int64_t place(const struct ir_val *v, const int64_t *stride, int64_t i)
{
	int64_t at = 0;

	for (int k = v->rank - 1; k >= 0; k--) {
		at += i % v->dim[k] * stride[k];
		i /= v->dim[k];
	}
	return at;
}

/* Element i of v in row-major order. */
static float at(const struct ref *r, const struct ir_val *v, int64_t i)
{
	if (!v->data)
		return r->value[v->id][i];
	return v->data[place(v, v->stride, i)] *
	       (v->scale ? v->scale[place(v, v->scale_stride, i)] : 1);
}

/* The index of an element, one number an axis. */
static void index_of(const struct ir_val *v, int64_t i, int64_t *index)
{
	for (int k = v->rank - 1; k >= 0; k--) {
		index[k] = i % v->dim[k];
		i /= v->dim[k];
	}
}

static int64_t offset_of(const struct ir_val *v, const int64_t *index)
{
	int64_t i = 0;

	for (int k = 0; k < v->rank; k++)
		i = i * v->dim[k] + index[k];
	return i;
}

static double function(enum ir_eltwise f, double a, double b, double x)
{
	switch (f) {
	case IR_LINEAR:
		return a * x + b;
	case IR_CLIP:
		return x < a ? a : x > b ? b : x;
	case IR_ABS:
		return fabs(x);
	case IR_POW:
		return a * pow(x, b);
	case IR_TANH:
		return tanh(x);
	case IR_LOGISTIC:
		return 1 / (1 + exp(-x));
	case IR_RELU:
		return x > 0 ? x : a * x;
	case IR_ELU:
		return x > 0 ? x : a * expm1(x);
	case IR_SOFTPLUS:
		return x > 30 ? x : log1p(exp(x));
	case IR_SWISH:
		return x / (1 + exp(-a * x));
	case IR_THRESHOLD:
		return x >= a ? x : b * (x - a);
	case IR_ABOVE:
		return x > a ? x : 0;
	case IR_ELTWISES:
		break;
	}
	return NAN;
}

/* The cell of the input under cell k of the window at output index o; false: in the padding. */
static bool under(const struct ir_window *w, const struct ir_val *x, const int64_t *o,
                  const int64_t *k, int64_t *index)
{
	for (int i = 0; i < w->n; i++) {
		index[2 + i] = o[2 + i] * w->stride[i] + k[i] * w->dilation[i] - w->pad_lo[i];
		if (index[2 + i] < 0 || index[2 + i] >= x->dim[2 + i])
			return false;
	}
	return true;
}

static int64_t cells(const struct ir_window *w)
{
	int64_t n = 1;

	for (int i = 0; i < w->n; i++)
		n *= w->kernel[i];
	return n;
}

static void cell(const struct ir_window *w, int64_t i, int64_t *k)
{
	for (int a = w->n - 1; a >= 0; a--) {
		k[a] = i % w->kernel[a];
		i /= w->kernel[a];
	}
}

static double conv(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0], *weights = op->in[1];
	int64_t group = o[1] / weights->dim[1], index[IR_RANK] = { o[0] }, wi[IR_RANK];
	double sum = op->n_in == 3 ? at(r, op->in[2], o[1]) : 0;

	wi[0] = group;
	wi[1] = o[1] % weights->dim[1];
	for (wi[2] = 0; wi[2] < weights->dim[2]; wi[2]++)
		for (int64_t i = 0; i < cells(&op->window); i++) {
			index[1] = group * weights->dim[2] + wi[2];
			cell(&op->window, i, wi + 3);
			if (under(&op->window, x, o, wi + 3, index))
				sum += (double)at(r, x, offset_of(x, index)) *
				       at(r, weights, offset_of(weights, wi));
		}
	return sum;
}

/* Transposed: the cells of the input whose window, moved by the stride, covers this output. */
static double deconv(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0], *weights = op->in[1];
	const struct ir_window *w = &op->window;
	int64_t group = o[1] / weights->dim[1], index[IR_RANK] = { o[0] }, wi[IR_RANK];
	double sum = op->n_in == 3 ? at(r, op->in[2], o[1]) : 0;

	wi[0] = group;
	wi[1] = o[1] % weights->dim[1];
	for (wi[2] = 0; wi[2] < weights->dim[2]; wi[2]++)
		for (int64_t i = 0; i < cells(w); i++) {
			bool covers = true;
			index[1] = group * weights->dim[2] + wi[2];
			cell(w, i, wi + 3);
			for (int k = 0; k < w->n; k++) {
				int64_t from = o[2 + k] + w->pad_lo[k] - wi[3 + k] * w->dilation[k];
				index[2 + k] = from / w->stride[k];
				covers = covers && from >= 0 && from % w->stride[k] == 0 &&
				         index[2 + k] < x->dim[2 + k];
			}
			if (covers)
				sum += (double)at(r, x, offset_of(x, index)) *
				       at(r, weights, offset_of(weights, wi));
		}
	return sum;
}

static double resample(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0];
	int64_t index[IR_RANK];

	for (int k = 0; k < x->rank; k++)
		index[k] = o[k] / (op->out->dim[k] / x->dim[k]);
	return at(r, x, offset_of(x, index));
}

static double lrn(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0];
	int64_t index[IR_RANK], from = o[1] - op->span / 2;
	double sum = 0;

	memcpy(index, o, sizeof index);
	for (int64_t c = from; c < from + op->span; c++) {
		index[1] = c;
		if (c >= 0 && c < x->dim[1])
			sum += pow(at(r, x, offset_of(x, index)), 2);
	}
	return at(r, x, offset_of(x, o)) * pow(op->lrn_k + op->lrn_a * sum, -op->lrn_beta);
}

static double matmul(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0], *weights = op->in[1];
	double sum = op->n_in == 3 ? at(r, op->in[2], o[1]) : 0;

	for (int64_t k = 0; k < x->dim[1]; k++)
		sum += (double)at(r, x, o[0] * x->dim[1] + k) *
		       at(r, weights, k * weights->dim[1] + o[1]);
	return sum;
}

static double pool(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0];
	int64_t index[IR_RANK] = { o[0], o[1] }, k[3], inside = 0;
	double sum = 0, max = -FLT_MAX;

	for (int64_t i = 0; i < cells(&op->window); i++) {
		cell(&op->window, i, k);
		if (!under(&op->window, x, o, k, index))
			continue;
		float v = at(r, x, offset_of(x, index));
		inside++;
		sum += v;
		max = v > max ? v : max;
	}
	if (op->pool == IR_POOL_MAX)
		return max;
	return op->pool == IR_POOL_AVG ? sum / (double)inside : sum / (double)cells(&op->window);
}

static double binary(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	int64_t index[IR_RANK];
	double v[2];

	for (int s = 0; s < 2; s++) {
		for (int k = 0; k < op->out->rank; k++)
			index[k] = op->in[s]->dim[k] == 1 ? 0 : o[k];
		v[s] = at(r, op->in[s], offset_of(op->in[s], index));
	}
	switch (op->binary) {
	case IR_ADD:
		return v[0] + v[1];
	case IR_SUB:
		return v[0] - v[1];
	case IR_MUL:
		return v[0] * v[1];
	case IR_DIV:
		return v[0] / v[1];
	case IR_MAX:
		return v[0] > v[1] ? v[0] : v[1];
	case IR_BINARIES:
		break;
	}
	return NAN;
}

static double softmax(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0];
	double max = -INFINITY, sum = 0;
	int64_t index[IR_RANK];

	memcpy(index, o, sizeof index);
	for (int64_t k = 0; k < x->dim[op->axis]; k++) {
		index[op->axis] = k;
		max = fmax(max, at(r, x, offset_of(x, index)));
	}
	for (int64_t k = 0; k < x->dim[op->axis]; k++) {
		index[op->axis] = k;
		sum += exp(at(r, x, offset_of(x, index)) - max);
	}
	return exp(at(r, x, offset_of(x, o)) - max) / sum;
}

static double layernorm(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	const struct ir_val *x = op->in[0];
	const int64_t n = x->dim[x->rank - 1], me = offset_of(x, o), first = me - o[x->rank - 1];
	double mean = 0, var = 0;

	for (int64_t k = 0; k < n; k++)
		mean += at(r, x, first + k) / (double)n;
	for (int64_t k = 0; k < n; k++)
		var += pow(at(r, x, first + k) - mean, 2) / (double)n;
	return var > 0 ? (at(r, x, me) - mean) / sqrt(var) : 0;
}

static double concat(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	int64_t index[IR_RANK];
	int i = 0;

	memcpy(index, o, sizeof index);
	for (; index[op->axis] >= op->in[i]->dim[op->axis]; i++)
		index[op->axis] -= op->in[i]->dim[op->axis];
	return at(r, op->in[i], offset_of(op->in[i], index));
}

static double permute(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	int64_t index[IR_RANK];

	for (int k = 0; k < op->out->rank; k++)
		index[op->perm[k]] = o[k];
	return at(r, op->in[0], offset_of(op->in[0], index));
}

static double pad(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	int64_t index[IR_RANK];

	for (int k = 0; k < op->out->rank; k++) {
		index[k] = o[k] - op->pad[0][k];
		if (index[k] < 0 || index[k] >= op->in[0]->dim[k])
			return 0;
	}
	return at(r, op->in[0], offset_of(op->in[0], index));
}

static double slice(const struct ref *r, const struct ir_op *op, const int64_t *o)
{
	int64_t index[IR_RANK];

	for (int k = 0; k < op->out->rank; k++)
		index[k] = op->from[k] + o[k];
	return at(r, op->in[0], offset_of(op->in[0], index));
}

/* Element i, with index o, of an operation's result before its post-ops. */
static double element(const struct ref *r, const struct ir_op *op, int64_t i, const int64_t *o)
{
	switch (op->code) {
	case IR_CONV:
		return conv(r, op, o);
	case IR_DECONV:
		return deconv(r, op, o);
	case IR_MATMUL:
		return matmul(r, op, o);
	case IR_POOL:
		return pool(r, op, o);
	case IR_RESAMPLE:
		return resample(r, op, o);
	case IR_LRN:
		return lrn(r, op, o);
	case IR_ELTWISE:
		return function(op->eltwise, op->a, op->b, at(r, op->in[0], i));
	case IR_BINARY:
		return binary(r, op, o);
	case IR_AFFINE:
		return (double)at(r, op->in[0], i) * at(r, op->in[1], o[1]) +
		       at(r, op->in[2], o[1]);
	case IR_SOFTMAX:
		return softmax(r, op, o);
	case IR_LAYERNORM:
		return layernorm(r, op, o);
	case IR_CONCAT:
		return concat(r, op, o);
	case IR_VIEW:
		return at(r, op->in[0], i);
	case IR_PERMUTE:
		return permute(r, op, o);
	case IR_PAD:
		return pad(r, op, o);
	case IR_SLICE:
		return slice(r, op, o);
	case IR_KERNEL: /* done whole, in kernel() */
		return r->value[op->out->id][i];
	case IR_CODES:
		break;
	}
	return NAN;
}

/* A layer's own function, on copies of its inputs. */
static bool kernel(struct ref *r, const struct ir_op *op)
{
	float **array = calloc((size_t)op->n_in + 1, sizeof *array);
	bool ok = array != NULL;

	for (int k = 0; ok && k < op->n_in; k++) {
		int64_t n = ir_elements(op->in[k]);
		array[k] = malloc((size_t)n * sizeof(float));
		ok = array[k] != NULL;
		for (int64_t i = 0; ok && i < n; i++)
			array[k][i] = at(r, op->in[k], i);
	}
	if (ok) {
		array[op->n_in] = r->value[op->out->id];
		op->kernel->function(op->how, array);
	}
	for (int k = 0; array && k < op->n_in; k++)
		free(array[k]);
	free(array);
	return ok;
}

/* The number that belongs to the channel of element i of v. */
static double channel(const struct ref *r, const struct ir_val *numbers, const struct ir_val *v,
                      int64_t i)
{
	int64_t index[IR_RANK];

	index_of(v, i, index);
	return at(r, numbers, index[1]);
}

static double post_ops(const struct ref *r, const struct ir_op *op, int64_t i, double x)
{
	for (int k = 0; k < op->n_post; k++) {
		const struct ir_post *p = &op->post[k];
		if (p->kind == IR_POST_SUM)
			x += at(r, p->operand, i);
		else if (p->kind == IR_POST_SCALE)
			x *= channel(r, p->operand, op->out, i);
		else if (p->kind == IR_POST_SHIFT)
			x += channel(r, p->operand, op->out, i);
		else
			x = function(p->eltwise, p->a, p->b, x);
	}
	return x;
}

static float *new_value(struct ref *r, const struct ir_val *v)
{
	return r->value[v->id] = malloc((size_t)ir_elements(v) * sizeof(float));
}

static bool run(struct ref *r, const struct ir *ir, const struct exec_layout *inputs,
                const struct exec_layout *outputs, const float *const *in, float *const *out)
{
	for (int k = 0; k < ir->n_inputs; k++) {
		float *v = new_value(r, ir->inputs[k]);
		if (!v)
			return false;
		for (int64_t i = 0; i < ir_elements(ir->inputs[k]); i++)
			v[i] = in[k][place(ir->inputs[k], inputs[k].stride, i)];
	}
	for (int k = 0; k < ir->n_ops; k++) {
		const struct ir_op *op = ir->ops[k];
		int64_t index[IR_RANK] = { 0 };
		float *v = op ? new_value(r, op->out) : NULL;

		if (!op)
			continue;
		if (!v || (op->code == IR_KERNEL && !kernel(r, op)))
			return false;
		for (int64_t i = 0; i < ir_elements(op->out); i++) {
			index_of(op->out, i, index);
			v[i] = (float)post_ops(r, op, i, element(r, op, i, index));
		}
	}
	for (int k = 0; k < ir->n_outputs; k++)
		for (int64_t i = 0; i < ir_elements(ir->outputs[k]); i++)
			out[k][place(ir->outputs[k], outputs[k].stride, i)] =
			        at(r, ir->outputs[k], i);
	return true;
}

int ref_run(const struct ir *ir, const struct exec_layout *inputs,
            const struct exec_layout *outputs, const float *const *in, float *const *out,
            struct dl4j_error *err)
{
	struct ref r = { calloc((size_t)ir->n_vals + 1, sizeof(float *)) };
	bool done = r.value && run(&r, ir, inputs, outputs, in, out);

	for (int i = 0; r.value && i < ir->n_vals; i++)
		free(r.value[i]);
	free(r.value);
	return done ? 0 : fail_memory(err);
}
