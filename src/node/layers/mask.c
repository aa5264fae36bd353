/* SPDX-License-Identifier: Apache-2.0 */
/* MaskLayer: 0 where the mask is; without one, its input.      in, out: any shape */
#include "node/recurrent.h"

static void lower(const struct node *n, struct lowering *lo)
{
	(void)n;
	lo->out = recurrent_masked(lo->ir, lo->in[0], lo->out_mask);
}

const struct node_type node_mask = {
	.kind = NODE_LAYER, .name = "MaskLayer", .n_in = 1, .lower = lower,
};
