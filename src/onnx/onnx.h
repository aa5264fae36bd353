/* SPDX-License-Identifier: Apache-2.0 */
/* onnx: an ir as an ONNX model, operation by operation (opset 17, IR version 8).
 * onnx.c writes the file around what ops.c says of each operation. */
#ifndef DL4J_ONNX_ONNX_H
#define DL4J_ONNX_ONNX_H

#include "base/str.h"
#include "ir/ir.h"

/* An input or output under the name and the axes of its users: axis i is the value's axis[i]. */
struct onnx_port {
	const char *name;
	const int *axis;
};

/* Takes the file's bytes in order; not 0: stop, and return that. */
typedef int onnx_sink(void *to, const void *bytes, size_t n);

/* `ports`: the ir's inputs, then its outputs. Operations must have no post-ops. */
int onnx_write(const struct ir *ir, const struct onnx_port *ports, onnx_sink *sink, void *to,
               struct dl4j_error *err);

/* --- Between onnx.c and ops.c --- */

#define ONNX_NAME 32 /* of a value or node */

struct onnx_constant; /* a parameter, to be written behind the graph */

struct onnx {
	const struct ir *ir;
	struct str body, node, attribute, part; /* the graph so far, and what goes into it next */
	struct onnx_constant *constants;
	bool *named; /* by value: a constant that is written under its own axes */
	int n_made;  /* names made up */
	const struct ir_op *op;
	struct arena *arena;
	struct dl4j_error *err;
};

/* A node: begin, its inputs and attributes in any order, end with its result. */
void onnx_begin(struct onnx *o, const char *type);
void onnx_in(struct onnx *o, const char *name);
void onnx_int(struct onnx *o, const char *attribute, int64_t v);
void onnx_float(struct onnx *o, const char *attribute, float v);
void onnx_ints(struct onnx *o, const char *attribute, const int64_t *v, int n);
void onnx_text(struct onnx *o, const char *attribute, const char *v);
void onnx_end(struct onnx *o, const char *result);
/* A value's name, in `name` and returned; a constant is written where it is first asked for. */
const char *onnx_name(struct onnx *o, const struct ir_val *v, char name[ONNX_NAME]);
/* A new name. */
const char *onnx_made(struct onnx *o, char name[ONNX_NAME]);
/* Small constants, in a new name: numbers, one number. */
const char *onnx_numbers(struct onnx *o, const int64_t *v, int n, char name[ONNX_NAME]);
const char *onnx_number(struct onnx *o, float v, char name[ONNX_NAME]);
/* v under other axes and then other dimensions: a constant is written so, a value is transposed and
 * reshaped. */
const char *onnx_shaped(struct onnx *o, const struct ir_val *v, const int *axis, int rank,
                        const int64_t *dim, char name[ONNX_NAME]);

/* ops.c: the nodes of one operation. */
int onnx_op(struct onnx *o, const struct ir_op *op);

#endif
