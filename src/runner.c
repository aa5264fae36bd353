/* SPDX-License-Identifier: Apache-2.0 */
/* runner: the public functions that compile and run a model: passes, plan, state.
 * The plan is counted, because clones share it. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "coefficients.h"
#include "exec/exec.h"
#include "lowered.h"
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
	int cached;              /* the constants are from the folder that the options named */
	struct dl4j_error uncached; /* or why it was of no use */
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

static int mark_ranges(struct lowered *l, const struct dl4j_model *model, struct dl4j_error *err)
{
	if (!model->calibration.n)
		return fail(err, DL4J_EUSAGE, "precision int8: expected " MODEL_CALIBRATION " in the zip, "
		            "which dl4j quantize adds, found none");
	return calibration_apply(&model->calibration, &model->graph, &l->ir, err) ?
	       within(err, MODEL_CALIBRATION) : 0;
}

static int compile(struct lowered *l, const struct dl4j_model *model,
                   const struct dl4j_run_options *o, struct plan *plan, struct dl4j_error *err)
{
	const struct exec_options exec = { .precision = o->precision,
		                           .threads = model_threads(o->threads),
		                           .max_bytes = model->limits.activation_bytes,
		                           .late = true };
	const struct ir *ir = &l->ir;
	struct exec_layout *in = lowered_layouts(l, l->inputs, l->n_inputs, ir->inputs, ir->n_inputs);
	struct exec_layout *out =
	        lowered_layouts(l, l->outputs, l->n_outputs, ir->outputs, ir->n_outputs);

	plan->n_inputs = ir->n_inputs - l->states.n;
	plan->n_outputs = l->n_outputs;
	plan->n_states = l->states.n;
	plan->outputs = ARENA_NEW(&plan->arena, struct dl4j_array, (size_t)l->n_outputs + 1);
	plan->state_sizes = ARENA_NEW(&plan->arena, int64_t, (size_t)l->states.n + 1);
	if (!in || !out || !plan->outputs || !plan->state_sizes)
		return fail_memory(err);
	for (int i = 0; i < l->n_outputs; i++)
		plan->outputs[i] = l->outputs[i].array;
	for (int i = 0; i < l->states.n; i++)
		plan->state_sizes[i] = ir_elements(ir->outputs[l->n_outputs + i]);
	if (o->precision == DL4J_INT8)
		TRY(mark_ranges(l, model, err));
	if (!o->no_passes)
		TRY(passes_run(&l->ir, true, err));
	return exec_plan_new(&plan->exec, ir, in, out, &exec, err);
}

int dl4j_has_precision(enum dl4j_precision precision)
{
	return precision == DL4J_F32 || (precision == DL4J_BF16 && exec_has_bf16()) ||
	       (precision == DL4J_INT8 && exec_has_int8());
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

/* What a plan's constants come from, and the network that they belong to. */
struct source {
	struct coefficients *mine; /* NULL: the model holds them */
	struct ir *ir;
};

static int ready(void *self, int64_t from, int64_t until, struct dl4j_error *err)
{
	struct source *s = self;
	int64_t other;

	TRY(coefficients_wait(s->mine, until, err));
	other = ir_compute(s->ir, until);
	coefficients_drop(s->mine, from < other ? from : other);
	return 0;
}

/* The constants from the folder of packed ones, else packed and left there. What goes wrong with
 * the folder is not the caller's failure: it is told by dl4j_runner_cached. */
static int pack_cached(struct plan *plan, const struct dl4j_model *model, struct source *source,
                       const struct dl4j_run_options *o, struct dl4j_error *err)
{
	const int threads = model_threads(0);
	char key[SHA256_TEXT];
	int found;

	TRY(cache_key(key, model, plan->exec, threads, err));
	found = cache_read(o->cache, key, plan->exec, threads, &plan->uncached);
	plan->cached = found > 0;
	if (found > 0)
		return 0;
	TRY(coefficients_start(source->mine, err));
	TRY(exec_plan_pack(plan->exec, ready, source, err));
	TRY(coefficients_wait(source->mine, INT64_MAX, err));
	if (!found)
		cache_write(o->cache, key, plan->exec, &plan->uncached);
	return 0;
}

static int pack(struct plan *plan, struct source *source, struct dl4j_error *err)
{
	if (!source->mine)
		return exec_plan_pack(plan->exec, NULL, NULL, err);
	TRY(exec_plan_pack(plan->exec, ready, source, err));
	return coefficients_wait(source->mine, INT64_MAX, err);
}

/* Everything but the constants is made while the coefficients are read; but in 8 bits the plan has
 * the scales of weights in it. */
static int make(struct dl4j_runner **out, const struct dl4j_model *model, const float *flat,
                struct coefficients *mine, const struct dl4j_array *inputs,
                const struct dl4j_run_options *options, struct plan *plan, struct dl4j_error *err)
{
	/* 8 bits are not kept: the weights must be there all the same */
	const bool cache = mine && options->cache && options->precision != DL4J_INT8;
	struct lowered l = { 0 };
	struct source source = { mine, &l.ir };
	const bool late = mine && options->precision != DL4J_INT8;
	int r = mine && !cache ? coefficients_start(mine, err) : 0;

	if (!r && mine && !late)
		r = coefficients_wait(mine, INT64_MAX, err);
	if (!r)
		r = model_lower(&l, model, flat, late, inputs, options, err);
	if (!r)
		r = compile(&l, model, options, plan, err);
	if (!r)
		r = new_runner(out, plan, err);
	if (!r)
		r = cache ? pack_cached(plan, model, &source, options, err) : pack(plan, &source, err);
	arena_free(&l.arena);
	return r;
}

int dl4j_runner_new(struct dl4j_runner **out, const struct dl4j_model *model,
                    const struct dl4j_array *inputs, const struct dl4j_run_options *options,
                    struct dl4j_error *err)
{
	static const struct dl4j_run_options none;
	struct dl4j_model *m = (struct dl4j_model *)model; /* for its locks */
	const float *held = model_hold(m);
	struct coefficients *mine = NULL;
	struct plan *plan;
	int r = held ? 0 : model_read(&mine, m, err);

	*out = NULL;
	plan = calloc(1, sizeof *plan);
	if (!r && !plan)
		r = fail_memory(err);
	if (!r) {
		atomic_init(&plan->users, 1);
		r = make(out, model, held ? held : coefficients_at(mine), mine, inputs,
		         options ? options : &none, plan, err);
		release(plan);
	} else {
		free(plan);
	}
	if (r) {
		dl4j_runner_free(*out);
		*out = NULL;
	}
	coefficients_free(mine);
	if (held)
		dl4j_model_unload(model);
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

int dl4j_runner_cached(const struct dl4j_runner *r, const char **why)
{
	if (why)
		*why = r->plan->uncached.code ? r->plan->uncached.msg : NULL;
	return r->plan->cached;
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
