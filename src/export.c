/* SPDX-License-Identifier: Apache-2.0 */
/* export: the public functions that write a network for other programs. */
#include "coefficients.h"
#include "lowered.h"
#include "onnx/onnx.h"
#include "passes/passes.h"

static int to_onnx(struct lowered *l, onnx_sink *sink, void *to, struct dl4j_error *err)
{
	struct onnx_port *ports = ARENA_NEW(&l->arena, struct onnx_port,
	                                    (size_t)l->n_inputs + (size_t)l->n_outputs + 1);

	if (!ports)
		return fail_memory(err);
	for (int i = 0; i < l->n_inputs + l->n_outputs; i++) {
		const struct port *p = i < l->n_inputs ? &l->inputs[i] : &l->outputs[i - l->n_inputs];
		ports[i] = (struct onnx_port){ p->array.name, p->axis };
	}
	TRY(passes_run(&l->ir, false, err));
	return onnx_write(&l->ir, ports, sink, to, err);
}

int dl4j_model_export_onnx(const struct dl4j_model *model, const struct dl4j_array *inputs,
                           const struct dl4j_run_options *options,
                           int (*sink)(void *to, const void *bytes, size_t n), void *to,
                           struct dl4j_error *err)
{
	const struct dl4j_run_options how = {
		.all = options ? options->all : 0,
		.outputs = options ? options->outputs : NULL,
		.n_outputs = options ? options->n_outputs : 0,
	};
	struct lowered l = { 0 };
	int r;

	TRY(dl4j_model_load(model, err));
	r = model_lower(&l, model, coefficients_at(model->held), false, inputs, &how, err);
	if (!r)
		r = to_onnx(&l, sink, to, err);
	arena_free(&l.arena);
	dl4j_model_unload(model);
	return r;
}
