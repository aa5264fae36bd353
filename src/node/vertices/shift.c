/* SPDX-License-Identifier: Apache-2.0 */
/* ShiftVertex: x + shiftFactor.      in, out: any shape */
#include "node/node.h"

struct shift {
	struct node base;
	double by;
};

static const struct field fields[] = {
	FIELD_DOUBLE(struct shift, by, "shiftFactor", 0), FIELD_END
};

static void lower(const struct node *n, struct lowering *lo)
{
	lo->out = ir_eltwise(lo->ir, lo->in[0], IR_LINEAR, 1, ((const struct shift *)n)->by);
}

const struct node_type node_shift = {
	.kind = NODE_VERTEX, .name = "ShiftVertex", .n_in = 1, .size = sizeof(struct shift),
	.fields = fields, .lower = lower,
};
