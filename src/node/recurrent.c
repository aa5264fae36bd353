/* SPDX-License-Identifier: Apache-2.0 */
/* recurrent: LSTM and SimpleRnn over a series, and what else works on the time axis. */
#include "node/recurrent.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "node/product.h"
#include "node/recurrence.h"
#include "onnx/onnx.h"

const struct field recurrent_fields[] = {
	FIELD_ACTIVATION(struct recurrent, activation),
	FIELD_NODE(struct recurrent, gate, "gateActivationFn", NODE_ACTIVATION),
	FIELD_RNN_FORMAT(struct recurrent, format, "rnnDataFormat"),
	FIELD_BOOL(struct recurrent, layer_norm, "hasLayerNorm", false), FIELD_END
};

int recurrent_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                    struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n_in;
	TRY(format_rnn_infer(((const struct recurrent *)n)->format, in, out, err));
	if (out->c && out->c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the size of its input, found %"
		            PRId64, out->c, n->nin);
	out->c = n->nout;
	return 0;
}

int recurrent_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_rnn(n->nin, 0, ((const struct recurrent *)n)->format == FORMAT_NWC);
	return 1;
}

int recurrent_params(const struct node *n, struct param *p, int gates, int more,
                     const char *const *keys)
{
	p[0] = (struct param){ keys[0], 2, { n->nin, gates * n->nout }, 'f' };
	p[1] = (struct param){ keys[1], 2, { n->nout, gates * n->nout + more }, 'f' };
	p[2] = (struct param){ keys[2], 1, { gates * n->nout }, 'c' };
	return 3;
}

/* --- As ONNX's LSTM and RNN ------------------------------------------------------------------ */

/* The functions of both, and alpha and beta of those that have them. */
static int functions(struct onnx *o, const struct row_function *const *f, int n)
{
	const char *names[3];
	float alpha[3], beta[3];
	int n_alpha = 0, n_beta = 0;

	for (int i = 0; i < n; i++) {
		if (!f[i]->onnx)
			return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected an activation that its "
			            "recurrent operators know, found %s", f[i]->name);
		names[i] = f[i]->onnx;
		if (f[i]->n_alpha > 0)
			alpha[n_alpha++] = f[i]->alpha[0];
		if (f[i]->n_alpha > 1)
			beta[n_beta++] = f[i]->alpha[1];
	}
	onnx_texts(o, "activations", names, n);
	if (n_alpha)
		onnx_floats(o, "activation_alpha", alpha, n_alpha);
	if (n_beta)
		onnx_floats(o, "activation_beta", beta, n_beta);
	return 0;
}

/* The columns of a matrix as rows, in `gates` blocks of which the last comes first: ONNX's i, o, f,
 * c are DL4J's g, o, f, i. */
static const char *blocks(struct onnx *o, const float *data, int64_t row, int64_t column,
                          int64_t gates, int64_t size, int64_t rows)
{
	const int64_t dim[] = { 1, gates * size, rows };
	const struct ir_source s = {
		.rank = 3, .dim = { gates, size, rows }, .stride = { -size * column, column, row },
		.data = data + (gates - 1) * size * column,
	};

	return onnx_source(o, &s, 3, dim);
}

/* ONNX has a bias of the input and one of the state, which is 0 here. */
static const char *biases(struct onnx *o, const struct ir_val *v, int64_t gates, int64_t size)
{
	static const float once[] = { 1, 0 };
	const int64_t step = v->stride[0], dim[] = { 1, 2 * gates * size };
	const struct ir_source s = {
		.rank = 3, .dim = { 2, gates, size }, .stride = { 0, -size * step, step },
		.data = v->data + (gates - 1) * size * step, .scale = once, .scale_stride = { 1, 0, 0 },
	};

	return onnx_source(o, &s, 2, dim);
}

/* i, o, f from DL4J's f, o, g. */
static const char *peepholes(struct onnx *o, const struct ir_val *v)
{
	const int64_t dim[] = { 1, 3 * v->dim[1] };
	const struct ir_source s = { .rank = 2, .dim = { 3, v->dim[1] },
		                     .stride = { -v->stride[0], v->stride[1] },
		                     .data = v->data + 2 * v->stride[0] };

	return onnx_source(o, &s, 2, dim);
}

