/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j completion: scripts for shells, made from the table of verbs.
 * Options and their choices are completed by name, all else as files. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/out.h"

/* The choices "a b c" of an option, or NULL where its value is free. */
static bool has_choices(const struct opt *o)
{
	return o->kind == OPT_CHOICE;
}

static void add_choices(struct str *out, const struct opt *o, const char *between)
{
	for (int i = 0; o->choices[i]; i++)
		str_addf(out, "%s%s", i ? between : "", o->choices[i]);
}

static void add_verbs(struct str *out)
{
	for (int i = 0; verbs[i]; i++)
		str_addf(out, "%s%s", i ? " " : "", verbs[i]->name);
}

static void add_bash_verb(struct str *out, const struct verb *verb)
{
	struct opt options[OPT_MAX];
	int n = opt_flatten(verb->options, options);

	str_addf(out, "\t%s)\n\t\twords=\"", verb->name);
	for (int i = 0; i < n; i++)
		str_addf(out, "%s--%s", i ? " " : "", options[i].name);
	str_add(out, "\"\n\t\tcase $before in\n");
	for (int i = 0; i < n; i++) {
		if (!has_choices(&options[i]))
			continue;
		str_add(out, "\t\t");
		if (options[i].letter)
			str_addf(out, "-%c|", options[i].letter);
		str_addf(out, "--%s) choices=\"", options[i].name);
		add_choices(out, &options[i], " ");
		str_add(out, "\" ;;\n");
	}
	str_add(out, "\t\tesac ;;\n");
}

static void bash(struct str *out)
{
	str_add(out, "# bash completion for dl4j, made by: dl4j completion bash\n"
	             "_dl4j() {\n"
	             "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	             "\tlocal words= choices=\n"
	             "\tCOMPREPLY=()\n"
	             "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	             "\t\tCOMPREPLY=($(compgen -W \"");
	add_verbs(out);
	str_add(out, " --help --version\" -- \"$word\"))\n\t\treturn\n\tfi\n"
	             "\tcase ${COMP_WORDS[1]} in\n");
	for (int i = 0; verbs[i]; i++)
		add_bash_verb(out, verbs[i]);
	str_add(out, "\tesac\n"
	             "\tif [ -n \"$choices\" ]; then\n"
	             "\t\tCOMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n"
	             "\telif [ \"${word#-}\" != \"$word\" ]; then\n"
	             "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	             "\tfi\n"
	             "}\n"
	             "complete -o default -F _dl4j dl4j\n");
}

/* Text inside single quotes and brackets of zsh's _arguments. */
static void add_zsh_text(struct str *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			str_add(out, "'\\'");
		else if (strchr("[]:\\", *s))
			str_add(out, "\\");
		str_addn(out, s, 1);
	}
}

static void add_zsh_option(struct str *out, const struct opt *o, bool letter)
{
	str_add(out, " \\\n\t\t\t'");
	if (o->kind == OPT_LIST)
		str_add(out, "*");
	if (letter)
		str_addf(out, "-%c", o->letter);
	else
		str_addf(out, "--%s%s", o->name, o->kind == OPT_FLAG ? "" : "=");
	str_add(out, "[");
	add_zsh_text(out, o->help);
	str_add(out, "]");
	if (o->kind != OPT_FLAG) {
		str_add(out, ":");
		add_zsh_text(out, o->arg);
		str_add(out, has_choices(o) ? ":(" : ":_files");
		if (has_choices(o)) {
			add_choices(out, o, " ");
			str_add(out, ")");
		}
	}
	str_add(out, "'");
}

static void zsh(struct str *out)
{
	str_add(out, "#compdef dl4j\n# zsh completion for dl4j, made by: dl4j completion zsh\n"
	             "_dl4j() {\n\tlocal verbs\n\tverbs=(\n");
	for (int i = 0; verbs[i]; i++) {
		str_addf(out, "\t\t'%s:", verbs[i]->name);
		add_zsh_text(out, verbs[i]->what);
		str_add(out, "'\n");
	}
	str_add(out, "\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n"
	             "\tlocal verb=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $verb in\n");
	for (int i = 0; verbs[i]; i++) {
		struct opt options[OPT_MAX];
		int n = opt_flatten(verbs[i]->options, options);

		str_addf(out, "\t%s)\n\t\t_arguments -s", verbs[i]->name);
		for (int k = 0; k < n; k++) {
			if (options[k].letter)
				add_zsh_option(out, &options[k], true);
			add_zsh_option(out, &options[k], false);
		}
		str_add(out, " \\\n\t\t\t'*:file:_files' ;;\n");
	}
	str_add(out, "\tesac\n}\n_dl4j \"$@\"\n");
}

static void add_fish_text(struct str *out, const char *s)
{
	str_add(out, "'");
	for (; *s; s++) {
		if (strchr("'\\", *s))
			str_add(out, "\\");
		str_addn(out, s, 1);
	}
	str_add(out, "'");
}

static void fish(struct str *out)
{
	str_add(out, "# fish completion for dl4j, made by: dl4j completion fish\n");
	for (int i = 0; verbs[i]; i++) {
		struct opt options[OPT_MAX];
		int n = opt_flatten(verbs[i]->options, options);

		str_addf(out, "complete -c dl4j -n __fish_use_subcommand -f -a %s -d ", verbs[i]->name);
		add_fish_text(out, verbs[i]->what);
		str_add(out, "\n");
		for (int k = 0; k < n; k++) {
			str_addf(out, "complete -c dl4j -n '__fish_seen_subcommand_from %s' -l %s",
			         verbs[i]->name, options[k].name);
			if (options[k].letter)
				str_addf(out, " -s %c", options[k].letter);
			if (has_choices(&options[k])) {
				str_add(out, " -x -a '");
				add_choices(out, &options[k], " ");
				str_add(out, "'");
			} else if (options[k].kind != OPT_FLAG) {
				str_add(out, " -r");
			}
			str_add(out, " -d ");
			add_fish_text(out, options[k].help);
			str_add(out, "\n");
		}
	}
}

static const struct shell {
	const char *name;
	void (*write)(struct str *out);
} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

static int run(const void *options, int argc, char **argv, struct dl4j_error *err)
{
	struct str out = { 0 };

	(void)options;
	(void)argc;
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(shells[i].name, argv[0]) == 0) {
			shells[i].write(&out);
			return out_text(&out, err);
		}
	return fail(err, DL4J_EUSAGE, "completion: expected bash, zsh or fish, found '%s'", argv[0]);
}

const struct verb verb_completion = {
	.name = "completion",
	.args = "bash|zsh|fish",
	.what = "Print a completion script for a shell.",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
