/* SPDX-License-Identifier: Apache-2.0 */
/* dot: the network as a drawing for Graphviz: `dl4j summary --style dot M.zip | dot -Tsvg`.
 * Colours tell what has parameters, what joins branches and what merely computes. */
#include <inttypes.h>
#include <string.h>

#include "summary/print.h"
#include "summary/summary.h"

static void html(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			str_add(out, "&amp;");
		else if (*text == '<')
			str_add(out, "&lt;");
		else if (*text == '>')
			str_add(out, "&gt;");
		else if (*text == '"')
			str_add(out, "&quot;");
		else
			str_addn(out, (unsigned char)*text < ' ' ? " " : text, 1);
	}
}

/* Without the batch, in DL4J's order; "?" for a size that is not known. */
static void shape(struct str *out, const struct dl4j_shape *s)
{
	int64_t dim[DL4J_MAX_RANK];
	int rank = shape_dims(s, 1, dim);

	for (int i = 1; i < rank; i++) {
		str_add(out, i > 1 ? " &times; " : "");
		if (dim[i] > 0)
			str_addf(out, "%" PRId64, dim[i]);
		else
			str_add(out, "?");
	}
}

static const char *colour(const struct step *s)
{
	if (!s->node)
		return "#e0e0e0";
	if (s->length > 0)
		return "#cfe2f3";
	return s->is_layer ? "#ffffff" : "#fff2cc";
}

static bool is_output(const struct graph *g, int step)
{
	for (int i = 0; i < g->n_outputs; i++)
		if (g->outputs[i] == step)
			return true;
	return false;
}

static void vertex(struct str *out, const struct graph *g, int i, const struct dl4j_shape *result)
{
	const struct step *s = &g->steps[i];

	str_addf(out, "\tn%d [fillcolor=\"%s\"%s%s, label=<<b>", i, colour(s),
	         is_output(g, i) ? ", penwidth=2" : "",
	         print_frozen(s) ? ", style=\"filled,rounded,dashed\"" : "");
	html(out, s->name);
	str_add(out, "</b><br/>");
	if (s->node) {
		struct str name = { 0 };
		print_class(&name, s);
		if (name.failed)
			out->failed = true;
		else
			html(out, name.text);
		str_free(&name);
		if (print_activation(s) && strcmp(print_activation(s), "Identity") != 0) {
			str_add(out, ", ");
			html(out, print_activation(s));
		}
		str_add(out, "<br/>");
	}
	if (result->c >= 0)
		shape(out, result);
	if (s->length > 0) {
		str_add(out, result->c >= 0 ? "<br/>" : "");
		str_add_grouped(out, s->length);
		str_add(out, " parameters");
	}
	str_add(out, ">];\n");
	for (int k = 0; k < s->n_in; k++)
		str_addf(out, "\tn%d -> n%d;\n", s->in[k], i);
}

int summary_dot(struct str *out, const struct graph *g, const struct dl4j_shape *inputs,
                struct dl4j_error *err)
{
	struct arena arena = { 0 };
	struct print_shapes shapes;
	int r = print_infer(&shapes, g, inputs, &arena, err);

	if (!r) {
		str_add(out, "digraph network {\n"
		        "\tgraph [nodesep=0.3, ranksep=0.3];\n"
		        "\tnode [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", "
		        "fontsize=10, margin=\"0.12,0.06\"];\n"
		        "\tedge [arrowsize=0.6];\n");
		for (int i = 0; i < g->n_steps; i++)
			vertex(out, g, i, &shapes.after[i]);
		str_add(out, "}\n");
		r = out->failed ? fail_memory(err) : 0;
	}
	arena_free(&arena);
	return r;
}
