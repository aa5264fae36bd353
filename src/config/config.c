/* SPDX-License-Identifier: Apache-2.0 */
/* config: configuration.json to nodes and their wiring.
 * A MultiLayerNetwork has "confs", a ComputationGraph "vertices" and "networkInputs". */
#include "config/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/fields.h"
#include "config/release.h"

struct config {
	const cJSON *root;
	struct wiring *w;
	struct arena *arena;
	enum release release;
};

static int read_names(struct config *c, const cJSON *list, const char ***out, int *n,
                      struct dl4j_error *err)
{
	const cJSON *item;

	*n = 0;
	if (!cJSON_IsArray(list))
		return fail(err, DL4J_EFORMAT, "expected a list of names, found none");
	*out = ARENA_NEW(c->arena, const char *, (size_t)cJSON_GetArraySize(list) + 1);
	if (!*out)
		return fail_memory(err);
	for (item = list->child; item; item = item->next) {
		if (!cJSON_IsString(item))
			return fail(err, DL4J_EFORMAT, "expected a name, found no string");
		(*out)[*n] = arena_strdup(c->arena, item->valuestring);
		if (!(*out)[(*n)++])
			return fail_memory(err);
	}
	return 0;
}

/* `conf` holds "layer" and "variables"; a wrapped layer's parameters are told there too. */
static int read_layer(struct config *c, const cJSON *conf, struct node **out,
                      struct dl4j_error *err)
{
	struct reading r = { .arena = c->arena, .release = c->release, .conf = conf,
		             .in_graph = !c->w->multilayer };
	const cJSON *variables = json_get(conf, "variables");
	const char **names;
	int n;

	if (variables && cJSON_GetArraySize(variables) > 0) {
		if (read_names(c, variables, &names, &n, err))
			return within(err, "variables");
		r.variables = names;
	}
	TRY(fields_read(out, json_get(conf, "layer"), NODE_LAYER, &r, err));
	return *out ? 0 : fail(err, DL4J_EFORMAT, "expected a layer, found none");
}

static int read_vertex(struct config *c, const cJSON *json, struct declared *v,
                       struct dl4j_error *err)
{
	struct reading r = { .arena = c->arena, .release = c->release };
	const char *name;
	const cJSON *body;

	if (!fields_class(json, &name, &body) || !body)
		return fail(err, DL4J_EFORMAT, "expected an object with a class name, found none");
	if (strcmp(name, "LayerVertex") != 0 &&
	    strcmp(name, "org.deeplearning4j.nn.conf.graph.LayerVertex") != 0)
		return fields_read(&v->node, json, NODE_VERTEX, &r, err);
	v->is_layer = true;
	TRY(read_layer(c, json_get(body, "layerConf"), &v->node, err));
	return fields_read(&v->pre, json_get(body, "preProcessor"), NODE_PREPROCESSOR, &r, err);
}

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* The members of an object sorted by key: a search of each in turn would take too long. */
static int sort_members(struct config *c, const cJSON *object, const cJSON ***out, size_t *n,
                        struct dl4j_error *err)
{
	const cJSON *m;

	*n = 0;
	*out = ARENA_NEW(c->arena, const cJSON *, (size_t)cJSON_GetArraySize(object) + 1);
	if (!*out)
		return fail_memory(err);
	if (cJSON_IsObject(object))
		for (m = object->child; m; m = m->next)
			(*out)[(*n)++] = m;
	qsort(*out, *n, sizeof **out, by_key);
	return 0;
}

