/* SPDX-License-Identifier: Apache-2.0 */
/* activations: all of DL4J's activation functions, one table. Formulas as DL4J computes them in
 * inference, which for RReLU and the precise GELU are not the textbook's. */
#include "node/activation.h"

#define ACT(n) ((const struct activation *)(n))
#define NONE NAN /* DL4J's null */

static const struct field alpha_1[] = { FIELD_DOUBLE(struct activation, a, "alpha", 1), FIELD_END };
static const struct field alpha_01[] = {
	FIELD_DOUBLE(struct activation, a, "alpha", 0.01), FIELD_END
};
static const struct field theta[] = { FIELD_DOUBLE(struct activation, a, "theta", 1), FIELD_END };
static const struct field range[] = {
	FIELD_DOUBLE(struct activation, a, "l", 1.0 / 8),
	FIELD_DOUBLE(struct activation, b, "u", 1.0 / 3), FIELD_END
};
static const struct field relu_fields[] = {
	FIELD_DOUBLE(struct activation, a, "max", NONE),
	FIELD_DOUBLE(struct activation, b, "threshold", NONE),
	FIELD_DOUBLE(struct activation, c, "negativeSlope", NONE), FIELD_END
};
static const struct field gelu_fields[] = {
	FIELD_BOOL(struct activation, precise, "precise", false), FIELD_END
};

double rrelu_least(const struct node *n)
{
	return n->release == RELEASE_0_5 ? 0 : (ACT(n)->a + ACT(n)->b) / 2;
}

#define LOWER(name) static void name(const struct node *n, struct lowering *lo)
#define ELT(f, a, b) (lo->out = ir_eltwise(lo->ir, lo->out, f, a, b), (void)n)

LOWER(cube) { ELT(IR_POW, 1, 3); }
LOWER(elu) { ELT(IR_ELU, ACT(n)->a, 0); }
LOWER(hard_sigmoid) { ELT(IR_LINEAR, 0.2, 0.5); ELT(IR_CLIP, 0, 1); }
LOWER(hard_tanh) { ELT(IR_CLIP, -1, 1); }
LOWER(leaky_relu) { ELT(IR_RELU, ACT(n)->a, 0); }
LOWER(rectified_tanh) { ELT(IR_TANH, 0, 0); ELT(IR_RELU, 0, 0); }
LOWER(relu6) { ELT(IR_CLIP, 0, 6); }
LOWER(rrelu) { ELT(IR_CLIP, rrelu_least(n), INFINITY); }
LOWER(selu) { ELT(IR_ELU, 1.6732632423543772, 0); ELT(IR_LINEAR, 1.0507009873554805, 0); }
LOWER(sigmoid) { ELT(IR_LOGISTIC, 0, 0); }
LOWER(softplus) { ELT(IR_SOFTPLUS, 0, 0); }
LOWER(swish) { ELT(IR_SWISH, 1, 0); }
LOWER(tanh_) { ELT(IR_TANH, 0, 0); }
LOWER(thresholded_relu) { ELT(IR_ABOVE, ACT(n)->a, 0); }

LOWER(relu)
{
	const struct activation *f = ACT(n);
	double slope = isnan(f->c) ? 0 : f->c;

	if (isnan(f->b) || f->b == 0)
		ELT(IR_RELU, slope, 0);
	else
		ELT(IR_THRESHOLD, f->b, slope);
	if (!isnan(f->a))
		ELT(IR_CLIP, -INFINITY, f->a);
}

LOWER(softmax)
{
	const struct dl4j_shape *s = lo->shape;

	if (n->release < RELEASE_BETA && s->kind != DL4J_FF)
		return; /* only of rows could these compute one, and say nothing */
	lo->out = ir_softmax(lo->ir, lo->out, shape_axis(s, lo->out->rank, lo->out->rank - 1));
}

LOWER(softsign) /* x / (1 + |x|) */
{
	struct ir_val *x = lo->out;

	ELT(IR_ABS, 0, 0);
	ELT(IR_LINEAR, 1, 1);
	lo->out = ir_binary(lo->ir, IR_DIV, x, lo->out);
}

