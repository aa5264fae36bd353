/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate: the public functions that find ranges and write them into a zip.
 * The plan is one in float32, without passes, that also puts out what convolutions and products
 * read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coefficients.h"
#include "lowered.h"

struct dl4j_calibrator {
	const struct dl4j_model *model;
	struct lowered l;
	struct exec_plan *plan;
	struct exec_state *state;
	float **out;
	struct extent {
		float low, high;
		bool broken; /* NaN or infinity was seen */
	} *extents; /* of each output */
	int n_out;
};

static int output_of(const struct ir *ir, const struct ir_val *v)
{
	int i = 0;

	while (i < ir->n_outputs && ir->outputs[i] != v)
		i++;
	return i;
}

static int add_outputs(struct ir *ir, struct dl4j_error *err)
{
	bool any = false;

	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_val *reads = ir->ops[i]->in[0];
		if (!calibration_covers(ir->ops[i]))
			continue;
		any = true;
		if (output_of(ir, reads) == ir->n_outputs)
			ir_output(ir, reads);
	}
	if (ir->err.code)
		*err = ir->err;
	return !any ? fail(err, DL4J_EUSAGE, "the network has no convolution or product to calibrate") :
	              ir->err.code;
}

static int compile(struct dl4j_calibrator *c, const struct dl4j_array *inputs, int threads,
                   struct dl4j_error *err)
{
	static const struct dl4j_run_options plain;
	const struct exec_options exec = { .threads = threads,
		                           .max_bytes = c->model->limits.activation_bytes };
	struct lowered *l = &c->l;
	struct exec_layout *in, *out;

	TRY(model_lower(l, c->model, coefficients_at(c->model->held), false, inputs, &plain, err));
	TRY(add_outputs(&l->ir, err));
	in = lowered_layouts(l, l->inputs, l->n_inputs, l->ir.inputs, l->ir.n_inputs);
	out = lowered_layouts(l, l->outputs, l->n_outputs, l->ir.outputs, l->ir.n_outputs);
	if (!in || !out)
		return fail_memory(err);
	TRY(exec_plan_new(&c->plan, &l->ir, in, out, &exec, err));
	return exec_state_new(&c->state, c->plan, err);
}

static int allocate(struct dl4j_calibrator *c, struct dl4j_error *err)
{
	const struct ir *ir = &c->l.ir;

	c->out = calloc((size_t)ir->n_outputs, sizeof *c->out);
	c->extents = calloc((size_t)ir->n_outputs, sizeof *c->extents);
	if (!c->out || !c->extents)
		return fail_memory(err);
	for (; c->n_out < ir->n_outputs; c->n_out++) {
		c->out[c->n_out] = malloc((size_t)ir_elements(ir->outputs[c->n_out]) * sizeof(float));
		if (!c->out[c->n_out])
			return fail_memory(err);
	}
	return 0;
}

int dl4j_calibrator_new(struct dl4j_calibrator **out, const struct dl4j_model *model,
                        const struct dl4j_array *inputs, int threads, struct dl4j_error *err)
{
	struct dl4j_calibrator *c = calloc(1, sizeof *c);
	int r;

	*out = NULL;
	if (!c)
		return fail_memory(err);
	c->model = model;
	r = dl4j_model_load(model, err);
	if (!r) {
		r = compile(c, inputs, model_threads(threads), err);
		dl4j_model_unload(model);
	}
	if (!r)
		r = allocate(c, err);
	if (r)
		dl4j_calibrator_free(c);
	else
		*out = c;
	return r;
}

void dl4j_calibrator_free(struct dl4j_calibrator *c)
{
	if (!c)
		return;
	exec_state_free(c->state);
	exec_plan_free(c->plan);
	for (int i = 0; i < c->n_out; i++)
		free(c->out[i]);
	free(c->out);
	free(c->extents);
	arena_free(&c->l.arena);
	free(c);
}

static void widen(struct extent *e, const float *x, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		e->broken |= !isfinite(x[i]);
		e->low = x[i] < e->low ? x[i] : e->low;
		e->high = x[i] > e->high ? x[i] : e->high;
	}
}

int dl4j_calibrator_run(struct dl4j_calibrator *c, const float *const *in, struct dl4j_error *err)
{
	TRY(exec_run(c->state, in, c->out, err));
	for (int i = 0; i < c->n_out; i++)
		widen(&c->extents[i], c->out[i], ir_elements(c->l.ir.outputs[i]));
	return 0;
}

int dl4j_calibrator_write(const struct dl4j_calibrator *c, const char *path, struct dl4j_error *err)
{
	const struct ir *ir = &c->l.ir;
	char *text;
	int r;

	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_op *op = ir->ops[i];
		const struct extent *e;
		if (!calibration_covers(op))
			continue;
		e = &c->extents[output_of(ir, op->in[0])];
		op->low = e->broken ? 0 : e->low;
		op->high = e->broken ? 0 : e->high;
	}
	text = calibration_text(ir);
	if (!text)
		return fail_memory(err);
	r = archive_copy(c->model->archive, path, MODEL_CALIBRATION, text, strlen(text), err);
	free(text);
	return r;
}
