/* SPDX-License-Identifier: Apache-2.0 */
/* Yolo2OutputLayer: for each of B boxes the channels x, y, w, h, confidence and classes:
 * sigmoid(x), sigmoid(y), prior exp(w), prior exp(h), sigmoid(confidence), softmax(classes).
 * in, out: CNN (B*(5+classes),h,w) */
#include "node/format.h"
#include "onnx/onnx.h"

struct yolo2 {
	struct node base;
	struct floats boxes; /* [B,2]: width and height in cells */
	int format;
};

static const struct field fields[] = {
	FIELD_FLOATS(struct yolo2, boxes, "boundingBoxes"),
	FIELD_FORMAT(struct yolo2, format, "format"), FIELD_END
};

struct how {
	int64_t n, boxes, each, cells;
};

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

static void softmax(const float *x, float *y, int64_t n, int64_t stride)
{
	float most = -INFINITY, sum = 0;

	for (int64_t i = 0; i < n; i++)
		most = fmaxf(most, x[i * stride]);
	for (int64_t i = 0; i < n; i++)
		sum += y[i * stride] = expf(x[i * stride] - most);
	for (int64_t i = 0; i < n; i++)
		y[i * stride] /= sum;
}

static void decode(const void *how, float *const *at)
{
	const struct how *h = how;

	for (int64_t i = 0; i < h->n * h->boxes; i++) {
		const float *prior = at[1] + i % h->boxes * 2;
		for (int64_t cell = 0; cell < h->cells; cell++) {
			const float *x = at[0] + i * h->each * h->cells + cell;
			float *y = at[2] + i * h->each * h->cells + cell;
			for (int k = 0; k < 5; k++)
				y[k * h->cells] = k == 2 || k == 3
					? prior[k - 2] * expf(x[k * h->cells]) : sigmoid(x[k * h->cells]);
			softmax(x + 5 * h->cells, y + 5 * h->cells, h->each - 5, h->cells);
		}
	}
}

static const char *part(struct onnx *o, const char *x, int64_t from, int64_t to)
{
	return ONNX(o, "Slice", x, ONNX_NUMBERS(o, from), ONNX_NUMBERS(o, to), ONNX_NUMBERS(o, 2));
}

static int to_onnx(struct onnx *o, const struct ir_op *op)
{
	const struct how *h = op->how;
	const int64_t boxes = h->boxes;
	const char *prior = ONNX(o, "Reshape", onnx_in(o, 1), ONNX_NUMBERS(o, 1, boxes, 2, 1));
	const char *x = ONNX(o, "Reshape", onnx_in(o, 0),
	                     ONNX_NUMBERS(o, h->n, boxes, h->each, h->cells));
	const char *at = ONNX(o, "Sigmoid", part(o, x, 0, 2));
	const char *size = ONNX(o, "Mul", ONNX(o, "Exp", part(o, x, 2, 4)), prior);
	const char *sure = ONNX(o, "Sigmoid", part(o, x, 4, 5));
	const char *classes = part(o, x, 5, h->each);

	onnx_int(o, "axis", 2);
	classes = ONNX(o, "Softmax", classes);
	onnx_int(o, "axis", 2);
	x = ONNX(o, "Concat", at, size, sure, classes);
	return ONNX_RESULT(o, "Reshape", x, onnx_numbers(o, op->out->dim, op->out->rank));
}

static const struct ir_kernel kernel = { "YOLO2", decode, to_onnx };

static int check(struct node *n, struct dl4j_error *err)
{
	const struct yolo2 *l = (const struct yolo2 *)n;

	if (l->boxes.n < 2 || l->boxes.n % 2)
		return fail(err, DL4J_EFORMAT, "boundingBoxes: expected pairs of numbers, found %d "
		            "numbers", l->boxes.n);
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct yolo2 *l = (const struct yolo2 *)n;
	const int boxes = l->boxes.n / 2;

	(void)n_in;
	TRY(format_infer(l->format, in, out, err));
	if (out->c && (out->c % boxes || out->c / boxes < 6))
		return fail(err, DL4J_ESHAPE, "expected channels for %d boxes of at least 6, found %lld",
		            boxes, (long long)out->c);
	return 0;
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	*out = shape_cnn(0, 0, 0, true);
	return ((const struct yolo2 *)n)->format == FORMAT_NHWC ? 1 : -1;
}

static void lower(const struct node *n, struct lowering *lo)
{
	const struct yolo2 *l = (const struct yolo2 *)n;
	const int64_t boxes = l->boxes.n / 2;
	struct ir_val *x = format_lower(l->format, lo, 0), *in[2] = { x };
	struct how how = { .n = x->dim[0], .boxes = boxes };

	if (x->rank != 4 || x->dim[1] % boxes || x->dim[1] / boxes < 6) {
		ir_fail(lo->ir, DL4J_ESHAPE, "expected channels for %d boxes of at least 6",
		     (int)boxes);
		return;
	}
	how.each = x->dim[1] / boxes;
	how.cells = x->dim[2] * x->dim[3];
	in[1] = ir_const(lo->ir, l->boxes.v, 1, (int64_t[]){ l->boxes.n }, NULL);
	lo->out = ir_kernel(lo->ir, &kernel, &how, sizeof how, in, 2, 4, x->dim);
}

const struct node_type node_yolo2_output = {
	.kind = NODE_LAYER, .name = "Yolo2OutputLayer", .n_in = 1, .size = sizeof(struct yolo2),
	.fields = fields, .check = check, .infer = infer, .expects = expects, .lower = lower,
};
