/* SPDX-License-Identifier: Apache-2.0 */
/* PoolHelperVertex: cuts the first row and the first column off, for GoogLeNet's weights. DL4J
 * tells the same shape as before.      in: CNN (c,h,w)  out: CNN (c,h-1,w-1) */
#include "node/format.h"

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	struct dl4j_shape x;

	(void)n, (void)n_in, (void)out;
	return format_infer(FORMAT_NCHW, in, &x, err);
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = lo->in[0];
	int64_t from[] = { 0, 0, 0, 0 }, dim[4];

	(void)n;
	for (int i = 0; i < 4; i++) {
		int axis = shape_axis(lo->shape, 4, i); /* axes 2 and 3 of DL4J's array */
		from[axis] = i > 1;
		dim[axis] = x->dim[axis] - (i > 1);
	}
	lo->out = ir_slice(lo->ir, x, from, dim);
}

const struct node_type node_pool_helper = {
	.kind = NODE_VERTEX, .name = "PoolHelperVertex", .keras = "PoolHelper", .n_in = 1,
	.infer = infer, .lower = lower,
};
