/* SPDX-License-Identifier: Apache-2.0 */
/* shim: the part of oneDNN's C API that versions 2 and 3 do not share, in words of ours.
 * shim2.c or shim3.c is compiled, as configure found; all else in exec/ uses what both have. */
#ifndef DL4J_EXEC_SHIM_H
#define DL4J_EXEC_SHIM_H

#include <dnnl.h>

#include "base/sha256.h"
#include "ir/ir.h"

/* The engine, and owner of every descriptor made. */
struct shim;
/* Where the elements of an array lie: a memory descriptor. Equal to the pointer that oneDNN's
 * functions take, whatever their version calls it. */
struct shim_desc;

dnnl_status_t shim_new(struct shim **out);
void shim_free(struct shim *s);
dnnl_engine_t shim_engine(const struct shim *s);
/* Whether a descriptor below was NULL for lack of memory, and not because oneDNN refused. */
bool shim_no_memory(const struct shim *s);

/* Descriptors, of float arrays unless they say a type; NULL where oneDNN refuses. They live as long
 * as the shim. */
const struct shim_desc *shim_strided(struct shim *s, int rank, const int64_t *dim,
                                     const int64_t *stride);
const struct shim_desc *shim_tagged(struct shim *s, int rank, const int64_t *dim,
                                    dnnl_data_type_t type, dnnl_format_tag_t tag);
const struct shim_desc *shim_permuted(struct shim *s, const struct shim_desc *d, const int *perm);
const struct shim_desc *shim_part(struct shim *s, const struct shim_desc *d, const int64_t *dim,
                                  const int64_t *offset);
/* Floats, row-major. */
const struct shim_desc *shim_plain(struct shim *s, const struct ir_val *v);
bool shim_equal(const struct shim_desc *x, const struct shim_desc *y);
size_t shim_size(const struct shim_desc *d);
dnnl_data_type_t shim_type(const struct shim_desc *d);
/* All that tells it from others. */
void shim_describe(const struct shim_desc *d, struct sha256 *s);

dnnl_status_t shim_memory(dnnl_memory_t *out, const struct shim *s, const struct shim_desc *d,
                          void *at);

/* What a primitive reads, writes or needs (dnnl_query_src_md, ...); owned by the pd. */
const struct shim_desc *shim_asked(const_dnnl_primitive_desc_t pd, dnnl_query_t what, int i);

/* A function of one element in oneDNN's words. */
struct shim_function {
	dnnl_alg_kind_t alg;
	float a, b;
};

/* What one step of 8-bit numbers is worth; 1 for floats. */
struct shim_scales {
	float src, dst;
	const float *weights; /* one an output channel, which is axis 0; or axes 0 and 1 of groups */
	int n_weights;
	bool grouped;
};

/* Attributes for the operations below: user-given scratchpad, n post-ops, and scales, or NULL. With
 * a dst that is not 1 the post-ops must be shim_scalable. */
dnnl_status_t shim_attr(dnnl_primitive_attr_t *out, struct shim *s, const struct ir_post *post,
                        int n, const struct shim_scales *scales);
/* Version 3 takes scales as arguments of a call, whose roles have this bit. 2 takes them in the
 * attributes, here is 0, and a bias is to be in steps of the sum: divided by src's and weights'. */
extern const int shim_scales_role;
/* The function can be told in steps of dst: f(x) / dst = g(x / dst). */
bool shim_scalable(const struct ir_post *post);

/* alg: direct, or by Winograd's transforms F(4x4,3x3), which dnnl_unimplemented may answer. */
dnnl_status_t shim_conv(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                        const struct shim_desc *src, const struct shim_desc *weights,
                        const struct shim_desc *bias, const struct shim_desc *dst,
                        const struct ir_window *w, dnnl_primitive_attr_t attr);
dnnl_status_t shim_deconv(dnnl_primitive_desc_t *out, const struct shim *s,
                          const struct shim_desc *src, const struct shim_desc *weights,
                          const struct shim_desc *bias, const struct shim_desc *dst,
                          const struct ir_window *w, dnnl_primitive_attr_t attr);
dnnl_status_t shim_inner_product(dnnl_primitive_desc_t *out, const struct shim *s,
                                 const struct shim_desc *src, const struct shim_desc *weights,
                                 const struct shim_desc *bias, const struct shim_desc *dst,
                                 dnnl_primitive_attr_t attr);
dnnl_status_t shim_pool(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                        const struct shim_desc *src, const struct shim_desc *dst,
                        const struct ir_window *w, dnnl_primitive_attr_t attr);
/* The nearest cell of src. */
dnnl_status_t shim_resample(dnnl_primitive_desc_t *out, const struct shim *s,
                            const struct shim_desc *src, const struct shim_desc *dst,
                            dnnl_primitive_attr_t attr);
/* Across channels. */
dnnl_status_t shim_lrn(dnnl_primitive_desc_t *out, const struct shim *s,
                       const struct shim_desc *d, const struct ir_op *op,
                       dnnl_primitive_attr_t attr);
dnnl_status_t shim_eltwise(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_function *f, const struct shim_desc *d,
                           dnnl_primitive_attr_t attr);
dnnl_status_t shim_binary(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                          const struct shim_desc *x, const struct shim_desc *y,
                          const struct shim_desc *dst, dnnl_primitive_attr_t attr);
/* x * scale + shift along axis 1, by given mean and variance. */
dnnl_status_t shim_batchnorm(dnnl_primitive_desc_t *out, const struct shim *s,
                             const struct shim_desc *d, dnnl_primitive_attr_t attr);
dnnl_status_t shim_softmax(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_desc *d, int axis, dnnl_primitive_attr_t attr);
dnnl_status_t shim_reorder(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_desc *src, const struct shim_desc *dst,
                           dnnl_primitive_attr_t attr);

/* Whether this version convolves faster in blocks of 16 channels than in what it proposes. */
extern const bool shim_prefers_blocks;

/* shim.c: common to both. False: oneDNN has no such function, or, for IR_ELU, loses what is near 0:
 * it takes e^x - 1 literally. There is a kernel of ours. */
bool shim_knows(enum ir_eltwise f, float a, float b, struct shim_function *out);
const char *shim_status(dnnl_status_t st);

#endif
