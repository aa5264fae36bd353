/* SPDX-License-Identifier: Apache-2.0 */
/* cmd: the verbs, one file each. verb_* are declared there and listed once, in main.c.
 * A new verb: cmd_foo.c, a line here, a line in the table. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/opt.h"

extern const struct verb verb_summary, verb_classify, verb_run, verb_preprocess, verb_bench,
	verb_export, verb_quantize, verb_check, verb_list, verb_completion, verb_help;

/* All of them, in the order of --help; NULL-terminated. */
extern const struct verb *const verbs[];

const struct verb *verb_find(const char *name, struct dl4j_error *err);
/* The program's own --help. */
void verbs_help(struct str *out);

#endif
