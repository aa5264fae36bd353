/* SPDX-License-Identifier: Apache-2.0 */
/* activation_rows: DL4J's activation functions as kernels call them, over one row of numbers.
 * The same formulas as in activations.c, which writes them as operations. */
#include <string.h>

#include "base/clones.h"
#include "node/activation.h"
#include "node/exponential.h"

#define EACH(name, value) \
	static void name(const struct row_function *f, float *v, int64_t n) \
	{ \
		(void)f; \
		_Pragma("omp simd") \
		for (int64_t i = 0; i < n; i++) { \
			float x = v[i]; \
			v[i] = value; \
		} \
	}

/* log(1 + e^x), without overflow. */
static float soft_plus(float x)
{
	return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x));
}

static float rational(float x)
{
	float t = 2 * x / 3, a = fabsf(t), g = 1 + a + 1.41645f * a * a * a;

	return 1.7159f * t * g / (1 + a * g);
}

static float cubed(float x)
{
	return x * x * x;
}

EACH(cube, cubed(x))
EACH(elu, x > 0 ? x : f->a * expm1f(x))
EACH(gelu, x * logistic(1.702f * x))
EACH(gelu_precise, 0.5f * x * (1 + tanhf(0.79788456f * (x + cubed(0.044715f * x)))))
EACH(hard_sigmoid, fminf(fmaxf(0.2f * x + 0.5f, 0), 1))
EACH(hard_tanh, fminf(fmaxf(x, -1), 1))
EACH(identity, x)
EACH(leaky_relu, x < 0 ? f->a * x : x)
EACH(mish, x * tanhf(soft_plus(x)))
EACH(rational_tanh, rational(x))
EACH(rectified_tanh, fmaxf(tanhf(x), 0))
EACH(relu, fminf(x >= f->b ? x : f->c * (x - f->b), f->a))
EACH(relu6, fminf(fmaxf(x, 0), 6))
EACH(rrelu, fmaxf(x, f->a))
EACH(selu, 1.0507009873554805f * (x > 0 ? x : 1.6732632423543772f * expm1f(x)))
CLONED EACH(sigmoid, logistic(x))
EACH(softplus, soft_plus(x))
EACH(softsign, x / (1 + fabsf(x)))
EACH(swish, x * logistic(x))
CLONED EACH(tanh_, tangent(x))
EACH(thresholded_relu, x > f->a ? x : 0)

static void softmax(const struct row_function *f, float *x, int64_t n)
{
	float most = x[0], sum = 0;

	(void)f;
	for (int64_t i = 1; i < n; i++)
		most = fmaxf(most, x[i]);
	for (int64_t i = 0; i < n; i++)
		sum += x[i] = expf(x[i] - most);
	for (int64_t i = 0; i < n; i++)
		x[i] /= sum;
}

static const struct {
	const char *name;
	void (*apply)(const struct row_function *, float *x, int64_t n);
	const char *onnx;
	int n_alpha; /* 1: a */
	float alpha[2];
} rows[] = {
	{ "Cube", cube }, { "ELU", elu, "Elu", 1 }, { "GELU", gelu },
	{ "HardSigmoid", hard_sigmoid, "HardSigmoid", 2, { 0.2F, 0.5F } }, { "HardTanH", hard_tanh },
	{ "Identity", identity, "Affine", 2, { 1, 0 } }, { "LReLU", leaky_relu, "LeakyRelu", 1 },
	{ "Mish", mish }, { "RationalTanh", rational_tanh }, { "RectifiedTanh", rectified_tanh },
	{ "ReLU", relu, "Relu" }, { "ReLU6", relu6 }, { "RReLU", rrelu }, { "SELU", selu },
	{ "Sigmoid", sigmoid, "Sigmoid" }, { "Softmax", softmax },
	{ "SoftPlus", softplus, "Softplus" }, { "SoftSign", softsign, "Softsign" }, { "Swish", swish },
	{ "TanH", tanh_, "Tanh" }, { "ThresholdedReLU", thresholded_relu, "ThresholdedRelu", 1 },
};

/* DL4J's null is NaN here. */
static void settle_relu(struct row_function *f)
{
	f->a = isnan(f->a) ? INFINITY : f->a;
	f->b = isnan(f->b) ? 0 : f->b;
	f->c = isnan(f->c) ? 0 : f->c;
	if (f->c != 0) {
		f->onnx = "LeakyRelu";
		f->alpha[0] = f->c;
		f->n_alpha = 1;
	}
	if (!isinf(f->a) || f->b != 0)
		f->onnx = NULL;
}

struct row_function activation_row(const struct node *n)
{
	static const struct activation nothing;
	const struct activation *a = n ? (const struct activation *)n : &nothing;
	struct row_function f = { .name = n ? n->type->name : "Identity", .a = (float)a->a,
		                  .b = (float)a->b, .c = (float)a->c };
	size_t i = 0;

	while (strcmp(rows[i].name, f.name)) /* every one has its row */
		i++;
	f.apply = rows[i].apply;
	f.onnx = rows[i].onnx;
	f.n_alpha = rows[i].n_alpha;
	memcpy(f.alpha, f.n_alpha == 1 ? (float[]){ f.a, 0 } : rows[i].alpha, sizeof f.alpha);
	f.is_sigmoid = !strcmp(f.name, "Sigmoid"); /* clones have several addresses */
	f.is_tanh = !strcmp(f.name, "TanH");
	f.whole = f.apply == softmax;
	if (f.apply == rrelu)
		f.a = (float)rrelu_least(n);
	if (f.apply == relu)
		settle_relu(&f);
	if (f.apply == gelu && a->precise)
		f.apply = gelu_precise;
	return f;
}

const char *activation_onnx(struct onnx *o, const struct row_function *f, const char *x)
{
	static const char *const names[] = { "alpha", "beta" };

	if (f->apply == identity) /* "Affine" is none of today's operators */
		return x;
	for (int i = 0; i < f->n_alpha; i++)
		onnx_float(o, names[i], f->alpha[i]);
	return ONNX(o, f->onnx, x);
}
