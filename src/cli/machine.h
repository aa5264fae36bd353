/* SPDX-License-Identifier: Apache-2.0 */
/* machine: what the processor can do at most, measured here and now. */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include "dl4j.h"

/* What some threads do in a second: float32 multiplications and additions, in fused pairs where the
 * processor has them; bytes read and written in copies of 32 MiB each. */
struct machine {
	double flops, bytes;
};

int machine_measure(struct machine *out, int threads, dl4j_error *err);

/* How near an operation came to the limit that holds it most, compute or memory: 1 is all. */
double machine_share(const struct machine *, const dl4j_op_stats *, const char **bound);

#endif
