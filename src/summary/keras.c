/* SPDX-License-Identifier: Apache-2.0 */
/* keras: the table that Keras 2.2 and 2.3 print, for a network that was imported from Keras.
 * What an import forgets is guessed, and the note says so. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "summary/print.h"
#include "summary/summary.h"

/* A row of the table. */
struct layer {
	const char *name, *class_name;
	struct dl4j_shape shape; /* c < 0: behind a class we do not know */
	int64_t params, fixed;   /* fixed: those that training leaves alone */
	int *in, n_in;           /* layers, by index */
	int depth;               /* of the longest path to an output */
	int met;                 /* order of first discovery, walking back from the outputs */
};

struct model {
	const struct graph *g;
	const struct zoo *zoo;
	const float *flat;
	struct print_shapes shapes;
	struct layer *layers;               /* in topological order */
	int n_layers, n_edges;
	int *of_step;  /* the layer that makes a step's result, -1: none */
	int n_flatten, n_reshape;
	bool ambiguous; /* an Activation or Dropout that may be of another class */
	bool normalizes;
	const char *foreign; /* a class that Keras has not got */
	struct arena arena;
};

/* --- From steps to layers --------------------------------------------------------------------- */

/* Import makes one class of several; the names that Keras gives by default tell them apart. */
static const struct {
	const char *class_name, *stem, *means;
} telling[] = {
	{ "Activation", "activation", "Activation" },
	{ "Activation", "elu", "ELU" },
	{ "Activation", "leaky_re_lu", "LeakyReLU" },
	{ "Activation", "re_lu", "ReLU" },
	{ "Activation", "softmax", "Softmax" },
	{ "Activation", "thresholded_re_lu", "ThresholdedReLU" },
	{ "Dropout", "alpha_dropout", "AlphaDropout" },
	{ "Dropout", "dropout", "Dropout" },
	{ "Dropout", "gaussian_dropout", "GaussianDropout" },
	{ "Dropout", "gaussian_noise", "GaussianNoise" },
	{ "Dropout", "spatial_dropout1d", "SpatialDropout1D" },
	{ "Dropout", "spatial_dropout2d", "SpatialDropout2D" },
	{ "Dropout", "spatial_dropout3d", "SpatialDropout3D" },
};

static bool is_default_name(const char *name, const char *stem)
{
	size_t n = strlen(stem);

	return !strncmp(name, stem, n) && name[n] == '_' && name[n + 1] &&
	       strspn(name + n + 1, "0123456789") == strlen(name + n + 1);
}

static const char *told_by_name(struct model *m, const char *name, const char *class_name)
{
	bool several = false;

	for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
		if (strcmp(class_name, telling[i].class_name) != 0)
			continue;
		if (is_default_name(name, telling[i].stem))
			return telling[i].means;
		several = true;
	}
	m->ambiguous = m->ambiguous || several;
	return class_name;
}

static const char *class_of(struct model *m, const struct step *s)
{
	const struct node *n = node_inner(s->node);
	const char *name = n->type ? n->type->keras : NULL;

	if (n->type && n->type->keras_name)
		name = n->type->keras_name(n, &m->shapes.after[s->in[0]]);
	if (name)
		return told_by_name(m, s->name, name);
	m->foreign = n->type ? n->type->name : n->class_name;
	return m->foreign;
}

static bool all_are(const float *data, int64_t n, float x)
{
	for (int64_t i = 0; i < n; i++)
		if (data[i] != x)
			return false;
	return true;
}

/* DL4J has gamma and beta always. Import fills what a Keras layer had not with ones and zeros,
 * which trained numbers never are; where all four are untouched, nothing was trained. */
static int64_t missing(const struct model *m, const struct step *s, int64_t n)
{
	const float *gamma = m->flat + s->offset, *beta = gamma + n, *mean = beta + n, *var = mean + n;
	bool logarithm = !strcmp(s->params[3].key, "log10stdev");
	bool ones = all_are(gamma, n, 1), zeros = all_are(beta, n, 0);

	if (ones && zeros && all_are(mean, n, 0) && all_are(var, n, logarithm ? 0 : 1))
		return 0;
	return n * (ones + zeros);
}

