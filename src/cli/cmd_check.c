/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j check: what a file is, and whether it is sound.
 * The exit status says so to scripts; check.c finds out, check_text.c and check_json.c tell. */
#include "cli/check.h"
#include "cli/cmd.h"
#include "cli/limits.h"
#include "cli/out.h"

struct check_options {
	struct opt_list inputs;
	const char *size;
	int json;
};

static const char *const formats[] = { "text", "json", NULL };

#define AT(member) offsetof(struct check_options, member)

static const struct opt options[] = {
	OPT(CHOICE, 'o', "output", "text|json", AT(json), "the form of the report (text)",
	    .choices = formats),
	OPT(TEXT, 0, "size", "HxW", AT(size), "the size of pictures, where the zip does not tell it"),
	OPT(LIST, 0, "input-type", "C,H,W|N|N,T", AT(inputs),
	    "the shape of a network input, repeated where there are several: lets the network be "
	    "planned where the zip does not tell it"),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct check_options *o = options_;
	struct str text = { 0 };
	struct check check;
	int code;

	(void)argc;
	code = check_file(&check, argv[0], &o->inputs, o->size, err);
	if (code == 0) {
		(o->json ? check_json : check_text)(&text, &check);
		code = out_text(&text, err);
	}
	if (code == 0)
		code = check.status;
	if (code > 0 && check.refused.code) {
		*err = check.refused;
		code = err->code;
	}
	check_free(&check);
	return code;
}

const struct verb verb_check = {
	.name = "check",
	.args = "MODEL",
	.what = "Say what a file is, and whether it is sound.",
	.more = "Exit status 0: sound, and it runs; 1: readable, but the network cannot run, a\n"
	        "parameter is not finite, or the normalizer cannot be applied; 3: refused, for\n"
	        "what the line on standard error says; 4: above a limit.",
	.options = options,
	.defaults = &(const struct check_options){ .json = 0 },
	.size = sizeof(struct check_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
