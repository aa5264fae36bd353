/* SPDX-License-Identifier: Apache-2.0 */
/* arrays: the inputs and outputs of one run, in the order of the network's.
 * Sizes were checked by the runner that they go to or come from. */
#include "cli/arrays.h"

#include <stdlib.h>
#include <string.h>

int arrays_new(struct arrays *a, const dl4j_model *model, dl4j_error *err)
{
	size_t n = (size_t)dl4j_model_inputs(model);

	*a = (struct arrays){ .n_in = (int)n };
	a->in = calloc(2 * n, sizeof *a->in);
	a->in_shape = calloc(n, sizeof *a->in_shape);
	a->masked = calloc(n, sizeof *a->masked);
	if (!a->in || !a->in_shape || !a->masked)
		return fail_memory(err);
	for (int i = 0; i < a->n_in; i++)
		a->in_shape[i].name = dl4j_model_input_name(model, i);
	return 0;
}

int arrays_outputs(struct arrays *a, const dl4j_runner *runner, dl4j_error *err)
{
	size_t n = (size_t)dl4j_runner_outputs(runner);

	a->out_shape = calloc(n, sizeof *a->out_shape);
	a->out = calloc(n, sizeof *a->out);
	if (!a->out_shape || !a->out)
		return fail_memory(err);
	for (; a->n_out < (int)n; a->n_out++) {
		dl4j_array shape = dl4j_runner_output(runner, a->n_out);
		float *data = calloc(arrays_elements(&shape) + 1, sizeof *data);

		if (!data)
			return fail_memory(err);
		a->out_shape[a->n_out] = shape;
		a->out[a->n_out] = data;
	}
	return 0;
}

int arrays_normalize(struct arrays *a, const dl4j_model *model, dl4j_error *err)
{
	for (int i = 0; i < a->n_in; i++) {
		const dl4j_array *in = &a->in_shape[i];
		const float *mask = a->in[a->n_in + i];

		/* DL4J's own normalizers take axis 1 for that of features, and axis 2 for time */
		if (mask && in->rank == 3 && dl4j_model_input_shape(model, i).channels_last)
			return fail(err, DL4J_EUSAGE, "--normalize: expected no mask for '%s', whose "
			            "features come last: DL4J cannot mask them", in->name);
		TRY(dl4j_model_normalize_masked(model, i, a->in[i], in->dim, in->rank, mask, err));
	}
	return 0;
}

int arrays_revert(struct arrays *a, const dl4j_model *model, dl4j_error *err)
{
	for (int i = 0; i < a->n_out; i++) {
		const dl4j_array *out = &a->out_shape[i];

		for (int k = 0; k < dl4j_model_outputs(model); k++)
			if (strcmp(out->name, dl4j_model_output_name(model, k)) == 0)
				TRY(dl4j_model_revert(model, k, a->out[i], out->dim, out->rank, NULL, err));
	}
	return 0;
}

void arrays_free(struct arrays *a)
{
	for (int i = 0; a->in && i < 2 * a->n_in; i++)
		free(a->in[i]);
	for (int i = 0; i < a->n_out; i++)
		free(a->out[i]);
	free(a->in);
	free(a->in_shape);
	free(a->masked);
	free(a->out);
	free(a->out_shape);
}

size_t arrays_elements(const dl4j_array *shape)
{
	size_t n = 1;

	for (int i = 0; i < shape->rank; i++)
		n *= (size_t)shape->dim[i]; /* fits: a runner has checked the shape */
	return n;
}

static char plain(char c)
{
	static const char plain_ones[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789_.-";

	return c && !strchr(plain_ones, c) ? '_' : c;
}

void arrays_path(struct str *out, const char *dir, const char *vertex)
{
	str_addf(out, "%s/", dir);
	for (; *vertex; vertex++)
		str_fill(out, plain(*vertex), 1);
	str_add(out, ".npy");
}

static bool same_file(const char *a, const char *b)
{
	while (*a && plain(*a) == plain(*b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

int arrays_check_names(const struct arrays *a, dl4j_error *err)
{
	for (int i = 0; i < a->n_out; i++)
		for (int k = 0; k < i; k++)
			if (same_file(a->out_shape[i].name, a->out_shape[k].name))
				return fail(err, DL4J_EUSAGE, "the vertices '%s' and '%s' would go to one "
				            "file", a->out_shape[k].name, a->out_shape[i].name);
	return 0;
}