static void count(struct model *m, const struct step *s, struct layer *l)
{
	const struct node *n = node_inner(s->node);

	l->params = s->length;
	if (n->type && !strcmp(n->type->name, "BatchNormalization")) {
		m->normalizes = true;
		l->fixed = 2 * n->nout;
		if (s->n_params == 4 && m->zoo)
			l->params -= m->zoo->unscaled ? n->nout : 0;
		else if (s->n_params == 4 && m->flat)
			l->params -= missing(m, s, n->nout);
	}
	if (s->node != n && !strncmp(s->node->type->name, "Frozen", 6))
		l->fixed = l->params;
}

static struct layer *add(struct model *m, const char *name, const char *class_name,
                         const struct dl4j_shape *shape, int n_in)
{
	struct layer *l = &m->layers[m->n_layers];

	*l = (struct layer){ .name = name, .class_name = class_name, .shape = *shape, .n_in = n_in,
		             .depth = -1, .met = -1 };
	l->in = ARENA_NEW(&m->arena, int, (size_t)n_in + 1);
	m->n_edges += n_in;
	m->n_layers++;
	return l->in ? l : NULL;
}

/* A preprocessor was a layer of its own, whose name is lost. */
static int add_preprocessor(struct model *m, const struct step *s, int *from)
{
	const struct dl4j_shape *in = &m->shapes.after[s->in[0]];
	const struct dl4j_shape *out = &m->shapes.before[s - m->g->steps];
	struct str name = { 0 };
	struct layer *l;

	if (!s->pre || !s->pre->type || !s->pre->type->keras || in->c < 0 || in->kind == out->kind)
		return 0;
	if (!strcmp(s->pre->type->keras, "Flatten"))
		str_addf(&name, "flatten_%d", ++m->n_flatten);
	else
		str_addf(&name, "reshape_%d", ++m->n_reshape);
	l = add(m, name.failed ? NULL : arena_strdup(&m->arena, name.text), s->pre->type->keras, out,
	        *from >= 0);
	str_free(&name);
	if (!l || !l->name)
		return -1;
	l->in[0] = *from;
	*from = m->n_layers - 1;
	return 0;
}

static int add_step(struct model *m, int i)
{
	const struct step *s = &m->g->steps[i];
	struct layer *l;
	int from;

	m->of_step[i] = -1;
	if (!s->node) {
		if (m->g->multilayer) /* a Sequential model does not list its input */
			return 0;
		l = add(m, s->name, "InputLayer", &m->shapes.after[i], 0);
		m->of_step[i] = m->n_layers - 1;
		return l ? 0 : -1;
	}
	from = s->n_in > 0 ? m->of_step[s->in[0]] : -1; /* none: a class we do not know */
	if (s->node->type && !strcmp(s->node->type->name, "LossLayer")) {
		m->of_step[i] = from; /* import's own */
		return 0;
	}
	if (add_preprocessor(m, s, &from))
		return -1;
	l = add(m, s->name, class_of(m, s), &m->shapes.after[i], s->n_in);
	if (!l)
		return -1;
	count(m, s, l);
	for (int k = 0; k < s->n_in; k++)
		l->in[k] = k ? m->of_step[s->in[k]] : from;
	if (from < 0)
		l->n_in = 0;
	m->of_step[i] = m->n_layers - 1;
	return 0;
}

static bool is_class(const struct step *s, const char *name)
{
	return s->node && s->node->type && !strcmp(s->node->type->name, name);
}

/* The width that CustomBroadcast gives its picture is not in the zip, but in what it is for. */
static void widen(struct model *m)
{
	for (int i = 0; i < m->g->n_steps; i++) {
		const struct step *s = &m->g->steps[i];
		for (int k = 0; is_class(s, "ElementWiseVertex") && k < s->n_in; k++)
			if (is_class(&m->g->steps[s->in[k]], "CustomBroadcast"))
				m->layers[m->of_step[s->in[k]]].shape = m->shapes.after[i];
	}
}

/* --- Order of the rows ------------------------------------------------------------------------ */

static void discover(struct model *m, int output, int *stack, int *n_met)
{
	int n = 0;

	stack[n++] = output;
	while (n > 0) {
		struct layer *l = &m->layers[stack[--n]];
		if (l->met >= 0)
			continue;
		l->met = (*n_met)++;
		for (int k = l->n_in - 1; k >= 0; k--)
			stack[n++] = l->in[k];
	}
}

