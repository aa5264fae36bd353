/* SPDX-License-Identifier: Apache-2.0 */
/* activation: DL4J's activation functions, nodes with one input and no parameters.
 * Layers hold one in a FIELD_NODE and end their lowering with activate(). */
#ifndef DL4J_NODE_ACTIVATION_H
#define DL4J_NODE_ACTIVATION_H

#include "node/node.h"
#include "onnx/onnx.h"

extern const struct node_type activation_type[];
extern const int activation_types;

struct activation {
	struct node base;
	double a, b, c; /* what its fields name: alpha, theta, ... */
	bool precise;
};

#define FIELD_ACTIVATION(type, member) FIELD_NODE(type, member, "activationFn", NODE_ACTIVATION)

/* The least that an RReLU lets through in inference. */
double rrelu_least(const struct node *activation);

/* `x`, whose DL4J array has the layout of `shape`, through `activation` (NULL: identity). */
struct ir_val *activate(struct ir *ir, const struct node *activation, struct ir_val *x,
                        const struct dl4j_shape *shape);

/* The same for kernels, which have numbers, not operations: in place over a row of `n`. */
struct row_function {
	void (*apply)(const struct row_function *, float *x, int64_t n);
	float a, b, c;
	const char *name, *onnx; /* DL4J's; ONNX's, as its recurrent operators have it, or NULL */
	float alpha[2];          /* ONNX's alpha and beta, as many as it has there */
	int n_alpha;
	bool is_sigmoid, is_tanh;
	bool whole; /* needs the row as a whole: no part of it will do */
};

/* x through it, where it has a name there. */
const char *activation_onnx(struct onnx *, const struct row_function *, const char *x);

/* The function of `activation` (NULL: identity). */
struct row_function activation_row(const struct node *activation);

#endif
