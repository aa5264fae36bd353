/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j list: what is built in.
 * Each list is a function that adds one item as text or as JSON. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/labels.h"
#include "cli/limits.h"
#include "cli/out.h"
#include "cli/profile.h"
#include "cli/say.h"

struct list_options {
	int json;
};

static const char *const formats[] = { "text", "json", NULL };

static const struct opt options[] = {
	OPT(CHOICE, 'o', "output", "text|json", offsetof(struct list_options, json),
	    "the form of the list (text)", .choices = formats),
	OPT_DONE,
};

/* ,"key":"value" */
static void add_member(struct str *out, const char *key, const char *value)
{
	if (!value)
		return;
	str_addf(out, ",\"%s\":", key);
	str_add_json(out, value);
}

static bool add_labels(struct str *out, int i, bool json)
{
	const struct labels_row *row = &labels_rows[i];

	if (!row->name)
		return false;
	if (json)
		str_addf(out, "{\"name\":\"%s\",\"classes\":%d,\"about\":\"%s\"}", row->name, row->n,
		         row->what);
	else
		str_addf(out, "%-14s %5d  %s\n", row->name, row->n, row->what);
	return true;
}

static bool add_profile(struct str *out, int i, bool json)
{
	const struct profile_row *row = &profile_rows[i];

	if (!row->name)
		return false;
	if (json) {
		str_addf(out, "{\"name\":\"%s\"", row->name);
		add_member(out, "size", row->size);
		add_member(out, "color", row->color);
		add_member(out, "scale", row->scale);
		add_member(out, "mean", row->mean);
		add_member(out, "std", row->std);
		add_member(out, "labels", row->labels);
		str_add(out, "}");
		return true;
	}
	str_addf(out, "%-24s %-8s %-5s", row->name, row->size, row->color);
	str_addf(out, "%s%s", row->scale ? " scale " : "", row->scale ? row->scale : "");
	str_addf(out, "%s%s", row->mean ? " mean " : "", row->mean ? row->mean : "");
	str_addf(out, "%s%s", row->std ? " std " : "", row->std ? row->std : "");
	str_add(out, "\n");
	return true;
}

static bool add_limit(struct str *out, int i, bool json)
{
	const char *name, *what;
	int64_t value;

	if (!limits_at(i, &name, &value, &what))
		return false;
	str_addf(out, json ? "{\"name\":\"%s\",\"value\":%lld,\"about\":\"%s\"}" :
	                     "%-18s %12lld  %s\n", name, (long long)value, what);
	return true;
}

static bool add_type(struct str *out, int i, bool json)
{
	dl4j_type type;

	if (i >= dl4j_types())
		return false;
	type = dl4j_type_at(i);
	if (!json) {
		str_addf(out, "%-13s %-38s", type.kind, type.name);
		for (int k = 0; type.names[k]; k++)
			str_addf(out, "%s %s", k ? "," : "", type.names[k]);
		str_add(out, "\n");
		return true;
	}
	str_addf(out, "{\"name\":\"%s\"", type.name);
	add_member(out, "kind", type.kind);
	str_addf(out, ",\"runs\":%s,\"names\":[", type.runs ? "true" : "false");
	for (int k = 0; type.names[k]; k++) {
		str_add(out, k ? "," : "");
		str_add_json(out, type.names[k]);
	}
	str_add(out, "]}");
	return true;
}

static const struct list {
	const char *name;
	bool (*add)(struct str *out, int i, bool json);
} lists[] = {
	{ "labels", add_labels },
	{ "limits", add_limit },
	{ "profiles", add_profile },
	{ "types", add_type },
};

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct list_options *o = options_;
	struct str out = { 0 };

	(void)argc;
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		if (strcmp(lists[l].name, argv[0]) != 0)
			continue;
		for (int i = 0;; i++) {
			size_t before = out.len;

			str_add(&out, !o->json ? "" : i ? ",\n " : "[");
			if (lists[l].add(&out, i, o->json))
				continue;
			out.len = before;
			break;
		}
		str_add(&out, o->json ? "]\n" : "");
		return out_text(&out, err);
	}
	return fail(err, DL4J_EUSAGE, "list: expected labels, limits, profiles or types, found '%s'",
	            argv[0]);
}

const struct verb verb_list = {
	.name = "list",
	.args = "labels|limits|profiles|types",
	.what = "List what is built in.",
	.options = options,
	.defaults = &(const struct list_options){ 0 },
	.size = sizeof(struct list_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
