/* SPDX-License-Identifier: Apache-2.0 */
/* drop_dead: operations whose result nobody reads, last first, so that chains fall at once.
 * Views that change nothing are left: they cost nothing. */
#include "passes/passes.h"

void pass_drop_dead(struct ir *ir)
{
	for (int i = ir->n_ops - 1; i >= 0; i--)
		if (ir->ops[i]->out->uses == 0)
			ir_drop(ir, i);
}
