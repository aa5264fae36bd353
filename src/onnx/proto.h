/* SPDX-License-Identifier: Apache-2.0 */
/* proto: the wire format of protocol buffers, as much of it as ONNX needs: appends one field to a
 * message that is being built. */
#ifndef DL4J_ONNX_PROTO_H
#define DL4J_ONNX_PROTO_H

#include "base/str.h"

void proto_int(struct str *out, int field, int64_t v);
void proto_float(struct str *out, int field, float v);
void proto_text(struct str *out, int field, const char *text);
/* The head of a field of n bytes, which the caller appends. */
void proto_head(struct str *out, int field, uint64_t n);
/* A message inside of another; it is emptied, to be filled again. */
void proto_message(struct str *out, int field, struct str *inner);

#endif
