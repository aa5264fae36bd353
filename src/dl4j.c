/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j: the public functions for models. Thin: each calls the folder that does the work.
 * Runners are in runner.c, entries and tensors in contents.c. */
#include "dl4j.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coefficients.h"
#include "config/config.h"
#include "config/release.h"
#include "exec/exec.h"
#include "model.h"
#include "ndarray/ndarray.h"
#include "summary/summary.h"

#define CONFIG MODEL_CONFIG
#define COEFFICIENTS MODEL_COEFFICIENTS
#define NORMALIZER MODEL_NORMALIZER

/* What half of the machine's memory is, at most `most`. */
static int64_t half_of_memory(int64_t most)
{
	int64_t pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	return pages > 0 && page > 0 && pages < most / page * 2 ? pages / 2 * page : most;
}

struct dl4j_limits dl4j_limits_default(void)
{
	return (struct dl4j_limits){
		.zip_entries = 64,
		.directory_bytes = 1 << 20,
		.config_bytes = INT64_C(64) << 20,
		.coefficient_bytes = INT64_C(16) << 30,
		.normalizer_bytes = INT64_C(1) << 20,
		.json_depth = 64,
		.json_nodes = 2000000,
		.json_string_bytes = 64 << 10,
		.json_number_chars = 64,
		.vertices = 65536,
		.activation_bytes = half_of_memory(INT64_C(8) << 30),
	};
}

static void set_limits(struct dl4j_limits *out, const struct dl4j_limits *limits)
{
	int64_t *to = (int64_t *)out;

	*out = dl4j_limits_default();
	for (size_t i = 0; limits && i < sizeof *out / sizeof *to; i++)
		if (((const int64_t *)limits)[i])
			to[i] = ((const int64_t *)limits)[i];
}

const char *dl4j_version(void)
{
	return DL4J_VERSION;
}

void dl4j_backend(char *text, size_t size)
{
	char zip[64];

	exec_backend(text, size);
	archive_backend(zip, sizeof zip);
	snprintf(text + strlen(text), size - strlen(text), ", %s", zip);
}

/* --- Opening ---------------------------------------------------------------------------------- */

static int read_config(struct dl4j_model *m, struct dl4j_error *err)
{
	struct wiring wiring;
	unsigned char *text;
	size_t n;
	int r;

	TRY(archive_read(m->archive, CONFIG, m->limits.config_bytes, 0, &text, &n, err));
	r = config_read(&wiring, (const char *)text, n, &m->coefficients, &m->limits, &m->arena,
	                err);
	free(text);
	if (!r)
		r = graph_new(&m->graph, &wiring, &m->arena, err);
	return r ? within(err, CONFIG) : 0;
}

/* The headers only: they tell the release, and how many elements to expect. */
static int read_heads(struct dl4j_model *m, struct dl4j_error *err)
{
	unsigned char head[NDARRAY_HEAD];
	int64_t size = archive_size(m->archive, COEFFICIENTS), n;

	if (size <= 0) /* none, or empty: a network without parameters, or a bare configuration */
		return 0;
	TRY(n = archive_peek(m->archive, COEFFICIENTS, head, sizeof head, err));
	if (ndarray_head(&m->coefficients, head, 0, (size_t)n, (size_t)size, err))
		return within(err, COEFFICIENTS);
	if (m->coefficients.end != (size_t)size)
		return within((fail(err, DL4J_EFORMAT, "expected %zu bytes, found %" PRId64,
		                    m->coefficients.end, size), err), COEFFICIENTS);
	return 0;
}

static int read_normalizer(struct dl4j_model *m, struct dl4j_error *err)
{
	unsigned char *bytes;
	size_t n;
	int r;

	if (archive_size(m->archive, NORMALIZER) < 0)
		return 0;
	TRY(archive_read(m->archive, NORMALIZER, m->limits.normalizer_bytes, 0, &bytes, &n, err));
	r = normalizer_read(&m->normalizer, bytes, n, m->graph.release, &m->arena, err);
	free(bytes);
	return r ? within(err, NORMALIZER) : 0;
}

static int read_calibration(struct dl4j_model *m, struct dl4j_error *err)
{
	unsigned char *text;
	size_t n;
	int r;

	if (archive_size(m->archive, MODEL_CALIBRATION) < 0)
		return 0;
	TRY(archive_read(m->archive, MODEL_CALIBRATION, m->limits.config_bytes, 0, &text, &n, err));
	r = calibration_read(&m->calibration, (const char *)text, n, &m->graph, &m->limits, &m->arena,
	                     err);
	free(text);
	return r ? within(err, MODEL_CALIBRATION) : 0;
}

