/* SPDX-License-Identifier: Apache-2.0 */
/* capsule: what the capsule layers share. */
#ifndef DL4J_NODE_LAYERS_CAPSULE_H
#define DL4J_NODE_LAYERS_CAPSULE_H

#include "node/node.h"
#include "onnx/onnx.h"

/* A vector of n, in place: its direction, and a length below 1. */
void capsule_squash(float *x, int64_t n);
/* The same along the last axis. */
const char *capsule_squash_onnx(struct onnx *, const char *x);

#endif