LOWER(mish) /* x tanh(softplus x) */
{
	struct ir_val *x = lo->out;

	ELT(IR_SOFTPLUS, 0, 0);
	ELT(IR_TANH, 0, 0);
	lo->out = ir_binary(lo->ir, IR_MUL, x, lo->out);
}

LOWER(gelu) /* x sigmoid(1.702 x), or 0.5 x (1 + tanh(sqrt(2/pi) (x + (0.044715 x)^3))) */
{
	struct ir_val *x = lo->out;

	if (!ACT(n)->precise) {
		ELT(IR_SWISH, 1.702, 0);
		return;
	}
	ELT(IR_POW, 0.044715 * 0.044715 * 0.044715, 3);
	lo->out = ir_binary(lo->ir, IR_ADD, x, lo->out);
	ELT(IR_LINEAR, 0.7978845608028654, 0);
	ELT(IR_TANH, 0, 0);
	ELT(IR_LINEAR, 0.5, 0.5);
	lo->out = ir_binary(lo->ir, IR_MUL, x, lo->out);
}

/* 1.7159 sgn(t) (1 - 1/s) with t = 2x/3, a = |t|, s = 1 + a + t^2 + 1.41645 t^4; since s - 1 is
 * a (1 + a + 1.41645 a^3), that is 1.7159 t (1 + a + 1.41645 a^3) / s, which needs no sign. */
LOWER(rational_tanh)
{
	struct ir *ir = lo->ir;
	struct ir_val *t = ir_eltwise(ir, lo->out, IR_LINEAR, 2.0 / 3, 0);
	struct ir_val *a = ir_eltwise(ir, t, IR_ABS, 0, 0);
	struct ir_val *g = ir_binary(ir, IR_ADD, ir_eltwise(ir, a, IR_LINEAR, 1, 1),
	                             ir_eltwise(ir, a, IR_POW, 1.41645, 3));
	struct ir_val *s = ir_eltwise(ir, ir_binary(ir, IR_MUL, a, g), IR_LINEAR, 1, 1);

	(void)n;
	lo->out = ir_binary(ir, IR_DIV, ir_binary(ir, IR_MUL, t, g), s);
	ELT(IR_LINEAR, 1.7159, 0);
}

#define TYPE(fn, ...) { .kind = NODE_ACTIVATION, .size = sizeof(struct activation), .n_in = 1, \
	                .lower = fn, __VA_ARGS__ }

const struct node_type activation_type[] = {
	TYPE(cube, .name = "Cube"),
	TYPE(elu, .name = "ELU", .fields = alpha_1),
	TYPE(gelu, .name = "GELU", .fields = gelu_fields),
	TYPE(hard_sigmoid, .name = "HardSigmoid"),
	TYPE(hard_tanh, .name = "HardTanH"),
	TYPE(NULL, .name = "Identity"),
	TYPE(leaky_relu, .name = "LReLU", .alias = { "LeakyReLU" }, .fields = alpha_01),
	TYPE(mish, .name = "Mish"),
	TYPE(rational_tanh, .name = "RationalTanh"),
	TYPE(rectified_tanh, .name = "RectifiedTanh"),
	TYPE(relu, .name = "ReLU", .fields = relu_fields),
	TYPE(relu6, .name = "ReLU6"),
	TYPE(rrelu, .name = "RReLU", .fields = range),
	TYPE(selu, .name = "SELU"),
	TYPE(sigmoid, .name = "Sigmoid"),
	TYPE(softmax, .name = "Softmax"),
	TYPE(softplus, .name = "SoftPlus"),
	TYPE(softsign, .name = "SoftSign"),
	TYPE(swish, .name = "Swish"),
	TYPE(tanh_, .name = "TanH"),
	TYPE(thresholded_relu, .name = "ThresholdedReLU", .fields = theta),
};

const int activation_types = sizeof activation_type / sizeof *activation_type;

struct ir_val *activate(struct ir *ir, const struct node *activation, struct ir_val *x,
                        const struct dl4j_shape *shape)
{
	struct lowering lo = { .ir = ir, .in = &x, .shape = shape, .n_in = 1 };

	if (!activation)
		return x;
	node_lower(activation, &lo);
	return lo.out;
}