/* Both operators: from the product's own inputs, since they compute it. */
static int to_onnx(struct onnx *o, const char *type, const struct row_function *const *f, int n_f,
                   int64_t gates)
{
	const struct steps *s = o->op->how;
	const struct ir_op *product = o->op->in[0]->def;
	const struct ir_val *w = product->in[1], *rw = o->op->in[1];
	const int64_t n = s->batch, size = s->size;
	const char *x, *before, *c, *y;

	assert(!s->masked); /* a MASK has been refused by then */
	if (s->layer_norm)
		return fail(o->err, DL4J_EUNSUPPORTED, "ONNX: expected a recurrent layer without layer "
		            "norm, found one with it");
	x = ONNX(o, "Reshape", onnx_name(o, product->in[0]), ONNX_NUMBERS(o, s->t, n, -1));
	before = ONNX(o, "Reshape", onnx_in(o, 2), ONNX_NUMBERS(o, 1, n, size));
	c = gates > 1 ? ONNX(o, "Reshape", onnx_in(o, 3), ONNX_NUMBERS(o, 1, n, size)) : NULL;
	TRY(functions(o, f, n_f));
	onnx_int(o, "hidden_size", size);
	onnx_text(o, "direction", s->backward ? "reverse" : "forward");
	y = ONNX(o, type, x,
	         blocks(o, w->data, w->stride[0], w->stride[1], gates, size, w->dim[0]),
	         blocks(o, rw->data, rw->stride[1], rw->stride[3], gates, size, size),
	         biases(o, product->in[2], gates, size), "", before, c,
	         s->peepholes ? peepholes(o, o->op->in[4]) : NULL);
	return ONNX_RESULT(o, "Reshape", y, ONNX_NUMBERS(o, -1, size));
}

static int lstm_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct steps *s = op->how;

	return to_onnx(o, "LSTM", (const struct row_function *const[]){
		&s->gate, &s->activation, &s->activation }, 3, 4);
}

static int simple_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct steps *s = op->how;

	return to_onnx(o, "RNN", (const struct row_function *const[]){ &s->activation }, 1, 1);
}

static double step_flops(const struct steps *s, double gates)
{
	return 2 * gates * (double)(s->batch * s->t * s->size) * (double)s->size;
}

static double lstm_flops(const void *how)
{
	return step_flops(how, 4);
}

static double simple_flops(const void *how)
{
	return step_flops(how, 1);
}

static const struct ir_kernel lstm_kernel = {
	"LSTM", recurrence_lstm, lstm_onnx, .with_product = true, .flops = lstm_flops
};
static const struct ir_kernel simple_kernel = {
	"RNN", recurrence_simple, simple_onnx, .with_product = true, .flops = simple_flops
};

/* --- Lowering --------------------------------------------------------------------------------- */

struct ir_val *recurrent_rows(struct ir *ir, struct ir_val *x)
{
	x = ir_permute(ir, x, (int[]){ 2, 0, 1 });
	return ir_view(ir, x, 2, (int64_t[]){ x->dim[0] * x->dim[1], x->dim[2] });
}

struct ir_val *recurrent_series(struct ir *ir, struct ir_val *rows, int64_t batch)
{
	if (ir->err.code)
		return rows;
	if (rows->dim[0] % batch) {
		fail(&ir->err, DL4J_ESHAPE, "expected the steps of %" PRId64 " series, found %" PRId64
		     " rows", batch, rows->dim[0]);
		return rows;
	}
	rows = ir_view(ir, rows, 3, (int64_t[]){ rows->dim[0] / batch, batch, rows->dim[1] });
	return ir_permute(ir, rows, (int[]){ 1, 2, 0 });
}

struct ir_val *recurrent_mask_rows(struct ir *ir, struct ir_val *mask)
{
	if (!mask)
		return NULL;
	mask = ir_permute(ir, mask, (int[]){ 1, 0 });
	return ir_view(ir, mask, 2, (int64_t[]){ mask->dim[0] * mask->dim[1], 1 });
}

struct ir_val *recurrent_mask_series(struct ir *ir, struct ir_val *mask, int64_t batch)
{
	if (!mask)
		return NULL;
	mask = ir_view(ir, mask, 2, (int64_t[]){ mask->dim[0] * mask->dim[1] / batch, batch });
	return ir_permute(ir, mask, (int[]){ 1, 0 });
}

struct ir_val *recurrent_masked(struct ir *ir, struct ir_val *x, struct ir_val *mask)
{
	if (!mask)
		return x;
	if (x->rank == 3)
		mask = ir_view(ir, mask, 3, (int64_t[]){ mask->dim[0], 1, mask->dim[1] });
	return ir_binary(ir, IR_MUL, x, mask);
}

