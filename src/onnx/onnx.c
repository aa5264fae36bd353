/* SPDX-License-Identifier: Apache-2.0 */
/* onnx: the file. Nodes are built first, in memory; parameters follow them, one at a time, since a
 * reader of protocol buffers takes the parts of a graph in any order. */
#include "onnx/onnx.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "onnx/proto.h"

/* Fields of ONNX's messages. */
enum { MODEL_IR_VERSION = 1, MODEL_PRODUCER = 2, MODEL_PRODUCER_VERSION = 3, MODEL_GRAPH = 7,
       MODEL_OPSET = 8 };
enum { OPSET_VERSION = 2 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_TYPE = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_S = 4, ATTRIBUTE_FLOATS = 7,
       ATTRIBUTE_INTS = 8, ATTRIBUTE_STRINGS = 9, ATTRIBUTE_TYPE = 20 };
enum { IS_FLOAT = 1, IS_INT = 2, IS_STRING = 3, IS_FLOATS = 6, IS_INTS = 7, IS_STRINGS = 8 };
enum { TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1, TENSOR_ELEMENT = 1, TENSOR_SHAPE = 2,
       SHAPE_DIM = 1, DIM_VALUE = 1 };

#define IR_VERSION 9
#define OPSET 19

struct onnx_constant {
	const char *name;
	struct ir_source source;
	int rank; /* as it is written */
	int64_t dim[IR_RANK];
	struct onnx_constant *next;
};

/* --- Nodes ------------------------------------------------------------------------------------ */

static const char *name_of(struct onnx *o, int id)
{
	char name[32];
	const char *copy;

	snprintf(name, sizeof name, "dl4j:%d", id);
	copy = arena_strdup(o->arena, name);
	o->body.failed |= !copy;
	return copy ? copy : "";
}

static const char *new_name(struct onnx *o)
{
	return name_of(o, o->ir->n_vals + o->n_made++);
}

static void end_attribute(struct onnx *o, const char *name, int type)
{
	proto_text(&o->attribute, ATTRIBUTE_NAME, name);
	proto_int(&o->attribute, ATTRIBUTE_TYPE, type);
	proto_message(&o->node, NODE_ATTRIBUTE, &o->attribute);
}

void onnx_int(struct onnx *o, const char *attribute, int64_t v)
{
	proto_int(&o->attribute, ATTRIBUTE_I, v);
	end_attribute(o, attribute, IS_INT);
}

void onnx_float(struct onnx *o, const char *attribute, float v)
{
	proto_float(&o->attribute, ATTRIBUTE_F, v);
	end_attribute(o, attribute, IS_FLOAT);
}

void onnx_ints(struct onnx *o, const char *attribute, const int64_t *v, int n)
{
	for (int i = 0; i < n; i++)
		proto_int(&o->attribute, ATTRIBUTE_INTS, v[i]);
	end_attribute(o, attribute, IS_INTS);
}

void onnx_floats(struct onnx *o, const char *attribute, const float *v, int n)
{
	for (int i = 0; i < n; i++)
		proto_float(&o->attribute, ATTRIBUTE_FLOATS, v[i]);
	end_attribute(o, attribute, IS_FLOATS);
}

void onnx_text(struct onnx *o, const char *attribute, const char *v)
{
	proto_text(&o->attribute, ATTRIBUTE_S, v);
	end_attribute(o, attribute, IS_STRING);
}

void onnx_texts(struct onnx *o, const char *attribute, const char *const *v, int n)
{
	for (int i = 0; i < n; i++)
		proto_text(&o->attribute, ATTRIBUTE_STRINGS, v[i]);
	end_attribute(o, attribute, IS_STRINGS);
}

/* Nodes are named after the vertex they come from and their number. */
const char *onnx_node(struct onnx *o, const char *as, const char *type, const char *const *in)
{
	struct str *name = &o->part;

	as = as ? as : new_name(o);
	name->len = 0;
	str_addf(name, "%s#%d", o->op ? o->op->origin : "", o->n_made++);
	proto_text(&o->node, NODE_TYPE, type);
	for (int i = 0; in[i]; i++)
		proto_text(&o->node, NODE_INPUT, in[i]);
	proto_text(&o->node, NODE_OUTPUT, as);
	proto_message(&o->node, NODE_NAME, name);
	proto_message(&o->body, GRAPH_NODE, &o->node);
	return as;
}

/* --- Constants -------------------------------------------------------------------------------- */

static void add_constant(struct onnx *o, const char *name, const struct ir_source *source, int rank,
                         const int64_t *dim)
{
	struct onnx_constant *k = ARENA_NEW(o->arena, struct onnx_constant, 1);

	if (!k) {
		o->body.failed = true;
		return;
	}
	k->name = name;
	k->source = *source;
	k->rank = rank;
	memcpy(k->dim, dim, (size_t)rank * sizeof *dim);
	k->next = o->constants;
	o->constants = k;
}

const char *onnx_name(struct onnx *o, const struct ir_val *v)
{
	const struct ir_source source = ir_source(v, v->rank, NULL);
	const char *name = name_of(o, v->id);

	if (v->data && !o->named[v->id]) {
		add_constant(o, name, &source, v->rank, v->dim);
		o->named[v->id] = true;
	}
	return name;
}

