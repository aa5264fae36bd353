/* SPDX-License-Identifier: Apache-2.0 */
/* passes: the list, in order, and what passes share.
 * Weights are scaled before anything is made part of a convolution. */
#include "passes/passes.h"

static const struct {
	const char *name;
	void (*run)(struct ir *);
	bool fuses; /* leaves operations that end in others */
} list[] = {
	{ "drop_dead", pass_drop_dead, false },
	{ "fold_pad", pass_fold_pad, false },
	{ "fold_affine", pass_fold_affine, false },
	{ "fold_linear", pass_fold_linear, false },
	{ "fuse", pass_fuse, true },
	{ "winograd", pass_winograd, false },
};

int passes_run(struct ir *ir, bool fuse, struct dl4j_error *err)
{
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (list[i].fuses && !fuse)
			continue;
		list[i].run(ir);
		ir_sweep(ir);
		if (ir->err.code)
			*err = ir->err;
		if (ir->err.code || ir_verify(ir, err))
			return within(err, "pass %s", list[i].name);
	}
	return 0;
}

void pass_set_constants(struct ir *ir, int at, struct ir_op *op, struct ir_val *second,
                        struct ir_val *third)
{
	struct ir_val **in = ARENA_NEW(ir->arena, struct ir_val *, 3);

	if (!in && !ir->err.code)
		fail_memory(&ir->err);
	if (ir->err.code)
		return;
	for (int k = 1; k < op->n_in; k++)
		op->in[k]->uses--;
	in[0] = op->in[0];
	in[1] = second;
	in[2] = third;
	second->uses = third->uses = 1;
	op->in = in;
	op->n_in = 3;
	pass_replace(ir, at, op);
}

bool pass_takes_posts(const struct ir_op *op, int more)
{
	return op && (op->code == IR_CONV || op->code == IR_MATMUL) &&
	       op->n_post + more <= IR_POSTS;
}

void pass_replace(struct ir *ir, int at, struct ir_op *op)
{
	struct ir_val *out = ir->ops[at]->out;

	ir_drop(ir, at);
	op->out = out;
	out->def = op;
}
