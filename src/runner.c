/* SPDX-License-Identifier: Apache-2.0 */
/* runner: the public functions that compile and run a model: lower, passes, plan, state.
 * The plan is counted, because clones share it. */
#include <inttypes.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "exec/exec.h"
#include "model.h"
#include "passes/passes.h"

struct plan {
	struct arena arena; /* names of outputs and origins live in the model's */
	atomic_int users;
	struct exec_plan *exec;
	struct dl4j_array *outputs;
	int n_outputs;
	int n_inputs;         /* masks included */
	int64_t *state_sizes; /* in elements; states follow the inputs and the outputs */
	int n_states;
};

struct dl4j_runner {
	struct plan *plan;
	struct exec_state *state;
	/* of a stateful runner: what the last run left and what the next will leave, and room for
	 * the pointers to all inputs and outputs */
	float **before, **after;
	const float **in;
	float **out;
};

static int cores(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}

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

/* DL4J's dimensions of a value, and its array's strides in the value's own order of axes. */
static void array_of(const struct ir_val *v, const struct dl4j_shape *shape,
                     struct dl4j_array *array, struct exec_layout *layout)
{
	struct dl4j_shape s = *shape;
	int64_t stride[IR_RANK];

	if (v->rank < 3)
		s.channels_last = false;
	array->rank = v->rank;
	for (int i = 0; i < v->rank; i++)
		array->dim[i] = v->dim[shape_axis(&s, v->rank, i)];
	dims_strides(array->dim, v->rank, 'c', stride);
	for (int i = 0; i < v->rank; i++)
		layout->stride[shape_axis(&s, v->rank, i)] = stride[i];
}

struct compile {
	const struct dl4j_model *model;
	const struct dl4j_run_options *options;
	struct arena arena; /* of the ir, which the plan does not need */
	struct ir ir;
	int *wanted, n_wanted;
	struct states states;
	struct exec_layout *in_layout, *out_layout;
};

/* The row-major layouts of masks and states, which come after the network's own inputs, and of the
 * states among the outputs. */
static int plain_layouts(struct compile *c, int n_in, struct plan *plan, struct dl4j_error *err)
{
	const struct ir *ir = &c->ir;

	plan->n_inputs = ir->n_inputs - c->states.n;
	plan->n_states = c->states.n;
	plan->state_sizes = ARENA_NEW(&plan->arena, int64_t, (size_t)c->states.n + 1);
	if (!plan->state_sizes)
		return fail_memory(err);
	for (int i = n_in; i < ir->n_inputs; i++)
		dims_strides(ir->inputs[i]->dim, ir->inputs[i]->rank, 'c', c->in_layout[i].stride);
	for (int i = 0; i < c->states.n; i++) {
		const struct ir_val *v = ir->outputs[c->n_wanted + i];
		dims_strides(v->dim, v->rank, 'c', c->out_layout[c->n_wanted + i].stride);
		plan->state_sizes[i] = ir_elements(v);
	}
	return 0;
}

static int compile(struct compile *c, const struct dl4j_array *inputs, struct plan *plan,
                   struct dl4j_error *err)
{
	const struct graph *g = &c->model->graph;
	struct exec_options exec = { .precision = c->options->precision,
		                     .threads = c->options->threads ? c->options->threads : cores(),
		                     .max_bytes = c->model->limits.activation_bytes };
	struct dl4j_shape *in = ARENA_NEW(&c->arena, struct dl4j_shape, (size_t)g->n_inputs + 1);
	struct dl4j_shape *all = ARENA_NEW(&c->arena, struct dl4j_shape, (size_t)g->n_steps + 1);
	struct dl4j_array ignored;
	bool *masked = ARENA_NEW(&c->arena, bool, (size_t)g->n_inputs + 1);
	struct lower_request request = { .flat = c->model->flat, .inputs = in, .batch = 1 };

	if (!in || !all || !masked)
		return fail_memory(err);
	TRY(choose(g, c->options, &c->arena, &c->wanted, &c->n_wanted, err));
	TRY(input_shapes(g, inputs, in, &request.batch, err));
	for (int i = 0; c->options->masked && i < g->n_inputs; i++)
		masked[i] = c->options->masked[i] != 0;
	request.masked = masked;
	request.wanted = c->wanted;
	request.n_wanted = c->n_wanted;
	c->states.arena = &c->arena;
	request.states = c->options->stateful ? &c->states : NULL;
	ir_init(&c->ir, &c->arena);
	TRY(graph_lower(g, &request, &c->ir, all, err));
	c->in_layout = ARENA_NEW(&c->arena, struct exec_layout, (size_t)c->ir.n_inputs + 1);
	c->out_layout = ARENA_NEW(&c->arena, struct exec_layout, (size_t)c->ir.n_outputs + 1);
	plan->outputs = ARENA_NEW(&plan->arena, struct dl4j_array, (size_t)c->n_wanted + 1);
	if (!c->in_layout || !c->out_layout || !plan->outputs)
		return fail_memory(err);
	for (int i = 0; i < g->n_inputs; i++)
		array_of(c->ir.inputs[i], &in[i], &ignored, &c->in_layout[i]);
	plan->n_outputs = c->n_wanted;
	for (int i = 0; i < c->n_wanted; i++) {
		array_of(c->ir.outputs[i], &all[c->wanted[i]], &plan->outputs[i], &c->out_layout[i]);
		plan->outputs[i].name = g->steps[c->wanted[i]].name;
	}
	TRY(plain_layouts(c, g->n_inputs, plan, err));
	TRY(ir_verify(&c->ir, err));
	if (!c->options->no_passes)
		TRY(passes_run(&c->ir, err));
	return exec_plan_new(&plan->exec, &c->ir, c->in_layout, c->out_layout, &exec, err);
}