const char *onnx_in(struct onnx *o, int i)
{
	return onnx_name(o, o->op->in[i]);
}

/* All of a tensor but its `n` bytes. */
static void tensor_head(struct onnx *o, const char *name, int type, int rank, const int64_t *dim,
                        size_t n)
{
	struct str *t = &o->part;

	t->len = 0;
	for (int i = 0; i < rank; i++)
		proto_int(t, TENSOR_DIMS, dim[i]);
	proto_int(t, TENSOR_TYPE, type);
	proto_text(t, TENSOR_NAME, name);
	proto_head(t, TENSOR_RAW, n);
}

/* Raw data are little-endian. */
static void put(unsigned char *to, uint64_t bits, int size)
{
	for (int i = 0; i < size; i++)
		to[i] = (unsigned char)(bits >> 8 * i);
}

const char *onnx_numbers(struct onnx *o, const int64_t *v, int n)
{
	const char *name = new_name(o);
	unsigned char bytes[8];
	const int64_t dim = n;

	tensor_head(o, name, ONNX_INT64, 1, &dim, sizeof bytes * (size_t)n);
	for (int i = 0; i < n; i++) {
		put(bytes, (uint64_t)v[i], sizeof bytes);
		str_addn(&o->part, (const char *)bytes, sizeof bytes);
	}
	proto_message(&o->body, GRAPH_INITIALIZER, &o->part);
	return name;
}

const char *onnx_number(struct onnx *o, float v)
{
	const char *name = new_name(o);
	unsigned char bytes[4];
	uint32_t bits;

	memcpy(&bits, &v, sizeof bits);
	put(bytes, bits, sizeof bytes);
	tensor_head(o, name, ONNX_FLOAT, 0, NULL, sizeof bytes);
	str_addn(&o->part, (const char *)bytes, sizeof bytes);
	proto_message(&o->body, GRAPH_INITIALIZER, &o->part);
	return name;
}

const char *onnx_source(struct onnx *o, const struct ir_source *source, int rank,
                        const int64_t *dim)
{
	const char *name = new_name(o);

	add_constant(o, name, source, rank, dim);
	return name;
}

static const char *transpose(struct onnx *o, const char *as, const char *x, const int64_t *perm,
                             int rank)
{
	onnx_ints(o, "perm", perm, rank);
	return onnx_node(o, as, "Transpose", (const char *const[]){ x, NULL });
}

const char *onnx_shaped(struct onnx *o, const struct ir_val *v, const int *axis, int rank,
                        const int64_t *dim)
{
	const struct ir_source source = ir_source(v, v->rank, axis);
	int64_t perm[IR_RANK];
	const char *x;

	if (v->data)
		return onnx_source(o, &source, rank, dim);
	x = onnx_name(o, v);
	for (int i = 0; axis && i < v->rank; i++)
		perm[i] = axis[i];
	if (axis)
		x = transpose(o, NULL, x, perm, v->rank);
	return ONNX(o, "Reshape", x, onnx_numbers(o, dim, rank));
}

/* --- Ports ------------------------------------------------------------------------------------ */

static bool is_turned(const struct onnx_port *p, int rank)
{
	for (int i = 0; i < rank; i++)
		if (p->axis[i] != i)
			return true;
	return false;
}

static void declare(struct onnx *o, int field, const struct onnx_port *p, const struct ir_val *v)
{
	struct str dim = { 0 }, shape = { 0 }, tensor = { 0 }, type = { 0 }, value = { 0 };

	for (int i = 0; i < v->rank; i++) {
		proto_int(&dim, DIM_VALUE, v->dim[p->axis[i]]);
		proto_message(&shape, SHAPE_DIM, &dim);
	}
	proto_int(&tensor, TENSOR_ELEMENT, ONNX_FLOAT);
	proto_message(&tensor, TENSOR_SHAPE, &shape);
	proto_message(&type, TYPE_TENSOR, &tensor);
	proto_text(&value, VALUE_NAME, p->name);
	proto_message(&value, VALUE_TYPE, &type);
	proto_message(&o->body, field, &value);
	str_free(&dim);
	str_free(&shape);
	str_free(&tensor);
	str_free(&type);
	str_free(&value);
}

/* From a port's name to its value's, or the way back. */
static void join(struct onnx *o, const struct onnx_port *p, const struct ir_val *v, bool is_input)
{
	int64_t perm[IR_RANK];
	const char *from = is_input ? p->name : onnx_name(o, v);
	const char *to = is_input ? onnx_name(o, v) : p->name;

	for (int i = 0; i < v->rank; i++)
		perm[is_input ? p->axis[i] : i] = is_input ? i : p->axis[i];
	if (is_turned(p, v->rank))
		transpose(o, to, from, perm, v->rank);
	else
		onnx_node(o, to, "Identity", (const char *const[]){ from, NULL });
}

