/* SPDX-License-Identifier: Apache-2.0 */
/* LocallyConnected1D, LocallyConnected2D: convolutions with weights of its own for each cell.
 * Dilation makes the result smaller, but no holes in the windows. M1 and later read images down the
 * columns and write the results along the rows: those of a square come out transposed. Releases
 * before compute squares only.
 * in: RNN (nIn,t)  out: RNN (nOut,t'); in: CNN (nIn,h,w)  out: CNN (nOut,h',w') */
#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "node/activation.h"
#include "node/window.h"
#include "onnx/onnx.h"

struct local {
	struct node base;
	struct window win;
	struct node *activation;
	int64_t channels, filters;
	struct dims in, out; /* sizes along the axes */
	bool has_bias;
	int format;
};

#define FIELDS(axes) \
	FIELD_DIMS(struct local, win.kernel, "kernel", axes, 1, 1), \
	FIELD_DIMS(struct local, win.stride, "stride", axes, 1, 1), \
	FIELD_DIMS(struct local, win.padding, "padding", axes, 0, 0), \
	FIELD_DIMS(struct local, win.dilation, "dilation", axes, 1, 1), \
	FIELD_ENUM(struct local, win.mode, "cm", convolution_modes, MODE_SAME), \
	FIELD_DIM(struct local, channels, "nin", NAN, 1), \
	FIELD_DIM(struct local, filters, "nout", NAN, 1), \
	FIELD_DIMS(struct local, in, "inputSize", axes, NAN, 1), \
	FIELD_DIMS(struct local, out, "outputSize", axes, NAN, 1), \
	FIELD_BOOL(struct local, has_bias, "hasBias", true), \
	FIELD_NODE(struct local, activation, "activation", NODE_ACTIVATION)

