/* SPDX-License-Identifier: Apache-2.0 */
/* profile: how pictures are made ready for a network: size, colour, crop, arithmetic, labels.
 * Options, MODEL.profile.json and the built-in table all speak the same words: the option names. */
#ifndef CLI_PROFILE_H
#define CLI_PROFILE_H

#include <stdbool.h>

#include "cli/opt.h"
#include "image/image.h"

enum color { COLOR_UNTOLD, COLOR_BGR, COLOR_RGB, COLOR_GREY };
extern const char *const color_names[]; /* NULL-terminated, "" for COLOR_UNTOLD */
extern const char *const crop_names[];  /* of enum image_crop */

enum { PROFILE_PLANES = 4 };

/* x /= 255, x *= high - low, x += low (where `scaled`), then (x - mean) / std by plane: the order
 * and the float32 arithmetic of DL4J's ImagePreProcessingScaler. */
struct arithmetic {
	bool told, scaled;
	float low, high;
	int n_mean, n_std; /* 0, 1 or one a plane */
	float mean[PROFILE_PLANES], std[PROFILE_PLANES];
};

struct profile {
	int h, w; /* 0: untold */
	enum color color;
	bool crop_told;
	enum image_crop crop;
	struct arithmetic arithmetic;
	char labels[256]; /* "": untold */
};

/* The options of the same names, as texts; NULL where not given. */
struct profile_options {
	const char *size, *color, *crop, *scale, *mean, *std;
};
extern const struct opt profile_opts[];

int profile_from_options(struct profile *out, const struct profile_options *o,
                         struct dl4j_error *err);
/* A built-in name, or a file. */
int profile_load(struct profile *out, const char *name, struct dl4j_error *err);
/* MODEL.profile.json, with or without the model's own suffix; 1 where there is one. */
int profile_beside(struct profile *out, const char *model, struct dl4j_error *err);

struct profile_row {
	const char *name, *size, *color, *scale, *mean, *std, *labels;
};
extern const struct profile_row profile_rows[]; /* the built-in ones; ends in a NULL name */

/* The one that is right for the weights of the zoo network of this name, or NULL. */
const struct profile_row *profile_of_zoo(const char *zoo);
int profile_from_row(struct profile *out, const struct profile_row *row, struct dl4j_error *err);

#endif