static int read_graph(struct config *c, const struct dl4j_limits *limits, struct dl4j_error *err)
{
	const cJSON *vertices = json_get(c->root, "vertices"), *v, **inputs, **in;
	size_t n_inputs;
	const cJSON *order = json_get(c->root, "topologicalOrderStr");
	struct wiring *w = c->w;

	if (cJSON_GetArraySize(vertices) > limits->vertices)
		return fail(err, DL4J_ELIMIT, "vertices: expected at most %" PRId64 ", found %d",
		            limits->vertices, cJSON_GetArraySize(vertices));
	w->vertices = ARENA_NEW(c->arena, struct declared, (size_t)cJSON_GetArraySize(vertices) + 1);
	if (!w->vertices)
		return fail_memory(err);
	TRY(sort_members(c, json_get(c->root, "vertexInputs"), &inputs, &n_inputs, err));
	for (v = vertices->child; v; v = v->next) {
		struct declared *d = &w->vertices[w->n_vertices++];
		in = bsearch(&v, inputs, n_inputs, sizeof *inputs, by_key);
		if (!(d->name = arena_strdup(c->arena, v->string)))
			return fail_memory(err);
		if (read_vertex(c, v, d, err))
			return within(err, "%s '%s'", d->is_layer ? "layer" : "vertex", d->name);
		if (!in || cJSON_IsNull(*in))
			return fail(err, DL4J_EFORMAT, "vertexInputs: expected the inputs of '%s', found "
			            "none", d->name);
		if (read_names(c, *in, &d->in, &d->n_in, err))
			return within(err, "vertexInputs: '%s'", d->name);
		if (d->is_layer && d->n_in != 1)
			return fail(err, DL4J_ESHAPE, "layer '%s': expected 1 input, found %d", d->name,
			            d->n_in);
	}
	if (read_names(c, json_get(c->root, "networkInputs"), &w->inputs, &w->n_inputs, err))
		return within(err, "networkInputs");
	if (read_names(c, json_get(c->root, "networkOutputs"), &w->outputs, &w->n_outputs, err))
		return within(err, "networkOutputs");
	if (order && read_names(c, order, &w->order, &w->n_order, err))
		return within(err, "topologicalOrderStr");
	if (w->n_inputs < 1 || w->n_outputs < 1)
		return fail(err, DL4J_EFORMAT, "%s: expected at least one name, found none",
		            w->n_inputs < 1 ? "networkInputs" : "networkOutputs");
	return 0;
}

static int layer_name(struct config *c, const cJSON *conf, int i, const char **out,
                      struct dl4j_error *err)
{
	const char *class_name;
	const cJSON *layer;
	const char *name = NULL;
	char index[16];

	if (fields_class(json_get(conf, "layer"), &class_name, &layer))
		name = cJSON_GetStringValue(json_get(layer, "layerName"));
	snprintf(index, sizeof index, "%d", i);
	*out = arena_strdup(c->arena, name ? name : index);
	return *out ? 0 : fail_memory(err);
}

static int read_multilayer(struct config *c, const struct dl4j_limits *limits,
                           struct dl4j_error *err)
{
	const cJSON *confs = json_get(c->root, "confs"), *conf;
	const cJSON *pre = json_get(c->root, "inputPreProcessors");
	struct reading r = { .arena = c->arena, .release = c->release };
	struct wiring *w = c->w;
	char index[16];

	if (cJSON_GetArraySize(confs) < 1 || cJSON_GetArraySize(confs) > limits->vertices)
		return fail(err, cJSON_GetArraySize(confs) ? DL4J_ELIMIT : DL4J_EFORMAT,
		            "confs: expected 1 to %" PRId64 " layers, found %d", limits->vertices,
		            cJSON_GetArraySize(confs));
	w->multilayer = true;
	w->vertices = ARENA_NEW(c->arena, struct declared, (size_t)cJSON_GetArraySize(confs) + 1);
	w->inputs = ARENA_NEW(c->arena, const char *, 1);
	w->outputs = ARENA_NEW(c->arena, const char *, 1);
	if (!w->vertices || !w->inputs || !w->outputs)
		return fail_memory(err);
	for (conf = confs->child; conf; conf = conf->next) {
		struct declared *d = &w->vertices[w->n_vertices];
		snprintf(index, sizeof index, "%d", w->n_vertices);
		d->is_layer = true;
		TRY(layer_name(c, conf, w->n_vertices++, &d->name, err));
		if (read_layer(c, conf, &d->node, err) ||
		    fields_read(&d->pre, json_get(pre, index), NODE_PREPROCESSOR, &r, err))
			return within(err, "layer '%s'", d->name);
	}
	w->inputs[0] = "input";
	w->outputs[0] = w->vertices[w->n_vertices - 1].name;
	w->n_inputs = w->n_outputs = 1;
	return 0;
}

int config_read(struct wiring *out, const char *text, size_t n, const struct ndarray *flat,
                const struct dl4j_limits *limits, struct arena *arena, struct dl4j_error *err)
{
	struct config c = { .w = out, .arena = arena };
	cJSON *root;
	int r;

	*out = (struct wiring){ 0 };
	TRY(json_parse(&root, text, n, limits, err));
	c.root = root;
	r = release_tell(out, root, flat, arena, err);
	c.release = out->release;
	if (!r && cJSON_IsArray(json_get(root, "confs")))
		r = read_multilayer(&c, limits, err);
	else if (!r && cJSON_IsObject(json_get(root, "vertices")))
		r = read_graph(&c, limits, err);
	else if (!r)
		r = fail(err, DL4J_EFORMAT, "expected a DL4J network (the key 'confs' or 'vertices'), "
		         "found neither");
	cJSON_Delete(root);
	return r;
}
