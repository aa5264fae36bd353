/* SPDX-License-Identifier: Apache-2.0 */
/* fields: one JSON object to one node, by its class' field table.
 * Members that no table names are left unread, as DL4J's own reader does. */
#include "config/fields.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

bool fields_class(const cJSON *json, const char **name, const cJSON **body)
{
	const cJSON *at = json_get(json, "@class");

	*body = json;
	*name = NULL;
	if (cJSON_IsString(json)) {
		*name = json->valuestring;
		*body = NULL;
	} else if (cJSON_IsString(at)) {
		*name = at->valuestring;
	} else if (cJSON_IsObject(json) && json->child && !json->child->next &&
	           cJSON_IsObject(json->child)) {
		*name = json->child->string;
		*body = json->child;
	}
	return *name != NULL;
}

/* A list, or lists in it, one after the other. */
static int read_list(struct dims *out, const cJSON *list, const struct field *f, int most,
                     struct dl4j_error *err)
{
	for (const cJSON *v = list->child; v; v = v->next) {
		if (cJSON_IsArray(v)) {
			TRY(read_list(out, v, f, most, err));
			continue;
		}
		if (out->n < most)
			TRY(json_int(&out->v[out->n], v, f->min, f->max, err));
		out->n++;
	}
	return 0;
}

static int read_dims(struct dims *out, const cJSON *json, const struct field *f,
                     struct dl4j_error *err)
{
	int most = f->len ? f->len : DL4J_MAX_RANK;

	out->n = 0;
	if (cJSON_IsArray(json)) {
		TRY(read_list(out, json, f, most, err));
		if (out->n > most || (f->len && out->n != f->len))
			return fail(err, DL4J_EFORMAT, "expected %d numbers, found %d", most, out->n);
		return 0;
	}
	out->n = f->len ? f->len : 1; /* old releases wrote one number for all axes */
	TRY(json_int(&out->v[0], json, f->min, f->max, err));
	for (int i = 1; i < out->n; i++)
		out->v[i] = out->v[0];
	return 0;
}

static int read_enum(int *out, const cJSON *json, const struct field *f, struct dl4j_error *err)
{
	const char *text = cJSON_GetStringValue(json);

	for (int i = 0; text && f->names[i]; i++)
		if (!strcasecmp(text, f->names[i])) {
			*out = i;
			return 0;
		}
	return fail(err, DL4J_EFORMAT, "expected %s or the like, found %s", f->names[0],
	            text ? text : "no string");
}

static int read_double(double *out, const cJSON *json, struct dl4j_error *err)
{
	const char *text = cJSON_GetStringValue(json);

	if (cJSON_IsNumber(json))
		*out = json->valuedouble;
	else if (text && !strcmp(text, "NaN"))
		*out = NAN;
	else if (text && (!strcmp(text, "Infinity") || !strcmp(text, "-Infinity")))
		*out = text[0] == '-' ? -INFINITY : INFINITY;
	else
		return fail(err, DL4J_EFORMAT, "expected a number");
	return 0;
}

static int read_string(const char **out, const cJSON *json, const struct reading *r,
                       struct dl4j_error *err)
{
	if (!cJSON_IsString(json))
		return fail(err, DL4J_EFORMAT, "expected a string");
	*out = arena_strdup(r->arena, json->valuestring);
	return *out ? 0 : fail_memory(err);
}

/* Newer releases write {"data":[..]}, older ones {"dataBuffer":[..]} with the layout besides. */
static int read_floats(struct floats *out, const cJSON *json, const struct reading *r,
                       struct dl4j_error *err)
{
	const cJSON *data = json_get(json, "data"), *order = json_get(json, "orderingField");
	float *v;

	if (!data)
		data = json_get(json, "dataBuffer");
	if (order && (!cJSON_IsString(order) || strcmp(order->valuestring, "c") != 0))
		return fail(err, DL4J_EFORMAT, "expected an array of order 'c', found another");
	if (!cJSON_IsArray(data))
		return fail(err, DL4J_EFORMAT, "expected an array's data, found none");
	out->v = v = ARENA_NEW(r->arena, float, (size_t)cJSON_GetArraySize(data) + 1);
	if (!v)
		return fail_memory(err);
	for (data = data->child; data; data = data->next) {
		if (!cJSON_IsNumber(data))
			return fail(err, DL4J_EFORMAT, "expected numbers, found none");
		v[out->n++] = (float)data->valuedouble;
	}
	return 0;
}

static int read_nodes(struct nodes *out, const cJSON *json, const struct field *f,
                      const struct reading *r, struct dl4j_error *err)
{
	const int most = (int)(sizeof out->v / sizeof *out->v);

	if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) > most)
		return fail(err, DL4J_EFORMAT, "expected a list of at most %d", most);
	for (json = json->child; json; json = json->next) {
		TRY(fields_read(&out->v[out->n], json, f->node_kind, r, err));
		out->n++;
	}
	return 0;
}

