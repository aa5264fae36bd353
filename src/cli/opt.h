/* SPDX-License-Identifier: Apache-2.0 */
/* opt: the options of a verb, declared once as a table.
 * Parsing, usage line, --help, completions and the check of the manual derive from it. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum opt_kind {
	OPT_END,
	OPT_FLAG,   /* bool */
	OPT_INT,    /* int, >= min */
	OPT_REAL,   /* double, >= min */
	OPT_TEXT,   /* const char * */
	OPT_CHOICE, /* int, an index into choices */
	OPT_INTS,   /* struct opt_ints: "1,8", each >= min */
	OPT_LIST,   /* struct opt_list: the option may be repeated */
	OPT_LIMIT,  /* one of cli/limits.h, which keeps it */
	OPT_GROUP   /* another table, for a struct at this place */
};

struct opt {
	enum opt_kind kind;
	char letter; /* or 0 */
	const char *name;
	const char *arg; /* what the value is called */
	size_t at;       /* offset in the struct of the verb's options */
	const char *help;
	const char *const *choices; /* NULL-terminated */
	int min;
	const struct opt *group;
};

/* A row of a table; the help may be followed by .choices = or .min =. */
#define OPT(kind_, letter_, name_, arg_, at_, ...)                                          \
	{                                                                                   \
		.kind = OPT_##kind_, .letter = letter_, .name = name_, .arg = arg_,         \
		.at = at_, .help = __VA_ARGS__                                              \
	}
#define OPT_TABLE(at_, table_) { .kind = OPT_GROUP, .at = at_, .group = table_ }
#define OPT_DONE { .kind = OPT_END }

enum { OPT_MAX = 48, OPT_REPEATS = 64 };

struct opt_ints {
	int v[OPT_REPEATS];
	int n;
};

struct opt_list {
	const char *item[OPT_REPEATS];
	int n;
};

struct verb {
	const char *name;
	const char *args; /* what follows the options, as in the usage line */
	const char *what; /* one line */
	const char *more; /* paragraphs below the options in --help, or NULL */
	const struct opt *options;
	const void *defaults; /* a struct of `size` bytes that the options go into */
	size_t size;
	int min_args, max_args;
	/* Returns the exit status, or a negative code with err filled. */
	int (*run)(const void *options, int argc, char **argv, struct dl4j_error *err);
};

/* Copies the table to `out`, groups resolved and --help added; returns the number of options. */
int opt_flatten(const struct opt *table, struct opt out[OPT_MAX]);

/* Reads argv (argv[0] is the verb) into `to`. On return the arguments that are no options stand in
 * argv[1..*argc). Returns 1 where --help was asked for. */
int opt_parse(const struct verb *verb, void *to, int *argc, char **argv, struct dl4j_error *err);

void opt_help(struct str *out, const struct verb *verb);

#endif
