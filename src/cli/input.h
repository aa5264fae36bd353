/* SPDX-License-Identifier: Apache-2.0 */
/* input: what a network gets for a picture, settled setting by setting.
 * Each comes from the first that tells it: options, --profile, MODEL.profile.json, the zip itself,
 * the known zoo network; --explain-input shows which. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "cli/profile.h"

struct input {
	int channels, h, w;
	enum color color;
	enum image_crop crop;
	struct arithmetic arithmetic;
	const dl4j_model *normalizer; /* apply this model's own instead, or NULL */
	bool channels_last, flat;     /* [n,h,w,c]; [n,c*h*w] */
	char labels[512], labels_source[64]; /* what a profile tells of the labels, or "" */
	char zoo_labels[256];                /* what goes with the known zoo network, or "" */
};

struct input_options {
	struct profile_options direct;
	const char *profile;
	bool explain;
	int channels; /* without a model; 0: 3, or 1 for grey */
};

/* The model may be NULL, and then its path, too. Warns where nothing tells the arithmetic; tells
 * all sources where o->explain. */
int input_settle(struct input *out, const struct input_options *o, const dl4j_model *model,
                 const char *path, struct dl4j_error *err);

size_t input_elements(const struct input *in);
/* The array of n pictures; returns the rank. */
int input_dims(const struct input *in, int64_t n, int64_t *dim);
/* One picture file into `to`, which holds input_elements floats. */
int input_load(const struct input *in, const char *path, float *to, struct dl4j_error *err);

#endif
