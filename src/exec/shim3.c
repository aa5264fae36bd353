/* SPDX-License-Identifier: Apache-2.0 */
/* The shim for oneDNN 3: descriptors are opaque, each primitive descriptor is made by one call. */
#include "exec/shim.h"

#include <stdlib.h>
#include <string.h>

/* 3.8.1's proposal, channels last on AVX-512, is as fast as blocks in Xception, and faster in nets
 * of 3x3 kernels. */
const bool shim_prefers_blocks = false;

const int shim_scales_role = DNNL_ARG_ATTR_SCALES;

struct shim {
	dnnl_engine_t engine;
	struct owned {
		dnnl_memory_desc_t md;
		struct owned *next;
	} *owned;
	bool no_memory; /* for a descriptor, once */
};

/* A shim_desc pointer is a const_dnnl_memory_desc_t. */
static const_dnnl_memory_desc_t md_of(const struct shim_desc *d)
{
	return (const_dnnl_memory_desc_t)d;
}

dnnl_status_t shim_new(struct shim **out)
{
	struct shim *s = calloc(1, sizeof *s);
	dnnl_status_t st;

	if (!s)
		return dnnl_out_of_memory;
	st = dnnl_engine_create(&s->engine, dnnl_cpu, 0);
	if (st != dnnl_success) {
		free(s);
		return st;
	}
	*out = s;
	return dnnl_success;
}

void shim_free(struct shim *s)
{
	if (!s)
		return;
	while (s->owned) {
		struct owned *next = s->owned->next;
		dnnl_memory_desc_destroy(s->owned->md);
		free(s->owned);
		s->owned = next;
	}
	dnnl_engine_destroy(s->engine);
	free(s);
}

bool shim_no_memory(const struct shim *s)
{
	return s->no_memory;
}

dnnl_engine_t shim_engine(const struct shim *s)
{
	return s->engine;
}

static const struct shim_desc *own(struct shim *s, dnnl_status_t st, dnnl_memory_desc_t md)
{
	struct owned *o;

	s->no_memory |= st == dnnl_out_of_memory;
	if (st != dnnl_success)
		return NULL;
	o = malloc(sizeof *o);
	if (!o) {
		s->no_memory = true;
		dnnl_memory_desc_destroy(md);
		return NULL;
	}
	o->md = md;
	o->next = s->owned;
	s->owned = o;
	return (const struct shim_desc *)md;
}

const struct shim_desc *shim_strided(struct shim *s, int rank, const int64_t *dim,
                                     const int64_t *stride)
{
	dnnl_memory_desc_t md = NULL;
	dnnl_status_t st = dnnl_memory_desc_create_with_strides(&md, rank, dim, dnnl_f32, stride);

	return own(s, st, md);
}

const struct shim_desc *shim_tagged(struct shim *s, int rank, const int64_t *dim,
                                    dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t md = NULL;
	dnnl_status_t st = dnnl_memory_desc_create_with_tag(&md, rank, dim, type, tag);

	return own(s, st, md);
}

const struct shim_desc *shim_permuted(struct shim *s, const struct shim_desc *d, const int *perm)
{
	dnnl_memory_desc_t md = NULL;
	dnnl_status_t st = dnnl_memory_desc_permute_axes(&md, md_of(d), perm);

	return own(s, st, md);
}

const struct shim_desc *shim_part(struct shim *s, const struct shim_desc *d, const int64_t *dim,
                                  const int64_t *offset)
{
	dnnl_memory_desc_t md = NULL;
	dnnl_status_t st = dnnl_memory_desc_create_submemory(&md, md_of(d), dim, offset);

	return own(s, st, md);
}

bool shim_equal(const struct shim_desc *x, const struct shim_desc *y)
{
	return dnnl_memory_desc_equal(md_of(x), md_of(y));
}

size_t shim_size(const struct shim_desc *d)
{
	return dnnl_memory_desc_get_size(md_of(d));
}

dnnl_data_type_t shim_type(const struct shim_desc *d)
{
	dnnl_data_type_t type = dnnl_data_type_undef;

	dnnl_memory_desc_query(md_of(d), dnnl_query_data_type, &type);
	return type;
}

