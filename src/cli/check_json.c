/* SPDX-License-Identifier: Apache-2.0 */
/* check_json: what was found out, for programs. doc/check-json.md is the contract: members may be
 * added, those that stand there keep their names and meaning. */
#include <inttypes.h>

#include "cli/check.h"
#include "cli/limits.h"
#include "cli/text.h"

static void key(struct str *out, const char *name)
{
	str_addf(out, ",\n\t\"%s\": ", name);
}

static void add_text(struct str *out, const char *text)
{
	if (text)
		text_json(out, text);
	else
		str_add(out, "null");
}

static void add_bool(struct str *out, bool b)
{
	str_add(out, b ? "true" : "false");
}

static void add_dims(struct str *out, const int64_t *dim, int rank)
{
	str_add(out, "[");
	for (int i = 0; i < rank; i++)
		str_addf(out, "%s%" PRId64, i ? ", " : "", dim[i]);
	str_add(out, "]");
}

static void add_size(struct str *out, const char *name, int64_t n)
{
	str_addf(out, ", \"%s\": ", name);
	if (n > 0)
		str_addf(out, "%" PRId64, n);
	else
		str_add(out, "null");
}

/* The form of doc/summary-json.md. */
static void add_shape(struct str *out, const dl4j_shape *s)
{
	static const char *const kinds[] = {
		[DL4J_FF] = "feed-forward", [DL4J_RNN] = "recurrent", [DL4J_CNN] = "convolutional",
		[DL4J_CNN3D] = "convolutional-3d",
	};
	const bool image = s->kind == DL4J_CNN || s->kind == DL4J_CNN3D;

	if (s->c <= 0 && s->h <= 0 && s->t <= 0) {
		str_add(out, "null");
		return;
	}
	str_addf(out, "{\"kind\": \"%s\"", kinds[s->kind]);
	add_size(out, image ? "channels" : "size", s->c);
	if (s->kind == DL4J_CNN3D)
		add_size(out, "depth", s->d);
	if (image) {
		add_size(out, "height", s->h);
		add_size(out, "width", s->w);
	}
	if (s->kind == DL4J_RNN)
		add_size(out, "steps", s->t);
	if (s->kind != DL4J_FF) {
		str_add(out, ", \"channelsLast\": ");
		add_bool(out, s->channels_last);
	}
	str_add(out, "}");
}

static void add_end(struct str *out, bool first, const char *name, const dl4j_shape *s)
{
	str_add(out, first ? "{\"name\": " : ", {\"name\": ");
	add_text(out, name);
	str_add(out, ", \"shape\": ");
	add_shape(out, s);
	str_add(out, "}");
}

static void add_file(struct str *out, const struct check *c)
{
	str_add(out, "{\n\t\"schema\": 1");
	key(out, "file");
	add_text(out, c->path);
	key(out, "bytes");
	str_addf(out, "%" PRId64, c->digest.bytes);
	key(out, "sha256");
	add_text(out, c->digest.sha256);
	key(out, "adler32");
	str_addf(out, "%" PRIu32, c->digest.adler32);
	key(out, "published");
	if (c->known)
		str_addf(out, "{\"name\": \"%s\", \"by\": \"%s\"}", c->known->name, c->known->from);
	else
		str_add(out, "null");
}

static void add_normalizer(struct str *out, const struct check *c)
{
	const char *type = dl4j_model_normalizer(c->model);
	int n = 0;

	key(out, "normalizer");
	if (!type) {
		str_add(out, "null");
		return;
	}
	str_add(out, "{\"type\": ");
	add_text(out, type);
	str_add(out, ", \"applies\": ");
	add_bool(out, !c->normalizer.code);
	str_add(out, ", \"reverts\": [");
	for (int i = 0; i < dl4j_model_outputs(c->model); i++)
		if (dl4j_model_reverts(c->model, i)) {
			str_add(out, n++ ? ", " : "");
			add_text(out, dl4j_model_output_name(c->model, i));
		}
	str_add(out, "]}");
}

static void add_network(struct str *out, const struct check *c)
{
	const dl4j_model *m = c->model;
	const char *why, *release = dl4j_model_release(m, &why);

	key(out, "type");
	add_text(out, dl4j_model_kind(m));
	key(out, "release");
	add_text(out, release);
	key(out, "releaseReason");
	add_text(out, why);
	key(out, "zoo");
	add_text(out, dl4j_model_zoo_name(m, NULL, NULL));
	key(out, "vertices");
	str_addf(out, "%d", dl4j_model_vertices(m));
	key(out, "parameters");
	if (dl4j_model_params(m) < 0)
		str_add(out, "null");
	else
		str_addf(out, "%" PRId64, dl4j_model_params(m));
	key(out, "dataType");
	add_text(out, dl4j_model_data_type(m));
	key(out, "inputs");
	str_add(out, "[");
	for (int i = 0; i < dl4j_model_inputs(m); i++) {
		const dl4j_shape s = dl4j_model_input_shape(m, i);
		add_end(out, i == 0, dl4j_model_input_name(m, i), &s);
	}
	str_add(out, "]");
	key(out, "outputs");
	str_add(out, "[");
	for (int i = 0; i < dl4j_model_outputs(m); i++) {
		const dl4j_shape s = dl4j_model_output_shape(m, i);
		add_end(out, i == 0, dl4j_model_output_name(m, i), &s);
	}
	str_add(out, "]");
	add_normalizer(out, c);
}

