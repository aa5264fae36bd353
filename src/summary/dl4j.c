/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j: the text of DL4J's own summary(), byte for byte, for both kinds of networks.
 * It starts with an empty line and pads the last column, because DL4J does. */
#include <inttypes.h>
#include <string.h>

#include "node/window.h"
#include "summary/print.h"
#include "summary/summary.h"
#include "summary/table.h"

/* What differs from release to release. */
struct traits {
	const char *vector; /* of a parameter with one dimension, before its size */
	bool grouped;       /* 1,234 rather than 1234 */
};

static const struct traits traits_of[] = {
	[RELEASE_0_5] = { "1,", true },
	[RELEASE_0_9] = { "1,", true },
	[RELEASE_ALPHA] = { "1,", true },
	[RELEASE_BETA] = { "1,", false },
	[RELEASE_BETA3] = { "1,", false },
	[RELEASE_BETA4] = { "1,", false },
	[RELEASE_BETA5] = { "1,", true },
	[RELEASE_BETA7] = { "1,", true },
	[RELEASE_M2] = { "", true },
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
	const struct param *p;

	for (int i = 0; (p = param_at(w, s, i)) != NULL; i++) {
		str_addf(out, "%s%s:{%s", i ? ", " : "", p->key, p->rank == 1 ? vector : "");
		for (int d = 0; d < p->rank; d++)
			str_addf(out, "%s%" PRId64, d ? "," : "", p->dim[d]);
		str_add(out, "}");
	}
	table_next(&w->table);
}

static void inputs_cell(struct writer *w, const struct step *s)
{
	struct str *out = &w->table.cells;

	for (int i = 0; i < s->n_in; i++)
		str_addf(out, "%s%s", i ? ", " : "[", w->g->steps[s->in[i]].name);
	str_add(out, s->n_in ? "]" : "-");
	table_next(&w->table);
}

/* As DL4J prints it: to its LossLayer, a layer with an nOut that is never set, it is a vector. */
static struct dl4j_shape result_of(const struct writer *w, const struct step *s)
{
	const struct node *n = s->node ? node_inner(s->node) : NULL;
	const struct dl4j_shape *before = &w->shapes.before[s - w->g->steps];
	struct dl4j_shape inside;
	struct dl4j_error ignored;

	if (n && n->type && !strcmp(n->type->name, "LossLayer"))
		return shape_ff(n->nout);
	/* and in a chain a LastTimeStep is the layer inside */
	if (w->g->multilayer && s->node && s->node->type &&
	    !strcmp(s->node->type->name, "LastTimeStep") && before->c >= 0 &&
	    !node_infer(node_wrapped(s->node), before, 1, &inside, &ignored))
		return inside;
	/* and, to the newest, a series pooled over time is a series still */
	if (n && n->type && n->release == RELEASE_M2 && before->kind == DL4J_RNN &&
	    !strcmp(n->type->name, "GlobalPoolingLayer"))
		return *before;
	return w->shapes.after[s - w->g->steps];
}

static void shape_cells(struct writer *w, const struct step *s)
{
	struct str *out = &w->table.cells;
	const struct dl4j_shape from = s->n_in ? result_of(w, &w->g->steps[s->in[0]]) : shape_ff(-1);
	const struct dl4j_shape *in = s->n_in ? &from : NULL;
	const struct dl4j_shape result = result_of(w, s);

	if (s->is_layer && in && in->c >= 0) {
		shape_print(out, in);
		if (s->pre && s->pre->type) {
			str_add(out, w->g->multilayer ? "--> " : "-->");
			shape_print(out, &w->shapes.before[s - w->g->steps]);
		}
	} else {
		str_add(out, "-");
	}
	table_next(&w->table);
	if (s->node && result.c >= 0)
		shape_print(out, &result);
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

/* Layers whose results DL4J calls NDHWC, whatever they are; those that slide forget but in Same. */
static bool forgets_format(const struct node *n)
{
	static const char *const names[] = { "Convolution3D", "Subsampling3DLayer", "Cropping3D",
		                             "GlobalPoolingLayer", "Upsampling3D",
		                             "ZeroPadding3DLayer" };

	for (const struct field *f = n->type->fields; f && f->json; f++)
		if (f->names == convolution_modes &&
		    *(const int *)((const char *)n + f->offset) == MODE_SAME)
			return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(n->type->name, names[i]))
			return true;
	return false;
}

/* Volumes in the format that DL4J believes them to be in. */
static void forget_formats(struct writer *w)
{
	struct dl4j_shape *after = w->shapes.after;

	for (int i = 0; i < w->g->n_steps; i++) {
		const struct step *s = &w->g->steps[i];
		const struct node *n = s->node ? node_inner(s->node) : NULL;
		if (!n || !n->type || after[i].kind != DL4J_CNN3D || !s->n_in)
			continue;
		if (forgets_format(n) || (after[s->in[0]].kind == DL4J_CNN3D &&
		                          after[s->in[0]].channels_last &&
		                          strcmp(n->type->name, "Deconvolution3D") != 0))
			after[i].channels_last = true;
	}
}

int summary_dl4j(struct str *out, const struct graph *g, enum release release,
                 const struct dl4j_shape *inputs, struct dl4j_error *err)
{
	struct writer w = { .g = g, .traits = &traits_of[release], .typed = inputs != NULL };
	struct arena arena = { 0 };
	int r = inputs ? print_infer(&w.shapes, g, inputs, &arena, err) : 0;

	if (!r) {
		if (inputs)
			forget_formats(&w);
		write(&w, out);
		r = out->failed ? fail_memory(err) : 0;
	}
	table_free(&w.table);
	arena_free(&arena);
	return r;
}
