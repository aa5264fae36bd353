/* SPDX-License-Identifier: Apache-2.0 */
/* exec: runs an ir on oneDNN. The only folder that knows oneDNN, and in it only shim*.c knows which
 * version. A plan (primitives, packed constants, memory plan) is immutable and shared; a state
 * (activations, arguments) belongs to one thread. */
#ifndef DL4J_EXEC_EXEC_H
#define DL4J_EXEC_EXEC_H

#include "base/sha256.h"
#include "ir/ir.h"

struct exec_plan;
struct exec_state;

struct exec_options {
	enum dl4j_precision precision;
	int threads;         /* as many OpenMP threads run each primitive */
	int64_t max_bytes;   /* ceiling on the activations; 0: none */
	bool late;           /* the constants come later, by exec_plan_pack */
};

/* Strides of the caller's array for network input or output i, in elements and logical (channels
 * first) order, so that DL4J's NHWC arrays are read and written where they lie. */
struct exec_layout {
	int64_t stride[IR_RANK];
};

/* Compile. The ir's constants are packed (copied); its op origins must outlive the plan. */
int exec_plan_new(struct exec_plan **out, const struct ir *ir, const struct exec_layout *inputs,
                  const struct exec_layout *outputs, const struct exec_options *options,
                  struct dl4j_error *err);
/* Waits until the network's parameters before `until` are there, and those before `from` are not
 * read any more. */
typedef int exec_ready(void *self, int64_t from, int64_t until, struct dl4j_error *err);
/* Pack the constants, in the order of parameters; the ir must still be there. */
int exec_plan_pack(struct exec_plan *plan, exec_ready *ready, void *self, struct dl4j_error *err);
/* Or fill them in otherwise, with what another plan packed that is described in the same way. */
void *exec_plan_constants(const struct exec_plan *plan, int64_t *size);
void exec_plan_describe(const struct exec_plan *plan, struct sha256 *s);
void exec_plan_free(struct exec_plan *plan);
void exec_plan_memory(const struct exec_plan *plan, int64_t *activations, int64_t *constants);

int exec_state_new(struct exec_state **out, const struct exec_plan *plan, struct dl4j_error *err);
void exec_state_free(struct exec_state *state);

/* in[i], out[i]: the caller's arrays in the layouts given at compile time. Allocates nothing. */
int exec_run(struct exec_state *state, const float *const *in, float *const *out,
             struct dl4j_error *err);
/* One entry a call of the plan; see dl4j_runner_profile. */
int exec_profile(struct exec_state *state, const float *const *in, float *const *out, int times,
                 struct dl4j_op_stats *stats, int *n, struct dl4j_error *err);

/* "oneDNN 2.6.3, avx512_core_bf16". */
void exec_backend(char *text, size_t size);
/* The processor has instructions for it; emulated it would be slower than float. */
bool exec_has_bf16(void);
bool exec_has_int8(void);

#endif
