/* SPDX-License-Identifier: Apache-2.0 */
/* input: what a network gets for a picture, settled setting by setting.
 * The numbers are DL4J's to the bit: NativeImageLoader's planes, then float32 step by step. */
#include "cli/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/say.h"

/* In the order of precedence; the network's own shape and normalizer come before the zoo. */
enum { OPTIONS, PROFILE, BESIDE, ZOO, N_SOURCES };

struct sources {
	struct profile p[N_SOURCES];
	char name[N_SOURCES][64];
	bool explain;
};

/* The first source that tells a setting, or -1. */
#define FIRST(s, member)                                     \
	((s)->p[OPTIONS].member ? OPTIONS                    \
	 : (s)->p[PROFILE].member ? PROFILE                  \
	 : (s)->p[BESIDE].member ? BESIDE                    \
	 : (s)->p[ZOO].member ? ZOO : -1)

static void explain(const struct sources *s, const char *setting, const char *value,
                    const char *source)
{
	if (s->explain)
		fprintf(stderr, "%-10s %-24s %s\n", setting, value, source);
}

static int gather(struct sources *s, const struct input_options *o, const dl4j_model *model,
                  const char *path, struct dl4j_error *err)
{
	const char *zoo = model ? dl4j_model_zoo_name(model, NULL, NULL) : NULL;
	const struct profile_row *row = zoo ? profile_of_zoo(zoo) : NULL;

	*s = (struct sources){ .explain = o->explain };
	snprintf(s->name[OPTIONS], sizeof *s->name, "from the options");
	snprintf(s->name[PROFILE], sizeof *s->name, "from --profile %s", o->profile ? o->profile : "");
	snprintf(s->name[BESIDE], sizeof *s->name, "from the profile.json beside the model");
	snprintf(s->name[ZOO], sizeof *s->name, "the known network %s", zoo ? zoo : "");
	TRY(profile_from_options(&s->p[OPTIONS], &o->direct, err));
	if (o->profile)
		TRY(profile_load(&s->p[PROFILE], o->profile, err));
	if (model)
		TRY(profile_beside(&s->p[BESIDE], path, err));
	if (row)
		TRY(profile_from_row(&s->p[ZOO], row, err));
	return 0;
}

static int settle_channels(struct input *in, const struct input_options *o, const dl4j_shape *shape,
                           struct dl4j_error *err)
{
	int64_t c = shape->c;

	in->flat = shape->kind == DL4J_FF;
	in->channels_last = shape->channels_last && !in->flat;
	if (shape->kind == DL4J_RNN || shape->kind == DL4J_CNN3D)
		return fail(err, DL4J_EUSAGE, "the network does not take pictures" HINT
		            "dl4j run feeds it arrays");
	if (in->flat)
		c = in->h > 0 ? shape->c / in->h / in->w : 0;
	/* fits: three ints of at most 65535 */
	if ((c != 1 && c != 3 && c != 4) || (in->flat && c * in->h * in->w != shape->c))
		return fail(err, DL4J_EUSAGE, "pictures have 1, 3 or 4 channels, the network input has "
		            "%lld %s", (long long)shape->c, in->flat ? "features" : "channels");
	if (o->channels && o->channels != c)
		return fail(err, DL4J_EUSAGE, "--channels: expected %lld as the network has, found %d",
		            (long long)c, o->channels);
	in->channels = (int)c;
	return 0;
}

static int settle_size(struct input *in, const struct sources *s, const dl4j_model *model,
                       const dl4j_shape *shape, struct dl4j_error *err)
{
	int from = FIRST(s, h);
	int64_t h = 0, w = 0;
	const char *source = from >= 0 ? s->name[from] : "";
	char text[32];

	if (from >= 0) {
		h = s->p[from].h;
		w = s->p[from].w;
	}
	if (from < 0 || from == ZOO) {
		if (shape->h > 0 && shape->w > 0) {
			h = shape->h;
			w = shape->w;
			source = "the network's input";
		} else if (model && dl4j_model_zoo_name(model, &h, &w)) {
			source = s->name[ZOO];
		}
	}
	if (h < 1 || w < 1 || h > 65535 || w > 65535)
		return fail(err, DL4J_EUSAGE, "nothing tells the size of the pictures"
		            HINT "give --size HxW, as in --size 224x224");
	in->h = (int)h;
	in->w = (int)w;
	snprintf(text, sizeof text, "%dx%d", in->h, in->w);
	explain(s, "size", text, source);
	return 0;
}

static int settle_color(struct input *in, const struct sources *s, struct dl4j_error *err)
{
	int from = FIRST(s, color);
	const char *source = from >= 0 ? s->name[from] : "DL4J's own order";

	in->color = from >= 0 ? s->p[from].color : COLOR_BGR;
	if (in->channels == 1 && from < 0) {
		in->color = COLOR_GREY;
		source = "the network's one channel";
	}
	if ((in->color == COLOR_GREY) != (in->channels == 1))
		return fail(err, DL4J_EUSAGE, "color: %s (%s) does not go with a network of %d "
		            "channel%s",
		            color_names[in->color], source, in->channels,
		            in->channels == 1 ? "" : "s");
	explain(s, "color", in->channels == 4 ? "rgba" : color_names[in->color], source);
	return 0;
}

