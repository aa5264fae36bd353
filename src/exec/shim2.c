/* SPDX-License-Identifier: Apache-2.0 */
/* The shim for oneDNN 2.6 and later 2.x: descriptors are structs held by value, and a primitive
 * descriptor is made in two steps from an operation descriptor. */
#include "exec/shim.h"

#include <stdlib.h>
#include <string.h>

/* 2.6.3 proposes channels last on AVX-512. Blocks of 16 are 5 % faster over a whole Xception. */
const bool shim_prefers_blocks = true;

const int shim_scales_role = 0;

struct shim_desc {
	dnnl_memory_desc_t md;
};

struct shim {
	dnnl_engine_t engine;
	struct owned {
		struct shim_desc desc;
		struct owned *next;
	} *owned;
	bool no_memory; /* for a descriptor, once */
};

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

static const struct shim_desc *own(struct shim *s, dnnl_status_t st, const dnnl_memory_desc_t *md)
{
	struct owned *o = st == dnnl_success ? malloc(sizeof *o) : NULL;

	s->no_memory |= !o && (st == dnnl_success || st == dnnl_out_of_memory);
	if (!o)
		return NULL;
	o->desc.md = *md;
	o->next = s->owned;
	s->owned = o;
	return &o->desc;
}

const struct shim_desc *shim_strided(struct shim *s, int rank, const int64_t *dim,
                                     const int64_t *stride)
{
	dnnl_memory_desc_t md;

	return own(s, dnnl_memory_desc_init_by_strides(&md, rank, dim, dnnl_f32, stride), &md);
}

const struct shim_desc *shim_tagged(struct shim *s, int rank, const int64_t *dim,
                                    dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t md;

	return own(s, dnnl_memory_desc_init_by_tag(&md, rank, dim, type, tag), &md);
}

const struct shim_desc *shim_permuted(struct shim *s, const struct shim_desc *d, const int *perm)
{
	dnnl_memory_desc_t md;

	return own(s, dnnl_memory_desc_permute_axes(&md, &d->md, perm), &md);
}

const struct shim_desc *shim_part(struct shim *s, const struct shim_desc *d, const int64_t *dim,
                                  const int64_t *offset)
{
	dnnl_memory_desc_t md;

	return own(s, dnnl_memory_desc_init_submemory(&md, &d->md, dim, offset), &md);
}

bool shim_equal(const struct shim_desc *x, const struct shim_desc *y)
{
	return dnnl_memory_desc_equal(&x->md, &y->md);
}

size_t shim_size(const struct shim_desc *d)
{
	return dnnl_memory_desc_get_size(&d->md);
}

dnnl_data_type_t shim_type(const struct shim_desc *d)
{
	return d->md.data_type;
}

void shim_describe(const struct shim_desc *d, struct sha256 *s)
{
	sha256_add(s, &d->md, sizeof d->md);
}

dnnl_status_t shim_memory(dnnl_memory_t *out, const struct shim *s, const struct shim_desc *d,
                          void *at)
{
	return dnnl_memory_create(out, &d->md, s->engine, at);
}

const struct shim_desc *shim_asked(const_dnnl_primitive_desc_t pd, dnnl_query_t what, int i)
{
	/* The struct's only member stands at its address. */
	return (const struct shim_desc *)dnnl_primitive_desc_query_md(pd, what, i);
}

/* All in one factor for each output channel, or one for all. */
static dnnl_status_t set_scales(dnnl_primitive_attr_t attr, const struct shim_scales *s)
{
	const int n = s->weights ? s->n_weights : 1;
	float *all = malloc((size_t)n * sizeof *all);
	dnnl_status_t st;

	if (!all)
		return dnnl_out_of_memory;
	for (int i = 0; i < n; i++)
		all[i] = s->src / s->dst * (s->weights ? s->weights[i] : 1);
	st = dnnl_primitive_attr_set_output_scales(attr, n, s->weights ? 1 << 1 : 0, all);
	free(all);
	return st;
}

