/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j: the text of DL4J's own summary(), byte for byte, for both kinds of networks.
 * It starts with an empty line and pads the last column, because DL4J does. */
#include <inttypes.h>
#include <string.h>

#include "summary/hash_order.h"
#include "summary/print.h"
#include "summary/summary.h"
#include "summary/table.h"
#include "summary/told.h"

/* What differs from release to release. */
struct traits {
	const char *vector; /* of a parameter with one dimension, before its size */
	bool grouped;       /* 1,234 rather than 1234 */
	bool formats;       /* types with their format */
	bool depths;        /* types with d for the channels of a picture */
	bool hashed;        /* chains of numbered layers, parameters in the order of a hash table */
	const int *graph, *chain; /* the columns' widths; NULL: as their texts are */
	int rule;
};

static const int graph_0_9[] = { 40, 15, 15, 30, 0 }, chain_0_9[] = { 40, 15, 15, 30 };
static const int graph_alpha[] = { 40, 10, 12, 40, 30, 75, 75 };
static const int chain_alpha[] = { 40, 10, 12, 40, 75, 75 };
static const int untyped_alpha[] = { 40, 12, 10, 40 }; /* under the header of the typed one */

/* 0.8 is the first to have the table, 1.0.0-alpha the first to have one with types. */
#define TRAITS_0_9 { "1,", false, false, true, true, graph_0_9, chain_0_9, 140 }

static const struct traits traits_of[] = {
	[RELEASE_0_5] = TRAITS_0_9,
	[RELEASE_0_9] = TRAITS_0_9,
	[RELEASE_ALPHA] = { "1,", false, false, true, false, graph_alpha, chain_alpha, 250 },
	[RELEASE_BETA] = { "1,", false, false, false, false, graph_alpha, chain_alpha, 250 },
	[RELEASE_BETA3] = { .vector = "1," },
	[RELEASE_BETA4] = { .vector = "1," },
	[RELEASE_BETA5] = { .vector = "1,", .grouped = true },
	[RELEASE_BETA6] = { .vector = "1,", .grouped = true },
	[RELEASE_BETA7] = { .vector = "1,", .grouped = true, .formats = true },
	[RELEASE_M1] = { .vector = "1,", .grouped = true, .formats = true },
	[RELEASE_M2] = { .vector = "", .grouped = true, .formats = true },
};

struct writer {
	const struct graph *g;
	const struct traits *traits;
	bool typed; /* input types were given */
	struct print_shapes shapes;
	struct table table;
};

static void count(const struct writer *w, struct str *out, int64_t n)
{
	if (n < 0)
		str_add(out, "-");
	else if (w->traits->grouped)
		str_add_grouped(out, n);
	else
		str_addf(out, "%" PRId64, n);
}

/* A graph lists a layer's parameters as its configuration does, a MultiLayerNetwork as they lie
 * in the flat vector. */
static const struct param *param_at(const struct writer *w, const struct step *s, int i)
{
	const char *const *variables = s->node->variables;

	if (w->g->multilayer || !variables)
		return i < s->n_params ? &s->params[i] : NULL;
	for (; *variables; variables++)
		for (int k = 0; k < s->n_params; k++)
			if (!strcmp(s->params[k].key, *variables) && i-- == 0)
				return &s->params[k];
	return NULL;
}

static void params_cell(struct writer *w, const struct step *s)
{
	struct str *out = &w->table.cells;
	const char *impl = node_inner(s->node)->type->impl;
	bool plain = impl && (!strcmp(impl, "SameDiffLayer") || !strcmp(impl, "PReLU"));
	const char *vector = plain ? "" : w->traits->vector;
	const struct param *p, *order[PARAM_MAX + 1] = { NULL };

	if (w->traits->hashed)
		hash_order(s, print_frozen(s), order);
	for (int i = 0; (p = w->traits->hashed ? order[i] : param_at(w, s, i)) != NULL; i++) {
		str_addf(out, "%s%s:{%s", i ? ", " : "", p->key, p->rank == 1 ? vector : "");
		for (int d = 0; d < p->rank; d++)
			str_addf(out, "%s%" PRId64, d ? "," : "", p->dim[d]);
		str_add(out, "}");
	}
	table_next(&w->table);
}

static void print_type(const struct writer *w, struct str *out, const struct dl4j_shape *s)
{
	if (w->traits->depths && s->kind == DL4J_CNN)
		str_addf(out, "InputTypeConvolutional(h=%" PRId64 ",w=%" PRId64 ",d=%" PRId64 ")", s->h,
		         s->w, s->c);
	else
		shape_print(out, s, w->traits->formats);
}

static void inputs_cell(struct writer *w, const struct step *s)
{
	struct str *out = &w->table.cells;

	for (int i = 0; i < s->n_in; i++)
		str_addf(out, "%s%s", i ? ", " : "[", w->g->steps[s->in[i]].name);
	str_add(out, s->n_in ? "]" : "-");
	table_next(&w->table);
}

static void shape_cells(struct writer *w, const struct step *s)
{
	struct str *out = &w->table.cells;
	const struct dl4j_shape *in = s->n_in ? &w->shapes.after[s->in[0]] : NULL;
	const struct dl4j_shape *result = &w->shapes.after[s - w->g->steps];

	if (s->is_layer && in && in->c >= 0) {
		print_type(w, out, in);
		if (s->pre && s->pre->type) {
			str_add(out, w->g->multilayer ? "--> " : "-->");
			print_type(w, out, &w->shapes.before[s - w->g->steps]);
		}
	} else {
		str_add(out, "-");
	}
	table_next(&w->table);
	if (s->node && result->c >= 0)
		print_type(w, out, result);
	else
		str_add(out, "-");
	table_next(&w->table);
}

