/* SPDX-License-Identifier: Apache-2.0 */
/* recurrent: LSTM and SimpleRnn over a series, and what else works on the time axis.
 * In DL4J's LSTM the block named i is the candidate, and g the input gate. */
#include "node/recurrent.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

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

/* --- The kernels ------------------------------------------------------------------------------ */

#define BLOCK 8 /* examples that share one reading of the recurrent weights */

struct steps {
	int64_t batch, t, size, columns; /* of RW */
	bool peepholes, backward, masked, layer_norm;
	struct row_function activation, gate;
};

/* z [n,columns of z] += h [n,size] rw [size,..] */
static void add_product(const struct steps *s, float *z, int64_t width, const float *h,
                        const float *rw, int64_t n)
{
	for (int64_t k = 0; k < s->size; k++)
		for (int64_t i = 0; i < n; i++) {
			const float a = h[i * s->size + k], *w = rw + k * s->columns;
			float *to = z + i * width;
			for (int64_t j = 0; j < width; j++)
				to[j] += a * w[j];
		}
}

static void peep(const struct steps *s, float *z, const float *c, const float *rw, int64_t which)
{
	for (int64_t j = 0; s->peepholes && j < s->size; j++)
		z[j] += c[j] * rw[j * s->columns + 4 * s->size + which];
}

static void lstm_cell(const struct steps *s, float *z, float *c, const float *rw, float *out)
{
	const int64_t n = s->size;
	float *i = z, *f = z + n, *o = z + 2 * n, *g = z + 3 * n;

	peep(s, f, c, rw, 0);
	peep(s, g, c, rw, 2);
	s->activation.apply(&s->activation, i, n);
	s->gate.apply(&s->gate, f, n);
	s->gate.apply(&s->gate, g, n);
	for (int64_t j = 0; j < n; j++)
		out[j] = c[j] = f[j] * c[j] + g[j] * i[j];
	peep(s, o, c, rw, 1);
	s->gate.apply(&s->gate, o, n);
	s->activation.apply(&s->activation, out, n);
	for (int64_t j = 0; j < n; j++)
		out[j] *= o[j];
}

static void scale(float *x, int64_t n, float by)
{
	for (int64_t j = 0; j < n; j++)
		x[j] *= by;
}

static int64_t step_at(const struct steps *s, int64_t i)
{
	return s->backward ? s->t - 1 - i : i;
}

/* at: z [t*n,4 size], RW, h and c before [n,size], [mask [n,t]]; then h of all steps, c at the end
 * and room for one step of z, below one another in rows of `size`. */
static void lstm(const void *how, float *const *at)
{
	const struct steps *s = how;
	const int64_t n = s->batch, size = s->size;
	const float *rw = at[1], *mask = s->masked ? at[4] : NULL;
	/* fits: elements of the result */
	float *out = at[4 + s->masked], *c = out + s->t * n * size, *z = c + n * size;

	memcpy(c, at[3], (size_t)(n * size) * sizeof *c);
#pragma omp parallel for if (n > BLOCK)
	for (int64_t from = 0; from < n; from += BLOCK) {
		const int64_t rows = n - from < BLOCK ? n - from : BLOCK;
		const float *h = at[2] + from * size;
		for (int64_t i = 0; i < s->t; i++) {
			const int64_t t = step_at(s, i), row = t * n + from;
			memcpy(z + from * 4 * size, at[0] + row * 4 * size,
			       (size_t)(rows * 4 * size) * sizeof *z);
			add_product(s, z + from * 4 * size, 4 * size, h, rw, rows);
			for (int64_t k = from; k < from + rows; k++) {
				float *to = out + (t * n + k) * size;
				lstm_cell(s, z + k * 4 * size, c + k * size, rw, to);
				if (mask) {
					scale(to, size, mask[k * s->t + t]);
					scale(c + k * size, size, mask[k * s->t + t]);
				}
			}
			h = out + row * size;
		}
	}
}

/* (x - mean) / std * gain, 0 where all are equal. */
static void normalize(float *x, int64_t n, const float *gain)
{
	double mean = 0, var = 0;
	float by;

	for (int64_t j = 0; j < n; j++)
		mean += x[j];
	mean /= (double)n;
	for (int64_t j = 0; j < n; j++)
		var += (x[j] - mean) * (x[j] - mean);
	by = var > 0 ? (float)(1 / sqrt(var / (double)n)) : 0;
	for (int64_t j = 0; j < n; j++)
		x[j] = (float)(x[j] - mean) * by * gain[j];
}