int dl4j_has_precision(enum dl4j_precision precision)
{
	return precision == DL4J_F32 || (precision == DL4J_BF16 && exec_has_bf16());
}

static void release(struct plan *plan)
{
	if (!plan || atomic_fetch_sub(&plan->users, 1) != 1)
		return;
	exec_plan_free(plan->exec);
	arena_free(&plan->arena);
	free(plan);
}

static int new_states(struct dl4j_runner *r, struct dl4j_error *err)
{
	const struct plan *p = r->plan;
	size_t n = (size_t)p->n_states;

	r->before = calloc(n, sizeof *r->before);
	r->after = calloc(n, sizeof *r->after);
	r->in = calloc((size_t)p->n_inputs + n, sizeof *r->in);
	r->out = calloc((size_t)p->n_outputs + n, sizeof *r->out);
	if (!r->before || !r->after || !r->in || !r->out)
		return fail_memory(err);
	for (size_t i = 0; i < n; i++) {
		r->before[i] = calloc((size_t)p->state_sizes[i], sizeof(float));
		r->after[i] = calloc((size_t)p->state_sizes[i], sizeof(float));
		if (!r->before[i] || !r->after[i])
			return fail_memory(err);
	}
	return 0;
}

static int new_runner(struct dl4j_runner **out, struct plan *plan, struct dl4j_error *err)
{
	struct dl4j_runner *r = calloc(1, sizeof *r);

	*out = NULL;
	if (!r)
		return fail_memory(err);
	atomic_fetch_add(&plan->users, 1);
	r->plan = plan;
	if (exec_state_new(&r->state, plan->exec, err) || (plan->n_states && new_states(r, err))) {
		dl4j_runner_free(r);
		return err->code;
	}
	*out = r;
	return 0;
}

int dl4j_runner_new(struct dl4j_runner **out, const struct dl4j_model *model,
                    const struct dl4j_array *inputs, const struct dl4j_run_options *options,
                    struct dl4j_error *err)
{
	static const struct dl4j_run_options none;
	struct compile c = { .model = model, .options = options ? options : &none };
	struct plan *plan;
	int r;

	*out = NULL;
	TRY(dl4j_model_load(model, err));
	plan = calloc(1, sizeof *plan);
	if (!plan) {
		dl4j_model_unload(model);
		return fail_memory(err);
	}
	atomic_init(&plan->users, 1);
	r = compile(&c, inputs, plan, err);
	arena_free(&c.arena);
	dl4j_model_unload(model);
	if (!r)
		r = new_runner(out, plan, err);
	release(plan);
	return r;
}

int dl4j_runner_clone(struct dl4j_runner **out, const struct dl4j_runner *runner,
                      struct dl4j_error *err)
{
	return new_runner(out, runner->plan, err);
}

void dl4j_runner_free(struct dl4j_runner *r)
{
	if (!r)
		return;
	exec_state_free(r->state);
	for (int i = 0; i < r->plan->n_states; i++) {
		free(r->before ? r->before[i] : NULL);
		free(r->after ? r->after[i] : NULL);
	}
	free(r->before);
	free(r->after);
	free(r->in);
	free(r->out);
	release(r->plan);
	free(r);
}

int dl4j_runner_outputs(const struct dl4j_runner *r)
{
	return r->plan->n_outputs;
}

struct dl4j_array dl4j_runner_output(const struct dl4j_runner *r, int i)
{
	return r->plan->outputs[i];
}

int dl4j_runner_run(struct dl4j_runner *r, const float *const *in, float *const *out,
                    struct dl4j_error *err)
{
	const struct plan *p = r->plan;
	float **swap = r->before;

	if (!p->n_states)
		return exec_run(r->state, in, out, err);
	for (int i = 0; i < p->n_inputs; i++)
		r->in[i] = in[i];
	for (int i = 0; i < p->n_outputs; i++)
		r->out[i] = out[i];
	for (int i = 0; i < p->n_states; i++) {
		r->in[p->n_inputs + i] = r->before[i];
		r->out[p->n_outputs + i] = r->after[i];
	}
	TRY(exec_run(r->state, r->in, r->out, err));
	r->before = r->after;
	r->after = swap;
	return 0;
}

void dl4j_runner_reset(struct dl4j_runner *r)
{
	for (int i = 0; i < r->plan->n_states; i++)
		memset(r->before[i], 0, (size_t)r->plan->state_sizes[i] * sizeof(float));
}

int dl4j_runner_profile(struct dl4j_runner *r, const float *const *in, float *const *out, int times,
                        struct dl4j_op_stats *stats, int *n, struct dl4j_error *err)
{
	return exec_profile(r->state, in, out, times, stats, n, err);
}

void dl4j_runner_memory(const struct dl4j_runner *r, int64_t *activations, int64_t *constants)
{
	exec_plan_memory(r->plan->exec, activations, constants);
}
