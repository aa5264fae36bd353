/* SPDX-License-Identifier: Apache-2.0 */
/* volume: NCDHW and NDHWC. As with images, a layer reads its array in the format it names. */
#ifndef DL4J_NODE_VOLUME_H
#define DL4J_NODE_VOLUME_H

#include "node/node.h"

enum volume_format { FORMAT_NCDHW, FORMAT_NDHWC };
extern const char *const volume_formats[];

#define FIELD_VOLUME_FORMAT(type, member) \
	FIELD_ENUM(type, member, "dataFormat", volume_formats, FORMAT_NCDHW)

struct dl4j_shape volume_shape(int64_t channels, int format);
/* `in` as a layer of that format sees it. Refuses what is not a volume. */
int volume_infer(int format, const struct dl4j_shape *in, struct dl4j_shape *out,
                 struct dl4j_error *);
/* The first input, with channels where that format says they are. */
struct ir_val *volume_lower(int format, struct lowering *);

#endif
