/* SPDX-License-Identifier: Apache-2.0 */
/* What both shims share: the names of functions and of failures. */
#include "exec/shim.h"

#include <stdio.h>

#include "base/num.h"
#include "exec/exec.h"

bool shim_knows(enum ir_eltwise f, float a, float b, struct shim_function *out)
{
	static const struct {
		bool known;
		dnnl_alg_kind_t alg;
	} table[IR_ELTWISES] = {
		[IR_LINEAR] = { true, dnnl_eltwise_linear },
		[IR_CLIP] = { true, dnnl_eltwise_clip },
		[IR_ABS] = { true, dnnl_eltwise_abs },
		[IR_POW] = { true, dnnl_eltwise_pow },
		[IR_TANH] = { true, dnnl_eltwise_tanh },
		[IR_LOGISTIC] = { true, dnnl_eltwise_logistic },
		[IR_RELU] = { true, dnnl_eltwise_relu },
		[IR_SOFTPLUS] = { true, dnnl_eltwise_soft_relu },
		[IR_SWISH] = { true, dnnl_eltwise_swish },
	};

	out->alg = table[f].alg;
	out->a = f == IR_SOFTPLUS ? 1 : a; /* oneDNN 3: log(1 + e^(a x)) / a */
	out->b = b;
	return table[f].known;
}

const struct shim_desc *shim_plain(struct shim *s, const struct ir_val *v)
{
	int64_t stride[IR_RANK];

	dims_strides(v->dim, v->rank, 'c', stride);
	return shim_strided(s, v->rank, v->dim, stride);
}

bool shim_scalable(const struct ir_post *post)
{
	return post->kind == IR_POST_ELTWISE &&
	       (post->eltwise == IR_RELU || post->eltwise == IR_CLIP || post->eltwise == IR_LINEAR);
}

const char *shim_status(dnnl_status_t st)
{
	switch (st) {
	case dnnl_out_of_memory:
		return "out of memory";
	case dnnl_invalid_arguments:
		return "invalid arguments";
	case dnnl_unimplemented:
		return "not implemented";
	case dnnl_runtime_error:
		return "runtime error";
	default:
		return "failed";
	}
}

static const char *isa_name(dnnl_cpu_isa_t isa)
{
	static const struct {
		dnnl_cpu_isa_t isa;
		const char *name;
	} names[] = {
		{ dnnl_cpu_isa_sse41, "sse41" },
		{ dnnl_cpu_isa_avx, "avx" },
		{ dnnl_cpu_isa_avx2, "avx2" },
		{ dnnl_cpu_isa_avx2_vnni, "avx2_vnni" },
		{ dnnl_cpu_isa_avx512_core, "avx512_core" },
		{ dnnl_cpu_isa_avx512_core_vnni, "avx512_core_vnni" },
		{ dnnl_cpu_isa_avx512_core_bf16, "avx512_core_bf16" },
		{ dnnl_cpu_isa_avx512_core_amx, "avx512_core_amx" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) /* unreached: none of them */
		if (names[i].isa == isa)
			return names[i].name;
	return "another instruction set";
}

bool exec_has_bf16(void)
{
	/* each set of instructions contains the bits of those that it includes */
	return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) ==
	       dnnl_cpu_isa_avx512_core_bf16;
}

bool exec_has_int8(void)
{
	const dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();

	return (isa & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni ||
	       (isa & dnnl_cpu_isa_avx2_vnni) == dnnl_cpu_isa_avx2_vnni;
}

void exec_backend(char *text, size_t size)
{
	const dnnl_version_t *v = dnnl_version();

	snprintf(text, size, "oneDNN %d.%d.%d, %s", v->major, v->minor, v->patch,
	         isa_name(dnnl_get_effective_cpu_isa()));
}