static struct ir_val *normalized(struct lowering *lo, struct ir_val *x, struct ir_val *w,
                                 struct ir_val *b, int64_t size)
{
	struct ir_val *gain = ir_const(lo->ir, lower_vector(lo, "g"), 1, &size, NULL);

	return ir_affine(lo->ir, ir_layernorm(lo->ir, ir_matmul(lo->ir, x, w, NULL)), gain, b);
}

/* The rows of the kernel's result that hold the state, told to the runner. */
static void keep(struct lowering *lo, struct ir_val *all, struct ir_val *before, int64_t row)
{
	if (lo->states)
		lower_keep(lo, before, ir_slice(lo->ir, all, (int64_t[]){ row, 0 }, before->dim));
}

/* Units that are computed together: fewer than all where the functions let them. */
static int64_t width_of(const struct steps *s, int64_t gates)
{
	const int64_t width = PRODUCT_COLUMNS / gates;

	return s->layer_norm || s->activation.whole || s->gate.whole || s->size % width ? s->size
	                                                                                : width;
}

/* RW as the kernels read it: [blocks,size,gates,width]. */
static struct ir_val *in_blocks(struct ir *ir, const struct ir_val *rw, int64_t gates,
                                const struct steps *s)
{
	const int64_t row = rw->stride[0], column = rw->stride[1];

	return ir_const(ir, rw->data, 4,
	                (int64_t[]){ s->size / s->width, s->size, gates, s->width },
	                (int64_t[]){ s->width * column, row, s->size * column, column });
}

struct ir_val *recurrent_pass(const struct recurrent *l, struct lowering *lo,
                              const struct recurrence *r)
{
	struct ir_val *x = format_rnn_lower(l->format, lo, 0);
	const int64_t n = x->dim[0], t = x->dim[2], size = l->base.nout;
	struct ir_val *w = lower_param(lo, r->w), *b = lower_param(lo, r->b);
	struct ir_val *rw = lower_param(lo, r->rw), *in[6];
	const struct activation sigmoid = { .base.type = node_find(NODE_ACTIVATION, "Sigmoid") };
	struct steps how = { .batch = n, .t = t, .size = size,
		             .peepholes = r->peepholes, .backward = r->backward,
		             .masked = r->mask != NULL, .layer_norm = l->layer_norm,
		             .activation = activation_row(l->activation),
		             .gate = activation_row(l->gate ? l->gate : &sigmoid.base) };
	const int64_t rows = (t + (r->gates ? 5 : 1)) * n, dim[] = { n, size };
	const int64_t gates = r->gates ? 4 : 1;
	int n_in = 2;

	x = recurrent_rows(lo->ir, x);
	in[0] = l->layer_norm ? normalized(lo, x, w, b, size) : ir_matmul(lo->ir, x, w, b);
	how.width = width_of(&how, gates);
	in[1] = in_blocks(lo->ir, rw, gates, &how);
	in[n_in++] = lower_state(lo, 2, dim);
	if (r->gates)
		in[n_in++] = lower_state(lo, 2, dim);
	if (r->peepholes && rw->data) /* none: something failed before */
		in[n_in++] = ir_const(lo->ir, rw->data + 4 * size * rw->stride[1], 2,
		                      (int64_t[]){ 3, size },
		                      (int64_t[]){ rw->stride[1], rw->stride[0] });
	if (l->layer_norm)
		in[n_in++] = lower_param(lo, "g");
	if (r->mask)
		in[n_in++] = r->mask;
	x = ir_kernel(lo->ir, r->gates ? &lstm_kernel : &simple_kernel, &how, sizeof how, in, n_in, 2,
	              (int64_t[]){ rows, size });
	keep(lo, x, in[2], (t - 1) * n);
	if (r->gates)
		keep(lo, x, in[3], t * n);
	x = ir_slice(lo->ir, x, (int64_t[]){ 0, 0 }, (int64_t[]){ t * n, size });
	x = recurrent_series(lo->ir, x, n);
	return x;
}

/* --- Along time ------------------------------------------------------------------------------- */

struct series {
	int64_t n, c, t;
	bool masked;
};

