/* SPDX-License-Identifier: Apache-2.0 */
/* check_text: what was found out, for people.
 * Names come from the file: they are shown with their control characters spelt out. */
#include <inttypes.h>
#include <string.h>

#include "cli/check.h"
#include "cli/limits.h"
#include "cli/text.h"

static void row(struct str *out, const char *title)
{
	str_addf(out, "%-11s ", title);
}

static void add_dims(struct str *out, const int64_t *dim, int rank)
{
	for (int i = 0; i < rank; i++)
		str_addf(out, "%s%" PRId64, i ? "," : "[", dim[i]);
	str_add(out, rank ? "]" : "[]");
}

static void add_size(struct str *out, int64_t n)
{
	if (n > 0)
		str_addf(out, "%" PRId64, n);
	else
		str_add(out, "?");
}

/* [n,c,h,w] in the network's own order of axes, ? for what the zip does not tell. */
static void add_shape(struct str *out, const dl4j_shape *s)
{
	const int64_t spatial[] = { s->d, s->h, s->w };
	const int from = s->kind == DL4J_CNN3D ? 0 : s->kind == DL4J_CNN ? 1 : 3;

	str_add(out, "[n");
	if (!s->channels_last || s->kind == DL4J_FF) {
		str_add(out, ",");
		add_size(out, s->c);
	}
	for (int i = from; i < 3; i++) {
		str_add(out, ",");
		add_size(out, spatial[i]);
	}
	if (s->kind == DL4J_RNN) {
		str_add(out, ",");
		add_size(out, s->t);
	}
	if (s->channels_last && s->kind != DL4J_FF) {
		str_add(out, ",");
		add_size(out, s->c);
	}
	str_add(out, "]\n");
}

static void add_end(struct str *out, const char *title, const char *name, const dl4j_shape *s)
{
	row(out, title);
	text_plain(out, name);
	str_add(out, " ");
	if (s->c > 0 || s->h > 0 || s->t > 0)
		add_shape(out, s);
	else
		str_add(out, "of a shape that the zip does not tell\n");
}

static void add_file(struct str *out, const struct check *c)
{
	row(out, "file");
	text_plain(out, c->path);
	str_add(out, "\n");
	row(out, "size");
	str_add_grouped(out, c->digest.bytes);
	str_add(out, " bytes\n");
	row(out, "sha256");
	str_addf(out, "%s\n", c->digest.sha256);
	row(out, "adler32");
	str_addf(out, "%" PRIu32, c->digest.adler32);
	if (c->known)
		str_addf(out, ": %s of %s", c->known->name, c->known->from);
	str_add(out, "\n");
}

static void add_runs(struct str *out, const struct check *c)
{
	row(out, "runs");
	if (c->unfit.code) {
		str_add(out, "no\n");
		return;
	}
	str_add(out, "yes");
	if (c->unplanned.code) {
		str_add(out, ", as far as the zip tells; --input-type lets it be tried\n");
		return;
	}
	str_add(out, ", planned for ");
	for (int i = 0; i < dl4j_model_inputs(c->model); i++) {
		str_add(out, i ? ", " : "");
		add_dims(out, c->inputs[i].dim, c->inputs[i].rank);
	}
	str_add(out, "\n");
}

static void add_network(struct str *out, const struct check *c)
{
	const dl4j_model *m = c->model;
	const char *why, *release = dl4j_model_release(m, &why);
	const char *zoo = dl4j_model_zoo_name(m, NULL, NULL);
	const char *type = dl4j_model_data_type(m), *normalizer = dl4j_model_normalizer(m);

	row(out, "network");
	str_addf(out, "%s of %d vertices%s%s\n", dl4j_model_kind(m), dl4j_model_vertices(m),
	         zoo ? ", known as " : "", zoo ? zoo : "");
	row(out, "release");
	str_addf(out, "%s: %s\n", release, why);
	row(out, "parameters");
	if (dl4j_model_params(m) < 0)
		str_add(out, "unknown: a class hides how many it has");
	else
		str_add_grouped(out, dl4j_model_params(m));
	str_addf(out, "%s%s\n", type ? ", stored as " : "", type ? type : "");
	for (int i = 0; i < dl4j_model_inputs(m); i++) {
		const dl4j_shape s = dl4j_model_input_shape(m, i);
		add_end(out, "input", dl4j_model_input_name(m, i), &s);
	}
	for (int i = 0; i < dl4j_model_outputs(m); i++) {
		const dl4j_shape s = dl4j_model_output_shape(m, i);
		add_end(out, "output", dl4j_model_output_name(m, i), &s);
	}
	row(out, "normalizer");
	text_plain(out, normalizer ? normalizer : "none");
	for (int i = 0, n = 0; i < dl4j_model_outputs(m); i++)
		if (dl4j_model_reverts(m, i)) {
			str_add(out, n++ ? ", " : "; reverted: ");
			text_plain(out, dl4j_model_output_name(m, i));
		}
	str_add(out, "\n");
}