void shim_describe(const struct shim_desc *d, struct sha256 *s)
{
	static const dnnl_query_t lists[] = { dnnl_query_dims, dnnl_query_padded_dims,
		                              dnnl_query_padded_offsets, dnnl_query_strides,
		                              dnnl_query_inner_blks, dnnl_query_inner_idxs };
	int32_t n[2] = { 0 }; /* axes, inner blocks */
	int64_t numbers[4] = { (int64_t)shim_size(d), (int64_t)shim_type(d) };
	dnnl_format_kind_t kind = dnnl_format_kind_undef;
	const dnnl_dims_t *list;

	dnnl_memory_desc_query(md_of(d), dnnl_query_ndims_s32, &n[0]);
	dnnl_memory_desc_query(md_of(d), dnnl_query_inner_nblks_s32, &n[1]);
	dnnl_memory_desc_query(md_of(d), dnnl_query_format_kind, &kind);
	dnnl_memory_desc_query(md_of(d), dnnl_query_submemory_offset_s64, &numbers[2]);
	numbers[3] = kind;
	sha256_add(s, n, sizeof n);
	sha256_add(s, numbers, sizeof numbers);
	for (int i = 0; i < 6; i++)
		if (dnnl_memory_desc_query(md_of(d), lists[i], &list) == dnnl_success)
			sha256_add(s, *list, (size_t)n[i > 3] * sizeof (*list)[0]);
}

dnnl_status_t shim_memory(dnnl_memory_t *out, const struct shim *s, const struct shim_desc *d,
                          void *at)
{
	return dnnl_memory_create(out, md_of(d), s->engine, at);
}

const struct shim_desc *shim_asked(const_dnnl_primitive_desc_t pd, dnnl_query_t what, int i)
{
	return (const struct shim_desc *)dnnl_primitive_desc_query_md(pd, what, i);
}

static dnnl_status_t set_scales(dnnl_primitive_attr_t attr, const struct shim_scales *s)
{
	dnnl_status_t st = dnnl_primitive_attr_set_scales_mask(attr, DNNL_ARG_SRC, 0);

	if (st == dnnl_success && s->weights)
		st = dnnl_primitive_attr_set_scales_mask(attr, DNNL_ARG_WEIGHTS, s->grouped ? 3 : 1);
	if (st == dnnl_success && s->dst != 1)
		st = dnnl_primitive_attr_set_scales_mask(attr, DNNL_ARG_DST, 0);
	return st;
}

static dnnl_status_t append(dnnl_post_ops_t ops, struct shim *s, const struct ir_post *post)
{
	struct shim_function f;
	const struct shim_desc *d;
	dnnl_alg_kind_t alg;

	switch (post->kind) {
	case IR_POST_SUM:
		return dnnl_post_ops_append_sum(ops, 1, 0, dnnl_data_type_undef);
	case IR_POST_SCALE:
	case IR_POST_SHIFT:
		d = shim_plain(s, post->operand);
		alg = post->kind == IR_POST_SCALE ? dnnl_binary_mul : dnnl_binary_add;
		return d ? dnnl_post_ops_append_binary(ops, alg, md_of(d)) : dnnl_out_of_memory;
	case IR_POST_ELTWISE:
		if (shim_knows(post->eltwise, post->a, post->b, &f))
			return dnnl_post_ops_append_eltwise(ops, f.alg, f.a, f.b);
	}
	return dnnl_unimplemented;
}

dnnl_status_t shim_attr(dnnl_primitive_attr_t *out, struct shim *s, const struct ir_post *post,
                        int n, const struct shim_scales *scales)
{
	dnnl_primitive_attr_t attr = NULL;
	dnnl_post_ops_t ops = NULL;
	dnnl_status_t st = dnnl_primitive_attr_create(&attr);

	if (st == dnnl_success)
		st = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
	if (st == dnnl_success && scales)
		st = set_scales(attr, scales);
	if (st == dnnl_success)
		st = dnnl_post_ops_create(&ops);
	for (int i = 0; i < n && st == dnnl_success; i++)
		st = append(ops, s, &post[i]);
	if (st == dnnl_success)
		st = dnnl_primitive_attr_set_post_ops(attr, ops);
	dnnl_post_ops_destroy(ops);
	if (st == dnnl_success)
		*out = attr;
	else
		dnnl_primitive_attr_destroy(attr);
	return st;
}

/* A window in arrays as long as oneDNN's prototypes ask for. */
struct slide {
	dnnl_dims_t kernel, stride, hole, lo, hi;
};

static struct slide slide(const struct ir_window *w)
{
	struct slide s = { 0 };

	for (int i = 0; i < w->n; i++) {
		s.kernel[i] = w->kernel[i];
		s.stride[i] = w->stride[i];
		s.hole[i] = w->dilation[i] - 1; /* oneDNN counts the holes between cells */
		s.lo[i] = w->pad_lo[i];
		s.hi[i] = w->pad_hi[i];
	}
	return s;
}

/* 3.8.1's brg_conv_fwd mixes rows up where a window with steps goes over one channel and finds one
 * place in each row. */
