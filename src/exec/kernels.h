/* SPDX-License-Identifier: Apache-2.0 */
/* kernels: what oneDNN lacks, or computes too inexactly, as plain loops over row-major arrays
 * unless they say otherwise. Each gets its parameters and its arrays, the result last. */
#ifndef DL4J_EXEC_KERNELS_H
#define DL4J_EXEC_KERNELS_H

#include "ir/ir.h"

#define KERNEL_ENOUGH 16384 /* elements; fewer are done before another thread has woken up */

/* n elements wherever they lie: x, result (which may be x). */
struct kernel_eltwise {
	enum ir_eltwise f;
	float a, b;
	int64_t n;
};
ir_function kernel_eltwise;

/* x, y, result: dim are the result's; a stride of 0 broadcasts. */
struct kernel_binary {
	enum ir_binary f;
	int rank;
	int64_t dim[IR_RANK], x[IR_RANK], y[IR_RANK];
};
ir_function kernel_binary;

/* x, scale, shift, result. */
struct kernel_affine {
	int64_t n, channels, inner;
};
ir_function kernel_affine;

/* x, result. */
struct kernel_layernorm {
	int64_t rows, n;
};
ir_function kernel_layernorm;

/* The result, which is changed in place, and the operand of each post-op that has one: a number a
 * channel or, of a sum, an array that lies as the result does: [n, channels / block, inner, block].
 * Of functions it knows IR_RELU. */
struct kernel_posts {
	int64_t n, channels, block, inner;
	int n_post;
	struct ir_post post[IR_POSTS];
};
ir_function kernel_posts;

/* x, result: bfloat16, [n, in, channels] and [n, out, channels]. No window is all padding. */
struct kernel_max_pool {
	int64_t n, channels, in[2], out[2];
	struct ir_window window;
};
ir_function kernel_max_pool;

/* Only a result. */
struct kernel_zero {
	int64_t bytes;
};
ir_function kernel_zero;

#endif