static int set_absent(void *member, const struct field *f, const struct reading *r,
                      struct dl4j_error *err)
{
	bool required = isnan(f->absent);
	struct dims *dims = member;

	switch (f->kind) { /* unreached: another kind */
	case FIELD_KIND_DIM:
		if (required)
			return fail(err, DL4J_EFORMAT, "expected a number, found none");
		*(int64_t *)member = (int64_t)f->absent;
		break;
	case FIELD_KIND_DIMS: /* NaN: an empty list, which the layer takes for its default */
		dims->n = required ? 0 : f->len;
		for (int i = 0; i < dims->n; i++)
			dims->v[i] = (int64_t)f->absent;
		break;
	case FIELD_KIND_BOOL: /* NaN: true only before 1.0.0-beta4 */
		*(bool *)member = required ? r->release < RELEASE_BETA4 : f->absent != 0;
		break;
	case FIELD_KIND_DOUBLE:
		*(double *)member = f->absent;
		break;
	case FIELD_KIND_ENUM:
		if (required)
			return fail(err, DL4J_EFORMAT, "expected %s or the like, found none", f->names[0]);
		*(int *)member = (int)f->absent;
		break;
	case FIELD_KIND_STRING:
		*(const char **)member = NULL;
		break;
	case FIELD_KIND_NODE:
		*(struct node **)member = NULL;
		break;
	case FIELD_KIND_FLOATS:
	case FIELD_KIND_NODES: /* the instance is all zero */
		break;
	}
	return 0;
}

static int read_field(struct node *n, const struct field *f, const cJSON *body,
                      const struct reading *r, struct dl4j_error *err)
{
	void *member = (char *)n + f->offset;
	const cJSON *json = json_get(body, f->json);
	struct reading inside = *r;

	if (!json && f->kind == FIELD_KIND_NODE && !strcmp(f->json, "activationFn"))
		json = json_get(body, "activationFunction"); /* up to 0.7.1 */
	if (!body && !strcmp(n->class_name, "leakyrelu"))
		json = json_get(r->conf, "leakyreluAlpha"); /* its one field, where it is but a word */
	if (!json)
		return set_absent(member, f, r, err);
	switch (f->kind) { /* unreached: another kind */
	case FIELD_KIND_DIM:
		return json_int(member, json, f->min, f->max, err);
	case FIELD_KIND_DIMS:
		return read_dims(member, json, f, err);
	case FIELD_KIND_BOOL:
		*(bool *)member = cJSON_IsTrue(json);
		return cJSON_IsBool(json) ? 0 : fail(err, DL4J_EFORMAT, "expected true or false");
	case FIELD_KIND_DOUBLE:
		return read_double(member, json, err);
	case FIELD_KIND_ENUM:
		return read_enum(member, json, f, err);
	case FIELD_KIND_STRING:
		return read_string(member, json, r, err);
	case FIELD_KIND_FLOATS:
		return read_floats(member, json, r, err);
	case FIELD_KIND_NODE:
		inside.conf = f->with_conf ? r->conf : NULL;
		return fields_read(member, json, f->node_kind, &inside, err);
	case FIELD_KIND_NODES:
		return read_nodes(member, json, f, r, err);
	}
	assert(!"a kind of field");
	return 0;
}

static int read_sizes(struct node *n, const cJSON *body, struct dl4j_error *err)
{
	const cJSON *nin = json_get(body, "nin"), *nout = json_get(body, "nout");

	if (nin && json_int(&n->nin, nin, 0, DIM_MAX, err))
		return within(err, "nin");
	if (nout && json_int(&n->nout, nout, 0, DIM_MAX, err))
		return within(err, "nout");
	if (n->type->params && (n->nin < 1 || n->nout < 1))
		return fail(err, DL4J_EFORMAT, "%s: expected at least 1, found %" PRId64,
		            n->nin < 1 ? "nin" : "nout", n->nin < 1 ? n->nin : n->nout);
	return 0;
}

int fields_read(struct node **out, const cJSON *json, enum node_kind kind,
                const struct reading *r, struct dl4j_error *err)
{
	const struct node_type *type;
	const char *name, *dot;
	const cJSON *body;
	struct node *n;

	*out = NULL;
	if (!json)
		return 0;
	if (!fields_class(json, &name, &body))
		return fail(err, DL4J_EFORMAT, "expected an object with a class name, found none");
	type = node_find(kind, name);
	n = arena_alloc(r->arena, 1, type && type->size ? type->size : sizeof *n);
	dot = strrchr(name, '.');
	if (!n || !(n->class_name = arena_strdup(r->arena, dot ? dot + 1 : name)))
		return fail_memory(err);
	n->type = type;
	n->release = r->release;
	n->in_graph = r->in_graph;
	n->variables = r->variables;
	*out = n;
	if (!type)
		return 0;
	for (const struct field *f = type->fields; f && f->json; f++)
		if (read_field(n, f, body, r, err))
			return within(err, "%s", f->json);
	if (type->feed_forward)
		TRY(read_sizes(n, body, err));
	return type->check ? type->check(n, err) : 0;
}
