/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j: finds the verb, reads its options, runs it.
 * The one place where an error becomes an exit status. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/say.h"
#include "cli/threads.h"
#include "image/image.h"

const struct verb *const verbs[] = {
	&verb_summary, &verb_classify, &verb_run,  &verb_preprocess, &verb_bench, &verb_export,
	&verb_quantize, &verb_check,  &verb_list, &verb_completion, &verb_help, NULL,
};

const struct verb *verb_find(const char *name, struct dl4j_error *err)
{
	const char *names[sizeof verbs / sizeof *verbs];
	const char *near;
	int n = 0;

	for (; verbs[n]; n++) {
		if (strcmp(verbs[n]->name, name) == 0)
			return verbs[n];
		names[n] = verbs[n]->name;
	}
	near = say_nearest(name, names, sizeof *names, n);
	if (near)
		fail(err, DL4J_EUSAGE, "unknown verb '%s'" HINT "did you mean %s?", name, near);
	else
		fail(err, DL4J_EUSAGE, "unknown verb '%s'" HINT "dl4j --help lists them", name);
	return NULL;
}

void verbs_help(struct str *out)
{
	str_add(out, "usage: dl4j VERB [options] MODEL [arguments]\n\n"
	             "Opens Deeplearning4j model zips: shows them, runs them. MODEL may be - for\n"
	             "standard input.\n\n");
	for (int i = 0; verbs[i]; i++)
		str_addf(out, "  %-12s %s\n", verbs[i]->name, verbs[i]->what);
	str_add(out, "\n"
	             "dl4j VERB --help     the options of a verb\n"
	             "dl4j --version [-v]  the version; -v: and that of what it works with\n\n"
	             "Exit status: 0 all done; 1 some items failed, or a comparison did not hold;\n"
	             "2 usage; 3 the model or another file was refused; 4 a limit or memory;\n"
	             "5 a bug or the machine.\n");
}

static int show_version(bool verbose, struct dl4j_error *err)
{
	struct str text = { 0 };
	char line[256];

	str_addf(&text, "dl4j %s\n", dl4j_version());
	if (verbose) {
		dl4j_backend(line, sizeof line);
		str_addf(&text, "%s\n", line);
		image_backend(line, sizeof line);
		str_addf(&text, "%s\nthreads %d\n", line, threads_available());
	}
	return out_text(&text, err);
}

static int run_verb(const struct verb *verb, int argc, char **argv, struct dl4j_error *err)
{
	void *options = calloc(1, verb->size + 1);
	struct str text = { 0 };
	int code;

	if (!options)
		return fail_memory(err);
	if (verb->size)
		memcpy(options, verb->defaults, verb->size);
	code = opt_parse(verb, options, &argc, argv, err);
	if (code == 0) {
		code = verb->run(options, argc - 1, argv + 1, err);
	} else if (code == 1) {
		opt_help(&text, verb);
		code = out_text(&text, err);
	}
	free(options);
	return code;
}

static int run(int argc, char **argv, struct dl4j_error *err)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct verb *verb;
	struct str text = { 0 };

	if (strcmp(word, "--version") == 0)
		return show_version(argc > 2 && strcmp(argv[2], "-v") == 0, err);
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		verbs_help(&text);
		return out_text(&text, err);
	}
	if (argc < 2)
		return fail(err, DL4J_EUSAGE, "expected a verb" HINT "dl4j --help lists them");
	verb = verb_find(word, err);
	return verb ? run_verb(verb, argc - 1, argv + 1, err) : err->code;
}

int main(int argc, char **argv)
{
	struct dl4j_error err = { 0 };
	int status;

	/* else oneDNN looks for a profiler's library, to load it into this process */
	setenv("DNNL_JIT_PROFILE", "0", 0);
	status = run(argc, argv, &err);
	return status < 0 ? say_error(&err) : status;
}
