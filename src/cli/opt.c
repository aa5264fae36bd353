/* SPDX-License-Identifier: Apache-2.0 */
/* opt: the options of a verb, declared once as a table.
 * getopt_long does the walking; the table says what each option is and where it goes. */
#include "cli/opt.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/limits.h"
#include "cli/say.h"

enum { LONG_ONLY = 256 }; /* getopt_long's values: LONG_ONLY + index, above every letter */

static int flatten(const struct opt *table, size_t at, struct opt *out, int n)
{
	for (; table->kind != OPT_END; table++) {
		if (table->kind == OPT_GROUP) {
			n = flatten(table->group, at + table->at, out, n);
			continue;
		}
		out[n] = *table;
		out[n++].at += at;
	}
	return n;
}

int opt_flatten(const struct opt *table, struct opt out[OPT_MAX])
{
	static const struct opt help = OPT(FLAG, 'h', "help", NULL, 0, "show this help");
	int n = table ? flatten(table, 0, out, 0) : 0;

	out[n++] = help;
	return n;
}

static int read_int(const struct opt *o, const char *text, int *out, struct dl4j_error *err)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 10);
	if (end == text || *end || errno || v < o->min || v > INT_MAX)
		return fail(err, DL4J_EUSAGE, "--%s: expected a number of at least %d, found '%s'",
		            o->name, o->min, text);
	*out = (int)v;
	return 0;
}

static int read_ints(const struct opt *o, const char *text, struct opt_ints *out,
                     struct dl4j_error *err)
{
	char item[16];

	for (out->n = 0;; text++) {
		size_t len = strcspn(text, ",");

		if (out->n == OPT_REPEATS || len >= sizeof item)
			return fail(err, DL4J_EUSAGE, "--%s: expected a few numbers as in 1,8", o->name);
		memcpy(item, text, len);
		item[len] = '\0';
		TRY(read_int(o, item, &out->v[out->n++], err));
		text += len;
		if (!*text)
			return 0;
	}
}

static int read_real(const struct opt *o, const char *text, double *out, struct dl4j_error *err)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= o->min))
		return fail(err, DL4J_EUSAGE, "--%s: expected a number of at least %d, found '%s'",
		            o->name, o->min, text);
	*out = v;
	return 0;
}

static int read_choice(const struct opt *o, const char *text, int *out, struct dl4j_error *err)
{
	int n = 0;

	for (; o->choices[n]; n++)
		if (strcmp(o->choices[n], text) == 0) {
			*out = n;
			return 0;
		}
	return fail(err, DL4J_EUSAGE, "--%s: expected %s, found '%s'", o->name, o->arg, text);
}

static int read_value(const struct opt *o, const char *text, void *to, struct dl4j_error *err)
{
	struct opt_list *list = to;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)to = true;
		return 0;
	case OPT_INT:
		return read_int(o, text, to, err);
	case OPT_REAL:
		return read_real(o, text, to, err);
	case OPT_TEXT:
		*(const char **)to = text;
		return 0;
	case OPT_CHOICE:
		return read_choice(o, text, to, err);
	case OPT_INTS:
		return read_ints(o, text, to, err);
	case OPT_LIST:
		if (list->n == OPT_REPEATS)
			return fail(err, DL4J_EUSAGE, "--%s: expected at most %d of them", o->name,
			            OPT_REPEATS);
		list->item[list->n++] = text;
		return 0;
	case OPT_LIMIT:
		return limits_set(text, err);
	case OPT_END:
	case OPT_GROUP:
		break;
	}
	return 0;
}

static int fail_unknown(const struct verb *verb, const struct opt *options, int n,
                        const char *word, struct dl4j_error *err)
{
	char name[64];
	const char *near;
	size_t len;

	if (optopt >= LONG_ONLY)
		return fail(err, DL4J_EUSAGE, "%s: --%s takes no value", verb->name,
		            options[optopt - LONG_ONLY].name);
	if (strncmp(word, "--", 2) != 0)
		return fail(err, DL4J_EUSAGE, "%s: unknown option -%c" HINT "dl4j %s --help lists them",
		            verb->name, optopt, verb->name);
	len = strcspn(word + 2, "=");
	if (len >= sizeof name)
		len = sizeof name - 1;
	memcpy(name, word + 2, len);
	name[len] = '\0';
	near = say_nearest(name, &options->name, sizeof *options, n);
	if (near)
		return fail(err, DL4J_EUSAGE, "%s: unknown option --%s" HINT "did you mean --%s?",
		            verb->name, name, near);
	return fail(err, DL4J_EUSAGE, "%s: unknown option --%s" HINT "dl4j %s --help lists them",
	            verb->name, name, verb->name);
}

static int check_count(const struct verb *verb, int n, struct dl4j_error *err)
{
	if (n < verb->min_args)
		return fail(err, DL4J_EUSAGE, "%s: expected %s" HINT "dl4j %s --help", verb->name,
		            verb->args, verb->name);
	if (n > verb->max_args)
		return fail(err, DL4J_EUSAGE, "%s: too many arguments: expected %s" HINT "dl4j %s --help",
		            verb->name, *verb->args ? verb->args : "none", verb->name);
	return 0;
}

int opt_parse(const struct verb *verb, void *to, int *argc, char **argv, struct dl4j_error *err)
{
	struct opt options[OPT_MAX];
	struct option longs[OPT_MAX + 1] = { { 0 } };
	char letters[2 * OPT_MAX + 2] = ":"; /* a missing value is ':', an unknown option '?' */
	int n = opt_flatten(verb->options, options);
	int letter = 1, c;

	for (int i = 0; i < n; i++) {
		int has_arg = options[i].kind == OPT_FLAG ? no_argument : required_argument;

		longs[i] = (struct option){ options[i].name, has_arg, NULL, LONG_ONLY + i };
		if (options[i].letter)
			letters[letter++] = options[i].letter;
		if (options[i].letter && has_arg)
			letters[letter++] = ':';
	}
	opterr = 0;
	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(*argc, argv, letters, longs, NULL)) != -1) {
		int i = c >= LONG_ONLY ? c - LONG_ONLY : 0;

		if (c == '?')
			return fail_unknown(verb, options, n, argv[optind - 1], err);
		if (c == ':')
			return fail(err, DL4J_EUSAGE, "%s: %s needs a value" HINT "dl4j %s --help",
			            verb->name, argv[optind - 1], verb->name);
		while (c < LONG_ONLY && options[i].letter != c)
			i++;
		if (i == n - 1)
			return 1;
		if (read_value(&options[i], optarg, (char *)to + options[i].at, err) < 0)
			return within(err, "%s", verb->name);
	}
	memmove(argv + 1, argv + optind, (size_t)(*argc - optind) * sizeof *argv);
	*argc -= optind - 1;
	return check_count(verb, *argc - 1, err);
}
