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
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_S = 4, ATTRIBUTE_INTS = 8,
       ATTRIBUTE_TYPE = 20 };
enum { IS_FLOAT = 1, IS_INT = 2, IS_STRING = 3, IS_INTS = 7 };
enum { TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { TYPE_FLOAT = 1, TYPE_INT64 = 7 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1, TENSOR_ELEMENT = 1, TENSOR_SHAPE = 2,
       SHAPE_DIM = 1, DIM_VALUE = 1 };

#define IR_VERSION 8
#define OPSET 17

struct onnx_constant {
	char name[ONNX_NAME];
	struct ir_source source;
	int rank; /* as it is written */
	int64_t dim[IR_RANK];
	struct onnx_constant *next;
};

/* --- Nodes ------------------------------------------------------------------------------------ */

const char *onnx_made(struct onnx *o, char name[ONNX_NAME])
{
	snprintf(name, ONNX_NAME, "dl4j:%d", o->ir->n_vals + o->n_made++);
	return name;
}

void onnx_begin(struct onnx *o, const char *type)
{
	o->node.len = 0;
	proto_text(&o->node, NODE_TYPE, type);
}

void onnx_in(struct onnx *o, const char *name)
{
	proto_text(&o->node, NODE_INPUT, name);
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

void onnx_text(struct onnx *o, const char *attribute, const char *v)
{
	proto_text(&o->attribute, ATTRIBUTE_S, v);
	end_attribute(o, attribute, IS_STRING);
}

/* Nodes are named after the vertex they come from and their number. */
void onnx_end(struct onnx *o, const char *result)
{
	struct str *name = &o->part;

	name->len = 0;
	str_addf(name, "%s#%d", o->op ? o->op->origin : "", o->n_made++);
	proto_text(&o->node, NODE_OUTPUT, result);
	proto_message(&o->node, NODE_NAME, name);
	proto_message(&o->body, GRAPH_NODE, &o->node);
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
	strcpy(k->name, name);
	k->source = *source;
	k->rank = rank;
	memcpy(k->dim, dim, (size_t)rank * sizeof *dim);
	k->next = o->constants;
	o->constants = k;
}

const char *onnx_name(struct onnx *o, const struct ir_val *v, char name[ONNX_NAME])
{
	const struct ir_source source = ir_source(v, v->rank, NULL);

	snprintf(name, ONNX_NAME, "dl4j:%d", v->id);
	if (v->data && !o->named[v->id]) {
		add_constant(o, name, &source, v->rank, v->dim);
		o->named[v->id] = true;
	}
	return name;
}

static void add_tensor(struct onnx *o, const char *name, int type, int rank, const int64_t *dim,
                       const void *bytes, size_t n)
{
	struct str *t = &o->part;

	t->len = 0;
	for (int i = 0; i < rank; i++)
		proto_int(t, TENSOR_DIMS, dim[i]);
	proto_int(t, TENSOR_TYPE, type);
	proto_text(t, TENSOR_NAME, name);
	proto_head(t, TENSOR_RAW, n);
	str_addn(t, bytes, n);
	proto_message(&o->body, GRAPH_INITIALIZER, t);
}

/* Raw data are little-endian. */
static void put(unsigned char *to, uint64_t bits, int size)
{
	for (int i = 0; i < size; i++)
		to[i] = (unsigned char)(bits >> 8 * i);
}

const char *onnx_numbers(struct onnx *o, const int64_t *v, int n, char name[ONNX_NAME])
{
	unsigned char bytes[8 * 2 * IR_RANK];
	const int64_t dim = n;

	for (int i = 0; i < n; i++)
		put(bytes + 8 * i, (uint64_t)v[i], 8);
	add_tensor(o, onnx_made(o, name), TYPE_INT64, 1, &dim, bytes, 8 * (size_t)n);
	return name;
}

const char *onnx_number(struct onnx *o, float v, char name[ONNX_NAME])
{
	unsigned char bytes[4];
	uint32_t bits;

	memcpy(&bits, &v, sizeof bits);
	put(bytes, bits, 4);
	add_tensor(o, onnx_made(o, name), TYPE_FLOAT, 0, NULL, bytes, 4);
	return name;
}

static void transpose(struct onnx *o, const char *from, const int64_t *perm, int rank,
                      const char *to)
{
	onnx_begin(o, "Transpose");
	onnx_in(o, from);
	onnx_ints(o, "perm", perm, rank);
	onnx_end(o, to);
}

const char *onnx_shaped(struct onnx *o, const struct ir_val *v, const int *axis, int rank,
                        const int64_t *dim, char name[ONNX_NAME])
{
	const struct ir_source source = ir_source(v, v->rank, axis);
	char from[ONNX_NAME], shape[ONNX_NAME], turned[ONNX_NAME];
	int64_t perm[IR_RANK];

	if (v->data) {
		add_constant(o, onnx_made(o, name), &source, rank, dim);
		return name;
	}
	onnx_name(o, v, from);
	if (axis) {
		for (int i = 0; i < v->rank; i++)
			perm[i] = axis[i];
		transpose(o, from, perm, v->rank, onnx_made(o, turned));
		strcpy(from, turned);
	}
	onnx_numbers(o, dim, rank, shape);
	onnx_begin(o, "Reshape");
	onnx_in(o, from);
	onnx_in(o, shape);
	onnx_end(o, onnx_made(o, name));
	return name;
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
	proto_int(&tensor, TENSOR_ELEMENT, TYPE_FLOAT);
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
	char name[ONNX_NAME];
	const char *from = is_input ? p->name : onnx_name(o, v, name);
	const char *to = is_input ? onnx_name(o, v, name) : p->name;

	for (int i = 0; i < v->rank; i++)
		perm[is_input ? p->axis[i] : i] = is_input ? i : p->axis[i];
	if (is_turned(p, v->rank)) {
		transpose(o, from, perm, v->rank, to);
		return;
	}
	onnx_begin(o, "Identity");
	onnx_in(o, from);
	onnx_end(o, to);
}

static int build(struct onnx *o, const struct onnx_port *ports)
{
	const struct ir *ir = o->ir;

	proto_text(&o->body, GRAPH_NAME, "dl4j");
	for (int i = 0; i < ir->n_inputs; i++) {
		declare(o, GRAPH_INPUT, &ports[i], ir->inputs[i]);
		join(o, &ports[i], ir->inputs[i], true);
	}
	for (int i = 0; i < ir->n_ops; i++) {
		o->op = ir->ops[i];
		if (o->op && onnx_op(o, o->op) < 0)
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
	proto_int(&head, TENSOR_TYPE, TYPE_FLOAT);
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
	float *data = ir_gather(&k->source);
	int r = data ? 0 : fail_memory(err);

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
	r = o.named ? build(&o, ports) : fail_memory(err);
	if (!r)
		r = write_file(&o, sink, to);
	str_free(&o.body);
	str_free(&o.node);
	str_free(&o.attribute);
	str_free(&o.part);
	return r;
}