static void measure(struct model *m)
{
	for (int i = m->n_layers - 1; i >= 0; i--) {
		struct layer *l = &m->layers[i];
		if (l->depth < 0)
			l->depth = 0; /* nothing reads it: an output, whether the file says so or not */
		for (int k = 0; k < l->n_in; k++)
			if (m->layers[l->in[k]].depth <= l->depth)
				m->layers[l->in[k]].depth = l->depth + 1;
	}
}

static int by_depth(const void *a, const void *b)
{
	const struct layer *x = *(struct layer *const *)a, *y = *(struct layer *const *)b;

	if (x->depth != y->depth)
		return x->depth > y->depth ? -1 : 1;
	return x->met < y->met ? -1 : x->met > y->met;
}

static struct layer **sort(struct model *m)
{
	size_t n = (size_t)m->n_layers;
	struct layer **sorted = ARENA_NEW(&m->arena, struct layer *, n + 1);
	int *stack = ARENA_NEW(&m->arena, int, n + (size_t)m->n_edges + 1);
	int n_met = 0;

	if (!sorted || !stack)
		return NULL;
	measure(m);
	for (int i = 0; i < m->g->n_outputs; i++)
		if (m->of_step[m->g->outputs[i]] >= 0)
			discover(m, m->of_step[m->g->outputs[i]], stack, &n_met);
	for (int i = 0; i < m->n_layers; i++)
		if (m->layers[i].depth == 0)
			discover(m, i, stack, &n_met);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &m->layers[i];
	qsort(sorted, n, sizeof *sorted, by_depth);
	return sorted;
}

/* --- Printing --------------------------------------------------------------------------------- */

struct layout {
	int n_columns, width, end[4];
};

static const struct layout chain = { 3, 65, { 29, 55, 65 } };
static const struct layout branched = { 4, 98, { 32, 53, 65, 98 } };

static const struct layout *layout_of(const struct model *m, struct layer *const *sorted)
{
	for (int i = 0; i < m->n_layers; i++)
		if (sorted[i]->n_in > 1 || (i && sorted[i]->depth == sorted[i - 1]->depth))
			return &branched;
	return &chain;
}

/* Cut to the column, counting characters; in all but the last column a blank follows. */
static void cell(struct str *out, const struct layout *layout, int column, const char *text)
{
	int width = layout->end[column] - (column ? layout->end[column - 1] : 0);
	int room = column + 1 < layout->n_columns ? width - 1 : width, n = 0;
	const char *end = text;

	for (; *end; end++) {
		if (((unsigned char)*end & 0xc0) != 0x80 && n++ == room) {
			n--;
			break;
		}
	}
	str_addn(out, text, (size_t)(end - text));
	str_fill(out, ' ', (size_t)(width - n));
}

static void size(struct str *out, int64_t n)
{
	if (n > 0)
		str_addf(out, ", %" PRId64, n);
	else
		str_add(out, ", None");
}

/* A Python tuple, channels last whatever the zip's format. */
static void tuple(struct str *out, const struct dl4j_shape *s)
{
	str_add(out, "(None");
	if (s->kind == DL4J_RNN)
		size(out, s->t);
	if (s->kind == DL4J_CNN3D)
		size(out, s->d);
	if (s->kind == DL4J_CNN || s->kind == DL4J_CNN3D) {
		size(out, s->h);
		size(out, s->w);
	}
	size(out, s->c);
	str_add(out, ")");
}

static void line(struct str *out, const struct layout *layout, char c)
{
	str_fill(out, c, (size_t)layout->width);
	str_add(out, "\n");
}

static void row(struct str *out, const struct layout *layout, const char *const *cells)
{
	for (int i = 0; i < layout->n_columns; i++)
		cell(out, layout, i, cells[i]);
	str_add(out, "\n");
}

static void print_layer(struct str *out, const struct model *m, const struct layout *layout,
                        const struct layer *l)
{
	struct str text[4] = { { 0 } };

	str_addf(&text[0], "%s (%s)", l->name, l->class_name);
	if (l->shape.c < 0)
		str_add(&text[1], "?");
	else
		tuple(&text[1], &l->shape);
	str_addf(&text[2], "%" PRId64, l->params);
	for (int k = 0; k < l->n_in || k == 0; k++) {
		text[3].len = 0;
		str_add(&text[3], "");
		if (k < l->n_in)
			str_addf(&text[3], "%s[0][0]", m->layers[l->in[k]].name);
		for (int i = 0; i < 4; i++)
			out->failed = out->failed || text[i].failed;
		if (out->failed || (k && layout == &chain))
			break;
		row(out, layout, k ? (const char *[]){ "", "", "", text[3].text } :
		    (const char *[]){ text[0].text, text[1].text, text[2].text, text[3].text });
	}
	for (int i = 0; i < 4; i++)
		str_free(&text[i]);
}

