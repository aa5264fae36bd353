/* SPDX-License-Identifier: Apache-2.0 */
/* pool: what the pooling layers share.
 * A sum is an average that counts every cell of the window, times their number. */
#include "node/layers/pool.h"

#include <string.h>

const char *const pool_kinds[] = { "MAX", "AVG", "SUM", "PNORM", NULL };

struct ir_val *pool_zeros(struct ir *ir, struct ir_val *x, struct ir_window *win)
{
	int64_t before[IR_RANK] = { 0 }, after[IR_RANK] = { 0 };

	for (int i = 0; i < win->n; i++) {
		before[2 + i] = win->pad_lo[i];
		after[2 + i] = win->pad_hi[i] > 0 ? win->pad_hi[i] : 0;
		win->pad_lo[i] = 0;
		win->pad_hi[i] -= after[2 + i];
	}
	return ir_pad(ir, x, before, after);
}

/* Windows that end before the input does: oneDNN wants them to reach the end. */
static struct ir_val *cut(struct ir *ir, struct ir_val *x, struct ir_window *win)
{
	int64_t dim[IR_RANK], from[IR_RANK] = { 0 };
	bool any = false;

	memcpy(dim, x->dim, sizeof dim);
	for (int i = 0; i < win->n; i++)
		if (win->pad_hi[i] < 0) {
			dim[2 + i] += win->pad_hi[i];
			win->pad_hi[i] = 0;
			any = true;
		}
	return any ? ir_slice(ir, x, from, dim) : x;
}

struct ir_val *pool_lower(struct ir *ir, struct ir_val *x, enum pool_kind kind, int64_t p,
                          bool count_padding, const struct ir_window *window)
{
	struct ir_window fitting = *window, *win = &fitting;
	double cells = 1;

	x = cut(ir, x, win);
	for (int i = 0; i < win->n; i++)
		cells *= (double)win->kernel[i];
	if (kind == POOL_PNORM) {
		x = ir_eltwise(ir, x, IR_ABS, 0, 0);
		x = ir_eltwise(ir, x, IR_POW, 1, (double)p);
	}
	x = ir_pool(ir, x, kind == POOL_MAX ? IR_POOL_MAX :
	            kind == POOL_AVG && !count_padding ? IR_POOL_AVG : IR_POOL_AVG_PADDED, win);
	if (kind >= POOL_SUM)
		x = ir_eltwise(ir, x, IR_LINEAR, cells, 0);
	if (kind == POOL_PNORM)
		x = ir_eltwise(ir, x, IR_POW, 1, 1.0 / (double)p);
	return x;
}