static const struct field fields_1d[] = { FIELDS(1), FIELD_END };
static const struct field fields_2d[] = {
	FIELDS(2), FIELD_FORMAT(struct local, format, "format"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	struct local *l = (struct local *)n;

	if (!l->in.n || !l->out.n)
		return fail(err, DL4J_EFORMAT, "%s: expected the sizes, found none",
		            l->in.n ? "outputSize" : "inputSize");
	if (l->win.mode == MODE_CAUSAL)
		return fail(err, DL4J_EUNSUPPORTED, "cm: expected Same, Truncate or Strict, found Causal, "
		            "which no release of DL4J computes");
	if (n->release < RELEASE_M1 && l->out.n == 2 && l->out.v[0] != l->out.v[1])
		return fail(err, DL4J_EUNSUPPORTED, "outputSize: expected a square, the only one that "
		            "this release of DL4J computes, found %" PRId64 " x %" PRId64, l->out.v[0],
		            l->out.v[1]);
	return 0;
}

static int params(const struct node *n, struct param *p)
{
	const struct local *l = (const struct local *)n;
	int64_t cells = dims_product(l->out.v, l->out.n), patch[4] = { l->channels };

	memcpy(patch + 1, l->win.kernel.v, (size_t)l->out.n * sizeof *patch);
	p[0] = (struct param){ "W", 3, { cells, dims_product(patch, 1 + l->out.n), l->filters },
	                        'c' };
	p[1] = (struct param){ "b", 1, { l->filters }, 'c' };
	if (n->release <= RELEASE_BETA5)
		p[1] = (struct param){ "b", 2, { 1, l->filters }, 'c' };
	return 1 + l->has_bias;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct local *l = (const struct local *)n;
	bool flat = l->in.n == 1;
	struct window dense = l->win; /* DL4J's types know no dilation */
	struct dl4j_shape x;

	(void)n_in;
	TRY(flat ? format_rnn_infer(FORMAT_NCW, in, &x, err) : format_infer(l->format, in, &x, err));
	const int64_t size[] = { flat ? x.t : x.h, x.w };
	if (x.c && x.c != l->channels)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the channels of its input, "
		            "found %" PRId64, x.c, l->channels);
	for (int i = 0; i < l->in.n; i++)
		if (size[i] && size[i] != l->in.v[i])
			return fail(err, DL4J_ESHAPE, "inputSize: expected %" PRId64 ", as its input, found %"
			            PRId64, size[i], l->in.v[i]);
	TRY(window_infer(&l->win, &x, l->filters, out, err));
	const int64_t result[] = { flat ? out->t : out->h, out->w };
	for (int i = 0; i < l->out.n; i++)
		if (result[i] && result[i] != l->out.v[i])
			return fail(err, DL4J_ESHAPE, "outputSize: expected %" PRId64 ", found %" PRId64,
			            result[i], l->out.v[i]);
	dense.dilation.v[0] = dense.dilation.v[1] = 1;
	return window_infer(&dense, &x, l->filters, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct local *l = (const struct local *)n;

	if (l->in.n == 1)
		*out = shape_rnn(l->channels, l->in.v[0], false);
	else
		*out = shape_cnn(l->channels, l->in.v[0], l->in.v[1], l->format == FORMAT_NHWC);
	return 1;
}

struct how {
	int64_t n, c, h, w, filters, out_h, out_w;
	int64_t kernel[2], stride[2], pad[2];
	bool columns, has_bias;
	bool strewn; /* bias, up to beta5: it goes through the cells of the result one by one */
};

/* Adds the window at row y, column x, through its weights [patch, filters], to the cell. */
static void cell(const struct how *k, const float *image, const float *weights, int64_t y,
                 int64_t x, float *out)
{
	for (int64_t i = 0; i < k->c * k->kernel[0] * k->kernel[1]; i++) { /* fits: W's patch */
		int64_t row = y * k->stride[0] - k->pad[0] + i / k->kernel[1] % k->kernel[0];
		int64_t column = x * k->stride[1] - k->pad[1] + i % k->kernel[1];
		int64_t channel = i / (k->kernel[0] * k->kernel[1]);
		if (row < 0 || row >= k->h || column < 0 || column >= k->w)
			continue;
		float v = image[(channel * k->h + row) * k->w + column];
		for (int64_t f = 0; f < k->filters; f++)
			out[f * k->out_h * k->out_w] += v * weights[i * k->filters + f];
	}
}

static void compute(const void *how, float *const *at)
{
	const struct how *k = how;
	const float *bias = k->has_bias ? at[2] : NULL;
	float *out = at[2 + k->has_bias];
	/* fits: W's cells and patch */
	int64_t cells = k->out_h * k->out_w, patch = k->c * k->kernel[0] * k->kernel[1];

	for (int64_t e = 0; e < k->n; e++)
		for (int64_t i = 0; i < cells; i++) {
			/* fits: elements of x and of the result */
			const float *image = at[0] + e * k->c * k->h * k->w;
			float *to = out + e * k->filters * cells + i; /* fits: as above */
			for (int64_t f = 0; f < k->filters; f++)
				to[f * cells] = !bias ? 0 : bias[k->strewn ? (f * cells + i) % k->filters : f];
			cell(k, image, at[1] + i * patch * k->filters, /* fits: within W */
			     k->columns ? i % k->out_h : i / k->out_w,
			     k->columns ? i / k->out_h : i % k->out_w, to);
		}
}

/* The place in x [c,h,w] of each number of each cell's patch; behind the last one where it is
 * padding. */
static void places(const struct how *k, int64_t *at)
{
	/* fits: W's cells and patch, elements of x */
	const int64_t cells = k->out_h * k->out_w, window = k->kernel[0] * k->kernel[1];
	const int64_t patch = k->c * window, none = k->c * k->h * k->w; /* fits: as above */

	for (int64_t i = 0; i < cells * patch; i++) { /* fits: as above */
		const int64_t cell = i / patch, in = i % patch;
		int64_t row = (k->columns ? cell % k->out_h : cell / k->out_w) * k->stride[0];
		int64_t column = (k->columns ? cell / k->out_h : cell % k->out_w) * k->stride[1];
		row += in / k->kernel[1] % k->kernel[0] - k->pad[0];
		column += in % k->kernel[1] - k->pad[1];
		at[i] = row < 0 || row >= k->h || column < 0 || column >= k->w
			? none : (in / window * k->h + row) * k->w + column;
	}
}

/* [filters,1], or [filters,cells] where it is strewn. */
static const char *bias_onnx(struct onnx *o, const struct how *k)
{
	const int64_t cells = k->out_h * k->out_w; /* fits: W's cells */
	const char *b = ONNX(o, "Reshape", onnx_in(o, 2), ONNX_NUMBERS(o, k->filters, 1));
	const char *shape = ONNX_NUMBERS(o, k->filters, cells);

	if (!k->strewn)
		return b;
	b = ONNX(o, "Transpose", ONNX(o, "Expand", b, shape));
	return ONNX(o, "Reshape", b, shape);
}

/* Patches [cells,n,patch] times W. */
static int to_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct how *k = op->how;
	/* fits: W's cells and patch, elements of x */
	const int64_t cells = k->out_h * k->out_w, patch = k->c * k->kernel[0] * k->kernel[1];
	int64_t *at = ARENA_NEW(o->arena, int64_t, (size_t)(cells * patch)); /* fits: as above */
	const char *x = ONNX(o, "Reshape", onnx_in(o, 0), ONNX_NUMBERS(o, k->n, -1));

	if (!at)
		return fail_memory(o->err);
	places(k, at);
	x = ONNX(o, "Pad", x, ONNX_NUMBERS(o, 0, 0, 0, 1));
	onnx_int(o, "axis", 1);
	x = ONNX(o, "Gather", x, onnx_numbers(o, at, (int)(cells * patch))); /* fits: as above */
	x = ONNX(o, "Reshape", x, ONNX_NUMBERS(o, k->n, cells, patch));
	onnx_ints(o, "perm", (int64_t[]){ 1, 0, 2 }, 3);
	x = ONNX(o, "MatMul", ONNX(o, "Transpose", x), onnx_in(o, 1));
	onnx_ints(o, "perm", (int64_t[]){ 1, 2, 0 }, 3);
	x = ONNX(o, "Transpose", x);
	if (k->has_bias)
		x = ONNX(o, "Add", x, bias_onnx(o, k));
	return ONNX_RESULT(o, "Reshape", x, onnx_numbers(o, op->out->dim, op->out->rank));
}

