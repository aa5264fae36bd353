/* SPDX-License-Identifier: Apache-2.0 */
/* onnx: an ir as an ONNX model, operation by operation (opset 19, IR version 9).
 * onnx.c writes the file around what ops.c says of each operation, and kernels of themselves. */
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

/* --- What ops.c and the kernels of layers say it with --- */

struct onnx_constant; /* a parameter, to be written behind the graph */

struct onnx {
	const struct ir *ir;
	struct str body, node, attribute, part; /* the graph so far, and what goes into it next */
	struct onnx_constant *constants;
	bool *named;    /* by value: a constant that is written under its own axes */
	bool *left_out; /* by value: what a kernel's own nodes compute along with theirs */
	int n_made;     /* names made up */
	const struct ir_op *op;
	struct arena *arena;
	struct dl4j_error *err;
};

/* A node on the inputs in `in`, which NULL ends, with the attributes since the node before. Its
 * result is `as`, or what is returned, a new name. */
const char *onnx_node(struct onnx *o, const char *as, const char *type, const char *const *in);
#define ONNX(o, type, ...) onnx_node(o, NULL, type, (const char *const[]){ __VA_ARGS__, NULL })
/* The last node of an operation, whose result is the operation's; 0. */
#define ONNX_RESULT(o, type, ...) \
	(onnx_node(o, onnx_name(o, (o)->op->out), type, \
	           (const char *const[]){ __VA_ARGS__, NULL }), 0)
void onnx_int(struct onnx *o, const char *attribute, int64_t v);
void onnx_float(struct onnx *o, const char *attribute, float v);
void onnx_ints(struct onnx *o, const char *attribute, const int64_t *v, int n);
void onnx_floats(struct onnx *o, const char *attribute, const float *v, int n);
void onnx_text(struct onnx *o, const char *attribute, const char *v);
void onnx_texts(struct onnx *o, const char *attribute, const char *const *v, int n);
enum { ONNX_FLOAT = 1, ONNX_INT64 = 7 }; /* types of elements */
/* A value's name; a constant is written where it is first asked for. */
const char *onnx_name(struct onnx *o, const struct ir_val *v);
/* The name of the operation's input i. */
const char *onnx_in(struct onnx *o, int i);
/* Small constants: numbers, one number. */
const char *onnx_numbers(struct onnx *o, const int64_t *v, int n);
#define ONNX_NUMBERS(o, ...) \
	onnx_numbers(o, (const int64_t[]){ __VA_ARGS__ }, \
	             (int)(sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)))
const char *onnx_number(struct onnx *o, float v);
/* A constant that is read as `source` says, and has these dimensions. */
const char *onnx_source(struct onnx *o, const struct ir_source *source, int rank,
                        const int64_t *dim);
/* v under other axes (NULL: its own) and then other dimensions: a constant is written so, a value
 * is transposed and reshaped. */
const char *onnx_shaped(struct onnx *o, const struct ir_val *v, const int *axis, int rank,
                        const int64_t *dim);

/* ops.c: the nodes of one operation. */
int onnx_op(struct onnx *o, const struct ir_op *op);

#endif
