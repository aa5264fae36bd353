/* SPDX-License-Identifier: Apache-2.0 */
/* limits: a table of names over two structs.
 * The structs are set while options are read, by one thread, and only read afterwards. */
#include "cli/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"

const struct opt limits_opts[] = {
	{ .kind = OPT_LIMIT, .name = "limit", .arg = "NAME=N",
	  .help = "another limit on what files may ask for; dl4j list limits shows them" },
	OPT_DONE,
};

static dl4j_limits model;
static struct image_limits image;

enum of { MODEL, IMAGE_BYTES, IMAGE_PIXELS, IMAGE_SCANS };

#define MODEL_LIMIT(name_, member_, what_) { name_, MODEL, offsetof(dl4j_limits, member_), what_ }

static const struct limit {
	const char *name;
	enum of of;
	size_t at; /* in dl4j_limits */
	const char *what;
} table[] = {
	MODEL_LIMIT("zip-entries", zip_entries, "entries of the zip"),
	MODEL_LIMIT("directory-bytes", directory_bytes, "the zip's directory"),
	MODEL_LIMIT("config-bytes", config_bytes, "configuration.json, inflated"),
	MODEL_LIMIT("coefficient-bytes", coefficient_bytes, "coefficients.bin, inflated"),
	MODEL_LIMIT("normalizer-bytes", normalizer_bytes, "normalizer.bin, inflated"),
	MODEL_LIMIT("json-depth", json_depth, "objects and lists in each other"),
	MODEL_LIMIT("json-nodes", json_nodes, "values in configuration.json"),
	MODEL_LIMIT("json-string-bytes", json_string_bytes, "one string in it"),
	MODEL_LIMIT("json-number-chars", json_number_chars, "one number in it"),
	MODEL_LIMIT("vertices", vertices, "layers and vertices"),
	MODEL_LIMIT("activation-bytes", activation_bytes, "what a run of the network takes"),
	{ "picture-bytes", IMAGE_BYTES, 0, "a picture's file" },
	{ "picture-pixels", IMAGE_PIXELS, 0, "a picture, decoded" },
	{ "picture-scans", IMAGE_SCANS, 0, "passes of a progressive JPEG" },
};

enum { LIMITS = sizeof table / sizeof *table };

static void start(void)
{
	if (model.zip_entries)
		return;
	model = dl4j_limits_default();
	image = image_default_limits;
}

const dl4j_limits *limits_model(void)
{
	start();
	return &model;
}

const struct image_limits *limits_image(void)
{
	start();
	return &image;
}

static int64_t get(const struct limit *l)
{
	switch (l->of) {
	case IMAGE_BYTES:
		return (int64_t)image.file_bytes;
	case IMAGE_PIXELS:
		return (int64_t)image.pixels;
	case IMAGE_SCANS:
		return image.scans;
	case MODEL:
		break;
	}
	return *(const int64_t *)(const void *)((const char *)&model + l->at);
}

static void set(const struct limit *l, int64_t value)
{
	switch (l->of) {
	case IMAGE_BYTES:
		image.file_bytes = (size_t)value;
		return;
	case IMAGE_PIXELS:
		image.pixels = (uint64_t)value;
		return;
	case IMAGE_SCANS:
		image.scans = value < INT32_MAX ? (int)value : INT32_MAX;
		return;
	case MODEL:
		break;
	}
	*(int64_t *)(void *)((char *)&model + l->at) = value;
}

static bool read_value(const char *text, int64_t *out)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	suffix = *end ? strchr(suffixes, *end) : NULL;
	*out = v;
	if (end == text || errno || v < 1 || (*end && (!suffix || end[1])))
		return false;
	for (const char *s = suffixes; suffix && s <= suffix; s++)
		if (__builtin_mul_overflow(*out, 1024, out))
			return false;
	return *out <= INT64_MAX / 4;
}

int limits_set(const char *text, struct dl4j_error *err)
{
	size_t len = strcspn(text, "=");
	const char *near;
	char name[64];
	int64_t value;

	start();
	if (!text[len] || len >= sizeof name || !read_value(text + len + 1, &value))
		return fail(err, DL4J_EUSAGE, "--limit: expected NAME=N with a number of at least 1, as in "
		            "config-bytes=1M, found '%s'", text);
	memcpy(name, text, len);
	name[len] = '\0';
	for (int i = 0; i < LIMITS; i++)
		if (strcmp(table[i].name, name) == 0) {
			set(&table[i], value);
			return 0;
		}
	near = say_nearest(name, &table->name, sizeof *table, LIMITS);
	return fail(err, DL4J_EUSAGE, "--limit: there is no '%s'" HINT "%s%s", name,
	            near ? "did you mean " : "dl4j list limits", near ? near : "");
}

bool limits_at(int i, const char **name, int64_t *value, const char **what)
{
	start();
	if (i >= LIMITS)
		return false;
	*name = table[i].name;
	*value = get(&table[i]);
	*what = table[i].what;
	return true;
}
