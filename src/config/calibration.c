/* SPDX-License-Identifier: Apache-2.0 */
/* calibration: {"version":1,"ranges":[{"vertex":"conv1","number":0,"low":-1.5,"high":2.5}, ...]}.
 * number counts the vertex' convolutions and products, as it is lowered. */
#include "config/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/json.h"

enum { NUMBERS = 4096 };
static const double smallest = 1e-20, largest = 1e20; /* of magnitudes: scales stay normal floats */

bool calibration_covers(const struct ir_op *op)
{
	return (op->code == IR_CONV || op->code == IR_MATMUL) && op->in[1]->data &&
	       op->in[1]->uses == 1 && !op->in[0]->data;
}

static int read_bound(float *out, const cJSON *range, const char *key, struct dl4j_error *err)
{
	const cJSON *value = json_get(range, key);

	if (!cJSON_IsNumber(value) || !(fabs(value->valuedouble) <= largest))
		return within((fail(err, DL4J_EFORMAT, "expected a number of at most %.0e, found %s",
		                    largest, cJSON_IsNumber(value) ? "another" : "none"), err), key);
	*out = (float)value->valuedouble;
	return 0;
}

static int read_range(struct calibrated *out, const cJSON *range, const struct graph *g,
                      struct dl4j_error *err)
{
	const cJSON *vertex = json_get(range, "vertex");
	int64_t number;

	if (!cJSON_IsString(vertex))
		return fail(err, DL4J_EFORMAT, "expected the name of a vertex, found none");
	out->step = graph_find(g, vertex->valuestring);
	if (out->step < 0)
		return fail(err, DL4J_EFORMAT, "vertex '%.64s' does not exist", vertex->valuestring);
	if (json_int(&number, json_get(range, "number"), 0, NUMBERS - 1, err))
		return within(err, "vertex '%.64s': number", vertex->valuestring);
	out->number = (int)number;
	if (read_bound(&out->low, range, "low", err) || read_bound(&out->high, range, "high", err))
		return within(err, "vertex '%.64s'", vertex->valuestring);
	if (out->low > out->high)
		return fail(err, DL4J_EFORMAT, "vertex '%.64s': low is above high", vertex->valuestring);
	if (fmax(fabs(out->low), fabs(out->high)) < smallest)
		return fail(err, DL4J_EFORMAT, "vertex '%.64s': expected a range of at least %.0e, "
		            "found less", vertex->valuestring, smallest);
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct calibrated *x = a, *y = b;

	return x->step != y->step ? x->step - y->step : x->number - y->number;
}

static int read_ranges(struct calibration *out, const cJSON *root, const struct graph *g,
                       struct arena *arena, struct dl4j_error *err)
{
	const cJSON *ranges = json_get(root, "ranges"), *range;
	int64_t version;

	if (json_int(&version, json_get(root, "version"), 1, 1, err))
		return within(err, "version");
	if (!cJSON_IsArray(ranges) || !ranges->child)
		return fail(err, DL4J_EFORMAT, "ranges: expected a list, found none");
	out->list = ARENA_NEW(arena, struct calibrated, (size_t)cJSON_GetArraySize(ranges));
	if (!out->list)
		return fail_memory(err);
	for (range = ranges->child; range; range = range->next, out->n++)
		if (read_range(&out->list[out->n], range, g, err))
			return within(err, "range %d", out->n);
	qsort(out->list, (size_t)out->n, sizeof *out->list, by_place);
	for (int i = 1; i < out->n; i++)
		if (!by_place(&out->list[i - 1], &out->list[i]))
			return fail(err, DL4J_EFORMAT, "vertex '%.64s': number %d stands twice",
			            g->steps[out->list[i].step].name, out->list[i].number);
	return 0;
}

int calibration_read(struct calibration *out, const char *text, size_t n, const struct graph *g,
                     const struct dl4j_limits *limits, struct arena *arena, struct dl4j_error *err)
{
	cJSON *root;
	int r;

	TRY(json_parse(&root, text, n, limits, err));
	r = read_ranges(out, root, g, arena, err);
	cJSON_Delete(root);
	return r;
}

/* Operations of one vertex stand together. Returns -1 for one that has no number. */
static int number_of(const struct ir *ir, int i, int *next)
{
	if (i == 0 || ir->ops[i]->origin != ir->ops[i - 1]->origin)
		*next = 0;
	return calibration_covers(ir->ops[i]) ? (*next)++ : -1;
}

/* An entry of a vertex that is lowered must have found its operation. */
static int all_found(const struct calibration *c, const struct graph *g, const int *numbers,
                     struct dl4j_error *err)
{
	for (int i = 0; i < c->n; i++) {
		int n = numbers[c->list[i].step] - 1;
		if (n >= 0 && c->list[i].number >= n)
			return fail(err, DL4J_EFORMAT, "vertex '%.64s': expected a number below %d, found "
			            "%d", g->steps[c->list[i].step].name, n, c->list[i].number);
	}
	return 0;
}

int calibration_apply(const struct calibration *c, const struct graph *g, struct ir *ir,
                      struct dl4j_error *err)
{
	int *numbers = ARENA_NEW(ir->arena, int, (size_t)g->n_steps + 1); /* and 1; 0: not lowered */
	int next = 0;

	if (!numbers)
		return fail_memory(err);
	for (int i = 0; i < ir->n_ops; i++) {
		struct ir_op *op = ir->ops[i];
		struct calibrated key = { .number = number_of(ir, i, &next) }, *found;

		if (key.number < 0)
			continue;
		key.step = graph_find(g, op->origin);
		numbers[key.step] = next + 1;
		found = bsearch(&key, c->list, (size_t)c->n, sizeof key, by_place);
		if (found) {
			op->low = found->low;
			op->high = found->high;
		}
	}
	return all_found(c, g, numbers, err);
}

static cJSON *add_range(cJSON *ranges, const struct ir_op *op, int number)
{
	cJSON *range = cJSON_CreateObject();

	if (!cJSON_AddItemToArray(ranges, range)) {
		cJSON_Delete(range);
		return NULL;
	}
	if (!cJSON_AddStringToObject(range, "vertex", op->origin) ||
	    !cJSON_AddNumberToObject(range, "number", number) ||
	    !cJSON_AddNumberToObject(range, "low", op->low))
		return NULL;
	return cJSON_AddNumberToObject(range, "high", op->high);
}

char *calibration_text(const struct ir *ir)
{
	cJSON *root = cJSON_CreateObject();
	cJSON *ranges = cJSON_AddNumberToObject(root, "version", 1) ?
	                        cJSON_AddArrayToObject(root, "ranges") :
	                        NULL;
	char *text = NULL;
	bool good = ranges;
	int next = 0;

	for (int i = 0; good && i < ir->n_ops; i++) {
		int number = number_of(ir, i, &next);
		const struct ir_op *op = ir->ops[i];
		if (number >= 0 && fmax(fabs(op->low), fabs(op->high)) >= smallest)
			good = add_range(ranges, op, number);
	}
	if (good)
		text = cJSON_PrintUnformatted(root);
	cJSON_Delete(root);
	return text;
}
