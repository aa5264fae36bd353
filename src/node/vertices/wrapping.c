/* SPDX-License-Identifier: Apache-2.0 */
/* PreprocessorVertex and FrozenVertex: a preprocessor as a vertex of its own, and a vertex that
 * training leaves alone.      in, out: those of what is inside */
#include "node/node.h"

struct wrapping {
	struct node base;
	struct node *inside;
};

static const struct field preprocessor_fields[] = {
	FIELD_NODE(struct wrapping, inside, "preProcessor", NODE_PREPROCESSOR), FIELD_END
};
static const struct field frozen_fields[] = {
	FIELD_NODE(struct wrapping, inside, "underlying", NODE_VERTEX), FIELD_END
};

static struct node *inside(const struct node *n)
{
	return ((const struct wrapping *)n)->inside;
}

static int check(struct node *n, struct dl4j_error *err)
{
	return inside(n) ? 0 : fail(err, DL4J_EFORMAT, "expected what it wraps, found none");
}

static int params(const struct node *n, struct param *p)
{
	return node_params(inside(n), p);
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	if (!inside(n)->type)
		return fail(err, DL4J_EUNSUPPORTED, "expected a class this program can run, found '%s'",
		            inside(n)->class_name);
	return node_infer(inside(n), in, n_in, out, err);
}

static int expects(const struct node *n, struct dl4j_shape *out)
{
	const struct node_type *type = inside(n)->type;

	return type && type->expects ? type->expects(inside(n), out) : !type || type->infer ? -1 : 0;
}

static const char *keras_name(const struct node *n, const struct dl4j_shape *in)
{
	const struct node_type *type = inside(n)->type;

	return type && type->keras_name ? type->keras_name(inside(n), in) : type ? type->keras : NULL;
}

static void lower(const struct node *n, struct lowering *lo)
{
	node_lower(inside(n), lo);
}

const struct node_type node_preprocessor_vertex = {
	.kind = NODE_VERTEX, .name = "PreprocessorVertex", .n_in = 1,
	.size = sizeof(struct wrapping), .fields = preprocessor_fields, .check = check,
	.infer = infer, .expects = expects, .keras_name = keras_name, .lower = lower,
};

const struct node_type node_frozen_vertex = {
	.kind = NODE_VERTEX, .name = "FrozenVertex", .size = sizeof(struct wrapping),
	.fields = frozen_fields, .check = check, .params = params, .infer = infer,
	.expects = expects, .keras_name = keras_name, .lower = lower,
};