/* at: z [t*n,size], RW, h before, [gain [2 size]], [mask]; then h of all steps, room for one. */
static void simple(const void *how, float *const *at)
{
	const struct steps *s = how;
	const int64_t n = s->batch, size = s->size;
	const float *gain = s->layer_norm ? at[3] + size : NULL;
	const float *mask = s->masked ? at[3 + s->layer_norm] : NULL;
	/* fits: elements of the result */
	float *out = at[3 + s->layer_norm + s->masked], *room = out + s->t * n * size;

#pragma omp parallel for if (n > BLOCK)
	for (int64_t from = 0; from < n; from += BLOCK) {
		const int64_t rows = n - from < BLOCK ? n - from : BLOCK, all = rows * size;
		const float *h = at[2] + from * size;
		for (int64_t i = 0; i < s->t; i++) {
			const int64_t t = step_at(s, i);
			float *to = out + (t * n + from) * size, *r = room + from * size;
			memcpy(to, at[0] + (t * n + from) * size, (size_t)all * sizeof *to);
			if (gain) {
				memset(r, 0, (size_t)all * sizeof *r);
				add_product(s, r, size, h, at[1], rows);
			} else {
				add_product(s, to, size, h, at[1], rows);
			}
			for (int64_t k = 0; k < rows; k++) {
				if (gain)
					normalize(r + k * size, size, gain);
				for (int64_t j = 0; gain && j < size; j++)
					to[k * size + j] += r[k * size + j];
				s->activation.apply(&s->activation, to + k * size, size);
				if (mask)
					scale(to + k * size, size, mask[(from + k) * s->t + t]);
			}
			h = to;
		}
	}
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

/* The columns of v as rows, in `gates` blocks of which the last comes first: ONNX's i, o, f, c are
 * DL4J's g, o, f, i. */
static const char *blocks(struct onnx *o, const struct ir_val *v, int64_t gates, int64_t size)
{
	const int64_t row = v->stride[0], column = v->stride[1], dim[] = { 1, gates * size, v->dim[0] };
	const struct ir_source s = {
		.rank = 3, .dim = { gates, size, v->dim[0] }, .stride = { -size * column, column, row },
		.data = v->data + (gates - 1) * size * column,
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

/* i, o, f from the columns behind the gates' own. */
static const char *peepholes(struct onnx *o, const struct ir_val *v, int64_t size)
{
	const int64_t row = v->stride[0], column = v->stride[1], dim[] = { 1, 3 * size };
	const struct ir_source s = { .rank = 2, .dim = { 3, size }, .stride = { -column, row },
		                     .data = v->data + (4 * size + 2) * column };

	return onnx_source(o, &s, 2, dim);
}

/* Both operators: from the product's own inputs, since they compute it. */
static int to_onnx(struct onnx *o, const char *type, const struct row_function *const *f, int n_f,
                   int64_t gates)
{
	const struct steps *s = o->op->how;
	const struct ir_op *product = o->op->in[0]->def;
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
	y = ONNX(o, type, x, blocks(o, product->in[1], gates, size),
	         blocks(o, o->op->in[1], gates, size), biases(o, product->in[2], gates, size), "",
	         before, c, s->peepholes ? peepholes(o, o->op->in[1], size) : NULL);
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

static const struct ir_kernel lstm_kernel = { "LSTM", lstm, lstm_onnx, .with_product = true };
static const struct ir_kernel simple_kernel = { "RNN", simple, simple_onnx, .with_product = true };

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

struct ir_val *recurrent_pass(const struct recurrent *l, struct lowering *lo,
                              const struct recurrence *r)
{
	struct ir_val *x = format_rnn_lower(l->format, lo, 0);
	const int64_t n = x->dim[0], t = x->dim[2], size = l->base.nout;
	struct ir_val *w = lower_param(lo, r->w), *b = lower_param(lo, r->b);
	struct ir_val *in[5] = { NULL, lower_param(lo, r->rw) };
	const struct activation sigmoid = { .base.type = node_find(NODE_ACTIVATION, "Sigmoid") };
	struct steps how = { .batch = n, .t = t, .size = size, .columns = in[1]->dim[1],
		             .peepholes = r->peepholes, .backward = r->backward,
		             .masked = r->mask != NULL, .layer_norm = l->layer_norm,
		             .activation = activation_row(l->activation),
		             .gate = activation_row(l->gate ? l->gate : &sigmoid.base) };
	const int64_t rows = (t + (r->gates ? 5 : 1)) * n, dim[] = { n, size };
	int n_in = 2;

	x = recurrent_rows(lo->ir, x);
	in[0] = l->layer_norm ? normalized(lo, x, w, b, size) : ir_matmul(lo->ir, x, w, b);
	in[n_in++] = lower_state(lo, 2, dim);
	if (r->gates)
		in[n_in++] = lower_state(lo, 2, dim);
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
