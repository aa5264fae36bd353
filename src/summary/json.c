/* SPDX-License-Identifier: Apache-2.0 */
/* json: the network for programs. doc/summary-json.md is the contract: members may be added,
 * those that stand there keep their names and meaning. */
#include <inttypes.h>

#include "base/num.h"
#include "summary/print.h"
#include "summary/summary.h"

static void text(struct str *out, const char *s)
{
	if (s)
		str_add_json(out, s);
	else
		str_add(out, "null");
}

/* A number that has to be known: 0 and less are not. */
static void size(struct str *out, const char *key, int64_t n)
{
	str_addf(out, ", \"%s\": ", key);
	if (n > 0)
		str_addf(out, "%" PRId64, n);
	else
		str_add(out, "null");
}

static void flag(struct str *out, bool b)
{
	str_add(out, b ? "true" : "false");
}

static void shape(struct str *out, const struct dl4j_shape *s)
{
	static const char *const kinds[] = {
		[DL4J_FF] = "feed-forward", [DL4J_RNN] = "recurrent", [DL4J_CNN] = "convolutional",
		[DL4J_CNN3D] = "convolutional-3d",
	};
	bool image = s->kind == DL4J_CNN || s->kind == DL4J_CNN3D;

	if (s->c < 0) {
		str_add(out, "null");
		return;
	}
	str_addf(out, "{\"kind\": \"%s\"", kinds[s->kind]);
	size(out, image ? "channels" : "size", s->c);
	if (s->kind == DL4J_CNN3D)
		size(out, "depth", s->d);
	if (image) {
		size(out, "height", s->h);
		size(out, "width", s->w);
	}
	if (s->kind == DL4J_RNN)
		size(out, "steps", s->t);
	if (s->kind != DL4J_FF) {
		str_add(out, ", \"channelsLast\": ");
		flag(out, s->channels_last);
	}
	str_add(out, "}");
}

static void parameters(struct str *out, const struct step *s)
{
	int64_t at = s->offset;

	for (int i = 0; i < s->n_params; i++) {
		const struct param *p = &s->params[i];
		str_addf(out, "%s{\"name\": ", i ? ", " : "");
		text(out, p->key);
		str_add(out, ", \"shape\": [");
		for (int d = 0; d < p->rank; d++)
			str_addf(out, "%s%" PRId64, d ? ", " : "", p->dim[d]);
		str_addf(out, "], \"order\": \"%c\", \"offset\": %" PRId64 "}", p->order, at);
		at += dims_product(p->dim, p->rank);
	}
}

static void vertex(struct str *out, const struct graph *g, const struct step *s,
                   const struct dl4j_shape *result, const struct dl4j_shape *before)
{
	const struct node *inner = s->node ? node_inner(s->node) : NULL;

	str_add(out, "\t\t{\"name\": ");
	text(out, s->name);
	str_addf(out, ", \"kind\": \"%s\", \"class\": ",
	         !s->node ? "input" : s->is_layer ? "layer" : "vertex");
	text(out, !s->node ? "InputVertex" : s->node->type ? s->node->type->name : s->node->class_name);
	str_add(out, ", \"known\": ");
	flag(out, !s->node || (inner->type && (!s->pre || s->pre->type)));
	str_add(out, ", \"inputs\": [");
	for (int i = 0; i < s->n_in; i++) {
		str_add(out, i ? ", " : "");
		text(out, g->steps[s->in[i]].name);
	}
	str_add(out, "]");
	if (s->pre) {
		str_add(out, ", \"preprocessor\": ");
		text(out, s->pre->type ? s->pre->type->name : s->pre->class_name);
	}
	if (inner != s->node) {
		str_add(out, ", \"wraps\": ");
		text(out, inner->type ? inner->type->name : inner->class_name);
	}
	if (print_activation(s)) {
		str_add(out, ", \"activation\": ");
		text(out, print_activation(s));
	}
	if (s->length > 0 && inner->type->feed_forward)
		str_addf(out, ", \"nIn\": %" PRId64 ", \"nOut\": %" PRId64, inner->nin, inner->nout);
	if (s->is_layer) {
		str_add(out, ", \"frozen\": ");
		flag(out, print_frozen(s));
		str_add(out, ", \"inputShape\": ");
		shape(out, before);
	}
	str_add(out, ", \"shape\": ");
	shape(out, result);
	str_addf(out, ", \"offset\": %" PRId64 ", \"length\": %" PRId64 ", \"parameters\": [",
	         s->offset, s->length);
	parameters(out, s);
	str_add(out, "]}");
}

static void names(struct str *out, const char *key, const struct graph *g, const int *steps, int n)
{
	str_addf(out, "\t\"%s\": [", key);
	for (int i = 0; i < n; i++) {
		str_add(out, i ? ", " : "");
		text(out, g->steps[steps[i]].name);
	}
	str_add(out, "],\n");
}

static void network(struct str *out, const struct graph *g)
{
	const struct zoo *zoo = zoo_find(g);
	int64_t frozen = 0;

	for (int i = 0; i < g->n_steps; i++)
		frozen += print_frozen(&g->steps[i]) ? g->steps[i].length : 0;
	str_addf(out, "\t\"schema\": 1,\n\t\"type\": \"%s\",\n\t\"release\": ",
	         g->multilayer ? "MultiLayerNetwork" : "ComputationGraph");
	text(out, g->release_name);
	str_add(out, ",\n\t\"zoo\": ");
	text(out, zoo ? zoo->name : NULL);
	str_add(out, ",\n\t\"parameters\": ");
	if (g->n_params < 0)
		str_add(out, "null");
	else
		str_addf(out, "%" PRId64, g->n_params);
	str_addf(out, ",\n\t\"frozenParameters\": %" PRId64 ",\n", frozen);
	names(out, "inputs", g, g->inputs, g->n_inputs);
	names(out, "outputs", g, g->outputs, g->n_outputs);
}

int summary_json(struct str *out, const struct graph *g, const struct dl4j_shape *inputs,
                 struct dl4j_error *err)
{
	struct arena arena = { 0 };
	struct print_shapes shapes;
	int r = print_infer(&shapes, g, inputs, &arena, err);

	if (!r) {
		str_add(out, "{\n");
		network(out, g);
		str_add(out, "\t\"vertices\": [\n");
		for (int i = 0; i < g->n_steps; i++) {
			vertex(out, g, &g->steps[i], &shapes.after[i], &shapes.before[i]);
			str_add(out, i + 1 < g->n_steps ? ",\n" : "\n");
		}
		str_add(out, "\t]\n}\n");
		r = out->failed ? fail_memory(err) : 0;
	}
	arena_free(&arena);
	return r;
}
