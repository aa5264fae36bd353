/* SPDX-License-Identifier: Apache-2.0 */
/* ElementWiseVertex: Add, Subtract, Product, Average or Max of its inputs, axes of size 1
 * broadcast.      in: one or more of a rank  out: the same */
#include "node/recurrent.h"

enum { ADD, SUBTRACT, PRODUCT, AVERAGE, MAX };
static const char *const ops[] = { "Add", "Subtract", "Product", "Average", "Max", NULL };
static const enum ir_binary binary[] = { IR_ADD, IR_SUB, IR_MUL, IR_ADD, IR_MAX };

struct element_wise {
	struct node base;
	int op;
};

static const struct field fields[] = {
	FIELD_ENUM(struct element_wise, op, "op", ops, NAN), FIELD_END
};

static int join(int64_t *to, int64_t from)
{
	if (*to == from || from == 1 || !from || !*to) {
		*to = *to && from ? *to : 0;
		return 0;
	}
	if (*to != 1)
		return -1;
	*to = from;
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	if (((const struct element_wise *)n)->op == SUBTRACT && n_in > 2)
		return fail(err, DL4J_ESHAPE, "op Subtract: expected at most 2 inputs, found %d", n_in);
	for (int i = 1; i < n_in; i++)
		if (in[i].kind != out->kind || !in[i].channels_last != !out->channels_last ||
		    join(&out->c, in[i].c) | join(&out->d, in[i].d) | join(&out->h, in[i].h) |
		    join(&out->w, in[i].w) | join(&out->t, in[i].t))
			return fail(err, DL4J_ESHAPE, "expected inputs of one shape, found another in "
			            "input %d", i);
	return 0;
}

static const char *keras_name(const struct node *n, const struct dl4j_shape *in)
{
	static const char *const names[] = { "Add", "Subtract", "Multiply", "Average", "Maximum" };

	(void)in;
	return names[((const struct element_wise *)n)->op];
}

static void lower(const struct node *n, struct lowering *lo)
{
	int op = ((const struct element_wise *)n)->op;

	for (int i = 1; i < lo->n_in; i++)
		lo->out = ir_binary(lo->ir, binary[op], lo->out, lo->in[i]);
	if (op == AVERAGE && lo->n_in > 1)
		lo->out = ir_eltwise(lo->ir, lo->out, IR_LINEAR, 1.0 / lo->n_in, 0);
	lo->out_mask = recurrent_any_mask(lo);
}

const struct node_type node_element_wise = {
	.kind = NODE_VERTEX, .name = "ElementWiseVertex", .size = sizeof(struct element_wise),
	.fields = fields, .infer = infer, .keras_name = keras_name, .lower = lower,
};
