/* SPDX-License-Identifier: Apache-2.0 */
/* node: the registry, and the calls through a descriptor with their defaults. */
#include "node/node.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "node/activation.h"

#define NODE(name) extern const struct node_type node_##name;
#include "node/nodes.def"
#undef NODE

static const struct node_type *const types[] = {
#define NODE(name) &node_##name,
#include "node/nodes.def"
#undef NODE
};

#define N_TYPES (int)(sizeof types / sizeof *types)

int node_types(void)
{
	return N_TYPES + activation_types;
}

const struct node_type *node_type_at(int i)
{
	return i < N_TYPES ? types[i] : &activation_type[i - N_TYPES];
}

static bool has_name(const struct node_type *t, const char *name)
{
	/* DL4J itself reads activation names without regard to case */
	int (*differ)(const char *, const char *) = t->kind == NODE_ACTIVATION ? strcasecmp : strcmp;

	if (!differ(t->name, name))
		return true;
	for (int i = 0; i < (int)(sizeof t->alias / sizeof *t->alias) && t->alias[i]; i++)
		if (!differ(t->alias[i], name))
			return true;
	return false;
}

const struct node_type *node_find(enum node_kind kind, const char *name)
{
	const char *last = strrchr(name, '.');

	if (last)
		name = last + 1;
	last = strrchr(name, '$'); /* nested classes: Activation ones of old releases */
	if (last)
		name = last + 1;
	/* ActivationTanH in configurations, TANH in enums and TanH in wrappers are one */
	if (kind == NODE_ACTIVATION && !strncasecmp(name, "Activation", 10))
		name += 10;
	for (int i = 0; i < node_types(); i++)
		if (node_type_at(i)->kind == kind && has_name(node_type_at(i), name))
			return node_type_at(i);
	return NULL;
}

const struct node *node_wrapped(const struct node *n)
{
	const struct field *f = n->type ? n->type->fields : NULL;

	for (; f && f->json; f++)
		if (f->kind == FIELD_KIND_NODE && f->node_kind == NODE_LAYER)
			return *(struct node *const *)((const char *)n + f->offset);
	return NULL;
}

const struct node *node_inner(const struct node *n)
{
	const struct node *in = node_wrapped(n);

	return in ? node_inner(in) : n;
}

bool node_has_variable(const struct node *n, const char *key)
{
	for (const char *const *v = n->variables; v && *v; v++)
		if (!strcmp(*v, key))
			return true;
	return false;
}

int node_params(const struct node *n, struct param *table)
{
	return n->type && n->type->params ? n->type->params(n, table) : 0;
}

int node_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
               struct dl4j_shape *out, struct dl4j_error *err)
{
	if (n->type->n_in && n->type->n_in != n_in)
		return fail(err, DL4J_ESHAPE, "expected %d input%s, found %d", n->type->n_in,
		            n->type->n_in == 1 ? "" : "s", n_in);
	*out = in[0];
	if (n->type->infer)
		TRY(n->type->infer(n, in, n_in, out, err));
	return shape_fits(out) ? 0 : fail(err, DL4J_ELIMIT, "expected sizes of at most %d, found more",
	                                  DIM_MAX);
}

void node_lower(const struct node *n, struct lowering *lo)
{
	lo->out = lo->in[0];
	lo->out_mask = lo->mask ? lo->mask[0] : NULL;
	if (n->type->lower)
		n->type->lower(n, lo);
}

static const struct param_data *find_param(struct lowering *lo, const char *key)
{
	for (int i = 0; i < lo->n_params; i++)
		if (!strcmp(lo->params[i].param.key, key))
			return &lo->params[i];
	return NULL;
}

struct ir_val *lower_param(struct lowering *lo, const char *key)
{
	const struct param_data *p = find_param(lo, key);
	int64_t stride[5];

	if (!p)
		return NULL;
	dims_strides(p->param.dim, p->param.rank, p->param.order, stride);
	return ir_const(lo->ir, p->data, p->param.rank, p->param.dim, stride);
}

const float *lower_vector(struct lowering *lo, const char *key)
{
	const struct param_data *p = find_param(lo, key);

	return p ? p->data : NULL;
}

struct ir_val *lower_state(struct lowering *lo, int rank, const int64_t *dim)
{
	struct states *s = lo->states;
	struct state *grown;
	float *zeros;

	if (!s)
		return ir_new_const(lo->ir, rank, dim, &zeros);
	grown = ARENA_NEW(s->arena, struct state, (size_t)s->n + 1);
	if (!grown)
		return ir_new_const(lo->ir, rank, dim, &zeros);
	if (s->n)
		memcpy(grown, s->list, (size_t)s->n * sizeof *grown);
	grown[s->n].before = ir_input(lo->ir, rank, dim);
	s->list = grown;
	return grown[s->n++].before;
}

void lower_keep(struct lowering *lo, struct ir_val *before, struct ir_val *after)
{
	for (int i = 0; lo->states && i < lo->states->n; i++)
		if (lo->states->list[i].before == before)
			lo->states->list[i].after = after;
}

struct ir_val *lower_network_input(struct lowering *lo, const char *name, struct ir_val **mask)
{
	for (int i = 0; name && i < lo->network->n; i++)
		if (!strcmp(lo->network->names[i], name)) {
			*mask = lo->network->masks ? lo->network->masks[i] : NULL;
			return lo->network->values[i];
		}
	ir_fail(lo->ir, DL4J_EFORMAT, "expected the name of a network input, found '%s'",
	     name ? name : "none");
	return NULL;
}