static bool is_wrong(const_dnnl_primitive_desc_t pd, const struct ir_window *w)
{
	const_dnnl_memory_desc_t src = dnnl_primitive_desc_query_md(pd, dnnl_query_src_md, 0);
	const_dnnl_memory_desc_t dst = dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0);
	const dnnl_dims_t *x, *y;
	const char *name;

	return w->stride[w->n - 1] > 1 && !dnnl_memory_desc_query(src, dnnl_query_dims, &x) &&
	       !dnnl_memory_desc_query(dst, dnnl_query_dims, &y) && (*x)[1] == 1 &&
	       (*y)[w->n + 1] == 1 &&
	       !dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name) &&
	       !strncmp(name, "brg_conv_fwd", 12);
}

dnnl_status_t shim_conv(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                        const struct shim_desc *src, const struct shim_desc *weights,
                        const struct shim_desc *bias, const struct shim_desc *dst,
                        const struct ir_window *w, dnnl_primitive_attr_t attr)
{
	const struct slide at = slide(w);
	dnnl_status_t st = dnnl_convolution_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, alg, md_of(src),
	        md_of(weights), md_of(bias), md_of(dst), at.stride, at.hole, at.lo, at.hi,
	        attr);

	while (st == dnnl_success && is_wrong(*out, w)) {
		st = dnnl_primitive_desc_next_impl(*out);
		if (st != dnnl_success)
			dnnl_primitive_desc_destroy(*out);
	}
	return st;
}

dnnl_status_t shim_deconv(dnnl_primitive_desc_t *out, const struct shim *s,
                          const struct shim_desc *src, const struct shim_desc *weights,
                          const struct shim_desc *bias, const struct shim_desc *dst,
                          const struct ir_window *w, dnnl_primitive_attr_t attr)
{
	const struct slide at = slide(w);

	return dnnl_deconvolution_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, dnnl_deconvolution_direct, md_of(src),
	        md_of(weights), md_of(bias), md_of(dst), at.stride, at.hole, at.lo, at.hi,
	        attr);
}

dnnl_status_t shim_inner_product(dnnl_primitive_desc_t *out, const struct shim *s,
                                 const struct shim_desc *src, const struct shim_desc *weights,
                                 const struct shim_desc *bias, const struct shim_desc *dst,
                                 dnnl_primitive_attr_t attr)
{
	return dnnl_inner_product_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, md_of(src), md_of(weights), md_of(bias),
	        md_of(dst), attr);
}

dnnl_status_t shim_pool(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                        const struct shim_desc *src, const struct shim_desc *dst,
                        const struct ir_window *w, dnnl_primitive_attr_t attr)
{
	const struct slide at = slide(w);

	return dnnl_pooling_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, alg, md_of(src), md_of(dst), at.stride,
	        at.kernel, at.hole, at.lo, at.hi, attr);
}

dnnl_status_t shim_resample(dnnl_primitive_desc_t *out, const struct shim *s,
                            const struct shim_desc *src, const struct shim_desc *dst,
                            dnnl_primitive_attr_t attr)
{
	return dnnl_resampling_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, dnnl_resampling_nearest, NULL, md_of(src),
	        md_of(dst), attr);
}

dnnl_status_t shim_lrn(dnnl_primitive_desc_t *out, const struct shim *s,
                       const struct shim_desc *d, const struct ir_op *op,
                       dnnl_primitive_attr_t attr)
{
	return dnnl_lrn_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, dnnl_lrn_across_channels, md_of(d), md_of(d),
	        op->span, op->lrn_a * (float)op->span, op->lrn_beta, op->lrn_k, attr);
}

dnnl_status_t shim_eltwise(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_function *f, const struct shim_desc *d,
                           dnnl_primitive_attr_t attr)
{
	return dnnl_eltwise_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, f->alg, md_of(d), md_of(d), f->a, f->b,
	        attr);
}

dnnl_status_t shim_binary(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                          const struct shim_desc *x, const struct shim_desc *y,
                          const struct shim_desc *dst, dnnl_primitive_attr_t attr)
{
	return dnnl_binary_primitive_desc_create(out, s->engine, alg, md_of(x), md_of(y),
	                                         md_of(dst), attr);
}

dnnl_status_t shim_batchnorm(dnnl_primitive_desc_t *out, const struct shim *s,
                             const struct shim_desc *d, dnnl_primitive_attr_t attr)
{
	return dnnl_batch_normalization_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, md_of(d), md_of(d), 0,
	        dnnl_use_global_stats | dnnl_use_scale | dnnl_use_shift, attr);
}

dnnl_status_t shim_softmax(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_desc *d, int axis, dnnl_primitive_attr_t attr)
{
	return dnnl_softmax_forward_primitive_desc_create(
	        out, s->engine, dnnl_forward_inference, dnnl_softmax_accurate, md_of(d), md_of(d),
	        axis, attr);
}

dnnl_status_t shim_reorder(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_desc *src, const struct shim_desc *dst,
                           dnnl_primitive_attr_t attr)
{
	return dnnl_reorder_primitive_desc_create(out, md_of(src), s->engine, md_of(dst), s->engine,
	                                          attr);
}