static void settle_crop(struct input *in, const struct sources *s)
{
	int from = FIRST(s, crop_told);

	in->crop = from >= 0 ? s->p[from].crop : IMAGE_CROP_NONE;
	explain(s, "crop", crop_names[in->crop], from >= 0 ? s->name[from] : "as DL4J");
}

static void print_arithmetic(struct str *out, const struct arithmetic *a)
{
	if (a->scaled)
		str_addf(out, "scale %g,%g ", a->low, a->high);
	for (int i = 0; i < a->n_mean; i++)
		str_addf(out, "%s%g", i ? "," : "mean ", a->mean[i]);
	for (int i = 0; i < a->n_std; i++)
		str_addf(out, "%s%g", i ? "," : " std ", a->std[i]);
	if (!out->len)
		str_add(out, "0..255 as they are");
}

static int settle_arithmetic(struct input *in, const struct sources *s, const dl4j_model *model,
                             struct dl4j_error *err)
{
	int from = FIRST(s, arithmetic.told);
	const char *normalizer = model ? dl4j_model_normalizer(model) : NULL;
	const struct arithmetic *a = &in->arithmetic;
	struct str text = { 0 };
	int64_t dim[4];
	int rank;

	if (normalizer && (from < 0 || from == ZOO)) {
		in->normalizer = model;
		explain(s, "arithmetic", normalizer, "the normalizer saved with the network");
		rank = input_dims(in, 0, dim); /* no pictures: only whether it can be applied */
		return dl4j_model_normalize(model, 0, NULL, dim, rank, err);
	}
	if (from >= 0)
		in->arithmetic = s->p[from].arithmetic;
	else if (model)
		say_warning("nothing tells how this network's pictures were scaled: feeding 0..255, "
		            "as DL4J's NativeImageLoader gives (--scale, --profile; dl4j list profiles)");
	if ((a->n_mean > 1 && a->n_mean != in->channels) || (a->n_std > 1 && a->n_std != in->channels))
		return fail(err, DL4J_EUSAGE, "mean and std: expected one number or %d (%s)",
		            in->channels, s->name[from]);
	print_arithmetic(&text, a);
	explain(s, "arithmetic", text.failed ? "" : text.text,
	        from >= 0 ? s->name[from] : "by default");
	str_free(&text);
	return 0;
}

/* A file named in MODEL.profile.json stands in the same folder. */
static void settle_labels(struct input *in, const struct sources *s, const char *path)
{
	int from = s->p[PROFILE].labels[0] ? PROFILE : BESIDE;
	const char *labels = s->p[from].labels;
	struct str folder = { 0 };

	strcpy(in->zoo_labels, s->p[ZOO].labels);
	if (!*labels)
		return;
	if (from == BESIDE && strchr(labels, '.') && *labels != '/')
		file_folder(&folder, path);
	snprintf(in->labels, sizeof in->labels, "%s%s", folder.text ? folder.text : "", labels);
	strcpy(in->labels_source, s->name[from]);
	str_free(&folder);
}

int input_settle(struct input *out, const struct input_options *o, const dl4j_model *model,
                 const char *path, struct dl4j_error *err)
{
	dl4j_shape shape = { .kind = DL4J_CNN };
	struct sources s;
	int from;

	*out = (struct input){ 0 };
	if (model && dl4j_model_inputs(model) != 1)
		return fail(err, DL4J_EUSAGE, "the network has %d inputs, a picture goes to one" HINT
		            "dl4j run feeds it arrays", dl4j_model_inputs(model));
	TRY(gather(&s, o, model, path, err));
	from = FIRST(&s, color);
	if (model)
		shape = dl4j_model_input_shape(model, 0);
	if (shape.c == 0) { /* no model, or one that takes whatever comes */
		shape.kind = DL4J_CNN;
		shape.c = o->channels ? o->channels : 3;
		if (!o->channels && from >= 0 && s.p[from].color == COLOR_GREY)
			shape.c = 1;
	}
	if (settle_size(out, &s, model, &shape, err) < 0 ||
	    settle_channels(out, o, &shape, err) < 0 || settle_color(out, &s, err) < 0)
		return model ? within(err, "%s", path) : err->code;
	settle_crop(out, &s);
	if (settle_arithmetic(out, &s, model, err) < 0)
		return model ? within(err, "%s", path) : err->code;
	settle_labels(out, &s, path);
	return 0;
}

size_t input_elements(const struct input *in)
{
	return (size_t)in->channels * (size_t)in->h * (size_t)in->w; /* fits: sides are at most 65535 */
}

int input_dims(const struct input *in, int64_t n, int64_t *dim)
{
	const int64_t c = in->channels, h = in->h, w = in->w;

	dim[0] = n;
	dim[1] = in->flat ? c * h * w : in->channels_last ? h : c;
	dim[2] = in->channels_last ? w : h;
	dim[3] = in->channels_last ? c : w;
	return in->flat ? 2 : 4;
}
