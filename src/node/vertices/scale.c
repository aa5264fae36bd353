/* SPDX-License-Identifier: Apache-2.0 */
/* ScaleVertex: x * scaleFactor.      in, out: any shape */
#include "node/node.h"

struct scale {
	struct node base;
	double factor;
};

static const struct field fields[] = {
	FIELD_DOUBLE(struct scale, factor, "scaleFactor", 1), FIELD_END
};

static void lower(const struct node *n, struct lowering *lo)
{
	lo->out = ir_eltwise(lo->ir, lo->in[0], IR_LINEAR, ((const struct scale *)n)->factor, 0);
}

const struct node_type node_scale = {
	.kind = NODE_VERTEX, .name = "ScaleVertex", .n_in = 1, .size = sizeof(struct scale),
	.fields = fields, .lower = lower,
};
