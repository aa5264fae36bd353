/* SPDX-License-Identifier: Apache-2.0 */
/* arrays: the inputs and outputs of one run, in the order of the network's.
 * What a runner takes and gives, with its memory. */
#ifndef CLI_ARRAYS_H
#define CLI_ARRAYS_H

#include "base/str.h"

struct arrays {
	int n_in, n_out;
	dl4j_array *in_shape, *out_shape; /* names are the model's and the runner's */
	float **in, **out;                /* after the inputs come the masks */
	int *masked;                      /* by input: whether it has a mask */
};

/* One place for each network input, without data. */
int arrays_new(struct arrays *a, const dl4j_model *model, dl4j_error *err);
/* Room for what the runner puts out. */
int arrays_outputs(struct arrays *a, const dl4j_runner *runner, dl4j_error *err);
void arrays_free(struct arrays *a);

/* The inputs through the zip's normalizer, in place, while each mask still stands in the place of
 * its input's index; and the network's outputs among what was computed back through it. */
int arrays_normalize(struct arrays *a, const dl4j_model *model, dl4j_error *err);
int arrays_revert(struct arrays *a, const dl4j_model *model, dl4j_error *err);

size_t arrays_elements(const dl4j_array *shape);

/* DIR/VERTEX.npy, with '_' for what file names had better not have. */
void arrays_path(struct str *out, const char *dir, const char *vertex);
/* Fails where two outputs would go to one file. */
int arrays_check_names(const struct arrays *a, dl4j_error *err);

#endif
