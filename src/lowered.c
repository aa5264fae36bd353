/* SPDX-License-Identifier: Apache-2.0 */
/* lowered: from a model and the shapes of arrays to the ir and its ports. */
#include "lowered.h"

#include <inttypes.h>
#include <sched.h>

#include "base/num.h"

/* Which steps to put out: the caller's, all, or the network's outputs. */
static int choose(const struct graph *g, const struct dl4j_run_options *o, struct arena *arena,
                  int **wanted, int *n, struct dl4j_error *err)
{
	*n = 0;
	*wanted = ARENA_NEW(arena, int, (size_t)g->n_steps + (size_t)o->n_outputs + 1);
	if (!*wanted)
		return fail_memory(err);
	for (int i = 0; o->all && i < g->n_steps; i++)
		if (g->steps[i].node)
			(*wanted)[(*n)++] = i;
	for (int i = 0; !o->all && i < o->n_outputs; i++)
		if (((*wanted)[(*n)++] = graph_find(g, o->outputs[i])) < 0)
			return fail(err, DL4J_EUSAGE, "expected the name of a vertex, found '%s'",
			            o->outputs[i]);
	for (int i = 0; !o->all && !o->n_outputs && i < g->n_outputs; i++)
		(*wanted)[(*n)++] = g->outputs[i];
	return 0;
}

/* The caller's arrays as shapes; the rank tells the kind, the zip whether channels come last. */
static int input_shapes(const struct graph *g, const struct dl4j_array *in,
                        struct dl4j_shape *shapes, int64_t *batch, struct dl4j_error *err)
{
	static const enum dl4j_kind kinds[] = { DL4J_FF, DL4J_RNN, DL4J_CNN, DL4J_CNN3D };

	for (int i = 0; i < g->n_inputs; i++) {
		struct dl4j_shape s;
		if (in[i].rank < 2 || in[i].rank > 5)
			return fail(err, DL4J_ESHAPE, "input '%s': expected an array of rank 2 to 5, found "
			            "rank %d", g->steps[g->inputs[i]].name, in[i].rank);
		graph_input_shape(g, i, &s);
		if (s.kind != kinds[in[i].rank - 2])
			s.channels_last = false;
		s.kind = kinds[in[i].rank - 2];
		for (int k = 0; k < in[i].rank; k++)
			if (in[i].dim[k] < 1 || in[i].dim[k] > DIM_MAX)
				return fail(err, DL4J_ESHAPE, "input '%s': expected sizes from 1 to %d, "
				            "found %" PRId64, g->steps[g->inputs[i]].name, DIM_MAX,
				            in[i].dim[k]);
		if (i && in[i].dim[0] != *batch)
			return fail(err, DL4J_ESHAPE, "input '%s': expected a batch of %" PRId64
			            ", found %" PRId64, g->steps[g->inputs[i]].name, *batch,
			            in[i].dim[0]);
		*batch = in[i].dim[0];
		TRY(shape_from_dims(&shapes[i], &s, in[i].dim, in[i].rank, err));
	}
	return 0;
}

static struct port port_of(const struct ir_val *v, const struct dl4j_shape *shape, const char *name)
{
	struct port p = { .array = { .name = name, .rank = v->rank } };
	struct dl4j_shape s = *shape;

	if (v->rank < 3)
		s.channels_last = false;
	for (int i = 0; i < v->rank; i++) {
		p.axis[i] = shape_axis(&s, v->rank, i);
		p.array.dim[i] = v->dim[p.axis[i]];
	}
	return p;
}

int model_lower(struct lowered *l, const struct dl4j_model *model, const float *flat, bool late,
                const struct dl4j_array *inputs, const struct dl4j_run_options *o,
                struct dl4j_error *err)
{
	const struct graph *g = &model->graph;
	struct arena *arena = &l->arena;
	struct dl4j_shape *in = ARENA_NEW(arena, struct dl4j_shape, (size_t)g->n_inputs + 1);
	struct dl4j_shape *all = ARENA_NEW(arena, struct dl4j_shape, (size_t)g->n_steps + 1);
	bool *masked = ARENA_NEW(arena, bool, (size_t)g->n_inputs + 1);
	struct lower_request request = { .flat = flat, .inputs = in, .batch = 1,
		                         .masked = masked };
	int *wanted;

	l->inputs = ARENA_NEW(arena, struct port, (size_t)g->n_inputs + 1);
	l->n_inputs = g->n_inputs;
	l->states.arena = arena;
	if (!in || !all || !masked || !l->inputs)
		return fail_memory(err);
	TRY(dl4j_model_runs(model, err));
	TRY(choose(g, o, arena, &wanted, &l->n_outputs, err));
	TRY(input_shapes(g, inputs, in, &request.batch, err));
	for (int i = 0; o->masked && i < g->n_inputs; i++)
		masked[i] = o->masked[i] != 0;
	request.wanted = wanted;
	request.n_wanted = l->n_outputs;
	request.states = o->stateful ? &l->states : NULL;
	ir_init(&l->ir, arena);
	l->ir.late = late;
	TRY(graph_lower(g, &request, &l->ir, all, err));
	l->outputs = ARENA_NEW(arena, struct port, (size_t)l->n_outputs + 1);
	if (!l->outputs)
		return fail_memory(err);
	for (int i = 0; i < g->n_inputs; i++)
		l->inputs[i] = port_of(l->ir.inputs[i], &in[i], g->steps[g->inputs[i]].name);
	for (int i = 0; i < l->n_outputs; i++)
		l->outputs[i] = port_of(l->ir.outputs[i], &all[wanted[i]], g->steps[wanted[i]].name);
	return ir_verify(&l->ir, err);
}

/* Strides of the caller's array, by the value's own axes. */
static struct exec_layout layout_of(const struct port *p)
{
	struct exec_layout l = { { 0 } };
	int64_t stride[IR_RANK];

	dims_strides(p->array.dim, p->array.rank, 'c', stride);
	for (int i = 0; i < p->array.rank; i++)
		l.stride[p->axis[i]] = stride[i];
	return l;
}

struct exec_layout *lowered_layouts(struct lowered *l, const struct port *ports, int n_ports,
                                    struct ir_val *const *values, int n)
{
	struct exec_layout *out = ARENA_NEW(&l->arena, struct exec_layout, (size_t)n + 1);

	for (int i = 0; out && i < n; i++)
		if (i < n_ports)
			out[i] = layout_of(&ports[i]);
		else
			dims_strides(values[i]->dim, values[i]->rank, 'c', out[i].stride);
	return out;
}

int model_threads(int asked)
{
	cpu_set_t set;

	if (asked)
		return asked;
	return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}
