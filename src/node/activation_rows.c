/* SPDX-License-Identifier: Apache-2.0 */
/* activation_rows: DL4J's activation functions as kernels call them, over one row of numbers.
 * The same formulas as in activations.c, which writes them as operations. */
#include <string.h>

#include "node/activation.h"

#define EACH(name, value) \
	static void name(const struct row_function *f, float *v, int64_t n) \
	{ \
		(void)f; \
		for (int64_t i = 0; i < n; i++) { \
			float x = v[i]; \
			v[i] = value; \
		} \
	}

static float logistic(float x)
{
	return 1 / (1 + expf(-x));
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
EACH(sigmoid, logistic(x))
EACH(softplus, soft_plus(x))
EACH(softsign, x / (1 + fabsf(x)))
EACH(swish, x * logistic(x))
EACH(tanh_, tanhf(x))
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
} rows[] = {
	{ "Cube", cube }, { "ELU", elu }, { "GELU", gelu }, { "HardSigmoid", hard_sigmoid },
	{ "HardTanH", hard_tanh }, { "Identity", identity }, { "LReLU", leaky_relu },
	{ "Mish", mish }, { "RationalTanh", rational_tanh }, { "RectifiedTanh", rectified_tanh },
	{ "ReLU", relu }, { "ReLU6", relu6 }, { "RReLU", rrelu }, { "SELU", selu },
	{ "Sigmoid", sigmoid }, { "Softmax", softmax }, { "SoftPlus", softplus },
	{ "SoftSign", softsign }, { "Swish", swish }, { "TanH", tanh_ },
	{ "ThresholdedReLU", thresholded_relu },
};

struct row_function activation_row(const struct node *n)
{
	const struct activation *a = (const struct activation *)n;
	struct row_function f = { .apply = identity };

	if (!n)
		return f;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strcmp(rows[i].name, n->type->name))
			f.apply = rows[i].apply;
	f.a = (float)a->a;
	f.b = (float)a->b;
	f.c = (float)a->c;
	if (f.apply == rrelu)
		f.a = (float)rrelu_least(n);
	if (f.apply == relu) { /* DL4J's null is NaN here */
		f.a = isnan(f.a) ? INFINITY : f.a;
		f.b = isnan(f.b) ? 0 : f.b;
		f.c = isnan(f.c) ? 0 : f.c;
	}
	if (f.apply == gelu && a->precise)
		f.apply = gelu_precise;
	return f;
}
