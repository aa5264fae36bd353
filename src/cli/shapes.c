/* SPDX-License-Identifier: Apache-2.0 */
/* shapes: sizes as people type them.
 * The number of sizes tells the kind of a network input. */
#include "cli/shapes.h"

#include <stdlib.h>
#include <string.h>

#include "cli/profile.h"
#include "cli/say.h"

/* Up to `max` numbers with `separator` between them; returns how many, 0 where it is not that. */
static int read_numbers(const char *text, char separator, int64_t *out, int max)
{
	for (int n = 0; n < max; text++) {
		char *end;
		long v = strtol(text, &end, 10);

		if (end == text || v < 1 || v > INT32_MAX)
			return 0;
		out[n++] = v;
		if (!*end)
			return n;
		if (*end != separator)
			return 0;
		text = end;
	}
	return 0;
}

int shapes_read_size(const char *text, int *h, int *w, struct dl4j_error *err)
{
	int64_t v[2];
	int n = read_numbers(text, 'x', v, 2);

	if (n == 0)
		return fail(err, DL4J_EUSAGE, "size: expected HxW as in 224x224, found '%s'", text);
	*h = (int)v[0];
	*w = (int)v[n - 1];
	return 0;
}

static int read_input(const char *text, dl4j_shape *out, struct dl4j_error *err)
{
	int64_t v[4];

	switch (read_numbers(text, ',', v, 4)) {
	case 1:
		*out = (dl4j_shape){ .kind = DL4J_FF, .c = v[0] };
		return 0;
	case 2:
		*out = (dl4j_shape){ .kind = DL4J_RNN, .c = v[0], .t = v[1] };
		return 0;
	case 3:
		*out = (dl4j_shape){ .kind = DL4J_CNN, .c = v[0], .h = v[1], .w = v[2] };
		return 0;
	case 4:
		*out = (dl4j_shape){ .kind = DL4J_CNN3D, .c = v[0], .d = v[1], .h = v[2], .w = v[3] };
		return 0;
	}
	return fail(err, DL4J_EUSAGE, "--input-type: expected C,H,W or N or N,T, found '%s'", text);
}

int shapes_read_inputs(const struct opt_list *texts, const dl4j_model *model, dl4j_shape *shapes,
                       struct dl4j_error *err)
{
	int inputs = dl4j_model_inputs(model);

	if (texts->n != inputs)
		return fail(err, DL4J_EUSAGE, "--input-type: expected one for each of the %d network "
		            "inputs, found %d", inputs, texts->n);
	for (int i = 0; i < texts->n; i++) {
		TRY(read_input(texts->item[i], &shapes[i], err));
		shapes[i].channels_last = dl4j_model_input_shape(model, i).channels_last;
	}
	return 0;
}

int shapes_dims(const dl4j_shape *shape, int64_t batch, int64_t *dim)
{
	const int64_t axes[4] = { shape->d, shape->h, shape->w, shape->t };
	int rank = 0;

	dim[rank++] = batch;
	if (shape->kind == DL4J_FF || !shape->channels_last)
		dim[rank++] = shape->c;
	for (int i = 0; i < 4 && shape->kind != DL4J_FF; i++)
		if (axes[i] > 0)
			dim[rank++] = axes[i];
	if (shape->kind != DL4J_FF && shape->channels_last)
		dim[rank++] = shape->c;
	return rank;
}

int shapes_settle(const struct opt_list *texts, const char *size, const dl4j_model *model,
                  const char *path, dl4j_shape *shapes, struct dl4j_error *err)
{
	struct profile profile;
	int64_t h = 0, w = 0;

	if (texts->n > 0)
		return shapes_read_inputs(texts, model, shapes, err);
	if (dl4j_model_inputs(model) > OPT_REPEATS)
		return fail(err, DL4J_ELIMIT, "expected at most %d network inputs", OPT_REPEATS);
	TRY(profile_beside(&profile, path, err));
	if (size)
		TRY(shapes_read_size(size, &profile.h, &profile.w, err));
	dl4j_model_zoo_name(model, &h, &w);
	if (profile.h > 0) {
		h = profile.h;
		w = profile.w;
	}
	for (int i = 0; i < dl4j_model_inputs(model); i++) {
		dl4j_shape *s = &shapes[i];

		*s = dl4j_model_input_shape(model, i);
		if (s->kind == DL4J_CNN && (size || s->h == 0)) {
			s->h = h;
			s->w = w;
		}
		if (s->c == 0 || (s->kind == DL4J_CNN && s->h == 0) || (s->kind == DL4J_RNN && s->t == 0))
			return fail(err, DL4J_EUSAGE, "nothing tells the shape of the network input '%s'"
			            HINT "%s", dl4j_model_input_name(model, i),
			            s->kind == DL4J_CNN && s->c ? "--size HxW"
			                                        : "--input-type C,H,W or N or N,T");
	}
	return 0;
}