static int open_model(struct dl4j_model **out, const char *path, const void *bytes, size_t size,
                      const struct dl4j_limits *limits, struct dl4j_error *err)
{
	struct dl4j_model *m = calloc(1, sizeof *m);

	*out = NULL;
	if (!m)
		return fail_memory(err);
	set_limits(&m->limits, limits);
	pthread_mutex_init(&m->lock, NULL);
	pthread_mutex_init(&m->reading, NULL);
	if (bytes) {
		m->bytes = malloc(size + 1);
		if (m->bytes)
			memcpy(m->bytes, bytes, size);
		else
			fail_memory(err);
	}
	if ((bytes && !m->bytes) ||
	    archive_open(&m->archive, path, m->bytes, size, &m->limits, err) || read_heads(m, err) ||
	    read_config(m, err) || read_normalizer(m, err) || read_calibration(m, err) ||
	    model_list_entries(m, err) || model_list_tensors(m, err)) {
		dl4j_model_free(m);
		return path ? within(err, "%s", path) : err->code;
	}
	*out = m;
	return 0;
}

int dl4j_model_open(struct dl4j_model **out, const char *path, const struct dl4j_limits *limits,
                    struct dl4j_error *err)
{
	return open_model(out, path, NULL, 0, limits, err);
}

int dl4j_model_read(struct dl4j_model **out, const void *bytes, size_t size,
                    const struct dl4j_limits *limits, struct dl4j_error *err)
{
	return open_model(out, NULL, bytes, size, limits, err);
}

void dl4j_model_free(struct dl4j_model *m)
{
	if (!m)
		return;
	coefficients_free(m->held);
	archive_close(m->archive);
	free(m->bytes);
	arena_free(&m->arena);
	pthread_mutex_destroy(&m->lock);
	pthread_mutex_destroy(&m->reading);
	free(m);
}

int dl4j_model_runs(const struct dl4j_model *m, struct dl4j_error *err)
{
	return graph_runs(&m->graph, err) ? within(err, CONFIG) : 0;
}

/* Whether there are the coefficients that the configuration asks for. */
static int check_coefficients(const struct dl4j_model *m, struct dl4j_error *err)
{
	const struct ndarray *a = &m->coefficients;

	if (m->graph.n_params < 0)
		return dl4j_model_runs(m, err);
	if (a->n != m->graph.n_params && archive_size(m->archive, COEFFICIENTS) < 0)
		return fail(err, DL4J_EFORMAT, COEFFICIENTS ": expected in the zip, not found");
	if (a->n != m->graph.n_params)
		return fail(err, DL4J_EFORMAT, COEFFICIENTS ": expected %" PRId64 " parameters, as "
		            CONFIG " has it, found %" PRId64, m->graph.n_params, a->n);
	return 0;
}

int model_read(struct coefficients **out, struct dl4j_model *m, struct dl4j_error *err)
{
	*out = NULL;
	TRY(check_coefficients(m, err));
	return coefficients_new(out, m, err);
}

static int load(struct dl4j_model *m, struct dl4j_error *err)
{
	if (m->held)
		return 0;
	TRY(model_read(&m->held, m, err));
	if (coefficients_start(m->held, err) || coefficients_wait(m->held, INT64_MAX, err)) {
		coefficients_free(m->held);
		m->held = NULL;
		return err->code;
	}
	return 0;
}

int dl4j_model_load(const struct dl4j_model *model, struct dl4j_error *err)
{
	struct dl4j_model *m = (struct dl4j_model *)model; /* the cache below is behind a lock */
	int r;

	pthread_mutex_lock(&m->lock);
	r = load(m, err);
	m->holders += !r;
	pthread_mutex_unlock(&m->lock);
	return r;
}

const float *model_hold(struct dl4j_model *m)
{
	const float *flat = NULL;

	pthread_mutex_lock(&m->lock);
	if (m->held) {
		m->holders++;
		flat = coefficients_at(m->held);
	}
	pthread_mutex_unlock(&m->lock);
	return flat;
}

void dl4j_model_unload(const struct dl4j_model *model)
{
	struct dl4j_model *m = (struct dl4j_model *)model;

	pthread_mutex_lock(&m->lock);
	if (m->holders > 0 && --m->holders == 0) {
		coefficients_free(m->held);
		m->held = NULL;
	}
	pthread_mutex_unlock(&m->lock);
}

/* --- Getters ---------------------------------------------------------------------------------- */

const char *dl4j_model_kind(const struct dl4j_model *m)
{
	return m->graph.multilayer ? "MultiLayerNetwork" : "ComputationGraph";
}

int dl4j_model_vertices(const struct dl4j_model *m)
{
	return m->graph.n_steps;
}

int dl4j_model_inputs(const struct dl4j_model *m)
{
	return m->graph.n_inputs;
}

int dl4j_model_outputs(const struct dl4j_model *m)
{
	return m->graph.n_outputs;
}

const char *dl4j_model_input_name(const struct dl4j_model *m, int i)
{
	return m->graph.steps[m->graph.inputs[i]].name;
}

