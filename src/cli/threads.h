/* SPDX-License-Identifier: Apache-2.0 */
/* threads: what there is to compute with: the cores that this process may use, fewer than the
 * machine has inside a container or under taskset; and the precisions to choose from. */
#ifndef CLI_THREADS_H
#define CLI_THREADS_H

int threads_available(void);

/* --precision; in the order of enum dl4j_precision. */
extern const char *const precision_names[];
#define PRECISIONS_HELP "f32: DL4J's own numbers; bf16: about 3 digits; int8: about 2, of zips " \
	"by dl4j quantize; where the processor has it (f32)"
#define OPT_PRECISION(at) \
	OPT(CHOICE, 0, "precision", "f32|bf16|int8", at, PRECISIONS_HELP, .choices = precision_names)

#endif
