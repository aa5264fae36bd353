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
}

/* From what is told of its inputs; false: that says nothing, or does not fit. */
static bool tell(const struct graph *g, const struct step *s, const struct dl4j_shape *told,
                 struct dl4j_shape *in, struct dl4j_shape *out)
{
	struct dl4j_error ignored;

	for (int k = 0; k < s->n_in; k++) {
		in[k] = told[s->in[k]];
		if (in[k].c < 0)
			return false;
	}
	if (s->n_in < 1 || (s->pre && node_infer(s->pre, in, s->n_in, &in[0], &ignored)))
		return false;
	if (node_infer(s->node, in, s->n_in, out, &ignored))
		return false;
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
		if (!s->node || shapes->after[i].c < 0 || !tell(g, s, shapes->after, in, &out))
			continue;
		shapes->after[i] = out;
		if (shapes->before[i].c >= 0)
			shapes->before[i] = in[0];
	}
	forget_formats(g, shapes->after);
	return 0;
}
