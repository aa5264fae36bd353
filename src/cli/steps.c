/* SPDX-License-Identifier: Apache-2.0 */
/* steps: a series fed in parts. Arrays of rank 3 are series; what has another rank is fed whole
 * with every part. */
#include "cli/steps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct parts {
	int axis;         /* of time, in arrays of rank 3 */
	int64_t t, steps; /* of the series, and of a part */
	float **in, **out;
	dl4j_array *shape; /* of the inputs' parts */
};

/* Steps `from`.. of a series between its array and a part's. */
static void copy(const struct parts *p, const dl4j_array *part, int64_t from, float *whole,
                 float *piece, bool back)
{
	const int64_t outer = p->axis == 1 ? part->dim[0] : part->dim[0] * part->dim[1];
	const int64_t inner = p->axis == 1 ? part->dim[2] : 1;
	const size_t n = (size_t)(p->steps * inner);

	for (int64_t i = 0; i < outer; i++) {
		float *w = whole + (i * p->t + from) * inner, *s = piece + i * p->steps * inner;
		memcpy(back ? w : s, back ? s : w, n * sizeof *w);
	}
}

static int measure(struct parts *p, const struct arrays *a, const dl4j_model *model,
                   dl4j_error *err)
{
	p->axis = 2;
	for (int i = 0; i < a->n_in; i++) {
		const dl4j_shape shape = dl4j_model_input_shape(model, i);
		if (a->in_shape[i].rank != 3)
			continue;
		p->axis = shape.kind == DL4J_RNN && shape.channels_last ? 1 : 2;
		if (p->t && p->t != a->in_shape[i].dim[p->axis])
			return fail(err, DL4J_EUSAGE, "--steps: expected series of one length, found %"
			            PRId64 " and %" PRId64 " steps", p->t, a->in_shape[i].dim[p->axis]);
		p->t = a->in_shape[i].dim[p->axis];
	}
	if (!p->t || p->t % p->steps)
		return fail(err, DL4J_EUSAGE, "--steps: expected a number that divides the length of "
		            "the series, %" PRId64 ", found %" PRId64, p->t, p->steps);
	return 0;
}

static float *room(const dl4j_array *shape)
{
	return calloc(arrays_elements(shape) + 1, sizeof(float));
}

static int new_inputs(struct parts *p, const struct arrays *a, dl4j_error *err)
{
	p->in = calloc((size_t)a->n_in, sizeof *p->in);
	p->shape = calloc((size_t)a->n_in, sizeof *p->shape);
	if (!p->in || !p->shape)
		return fail_memory(err);
	for (int i = 0; i < a->n_in; i++) {
		p->shape[i] = a->in_shape[i];
		if (p->shape[i].rank == 3)
			p->shape[i].dim[p->axis] = p->steps;
		p->in[i] = room(&p->shape[i]);
		if (!p->in[i])
			return fail_memory(err);
		memcpy(p->in[i], a->in[i], arrays_elements(&p->shape[i]) * sizeof(float));
	}
	return 0;
}

/* Room for each part's outputs, and for the whole series in `a`. */
static int new_outputs(struct parts *p, struct arrays *a, const dl4j_runner *runner,
                       dl4j_error *err)
{
	TRY(arrays_outputs(a, runner, err));
	p->out = calloc((size_t)a->n_out, sizeof *p->out);
	if (!p->out)
		return fail_memory(err);
	for (int i = 0; i < a->n_out; i++) {
		dl4j_array *shape = &a->out_shape[i];
		p->out[i] = a->out[i];
		if (shape->rank == 3 && shape->dim[p->axis] == p->steps)
			shape->dim[p->axis] = p->t;
		a->out[i] = room(shape);
		if (!a->out[i] || !p->out[i])
			return fail_memory(err);
	}
	return 0;
}

static int run_parts(struct parts *p, struct arrays *a, dl4j_runner *runner, dl4j_error *err)
{
	for (int64_t from = 0; from < p->t; from += p->steps) {
		for (int i = 0; i < a->n_in; i++)
			if (p->shape[i].rank == 3)
				copy(p, &p->shape[i], from, a->in[i], p->in[i], false);
		TRY(dl4j_runner_run(runner, (const float *const *)p->in, p->out, err));
		for (int i = 0; i < a->n_out; i++) {
			const dl4j_array part = dl4j_runner_output(runner, i);
			if (part.rank == 3 && part.dim[p->axis] == p->steps)
				copy(p, &part, from, a->out[i], p->out[i], true);
			else
				memcpy(a->out[i], p->out[i], arrays_elements(&part) * sizeof(float));
		}
	}
	return 0;
}

int steps_run(struct arrays *a, dl4j_runner **runner, const dl4j_model *model,
              const dl4j_run_options *how, int64_t steps, dl4j_error *err)
{
	struct parts p = { .steps = steps };
	dl4j_run_options stateful = *how;
	int code = measure(&p, a, model, err);

	stateful.stateful = 1;
	if (!code)
		code = new_inputs(&p, a, err);
	if (!code)
		code = dl4j_runner_new(runner, model, p.shape, &stateful, err);
	if (!code)
		code = new_outputs(&p, a, *runner, err);
	if (!code)
		code = run_parts(&p, a, *runner, err);
	for (int i = 0; p.in && i < a->n_in; i++)
		free(p.in[i]);
	for (int i = 0; p.out && i < a->n_out; i++)
		free(p.out[i]);
	free(p.in);
	free(p.out);
	free(p.shape);
	return code;
}