static void reverse(const void *how, float *const *at)
{
	const struct series *s = how;
	const float *mask = s->masked ? at[1] : NULL;

	for (int64_t i = 0; i < s->n; i++) {
		/* fits: elements of x */
		const float *x = at[0] + i * s->c * s->t, *m = mask ? mask + i * s->t : NULL;
		float *out = at[1 + s->masked] + i * s->c * s->t; /* fits: as above */
		memset(out, 0, (size_t)(s->c * s->t) * sizeof *out);
		for (int64_t from = 0, to = s->t - 1; from < s->t && to >= 0; from++, to--) {
			while (m && from < s->t && m[from] == 0)
				from++;
			while (m && to >= 0 && m[to] == 0)
				to--;
			for (int64_t c = 0; from < s->t && to >= 0 && c < s->c; c++)
				out[c * s->t + to] = x[c * s->t + from];
		}
	}
}

static int reverse_onnx(struct onnx *o, const struct ir_op *op)
{
	assert(op->n_in == 1); /* likewise, no mask */
	return ONNX_RESULT(o, "Slice", onnx_in(o, 0), ONNX_NUMBERS(o, -1), ONNX_NUMBERS(o, INT64_MIN),
	                   ONNX_NUMBERS(o, op->out->rank - 1), ONNX_NUMBERS(o, -1));
}

static const struct ir_kernel reverse_kernel = { "REVERSE", reverse, reverse_onnx };

struct ir_val *recurrent_reversed(struct ir *ir, struct ir_val *x, struct ir_val *of)
{
	struct ir_val *in[] = { x, of };
	const struct series how = { x->dim[0], x->rank == 3 ? x->dim[1] : 1, x->dim[x->rank - 1],
		                    of != NULL };

	return ir_kernel(ir, &reverse_kernel, &how, sizeof how, in, of ? 2 : 1, x->rank, x->dim);
}

static void last(const void *how, float *const *at)
{
	const struct series *s = how;

	for (int64_t i = 0; i < s->n; i++) {
		int64_t t = s->t - 1;
		while (t > 0 && at[1][i * s->t + t] == 0)
			t--;
		for (int64_t c = 0; c < s->c; c++)
			at[2][i * s->c + c] = at[0][(i * s->c + c) * s->t + t];
	}
}

static const struct ir_kernel last_kernel = { .name = "LAST", .function = last };

struct ir_val *recurrent_last(struct ir *ir, struct ir_val *x, struct ir_val *mask)
{
	struct ir_val *in[] = { x, mask };
	const struct series how = { x->dim[0], x->dim[1], x->dim[2], true };

	if (mask)
		return ir_kernel(ir, &last_kernel, &how, sizeof how, in, 2, 2, x->dim);
	x = ir_slice(ir, x, (int64_t[]){ 0, 0, x->dim[2] - 1 },
	             (int64_t[]){ x->dim[0], x->dim[1], 1 });
	return ir_view(ir, x, 2, x->dim);
}

struct ir_val *recurrent_repeated(struct ir *ir, struct ir_val *x, int64_t t)
{
	float *zero;
	struct ir_val *steps = ir_new_const(ir, 3, (int64_t[]){ 1, 1, t }, &zero);

	x = ir_view(ir, x, 3, (int64_t[]){ x->dim[0], x->dim[1], 1 });
	return ir_binary(ir, IR_ADD, x, steps);
}

static void any(const void *how, float *const *at)
{
	const struct series *s = how; /* n masks of t elements */

	memset(at[s->n], 0, (size_t)s->t * sizeof **at);
	for (int64_t k = 0; k < s->n; k++)
		for (int64_t i = 0; i < s->t; i++)
			if (at[k][i] != 0)
				at[s->n][i] = 1;
}

static const struct ir_kernel any_kernel = { .name = "ANY", .function = any };

struct ir_val *recurrent_any_mask(struct lowering *lo)
{
	struct series how = { .n = lo->n_in };

	for (int i = 0; lo->mask && i < lo->n_in; i++)
		if (!lo->mask[i])
			return NULL;
	if (!lo->mask || lo->n_in == 1)
		return lo->mask ? lo->mask[0] : NULL;
	for (int i = 1; i < lo->n_in; i++)
		if (!ir_same_dims(lo->mask[0], lo->mask[i])) {
			ir_fail(lo->ir, DL4J_ESHAPE, "expected masks of one length");
			return NULL;
		}
	how.t = ir_elements(lo->mask[0]);
	return ir_kernel(lo->ir, &any_kernel, &how, sizeof how, lo->mask, lo->n_in, 2,
	                 lo->mask[0]->dim);
}