/* On numbers that are already divided by dst. oneDNN knows it, or it would not be fused. */
static dnnl_status_t add_eltwise(dnnl_post_ops_t ops, const struct ir_post *post, float dst)
{
	const bool clip = post->eltwise == IR_CLIP;
	struct shim_function f;

	shim_knows(post->eltwise, clip ? post->a / dst : post->a,
	           clip || post->eltwise == IR_LINEAR ? post->b / dst : post->b, &f);
	return dnnl_post_ops_append_eltwise(ops, 1, f.alg, f.a, f.b);
}

static dnnl_status_t append(dnnl_post_ops_t ops, struct shim *s, const struct ir_post *post,
                            float dst)
{
	const struct shim_desc *d;
	dnnl_alg_kind_t alg;

	switch (post->kind) {
	case IR_POST_SUM:
		return dnnl_post_ops_append_sum(ops, 1);
	case IR_POST_SCALE:
	case IR_POST_SHIFT:
		d = shim_plain(s, post->operand);
		alg = post->kind == IR_POST_SCALE ? dnnl_binary_mul : dnnl_binary_add;
		return d ? dnnl_post_ops_append_binary(ops, alg, &d->md) : dnnl_out_of_memory;
	case IR_POST_ELTWISE:
		break;
	}
	return add_eltwise(ops, post, dst);
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
		st = append(ops, s, &post[i], scales ? scales->dst : 1);
	if (st == dnnl_success)
		st = dnnl_primitive_attr_set_post_ops(attr, ops);
	dnnl_post_ops_destroy(ops);
	if (st == dnnl_success)
		*out = attr;
	else
		dnnl_primitive_attr_destroy(attr);
	return st;
}

/* 2.6.3's first reads and writes beside its arrays where there are few rows and a part of 64
 * channels. The other is picked for few examples only, whose numbers would not be those of many. */
static bool is_wrong(const_dnnl_primitive_desc_t pd)
{
	const char *impl = NULL;

	dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &impl);
	return impl && (strstr(impl, "jit_1x1:avx512_core_amx") || strstr(impl, "wino_2x3"));
}

