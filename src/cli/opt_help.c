/* SPDX-License-Identifier: Apache-2.0 */
/* opt_help: a verb's --help, made from its table of options.
 * No line is longer than 79 columns, for which the tables' authors see to their own texts. */
#include <string.h>

#include "cli/opt.h"

/* Text from column `from` on, broken at blanks before column 80. */
static void add_wrapped(struct str *out, size_t from, const char *text)
{
	size_t column = from;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column > from && column + 1 + len > 79) {
			str_add(out, "\n");
			str_fill(out, ' ', from);
			column = from;
		} else if (column > from) {
			str_add(out, " ");
			column++;
		}
		str_addn(out, text, len);
		column += len;
		text += len + (text[len] == ' ');
	}
	str_add(out, "\n");
}

void opt_help(struct str *out, const struct verb *verb)
{
	enum { HELP_COLUMN = 29 };
	struct opt options[OPT_MAX];
	int n = opt_flatten(verb->options, options);

	str_addf(out, "usage: dl4j %s [options]%s%s\n\n%s\n\n", verb->name, *verb->args ? " " : "",
	         verb->args, verb->what);
	for (int i = 0; i < n; i++) {
		const struct opt *o = &options[i];
		size_t start = out->len;

		if (o->letter)
			str_addf(out, "  -%c, ", o->letter);
		else
			str_fill(out, ' ', 6);
		str_addf(out, "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		if (out->len - start + 1 > HELP_COLUMN) {
			str_add(out, "\n");
			start = out->len;
		}
		str_fill(out, ' ', HELP_COLUMN - (out->len - start));
		add_wrapped(out, HELP_COLUMN, o->help);
	}
	if (verb->more)
		str_addf(out, "\n%s\n", verb->more);
}
