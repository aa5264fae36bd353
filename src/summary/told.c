/* SPDX-License-Identifier: Apache-2.0 */
/* told: the types that DL4J's summary() tells, where they are not those of the arrays. What one
 * step is told to be, the steps behind it are told from. */
#include "summary/told.h"

#include <string.h>

#include "node/window.h"

/* Layers whose results DL4J calls NDHWC, whatever they are; since beta7 those that slide forget it
 * but in Same. */
static bool forgets_format(const struct node *n)
{
	static const char *const names[] = { "Convolution3D", "Subsampling3DLayer", "Cropping3D",
		                             "GlobalPoolingLayer", "Upsampling3D",
		                             "ZeroPadding3DLayer" };

	for (const struct field *f = n->type->fields; f && f->json; f++)
		if (f->names == convolution_modes && n->release >= RELEASE_BETA7 &&
		    *(const int *)((const char *)n + f->offset) == MODE_SAME)
			return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(n->type->name, names[i]))
			return true;
	return false;
}

/* Volumes in the format that DL4J believes them to be in. */
static void forget_formats(const struct graph *g, struct dl4j_shape *after)
{
	for (int i = 0; i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		const struct node *n = s->node ? node_inner(s->node) : NULL;
		if (!n || !n->type || after[i].kind != DL4J_CNN3D || !s->n_in)
			continue;
		if (forgets_format(n) || (after[s->in[0]].kind == DL4J_CNN3D &&
		                          after[s->in[0]].channels_last &&
		                          strcmp(n->type->name, "Deconvolution3D") != 0))
			after[i].channels_last = true;
	}
}

/* Of several series: the first one's length, or since M1, where they are added, the greatest. An
 * unknown one is 0. */
static int64_t length_of(const struct node *n, const struct dl4j_shape *in, int n_in)
{
	int64_t t = in[0].t;

	for (int i = 1; i < n_in && n->release >= RELEASE_M1; i++)
		if (!strcmp(n->type->name, "ElementWiseVertex") && in[i].t > t)
			t = in[i].t;
	return t;
}

/* `in` is what the layer takes in; *out holds what its class says. */
static void differ(const struct graph *g, const struct step *s, const struct dl4j_shape *in,
                   struct dl4j_shape *out)
{
	const struct node *n = node_inner(s->node);
	struct dl4j_shape inside;
	struct dl4j_error ignored;

	/* a layer with an nOut that is never set */
	if (!strcmp(n->type->name, "LossLayer"))
		*out = shape_ff(n->nout);
	/* in a chain the layer inside */
	else if (g->multilayer && !strcmp(s->node->type->name, "LastTimeStep") &&
	         !node_infer(node_wrapped(s->node), in, 1, &inside, &ignored))
		*out = inside;
	/* since M1 a series pooled over time is a series still */
	else if (n->release >= RELEASE_M1 && in->kind == DL4J_RNN &&
	         !strcmp(n->type->name, "GlobalPoolingLayer"))
		*out = *in;
	else if (s->n_in > 1 && in->kind == DL4J_RNN && out->kind == DL4J_RNN)
		out->t = length_of(n, in, s->n_in);
	/* added rows are rows of steps where the first ones are */
	else if (in->kind == DL4J_FF && !strcmp(n->type->name, "ElementWiseVertex"))
		out->t = in->t;
}

static bool same(const struct dl4j_shape *a, const struct dl4j_shape *b)
{
	return a->kind == b->kind && a->c == b->c && a->d == b->d && a->h == b->h && a->w == b->w &&
	       a->t == b->t;
}

/* From what is told of its inputs; false: that says nothing, or does not fit. What keeps its
 * input's shape keeps a told one that it could not compute, too. */
static bool tell(const struct graph *g, const struct step *s, const struct print_shapes *shapes,
                 struct dl4j_shape *in, struct dl4j_shape *out)
{
	const struct dl4j_shape *told = shapes->after;
	const int i = (int)(s - g->steps);
	struct dl4j_error ignored;

	for (int k = 0; k < s->n_in; k++) {
		in[k] = told[s->in[k]];
		if (in[k].c < 0)
			return false;
	}
	if (s->n_in < 1 || (s->pre && node_infer(s->pre, in, s->n_in, &in[0], &ignored)))
		return false;
	*out = in[0];
	if (node_infer(s->node, in, s->n_in, out, &ignored)) {
		*out = in[0];
		return same(&shapes->before[i], &shapes->after[i]);
	}
	differ(g, s, &in[0], out);
	return true;
}

int told_shapes(struct print_shapes *shapes, const struct graph *g, struct arena *arena,
                struct dl4j_error *err)
{
	int most = 1;
	struct dl4j_shape *in, out;

	for (int i = 0; i < g->n_steps; i++)
		if (g->steps[i].n_in > most)
			most = g->steps[i].n_in;
	in = ARENA_NEW(arena, struct dl4j_shape, (size_t)most);
	if (!in)
		return fail_memory(err);
	for (int i = 0; i < g->n_steps; i++) {
		const struct step *s = &g->steps[i];
		if (!s->node || shapes->after[i].c < 0 || !tell(g, s, shapes, in, &out))
			continue;
		shapes->after[i] = out;
		if (shapes->before[i].c >= 0)
			shapes->before[i] = in[0];
	}
	forget_formats(g, shapes->after);
	return 0;
}