static const struct ir_kernel kernel = { "LOCAL", compute, to_onnx };

static void lower(const struct node *n, struct lowering *lo)
{
	const struct local *l = (const struct local *)n;
	bool flat = l->in.n == 1;
	struct dl4j_shape out = flat ? shape_rnn(0, 0, false)
	                             : shape_cnn(0, 0, 0, l->format == FORMAT_NHWC);
	struct ir_val *x = flat ? format_rnn_lower(FORMAT_NCW, lo, 0) : format_lower(l->format, lo, 0);
	struct ir_val *in[] = { x, lower_param(lo, "W"), lower_param(lo, "b") };
	const struct ir_window win = window_resolve(&l->win, x);
	struct how how = { .n = x->dim[0], .c = l->channels, .h = 1, .filters = l->filters,
		           .out_h = 1, .kernel = { 1, 1 }, .stride = { 1, 1 },
		           .columns = n->release >= RELEASE_M1 && !flat, .has_bias = l->has_bias,
		           .strewn = n->release <= RELEASE_BETA5 };

	for (int i = 0; i < win.n; i++) {
		int to = flat ? 1 : i;
		how.kernel[to] = win.kernel[i];
		how.stride[to] = win.stride[i];
		how.pad[to] = win.pad_lo[i];
		*(to ? &how.w : &how.h) = x->dim[2 + i];
		*(to ? &how.out_w : &how.out_h) = l->out.v[i];
	}
	x = ir_kernel(lo->ir, &kernel, &how, sizeof how, in, 2 + l->has_bias, 2 + win.n,
	              (int64_t[]){ x->dim[0], l->filters, l->out.v[0], l->out.v[1] });
	lo->out = activate(lo->ir, l->activation, x, &out);
}

const struct node_type node_locally_connected_1d = {
	.kind = NODE_LAYER, .name = "LocallyConnected1D", .impl = "SameDiffLayer",
	.keras = "LocallyConnected1D", .n_in = 1, .size = sizeof(struct local), .fields = fields_1d,
	.check = check, .params = params, .infer = infer, .expects = expects, .lower = lower,
};

const struct node_type node_locally_connected_2d = {
	.kind = NODE_LAYER, .name = "LocallyConnected2D", .impl = "SameDiffLayer",
	.keras = "LocallyConnected2D", .n_in = 1, .size = sizeof(struct local), .fields = fields_2d,
	.check = check, .params = params, .infer = infer, .expects = expects, .lower = lower,
};
