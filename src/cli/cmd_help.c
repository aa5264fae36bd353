/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j help: what --help shows.
 * "dl4j help VERB" is "dl4j VERB --help". */
#include "cli/cmd.h"
#include "cli/out.h"

static int run(const void *options, int argc, char **argv, struct dl4j_error *err)
{
	const struct verb *verb = NULL;
	struct str text = { 0 };

	(void)options;
	if (argc > 0) {
		verb = verb_find(argv[0], err);
		if (!verb)
			return err->code;
		opt_help(&text, verb);
	} else {
		verbs_help(&text);
	}
	return out_text(&text, err);
}

const struct verb verb_help = {
	.name = "help",
	.args = "[VERB]",
	.what = "Show the verbs, or the options of one.",
	.max_args = 1,
	.run = run,
};
