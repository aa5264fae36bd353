/* SPDX-License-Identifier: Apache-2.0 */
/* profile: how pictures are made ready for a network.
 * One table of settings serves options, files and the built-in rows. */
#include "cli/profile.h"

#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/flat.h"
#include "cli/say.h"
#include "cli/shapes.h"

const char *const color_names[] = { "", "bgr", "rgb", "grey", NULL };
const char *const crop_names[] = { "none", "center", "dl4j-center", NULL };

#define AT(member) offsetof(struct profile_options, member)

const struct opt profile_opts[] = {
	OPT(TEXT, 0, "size", "HxW", AT(size), "the size that pictures are brought to"),
	OPT(TEXT, 0, "color", "bgr|rgb|grey", AT(color), "the order of the planes"),
	OPT(TEXT, 0, "crop", "none|center|dl4j-center", AT(crop),
	    "cut to the proportions of --size before resizing: not at all, around the centre, or as "
	    "DL4J's centerCropIfNeeded does (none)"),
	OPT(TEXT, 0, "scale", "A,B|none", AT(scale),
	    "bring 0..255 to A..B, as DL4J's ImagePreProcessingScaler does"),
	OPT(TEXT, 0, "mean", "M,M,M", AT(mean), "then subtract, plane by plane"),
	OPT(TEXT, 0, "std", "S,S,S", AT(std), "then divide, plane by plane"),
	OPT_DONE,
};

/* One to `max` numbers with commas between. */
static int read_floats(const char *key, const char *text, int max, float *v, struct dl4j_error *err)
{
	int n = 0;

	for (const char *at = text; n < max; at++) {
		char *end;

		v[n++] = strtof(at, &end);
		if (end == at || (*end && *end != ','))
			break;
		if (!*end)
			return n;
		at = end;
	}
	return fail(err, DL4J_EUSAGE, "%s: expected up to %d numbers with commas between, found '%s'",
	            key, max, text);
}

static int find_name(const char *key, const char *const *names, const char *text,
                     struct dl4j_error *err)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	return fail(err, DL4J_EUSAGE, "%s: unknown value '%s'", key, text);
}

static int set_size(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	(void)key;
	return shapes_read_size(text, &p->h, &p->w, err);
}

static int set_color(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	int i = find_name(key, color_names, text, err);

	TRY(i);
	p->color = (enum color)i;
	return 0;
}

static int set_crop(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	int i = find_name(key, crop_names, text, err);

	TRY(i);
	p->crop_told = true;
	p->crop = (enum image_crop)i;
	return 0;
}

static int set_scale(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	float v[2];
	int n;

	if (strcmp(text, "none") == 0) {
		p->arithmetic.told = true;
		return 0;
	}
	n = read_floats(key, text, 2, v, err);
	TRY(n);
	if (n != 2)
		return fail(err, DL4J_EUSAGE, "%s: expected two numbers as in 0,1", key);
	p->arithmetic.told = p->arithmetic.scaled = true;
	p->arithmetic.low = v[0];
	p->arithmetic.high = v[1];
	return 0;
}

static int set_mean(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	p->arithmetic.told = true;
	p->arithmetic.n_mean = read_floats(key, text, PROFILE_PLANES, p->arithmetic.mean, err);
	return p->arithmetic.n_mean;
}

static int set_std(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	p->arithmetic.told = true;
	p->arithmetic.n_std = read_floats(key, text, PROFILE_PLANES, p->arithmetic.std, err);
	for (int i = 0; i < p->arithmetic.n_std; i++)
		if (p->arithmetic.std[i] == 0)
			return fail(err, DL4J_EUSAGE, "%s: expected numbers other than 0", key);
	return p->arithmetic.n_std;
}

static int set_labels(struct profile *p, const char *key, const char *text, struct dl4j_error *err)
{
	if (strlen(text) >= sizeof p->labels)
		return fail(err, DL4J_EUSAGE, "%s: too long", key);
	strcpy(p->labels, text);
	return 0;
}