static void add_runs(struct str *out, const struct check *c)
{
	key(out, "runs");
	add_bool(out, !c->unfit.code);
	key(out, "plannedFor");
	if (!c->inputs || c->unplanned.code || c->unfit.code) {
		str_add(out, "null");
		return;
	}
	str_add(out, "[");
	for (int i = 0; i < dl4j_model_inputs(c->model); i++) {
		str_add(out, i ? ", " : "");
		add_dims(out, c->inputs[i].dim, c->inputs[i].rank);
	}
	str_add(out, "]");
}

static void add_entries(struct str *out, const dl4j_model *m)
{
	key(out, "entries");
	str_add(out, "[");
	for (int i = 0; i < dl4j_model_entries(m); i++) {
		const dl4j_entry e = dl4j_model_entry(m, i);
		str_add(out, i ? ",\n\t\t{\"name\": " : "\n\t\t{\"name\": ");
		add_text(out, e.name);
		str_addf(out, ", \"bytes\": %" PRId64 ", \"packed\": %" PRId64 ", \"used\": ", e.size,
		         e.packed);
		add_bool(out, e.used);
		str_add(out, "}");
	}
	str_add(out, "\n\t]");
}

static void add_figure(struct str *out, const char *name, double x, bool told)
{
	str_addf(out, ", \"%s\": ", name);
	if (told)
		str_addf(out, "%.9g", x);
	else
		str_add(out, "null");
}

static void add_tensors(struct str *out, const struct check *c)
{
	key(out, "nan");
	str_addf(out, "%" PRId64, c->nan);
	key(out, "infinite");
	str_addf(out, "%" PRId64, c->inf);
	key(out, "tensors");
	str_add(out, "[");
	for (int i = 0; i < c->n_tensors; i++) {
		const struct tensor_check *t = &c->tensors[i];
		str_add(out, i ? ",\n\t\t{\"vertex\": " : "\n\t\t{\"vertex\": ");
		add_text(out, t->tensor.vertex);
		str_add(out, ", \"key\": ");
		add_text(out, t->tensor.key);
		str_add(out, ", \"shape\": ");
		add_dims(out, t->tensor.dim, t->tensor.rank);
		str_addf(out, ", \"order\": \"%c\", \"offset\": %" PRId64 ", \"length\": %" PRId64,
		         t->tensor.order, t->tensor.offset, t->tensor.n);
		add_figure(out, "min", t->min, t->finite > 0);
		add_figure(out, "max", t->max, t->finite > 0);
		add_figure(out, "mean", t->mean, t->finite > 0);
		str_addf(out, ", \"nan\": %" PRId64 ", \"infinite\": %" PRId64 ", \"sha256\": \"%s\"}",
		         t->nan, t->inf, t->sha256);
	}
	str_add(out, c->n_tensors ? "\n\t]" : "]");
}

static void add_limits(struct str *out)
{
	const dl4j_limits l = *limits_model();
	const struct {
		const char *name;
		int64_t limit;
	} all[] = {
		{ "zipEntries", l.zip_entries }, { "directoryBytes", l.directory_bytes },
		{ "configBytes", l.config_bytes },
		{ "coefficientBytes", l.coefficient_bytes }, { "normalizerBytes", l.normalizer_bytes },
		{ "jsonDepth", l.json_depth }, { "jsonNodes", l.json_nodes },
		{ "jsonStringBytes", l.json_string_bytes }, { "jsonNumberChars", l.json_number_chars },
		{ "vertices", l.vertices }, { "activationBytes", l.activation_bytes },
	};

	key(out, "limits");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		str_addf(out, "%s\"%s\": %" PRId64, i ? ", " : "{", all[i].name, all[i].limit);
	str_add(out, "}");
}

void check_json(struct str *out, const struct check *c)
{
	struct str problems[CHECK_PROBLEMS] = { 0 };
	const int n = check_problems(c, problems);

	add_file(out, c);
	key(out, "status");
	str_addf(out, "%d", c->status);
	key(out, "problems");
	str_add(out, "[");
	for (int i = 0; i < n; i++) {
		str_add(out, i ? ", " : "");
		add_text(out, problems[i].text);
		out->failed |= problems[i].failed;
		str_free(&problems[i]);
	}
	str_add(out, "]");
	add_limits(out);
	if (c->model) {
		add_network(out, c);
		add_entries(out, c->model);
		if (!c->refused.code) {
			add_runs(out, c);
			add_tensors(out, c);
		}
	}
	str_add(out, "\n}\n");
}
