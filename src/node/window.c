/* SPDX-License-Identifier: Apache-2.0 */
/* window: kernel, stride, padding, dilation under DL4J's ConvolutionMode.
 * Same ignores the padding field and puts the odd cell after. */
#include "node/window.h"

#include <inttypes.h>

const char *const convolution_modes[] = { "Strict", "Truncate", "Same", "Causal", NULL };

static int64_t reach(const struct window *w, int i)
{
	return (w->kernel.v[i] - 1) * w->dilation.v[i] + 1;
}

static bool overhangs(const struct window *w, int i, int64_t n)
{
	return w->overhangs && w->mode == MODE_TRUNCATE && !w->padding.v[i] && n < reach(w, i);
}

/* The size after each of `n` cells spread over the window; 0 stays unknown. */
static int spread(const struct window *w, int i, int64_t n, int64_t *out, struct dl4j_error *err)
{
	int64_t most = n ? (n - 1) * w->stride.v[i] + reach(w, i) : 0;

	*out = w->mode == MODE_SAME ? n * w->stride.v[i] : most - 2 * w->padding.v[i];
	if (n && *out < 1)
		return fail(err, DL4J_ESHAPE, "padding: expected less than %" PRId64 ", found %" PRId64,
		            (most + 1) / 2, w->padding.v[i]);
	if (!n)
		*out = 0;
	return 0;
}

/* The size after the window slid over `n` cells; 0 stays unknown. */
static int slide(const struct window *w, int i, int64_t n, int64_t *out, struct dl4j_error *err)
{
	int64_t room = n + 2 * w->padding.v[i] - reach(w, i);

	*out = 0;
	if (n == 0)
		return 0;
	if (w->mode == MODE_SAME || w->mode == MODE_CAUSAL) {
		*out = (n - 1) / w->stride.v[i] + 1;
		return 0;
	}
	if (overhangs(w, i, n) && -room < w->stride.v[i]) {
		*out = 1;
		return 0;
	}
	if (room < 0)
		return fail(err, DL4J_ESHAPE, "kernelSize: expected at most %" PRId64
		            " (the input with its padding), found %" PRId64,
		            n + 2 * w->padding.v[i], reach(w, i));
	if (w->mode == MODE_STRICT && room % w->stride.v[i])
		return fail(err, DL4J_ESHAPE, "convolutionMode Strict: expected a stride that divides %"
		            PRId64 ", found %" PRId64, room, w->stride.v[i]);
	*out = room / w->stride.v[i] + 1;
	return 0;
}

typedef int resize(const struct window *w, int i, int64_t n, int64_t *out, struct dl4j_error *err);

static int infer(const struct window *w, const struct dl4j_shape *in, int64_t channels,
                 resize *size, struct dl4j_shape *out, struct dl4j_error *err)
{
	*out = *in;
	out->c = channels;
	for (int i = 0; i < w->kernel.n; i++) /* what a Java int, and oneDNN's, can hold */
		if (reach(w, i) > DIM_MAX)
			return fail(err, DL4J_ESHAPE, "dilation: expected a window of at most %d cells, found %"
			            PRId64, DIM_MAX, reach(w, i));
	if (w->kernel.n == 1)
		return size(w, 0, in->t, &out->t, err);
	if (w->kernel.n == 3)
		TRY(size(w, 0, in->d, &out->d, err));
	TRY(size(w, w->kernel.n - 2, in->h, &out->h, err));
	return size(w, w->kernel.n - 1, in->w, &out->w, err);
}

int window_infer(const struct window *w, const struct dl4j_shape *in, int64_t channels,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	return infer(w, in, channels, slide, out, err);
}

int window_spread_infer(const struct window *w, const struct dl4j_shape *in, int64_t channels,
                        struct dl4j_shape *out, struct dl4j_error *err)
{
	return infer(w, in, channels, spread, out, err);
}

struct ir_window window_spread(const struct window *w)
{
	struct ir_window r = { .n = w->kernel.n };

	for (int i = 0; i < r.n; i++) {
		int64_t total = reach(w, i) - w->stride.v[i], pad = w->padding.v[i];
		bool same = w->mode == MODE_SAME;
		r.kernel[i] = w->kernel.v[i];
		r.stride[i] = w->stride.v[i];
		r.dilation[i] = w->dilation.v[i];
		r.pad_lo[i] = same ? total > 0 ? total / 2 : 0 : pad;
		r.pad_hi[i] = same ? total - r.pad_lo[i] : pad;
	}
	return r;
}

struct ir_window window_resolve(const struct window *w, const struct ir_val *x)
{
	struct ir_window r = { .n = w->kernel.n };

	for (int i = 0; i < r.n; i++) {
		int64_t n = x->dim[2 + i], pad = w->padding.v[i], before = pad, after = pad;
		if (w->mode == MODE_SAME) {
			int64_t total = ((n - 1) / w->stride.v[i]) * w->stride.v[i] + reach(w, i) - n;
			/* below zero where a stride skips cells: the window ends before the input does */
			before = total > 0 ? total / 2 : 0;
			after = total > 0 ? total - before : total;
		} else if (w->mode == MODE_CAUSAL) {
			before = reach(w, i) - 1;
			after = 0;
		} else if (overhangs(w, i, n)) {
			after = reach(w, i) - n;
		}
		r.kernel[i] = w->kernel.v[i];
		r.stride[i] = w->stride.v[i];
		r.dilation[i] = w->undilated ? 1 : w->dilation.v[i];
		r.pad_lo[i] = before;
		r.pad_hi[i] = w->undilated ? after - reach(w, i) + w->kernel.v[i] : after;
	}
	return r;
}

int window_first_axis(struct window *w, struct dl4j_error *err)
{
	if (!w->kernel.n)
		return fail(err, DL4J_EFORMAT, "kernelSize: expected a number, found none");
	if (!w->stride.n)
		w->stride.v[0] = 1;
	if (!w->padding.n)
		w->padding.v[0] = 0;
	if (!w->dilation.n)
		w->dilation.v[0] = 1;
	w->kernel.n = w->stride.n = w->padding.n = w->dilation.n = 1;
	return 0;
}

struct ir_val *window_mask(const struct window *w, struct ir *ir, struct ir_val *mask,
                           enum release release)
{
	struct ir_window win;
	bool keeps = w->mode == MODE_SAME || w->mode == MODE_CAUSAL;

	if (!mask || ir->err.code || (keeps && w->stride.v[0] == 1))
		return mask;
	mask = ir_view(ir, mask, 3, (int64_t[]){ mask->dim[0], 1, mask->dim[1] });
	win = window_resolve(w, mask);
	if (keeps && release <= RELEASE_BETA4) {
		win.pad_hi[0] += win.pad_lo[0];
		win.pad_lo[0] = 0;
	}
	mask = ir_pool(ir, mask, IR_POOL_MAX, &win);
	return ir_view(ir, mask, 2, (int64_t[]){ mask->dim[0], mask->dim[2] });
}