static const struct setting {
	const char *key;
	int (*set)(struct profile *p, const char *key, const char *text, struct dl4j_error *err);
} settings[] = {
	{ "size", set_size },   { "color", set_color }, { "crop", set_crop },
	{ "scale", set_scale },
	{ "mean", set_mean },   { "std", set_std },     { "labels", set_labels },
};

static int set(void *to, const char *key, const char *value, struct dl4j_error *err)
{
	enum { N = sizeof settings / sizeof *settings };
	const char *near;

	for (int i = 0; i < N; i++)
		if (strcmp(settings[i].key, key) == 0)
			return settings[i].set(to, key, value, err) < 0 ? err->code : 0;
	near = say_nearest(key, &settings->key, sizeof *settings, N);
	return fail(err, DL4J_EUSAGE, "unknown setting '%s'%s%s%s", key,
	            near ? HINT "did you mean " : "", near ? near : "", near ? "?" : "");
}

struct pair {
	const char *key, *value;
};

static int set_all(struct profile *out, const struct pair *pairs, int n, struct dl4j_error *err)
{
	*out = (struct profile){ 0 };
	for (int i = 0; i < n; i++)
		if (pairs[i].value)
			TRY(set(out, pairs[i].key, pairs[i].value, err));
	return 0;
}

int profile_from_options(struct profile *out, const struct profile_options *o,
                         struct dl4j_error *err)
{
	const struct pair pairs[] = {
		{ "size", o->size },   { "color", o->color }, { "crop", o->crop },
		{ "scale", o->scale }, { "mean", o->mean },   { "std", o->std },
	};

	return set_all(out, pairs, sizeof pairs / sizeof *pairs, err);
}

int profile_from_row(struct profile *out, const struct profile_row *row, struct dl4j_error *err)
{
	const struct pair pairs[] = {
		{ "size", row->size }, { "color", row->color }, { "scale", row->scale },
		{ "mean", row->mean }, { "std", row->std },     { "labels", row->labels },
	};

	return set_all(out, pairs, sizeof pairs / sizeof *pairs, err);
}

static int read_file(struct profile *out, const char *path, struct dl4j_error *err)
{
	enum { LIMIT = 1 << 16 };
	struct bytes file;
	int code;

	*out = (struct profile){ 0 };
	if (file_read(&file, path, LIMIT, err) < 0)
		return within(err, "%s", path);
	code = flat_read((char *)file.at, set, out, err);
	free(file.at);
	if (code < 0)
		err->code = DL4J_EFORMAT;
	return code < 0 ? within(err, "%s", path) : 0;
}

int profile_load(struct profile *out, const char *name, struct dl4j_error *err)
{
	const char *near;
	int n = 0;

	for (; profile_rows[n].name; n++)
		if (strcmp(profile_rows[n].name, name) == 0)
			return profile_from_row(out, &profile_rows[n], err);
	if (file_exists(name))
		return read_file(out, name, err);
	near = say_nearest(name, &profile_rows->name, sizeof *profile_rows, n);
	if (near)
		return fail(err, DL4J_EUSAGE, "--profile: neither a file nor built in: '%s'"
		            HINT "did you mean %s?", name, near);
	return fail(err, DL4J_EUSAGE, "--profile: neither a file nor built in: '%s'"
	            HINT "dl4j list profiles", name);
}

int profile_beside(struct profile *out, const char *model, struct dl4j_error *err)
{
	int code = 0;

	*out = (struct profile){ 0 };
	if (strcmp(model, "-") == 0)
		return 0;
	for (int i = 0; i < 2 && code == 0; i++) {
		struct str path = { 0 };

		if (i == 0)
			str_add(&path, model);
		else
			file_base(&path, model);
		str_add(&path, ".profile.json");
		if (path.failed)
			code = fail_memory(err);
		else if (file_exists(path.text))
			code = read_file(out, path.text, err) < 0 ? err->code : 1;
		str_free(&path);
	}
	return code;
}