/* The first implementation that is right. */
static dnnl_status_t create(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_status_t st,
                            const_dnnl_op_desc_t op, dnnl_primitive_attr_t attr)
{
	dnnl_primitive_desc_iterator_t all = NULL;

	*out = NULL;
	if (st == dnnl_success)
		st = dnnl_primitive_desc_iterator_create(&all, op, attr, s->engine, NULL);
	while (st == dnnl_success && !*out) {
		*out = dnnl_primitive_desc_iterator_fetch(all);
		if (!*out) {
			st = dnnl_out_of_memory;
		} else if (is_wrong(*out)) {
			dnnl_primitive_desc_destroy(*out);
			*out = NULL;
			st = dnnl_primitive_desc_iterator_next(all);
		}
	}
	dnnl_primitive_desc_iterator_destroy(all);
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

dnnl_status_t shim_conv(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                        const struct shim_desc *src, const struct shim_desc *weights,
                        const struct shim_desc *bias, const struct shim_desc *dst,
                        const struct ir_window *w, dnnl_primitive_attr_t attr)
{
	dnnl_convolution_desc_t op;
	const struct slide at = slide(w);

	return create(out, s,
	              dnnl_dilated_convolution_forward_desc_init(
	                      &op, dnnl_forward_inference, alg, &src->md,
	                      &weights->md, bias ? &bias->md : NULL, &dst->md, at.stride, at.hole,
	                      at.lo, at.hi),
	              &op, attr);
}

dnnl_status_t shim_deconv(dnnl_primitive_desc_t *out, const struct shim *s,
                          const struct shim_desc *src, const struct shim_desc *weights,
                          const struct shim_desc *bias, const struct shim_desc *dst,
                          const struct ir_window *w, dnnl_primitive_attr_t attr)
{
	dnnl_deconvolution_desc_t op;
	const struct slide at = slide(w);

	return create(out, s,
	              dnnl_dilated_deconvolution_forward_desc_init(
	                      &op, dnnl_forward_inference, dnnl_deconvolution_direct, &src->md,
	                      &weights->md, bias ? &bias->md : NULL, &dst->md, at.stride, at.hole,
	                      at.lo, at.hi),
	              &op, attr);
}

dnnl_status_t shim_inner_product(dnnl_primitive_desc_t *out, const struct shim *s,
                                 const struct shim_desc *src, const struct shim_desc *weights,
                                 const struct shim_desc *bias, const struct shim_desc *dst,
                                 dnnl_primitive_attr_t attr)
{
	dnnl_inner_product_desc_t op;

	return create(out, s,
	              dnnl_inner_product_forward_desc_init(&op, dnnl_forward_inference, &src->md,
	                                                   &weights->md, bias ? &bias->md : NULL,
	                                                   &dst->md),
	              &op, attr);
}

dnnl_status_t shim_pool(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                        const struct shim_desc *src, const struct shim_desc *dst,
                        const struct ir_window *w, dnnl_primitive_attr_t attr)
{
	dnnl_pooling_v2_desc_t op;
	const struct slide at = slide(w);

	return create(out, s,
	              dnnl_pooling_v2_forward_desc_init(&op, dnnl_forward_inference, alg, &src->md,
	                                                &dst->md, at.stride, at.kernel, at.hole,
	                                                at.lo, at.hi),
	              &op, attr);
}

dnnl_status_t shim_resample(dnnl_primitive_desc_t *out, const struct shim *s,
                            const struct shim_desc *src, const struct shim_desc *dst,
                            dnnl_primitive_attr_t attr)
{
	dnnl_resampling_desc_t op;

	return create(out, s,
	              dnnl_resampling_forward_desc_init(&op, dnnl_forward_inference,
	                                                dnnl_resampling_nearest, NULL, &src->md,
	                                                &dst->md),
	              &op, attr);
}

dnnl_status_t shim_lrn(dnnl_primitive_desc_t *out, const struct shim *s,
                       const struct shim_desc *d, const struct ir_op *op,
                       dnnl_primitive_attr_t attr)
{
	dnnl_lrn_desc_t desc;

	return create(out, s,
	              dnnl_lrn_forward_desc_init(&desc, dnnl_forward_inference,
	                                         dnnl_lrn_across_channels, &d->md, op->span,
	                                         op->lrn_a * (float)op->span, op->lrn_beta,
	                                         op->lrn_k),
	              &desc, attr);
}

dnnl_status_t shim_eltwise(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_function *f, const struct shim_desc *d,
                           dnnl_primitive_attr_t attr)
{
	dnnl_eltwise_desc_t op;

	return create(out, s,
	              dnnl_eltwise_forward_desc_init(&op, dnnl_forward_inference, f->alg, &d->md,
	                                             f->a, f->b),
	              &op, attr);
}

dnnl_status_t shim_binary(dnnl_primitive_desc_t *out, const struct shim *s, dnnl_alg_kind_t alg,
                          const struct shim_desc *x, const struct shim_desc *y,
                          const struct shim_desc *dst, dnnl_primitive_attr_t attr)
{
	dnnl_binary_desc_t op;

	return create(out, s, dnnl_binary_desc_init(&op, alg, &x->md, &y->md, &dst->md), &op, attr);
}

dnnl_status_t shim_batchnorm(dnnl_primitive_desc_t *out, const struct shim *s,
                             const struct shim_desc *d, dnnl_primitive_attr_t attr)
{
	dnnl_batch_normalization_desc_t op;

	return create(out, s,
	              dnnl_batch_normalization_forward_desc_init(
	                      &op, dnnl_forward_inference, &d->md, 0,
	                      dnnl_use_global_stats | dnnl_use_scale | dnnl_use_shift),
	              &op, attr);
}

dnnl_status_t shim_softmax(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_desc *d, int axis, dnnl_primitive_attr_t attr)
{
	dnnl_softmax_desc_t op;

	return create(out, s,
	              dnnl_softmax_forward_desc_init(&op, dnnl_forward_inference, &d->md, axis), &op,
	              attr);
}

dnnl_status_t shim_reorder(dnnl_primitive_desc_t *out, const struct shim *s,
                           const struct shim_desc *src, const struct shim_desc *dst,
                           dnnl_primitive_attr_t attr)
{
	return dnnl_reorder_primitive_desc_create(out, &src->md, s->engine, &dst->md, s->engine,
	                                          attr);
}