static void total(struct str *out, const char *what, int64_t n)
{
	str_add(out, what);
	str_add_grouped(out, n);
	str_add(out, "\n");
}

static void print(struct str *out, const struct model *m, struct layer *const *sorted,
                  const char *name)
{
	const struct layout *layout = layout_of(m, sorted);
	int64_t params = 0, fixed = 0;

	str_addf(out, "Model: \"%s\"\n", name);
	line(out, layout, '_');
	row(out, layout, (const char *[]){ "Layer (type)", "Output Shape", "Param #", "Connected to" });
	line(out, layout, '=');
	for (int i = 0; i < m->n_layers; i++) {
		print_layer(out, m, layout, sorted[i]);
		line(out, layout, i + 1 < m->n_layers ? '_' : '=');
		params += sorted[i]->params;
		fixed += sorted[i]->fixed;
	}
	total(out, "Total params: ", params);
	total(out, "Trainable params: ", params - fixed);
	total(out, "Non-trainable params: ", fixed);
	line(out, layout, '_');
}

/* --- What the zip could not tell -------------------------------------------------------------- */

static bool sizes_missing(const struct model *m)
{
	for (int i = 0; i < m->n_layers; i++) {
		const struct dl4j_shape *s = &m->layers[i].shape;
		if (s->c >= 0 && shape_size(s) == 0 && s->kind != DL4J_RNN)
			return true;
	}
	return false;
}

static void say(struct str *note, const char *text)
{
	str_addf(note, "%s%s", note->len ? "; " : "", text);
}

static void tell(struct str *note, const struct model *m)
{
	if (sizes_missing(m))
		say(note, "the zip does not store the size of the input: give it with --input-type");
	if (m->ambiguous && !m->zoo)
		say(note, "Activation and Dropout may have been other classes of that kind in Keras");
	if (m->n_flatten + m->n_reshape > 0)
		say(note, "the zip does not store the names of Flatten and Reshape layers");
	if (m->normalizes && !m->zoo && !m->flat)
		say(note, "without coefficients, BatchNormalization is taken to have scale and center");
	if (m->foreign) {
		say(note, "Keras has no class of the meaning of ");
		str_add(note, m->foreign);
	}
}

/* --- All of it -------------------------------------------------------------------------------- */

static int shapes_of(struct model *m, const struct dl4j_shape *inputs, struct dl4j_error *err)
{
	const struct graph *g = m->g;
	struct dl4j_shape published;

	if (!inputs && m->zoo && graph_input_shape(g, 0, &published)) {
		published.h = m->zoo->height;
		published.w = m->zoo->width;
		inputs = &published;
	}
	return print_infer(&m->shapes, g, inputs, &m->arena, err);
}

static int make(struct model *m, const struct dl4j_shape *inputs, struct dl4j_error *err)
{
	size_t n = (size_t)m->g->n_steps;

	m->layers = ARENA_NEW(&m->arena, struct layer, 2 * n); /* preprocessors included */
	m->of_step = ARENA_NEW(&m->arena, int, n);
	if (!m->layers || !m->of_step)
		return fail_memory(err);
	TRY(shapes_of(m, inputs, err));
	for (int i = 0; i < m->g->n_steps; i++)
		if (add_step(m, i))
			return fail_memory(err);
	widen(m);
	return 0;
}

int summary_keras(struct str *out, struct str *note, const struct graph *g, const char *name,
                  const struct dl4j_shape *inputs, const float *flat, struct dl4j_error *err)
{
	struct model m = { .g = g, .zoo = zoo_find(g), .flat = flat };
	struct layer **sorted;
	int r = make(&m, inputs, err);

	if (!r && !(sorted = sort(&m)))
		r = fail_memory(err);
	if (!name)
		name = m.zoo && m.zoo->keras_name ? m.zoo->keras_name : "model";
	if (!r) {
		print(out, &m, sorted, name);
		tell(note, &m);
		r = out->failed || note->failed ? fail_memory(err) : 0;
	}
	arena_free(&m.arena);
	return r;
}
