/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j summary: the network as a text.
 * The library makes the text; here the options become dl4j_summary_options. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/limits.h"
#include "cli/out.h"
#include "cli/say.h"
#include "cli/shapes.h"

struct summary_options {
	int style;
	const char *release, *name;
	struct opt_list inputs;
};

static const char *const styles[] = { "auto", "dl4j", "keras", "json", "dot", NULL };
static const enum dl4j_style style_of[] = {
	DL4J_STYLE_DL4J, DL4J_STYLE_DL4J, DL4J_STYLE_KERAS, DL4J_STYLE_JSON, DL4J_STYLE_DOT,
};

#define AT(member) offsetof(struct summary_options, member)

static const struct opt options[] = {
	OPT(CHOICE, 's', "style", "auto|dl4j|keras|json|dot", AT(style),
	    "what to print; auto is dl4j, DL4J's own summary() text", .choices = styles),
	OPT(TEXT, 0, "dl4j-version", "V", AT(release),
	    "print what this release prints, such as 1.0.0-beta7 (the one that saved the zip)"),
	OPT(LIST, 0, "input-type", "C,H,W|N|N,T", AT(inputs),
	    "the shape of a network input, repeated where there are several: adds the shapes of "
	    "all activations, as summary(InputType...) does"),
	OPT(TEXT, 0, "name", "NAME", AT(name),
	    "the model's name in Keras' table (that of the zoo network or of the file)"),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

static int summarize(const struct summary_options *o, const dl4j_model *model, const char *path,
                     struct dl4j_error *err)
{
	struct dl4j_summary_options how = { style_of[o->style], o->release, o->name, NULL,
		                            o->inputs.n };
	dl4j_shape shapes[OPT_REPEATS];
	struct str stem = { 0 }, out = { 0 };
	char *text, *note = NULL;
	int code;

	if (o->inputs.n > 0) {
		TRY(shapes_read_inputs(&o->inputs, model, shapes, err));
		how.inputs = shapes;
	}
	if (!how.name && !dl4j_model_zoo_name(model, NULL, NULL) && strcmp(path, "-") != 0) {
		file_stem(&stem, path);
		how.name = stem.text;
	}
	code = dl4j_model_summary(&text, &note, model, &how, err);
	str_free(&stem);
	if (code < 0)
		return within(err, "%s", path);
	if (note)
		say_note("%s", note);
	free(note);
	str_add(&out, text);
	free(text);
	return out_text(&out, err);
}

static int run(const void *opts, int argc, char **argv, struct dl4j_error *err)
{
	dl4j_model *model;
	int code;

	(void)argc;
	TRY(file_model(&model, argv[0], err));
	code = summarize(opts, model, argv[0], err);
	dl4j_model_free(model);
	return code;
}

const struct verb verb_summary = {
	.name = "summary",
	.args = "MODEL",
	.what = "Print the network: layers, parameters, shapes.",
	.options = options,
	.defaults = &(const struct summary_options){ 0 },
	.size = sizeof(struct summary_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
