/* SPDX-License-Identifier: Apache-2.0 */
/* format: NCHW and NHWC, NCW and NWC. A layer names the format in which it reads its input; where
 * that is not the format the input has, DL4J reads the same array under the other name, and so do
 * we. */
#ifndef DL4J_NODE_FORMAT_H
#define DL4J_NODE_FORMAT_H

#include "node/node.h"

enum format { FORMAT_NCHW, FORMAT_NHWC };
extern const char *const cnn_formats[];

enum rnn_format { FORMAT_NCW, FORMAT_NWC };
extern const char *const rnn_formats[];

#define FIELD_FORMAT(type, member, key) FIELD_ENUM(type, member, key, cnn_formats, FORMAT_NCHW)
#define FIELD_RNN_FORMAT(type, member, key) \
	FIELD_ENUM(type, member, key, rnn_formats, FORMAT_NCW)

/* `in` as a layer of format `format` sees it. Refuses what is not convolutional data. */
int format_infer(int format, const struct dl4j_shape *in, struct dl4j_shape *out,
                 struct dl4j_error *);
/* Input `i`, with channels where that format says they are. */
struct ir_val *format_lower(int format, struct lowering *, int i);
/* The same for recurrent data. */
int format_rnn_infer(int format, const struct dl4j_shape *in, struct dl4j_shape *out,
                     struct dl4j_error *);
struct ir_val *format_rnn_lower(int format, struct lowering *, int i);
/* The value in DL4J's order of axes, for what is defined on DL4J's arrays. */
struct ir_val *format_dl4j(struct ir *, struct ir_val *x, const struct dl4j_shape *shape);

#endif
