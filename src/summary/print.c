/* SPDX-License-Identifier: Apache-2.0 */
/* print: what every style of summary says of a step.
 * All of it follows from the descriptors. */
#include "summary/print.h"

#include <string.h>

bool print_frozen(const struct step *s)
{
	/* FrozenLayerWithBackprop is of a class of its own, and counts as trainable */
	return s->node && s->node->type && !strcmp(s->node->type->name, "FrozenLayer");
}

void print_class(struct str *out, const struct step *s)
{
	const struct node *n = print_frozen(s) ? node_inner(s->node) : s->node;

	if (print_frozen(s))
		str_add(out, "Frozen ");
	if (!n)
		str_add(out, "InputVertex");
	else if (!n->type)
		str_add(out, n->class_name);
	else
		str_add(out, n->type->impl ? n->type->impl : n->type->name);
}

const char *print_activation(const struct step *s)
{
	const struct node *n = s->node ? node_inner(s->node) : NULL;
	const struct field *f = n && n->type ? n->type->fields : NULL;
	const struct node *activation;

	for (; f && f->json; f++)
		if (f->kind == FIELD_KIND_NODE && f->node_kind == NODE_ACTIVATION) {
			activation = *(struct node *const *)((const char *)n + f->offset);
			if (!activation)
				return NULL;
			return activation->type ? activation->type->name : activation->class_name;
		}
	return NULL;
}

int print_infer(struct print_shapes *out, const struct graph *g, const struct dl4j_shape *inputs,
                struct arena *arena, struct dl4j_error *err)
{
	size_t n = (size_t)g->n_steps + 1;
	struct dl4j_shape *own = ARENA_NEW(arena, struct dl4j_shape, (size_t)g->n_inputs + 1);

	out->after = ARENA_NEW(arena, struct dl4j_shape, n);
	out->before = ARENA_NEW(arena, struct dl4j_shape, n);
	if (!own || !out->after || !out->before)
		return fail_memory(err);
	for (int i = 0; i < g->n_inputs; i++) {
		if (inputs)
			own[i] = inputs[i];
		else if (!graph_input_shape(g, i, &own[i]))
			own[i].c = -1;
	}
	for (int i = 0; i < g->n_steps; i++)
		out->before[i].c = -1;
	return graph_infer(g, own, out->after, out->before, err);
}
