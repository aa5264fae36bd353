/* SPDX-License-Identifier: Apache-2.0 */
/* passes: rewrite an ir so that it runs faster and computes the same. One ordered list; each pass
 * is a file, idempotent, and leaves an ir that ir_verify accepts. */
#ifndef DL4J_PASSES_PASSES_H
#define DL4J_PASSES_PASSES_H

#include "ir/ir.h"

/* `fuse` false: only those whose result has no post-ops. */
int passes_run(struct ir *ir, bool fuse, struct dl4j_error *err);

/* Each returns 0 or a negative code in ir->err. Before them ir->ops has no gaps, and only
 * convolutions and products have post-ops; passes_run sweeps after each. */
void pass_drop_dead(struct ir *ir);
void pass_fold_pad(struct ir *ir);
void pass_fold_affine(struct ir *ir);
void pass_fold_linear(struct ir *ir);
void pass_fuse(struct ir *ir);
void pass_winograd(struct ir *ir);

/* Parts of it: the operation at that index becomes the end of the one before it, where it can. */
void fuse_activation(struct ir *ir, int at);
void fuse_affine(struct ir *ir, int at);
void fuse_sum(struct ir *ir, int at);

/* Make these the second and third input of `op`, all others but the first gone, and it produce the
 * result of the operation at that index. */
void pass_set_constants(struct ir *ir, int at, struct ir_op *op, struct ir_val *second,
                        struct ir_val *third);
/* An operation that can end in so many more. */
bool pass_takes_posts(const struct ir_op *op, int more);
/* Make `op` produce the result of the operation at index `at`, which is removed. */
void pass_replace(struct ir *ir, int at, struct ir_op *op);

#endif