const char *dl4j_model_output_name(const struct dl4j_model *m, int i)
{
	return m->graph.steps[m->graph.outputs[i]].name;
}

struct dl4j_shape dl4j_model_input_shape(const struct dl4j_model *m, int i)
{
	struct dl4j_shape s;

	graph_input_shape(&m->graph, i, &s);
	return s;
}

struct dl4j_shape dl4j_model_output_shape(const struct dl4j_model *m, int i)
{
	const struct step *s = &m->graph.steps[m->graph.outputs[i]];

	return s->known ? s->shape : (struct dl4j_shape){ .kind = DL4J_FF };
}

const char *dl4j_model_release(const struct dl4j_model *m, const char **why)
{
	if (why)
		*why = m->graph.release_why;
	return m->graph.release_name;
}

int64_t dl4j_model_params(const struct dl4j_model *m)
{
	return m->graph.n_params;
}

const char *dl4j_model_data_type(const struct dl4j_model *m)
{
	return m->coefficients.type;
}

const char *dl4j_model_zoo_name(const struct dl4j_model *m, int64_t *height, int64_t *width)
{
	const struct zoo *z = zoo_find(&m->graph);

	if (!z)
		return NULL;
	if (height)
		*height = z->height;
	if (width)
		*width = z->width;
	return z->name;
}

int dl4j_model_calibrated(const struct dl4j_model *m)
{
	return m->calibration.n > 0;
}

const char *dl4j_model_normalizer(const struct dl4j_model *m)
{
	return m->normalizer.type;
}

int dl4j_model_normalize(const struct dl4j_model *m, int i, float *data, const int64_t *dim,
                         int rank, struct dl4j_error *err)
{
	return normalizer_apply(&m->normalizer, i, data, dim, rank, NULL, err);
}

int dl4j_model_normalize_masked(const struct dl4j_model *m, int i, float *data, const int64_t *dim,
                                int rank, const float *mask, struct dl4j_error *err)
{
	return normalizer_apply(&m->normalizer, i, data, dim, rank, mask, err);
}

int dl4j_model_reverts(const struct dl4j_model *m, int i)
{
	return normalizer_reverts(&m->normalizer, i);
}

int dl4j_model_revert(const struct dl4j_model *m, int i, float *data, const int64_t *dim, int rank,
                      const float *mask, struct dl4j_error *err)
{
	return normalizer_revert(&m->normalizer, i, data, dim, rank, mask, err);
}

/* --- Summary ---------------------------------------------------------------------------------- */

int dl4j_model_summary(char **out, char **note, const struct dl4j_model *m,
                       const struct dl4j_summary_options *options, struct dl4j_error *err)
{
	const struct dl4j_summary_options none = { 0 }, *o = options ? options : &none;
	enum release release = m->graph.release;
	struct str text = { 0 }, remark = { 0 };
	int r = 0;

	if (o->release && !release_named(o->release, &release))
		return fail(err, DL4J_EUSAGE, "expected a release such as 1.0.0-beta7 or 1.0.0-M2.1, found "
		            "'%s'", o->release);
	if (o->inputs && o->n_inputs != m->graph.n_inputs)
		return fail(err, DL4J_EUSAGE, "expected %d input types, found %d", m->graph.n_inputs,
		            o->n_inputs);
	switch (o->style) {
	case DL4J_STYLE_DL4J:
		r = summary_dl4j(&text, &m->graph, release, o->inputs, err);
		break;
	case DL4J_STYLE_KERAS: {
		struct dl4j_error why = { 0 }; /* without coefficients the table is only less sure */
		bool flat = !dl4j_model_load(m, &why);
		if (why.code == DL4J_EMEMORY || why.code == DL4J_EIO) {
			*err = why;
			r = why.code;
			break;
		}
		r = summary_keras(&text, &remark, &m->graph, o->name, o->inputs, flat ?
		                  coefficients_at(m->held) : NULL, err);
		if (flat)
			dl4j_model_unload(m);
		break;
	}
	case DL4J_STYLE_JSON:
		r = summary_json(&text, &m->graph, o->inputs, err);
		break;
	case DL4J_STYLE_DOT:
		r = summary_dot(&text, &m->graph, o->inputs, err);
		break;
	}
	if (!r && (text.failed || remark.failed))
		r = fail_memory(err);
	if (r || !note)
		str_free(&remark);
	if (r)
		str_free(&text);
	*out = text.text;
	if (note)
		*note = remark.text;
	return r;
}

/* --- What is built in ------------------------------------------------------------------------- */

int dl4j_types(void)
{
	return node_types();
}

struct dl4j_type dl4j_type_at(int i)
{
	static const char *const kinds[NODE_KINDS] = {
		"layer", "vertex", "preprocessor", "activation", "distribution"
	};
	const struct node_type *t = node_type_at(i);

	return (struct dl4j_type){ .name = t->name, .kind = kinds[t->kind], .names = t->alias,
		                   .runs = 1 };
}
