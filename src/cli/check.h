/* SPDX-License-Identifier: Apache-2.0 */
/* check: what `dl4j check` finds out about a file, and its two forms.
 * doc/check-json.md is the contract of the one for programs. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/digest.h"
#include "cli/opt.h"

struct tensor_check {
	dl4j_tensor tensor;
	int64_t finite, nan, inf;
	double min, max, mean; /* of the finite ones */
	char sha256[SHA256_TEXT];
};

enum { CHECK_PROBLEMS = 4 };

struct check {
	const char *path;
	struct digest digest;
	const struct known_file *known; /* or NULL */
	dl4j_model *model;              /* NULL: refused */
	struct dl4j_error refused, unfit; /* why it is refused, or cannot run; code 0: it is not */
	struct dl4j_error unplanned;      /* why it could not be tried: a shape that nothing tells */
	struct dl4j_error normalizer;     /* why that cannot be applied */
	struct tensor_check *tensors;
	int n_tensors; /* 0 where there is no telling */
	int64_t nan, inf;
	dl4j_array *inputs; /* the shapes that it was planned for */
	int status;
};

/* Everything; negative only where there is nothing to report, not even a digest. */
int check_file(struct check *out, const char *path, const struct opt_list *input_types,
               const char *size, struct dl4j_error *err);
void check_free(struct check *c);

/* The problems, one a line of its own; returns how many. */
int check_problems(const struct check *c, struct str out[CHECK_PROBLEMS]);

void check_text(struct str *out, const struct check *c);
void check_json(struct str *out, const struct check *c);

#endif
