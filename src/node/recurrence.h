/* SPDX-License-Identifier: Apache-2.0 */
/* recurrence: the kernels of layers over time: what each step adds to one product over all steps.
 * Units come in blocks of `width`, whose weights lie together: RW is [blocks,size,gates,width]. */
#ifndef DL4J_NODE_RECURRENCE_H
#define DL4J_NODE_RECURRENCE_H

#include "node/activation.h"

struct steps {
	int64_t batch, t, size, width;
	bool peepholes, backward, masked, layer_norm;
	struct row_function activation, gate;
};

/* at: z [t*n,4 size], RW, h and c before [n,size], [peepholes [3,size]], [mask [n,t]]; then h of
 * all steps, c at the end and room for z of one step, below one another in rows of `size`. In
 * DL4J's LSTM block i is the candidate, and g the input gate; peepholes are of f, o, g. */
ir_function recurrence_lstm;

/* at: z [t*n,size], RW, h before, [gain [2 size]], [mask]; then h of all steps, room for one. */
ir_function recurrence_simple;

#endif