static void add_limits(struct str *out)
{
	const dl4j_limits l = *limits_model();

	row(out, "limits");
	str_addf(out, "%" PRId64 " entries, %" PRId64 " vertices, JSON of %" PRId64 " levels and "
	         "%" PRId64 " values;\n", l.zip_entries, l.vertices, l.json_depth, l.json_nodes);
	row(out, "");
	str_addf(out, "MiB: %" PRId64 " configuration, %" PRId64 " coefficients, %" PRId64
	         " normalizer, %" PRId64 " activations\n", l.config_bytes >> 20,
	         l.coefficient_bytes >> 20, l.normalizer_bytes >> 20, l.activation_bytes >> 20);
}

static void add_entries(struct str *out, const dl4j_model *m)
{
	str_addf(out, "\n%-32s %14s %14s\n", "ENTRY", "BYTES", "IN THE ZIP");
	for (int i = 0; i < dl4j_model_entries(m); i++) {
		const dl4j_entry e = dl4j_model_entry(m, i);
		struct str name = { 0 };
		text_plain(&name, e.name);
		out->failed |= name.failed;
		text_fit(out, name.text ? name.text : "", 32, false);
		str_addf(out, " %14" PRId64 " %14" PRId64 "%s\n", e.size, e.packed,
		         e.used ? "" : "  not opened");
		str_free(&name);
	}
}

/* As wide as the longest name, within reason. */
static void add_tensors(struct str *out, const struct check *c)
{
	size_t width = 6;

	for (int i = 0; i < c->n_tensors; i++) {
		const size_t n = text_columns(c->tensors[i].tensor.vertex);
		width = n > width ? n : width;
	}
	width = width > 40 ? 40 : width;
	str_add(out, "\n");
	text_fit(out, "VERTEX", width, false);
	str_addf(out, " %-12s %-20s %14s %14s %14s %8s %8s\n", "KEY", "SHAPE", "MINIMUM", "MAXIMUM",
	         "MEAN", "NAN", "INFINITE");
	for (int i = 0; i < c->n_tensors; i++) {
		const struct tensor_check *t = &c->tensors[i];
		struct str name = { 0 }, shape = { 0 };
		text_plain(&name, t->tensor.vertex);
		add_dims(&shape, t->tensor.dim, t->tensor.rank);
		out->failed |= name.failed | shape.failed;
		text_fit(out, name.text ? name.text : "", width, true);
		str_addf(out, " %-12s %-20s", t->tensor.key, shape.text ? shape.text : "");
		if (t->finite)
			str_addf(out, " %14.6g %14.6g %14.6g", t->min, t->max, t->mean);
		else
			str_addf(out, " %14s %14s %14s", "-", "-", "-");
		str_addf(out, " %8" PRId64 " %8" PRId64 "\n", t->nan, t->inf);
		str_free(&name);
		str_free(&shape);
	}
}

void check_text(struct str *out, const struct check *c)
{
	struct str problems[CHECK_PROBLEMS] = { 0 };
	const int n = check_problems(c, problems);

	add_file(out, c);
	if (c->model) {
		add_network(out, c);
		if (!c->refused.code)
			add_runs(out, c);
		add_limits(out);
	}
	for (int i = 0; i < n; i++) {
		row(out, "problem");
		str_add(out, problems[i].text);
		str_add(out, "\n");
		out->failed |= problems[i].failed;
		str_free(&problems[i]);
	}
	if (!n) {
		row(out, "problem");
		str_add(out, "none found\n");
	}
	if (c->model)
		add_entries(out, c->model);
	if (c->n_tensors)
		add_tensors(out, c);
}
