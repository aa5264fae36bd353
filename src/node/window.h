/* SPDX-License-Identifier: Apache-2.0 */
/* window: what convolution and pooling layers share: kernel, stride, padding, dilation, and DL4J's
 * ConvolutionMode, which decides how sizes are rounded and where padding goes. */
#ifndef DL4J_NODE_WINDOW_H
#define DL4J_NODE_WINDOW_H

#include "node/format.h"
#include "node/node.h"

enum convolution_mode { MODE_STRICT, MODE_TRUNCATE, MODE_SAME, MODE_CAUSAL };
extern const char *const convolution_modes[];

struct window {
	struct dims kernel, stride, padding, dilation;
	int mode;
	bool overhangs; /* of pooling in M2.1: where Truncate divides what is less than nothing, Java
	                 * rounds to 0, and one window that reaches past the end remains */
	bool undilated; /* of some layers of beta4 to beta6: padding and sizes are those of a dilated
	                 * window, its cells lie side by side all the same */
};

#define WINDOW_FIELDS(type, member, n) \
	FIELD_DIMS(type, member.kernel, "kernelSize", n, 1, 1), \
	FIELD_DIMS(type, member.stride, "stride", n, 1, 1), \
	FIELD_DIMS(type, member.padding, "padding", n, 0, 0), \
	FIELD_DIMS(type, member.dilation, "dilation", n, 1, 1), \
	FIELD_ENUM(type, member.mode, "convolutionMode", convolution_modes, MODE_TRUNCATE)

/* The shape after the window, with `channels` channels. */
int window_infer(const struct window *, const struct dl4j_shape *in, int64_t channels,
                 struct dl4j_shape *out, struct dl4j_error *);
/* For the spatial sizes of `x`: padding before and after made explicit. */
struct ir_window window_resolve(const struct window *, const struct ir_val *x);

/* The same for a deconvolution, whose padding is what is cut off. */
int window_spread_infer(const struct window *, const struct dl4j_shape *in, int64_t channels,
                        struct dl4j_shape *out, struct dl4j_error *);
struct ir_window window_spread(const struct window *);

/* Layers along time, whose lists (read as of any length) may have more numbers than one: keeps the
 * first of each, and the defaults of missing ones. */
int window_first_axis(struct window *, struct dl4j_error *);
/* The mask behind such a window: 1 where any step of the window counts, but the same where all
 * steps remain. NULL stays NULL. Up to beta4 its windows begin at the first step even in Same. */
struct ir_val *window_mask(const struct window *, struct ir *, struct ir_val *mask,
                           enum release);

#endif