/* The node whose nIn and nOut a row shows, or NULL. Of a Bidirectional its own, but none where
 * another layer wraps it. */
static const struct node *sized(const struct node *n)
{
	const struct node *in = node_wrapped(n);

	if (!in)
		return n->type->feed_forward ? n : NULL;
	if (n->nout)
		return n;
	return in->nout && node_wrapped(in) ? NULL : sized(in);
}

static void row(struct writer *w, const struct step *s)
{
	const struct node *inner = s->node ? node_inner(s->node) : NULL;
	const struct node *with_size = s->length > 0 ? sized(s->node) : NULL;
	struct table *t = &w->table;

	if (w->traits->hashed && w->g->multilayer)
		str_addf(&t->cells, "%d (", (int)(s - w->g->steps) - 1);
	else
		str_addf(&t->cells, "%s (", s->name);
	print_class(&t->cells, s);
	str_add(&t->cells, ")");
	table_next(t);
	if (with_size)
		str_addf(&t->cells, "%" PRId64 ",%" PRId64, with_size->nin, with_size->nout);
	else
		str_add(&t->cells, "-,-");
	table_next(t);
	count(w, &t->cells, s->is_layer && inner->type ? s->length : -1);
	table_next(t);
	if (s->is_layer && s->length > 0)
		params_cell(w, s);
	else
		table_cell(t, "-");
	if (!w->g->multilayer)
		inputs_cell(w, s);
	if (w->typed)
		shape_cells(w, s);
}

static void header(struct writer *w)
{
	static const char *const names[] = { "nIn,nOut", "TotalParams", "ParamsShape" };
	struct table *t = &w->table;

	table_cell(t, w->g->multilayer ? "LayerName (LayerType)" : "VertexName (VertexType)");
	for (int i = 0; i < 3; i++)
		table_cell(t, names[i]);
	if (!w->g->multilayer)
		table_cell(t, "Vertex Inputs");
	if (w->typed) {
		table_cell(t, "InputShape");
		table_cell(t, "OutputShape");
	}
	t->fixed = t->fixed_header = w->g->multilayer ? w->traits->chain : w->traits->graph;
	if (t->fixed == chain_alpha && !w->typed)
		t->fixed = untyped_alpha;
	t->rule = w->traits->rule;
	t->n_columns = 4 + !w->g->multilayer + 2 * w->typed;
}

static void total(const struct writer *w, struct str *out, const char *what, int64_t n)
{
	str_addf(out, "%30s ", what);
	count(w, out, n);
	str_add(out, "\n");
}

static void write(struct writer *w, struct str *out)
{
	int64_t frozen = 0, all = w->g->n_params;
	size_t width;

	header(w);
	for (int i = w->g->multilayer ? 1 : 0; i < w->g->n_steps; i++) {
		row(w, &w->g->steps[i]);
		frozen += print_frozen(&w->g->steps[i]) ? w->g->steps[i].length : 0;
	}
	str_add(out, "\n");
	width = table_print(out, &w->table);
	str_fill(out, '-', width);
	str_add(out, "\n");
	total(w, out, "Total Parameters: ", all);
	total(w, out, "Trainable Parameters: ", all < 0 ? all : all - frozen);
	total(w, out, "Frozen Parameters: ", frozen);
	str_fill(out, '=', width);
	str_add(out, "\n");
}

/* Lengths of series as 1.0.0-alpha believes them to be. To it an AutoEncoder only encodes. */
static void forget_lengths(struct writer *w)
{
	for (int i = 0; i < w->g->n_steps; i++) {
		const struct step *s = &w->g->steps[i];
		const struct node *n = s->node ? node_inner(s->node) : NULL;
		struct dl4j_shape *is = &w->shapes.after[i], *from;
		if (!n || !n->type || !s->n_in)
			continue;
		from = &w->shapes.after[s->in[0]];
		if (!strcmp(n->type->name, "AutoEncoder"))
			is->c = n->nout;
		if (is->kind != DL4J_RNN || from->kind != DL4J_RNN)
			continue;
		if (!strcmp(n->type->name, "Convolution1DLayer"))
			is->t = 0;
		else if (!strcmp(n->type->name, "Subsampling1DLayer") ||
		         !strcmp(n->type->name, "Upsampling1D") || is->t == w->shapes.before[i].t)
			is->t = from->t;
	}
}

int summary_dl4j(struct str *out, const struct graph *g, enum release release,
                 const struct dl4j_shape *inputs, struct dl4j_error *err)
{
	struct writer w = { .g = g, .traits = &traits_of[release], .typed = inputs != NULL };
	struct arena arena = { 0 };
	int r;

	if (inputs && release < RELEASE_ALPHA)
		w.traits = &traits_of[RELEASE_ALPHA];
	r = inputs ? print_infer(&w.shapes, g, inputs, &arena, err) : 0;

	if (!r && inputs)
		r = told_shapes(&w.shapes, g, &arena, err);
	if (!r) {
		if (inputs && w.traits->depths)
			forget_lengths(&w);
		write(&w, out);
		r = out->failed ? fail_memory(err) : 0;
	}
	table_free(&w.table);
	arena_free(&arena);
	return r;
}