static int build(struct onnx *o, const struct onnx_port *ports)
{
	const struct ir *ir = o->ir;

	proto_text(&o->body, GRAPH_NAME, "dl4j");
	for (int i = 0; i < ir->n_inputs; i++) {
		declare(o, GRAPH_INPUT, &ports[i], ir->inputs[i]);
		join(o, &ports[i], ir->inputs[i], true);
	}
	for (int i = 0; i < ir->n_ops; i++)
		if (ir->ops[i]->code == IR_KERNEL && ir->ops[i]->kernel->with_product)
			o->left_out[ir->ops[i]->in[0]->id] = true;
	for (int i = 0; i < ir->n_ops; i++) {
		o->op = ir->ops[i];
		if (!o->left_out[o->op->out->id] && onnx_op(o, o->op) < 0)
			return within(o->err, "vertex '%s'", o->op->origin);
	}
	o->op = NULL;
	for (int i = 0; i < ir->n_outputs; i++) {
		declare(o, GRAPH_OUTPUT, &ports[ir->n_inputs + i], ir->outputs[i]);
		join(o, &ports[ir->n_inputs + i], ir->outputs[i], false);
	}
	return o->body.failed || o->node.failed || o->attribute.failed || o->part.failed ?
	       fail_memory(o->err) : 0;
}

/* --- The file --------------------------------------------------------------------------------- */

/* All of a constant's entry but its elements. */
static void constant_head(struct str *out, const struct onnx_constant *k)
{
	struct str head = { 0 };
	const uint64_t n = (uint64_t)dims_product(k->dim, k->rank) * sizeof(float);

	for (int i = 0; i < k->rank; i++)
		proto_int(&head, TENSOR_DIMS, k->dim[i]);
	proto_int(&head, TENSOR_TYPE, ONNX_FLOAT);
	proto_text(&head, TENSOR_NAME, k->name);
	proto_head(&head, TENSOR_RAW, n);
	out->len = 0;
	proto_head(out, GRAPH_INITIALIZER, head.len + n);
	str_addn(out, head.text ? head.text : "", head.len);
	out->failed |= head.failed;
	str_free(&head);
}

static int write_elements(const struct onnx_constant *k, onnx_sink *sink, void *to,
                          struct dl4j_error *err)
{
	unsigned char bytes[4096];
	const int64_t n = dims_product(k->dim, k->rank);
	float *data = malloc((size_t)n * sizeof *data + 1);
	int r = data ? 0 : fail_memory(err);

	if (data)
		ir_gather(&k->source, data);
	for (int64_t i = 0; r == 0 && i < n;) {
		size_t some = 0;
		for (; some < sizeof bytes && i < n; some += 4) {
			uint32_t bits;
			memcpy(&bits, &data[i++], 4);
			put(bytes + some, bits, 4);
		}
		r = sink(to, bytes, some);
	}
	free(data);
	return r;
}

static int write_file(struct onnx *o, onnx_sink *sink, void *to)
{
	struct str head = { 0 }, opset = { 0 };
	uint64_t n = o->body.len;
	int r;

	for (const struct onnx_constant *k = o->constants; k; k = k->next) {
		constant_head(&head, k);
		n += head.len + (uint64_t)dims_product(k->dim, k->rank) * sizeof(float);
	}
	head.len = 0;
	proto_int(&head, MODEL_IR_VERSION, IR_VERSION);
	proto_text(&head, MODEL_PRODUCER, "dl4j");
	proto_text(&head, MODEL_PRODUCER_VERSION, DL4J_VERSION);
	proto_int(&opset, OPSET_VERSION, OPSET);
	proto_message(&head, MODEL_OPSET, &opset);
	proto_head(&head, MODEL_GRAPH, n);
	r = head.failed || opset.failed ? fail_memory(o->err) : 0;
	if (!r && n + head.len > INT32_MAX)
		r = fail(o->err, DL4J_ELIMIT, "ONNX: expected less than 2 GiB, which is all that such a "
		         "file can hold, found %" PRIu64 " bytes", n);
	if (!r)
		r = sink(to, head.text, head.len);
	if (!r)
		r = sink(to, o->body.text, o->body.len);
	for (const struct onnx_constant *k = o->constants; k && !r; k = k->next) {
		constant_head(&head, k);
		r = head.failed ? fail_memory(o->err) : sink(to, head.text, head.len);
		if (!r)
			r = write_elements(k, sink, to, o->err);
	}
	str_free(&head);
	str_free(&opset);
	return r;
}

int onnx_write(const struct ir *ir, const struct onnx_port *ports, onnx_sink *sink, void *to,
               struct dl4j_error *err)
{
	struct onnx o = { .ir = ir, .arena = ir->arena, .err = err };
	int r;

	o.named = ARENA_NEW(ir->arena, bool, (size_t)ir->n_vals + 1);
	o.left_out = ARENA_NEW(ir->arena, bool, (size_t)ir->n_vals + 1);
	r = o.named && o.left_out ? build(&o, ports) : fail_memory(err);
	if (!r)
		r = write_file(&o, sink, to);
	str_free(&o.body);
	str_free(&o.node);
	str_free(&o.attribute);
	str_free(&o.part);
	return r;
}
