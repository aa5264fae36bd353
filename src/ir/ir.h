/* SPDX-License-Identifier: Apache-2.0 */
/* ir: what a network computes, as operations on values. Dimensions are logical, channels first
 * (n,c,[d,]h,w; n,c,t; n,c); where the elements lie in memory is the executor's matter.
 *
 * The builder is sticky: after a failure it returns a dummy value and keeps the first error, so
 * lowering reads as a formula; ask ir->err.code once per node. All lives in the ir's arena. */
#ifndef DL4J_IR_IR_H
#define DL4J_IR_IR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define IR_RANK 6
#define IR_POSTS 8

enum ir_code {
#define OP(code, arity) IR_##code,
#include "ir/ops.def"
#undef OP
	IR_CODES
};

/* Functions of one element; a and b are the operation's attributes. */
enum ir_eltwise {
	IR_LINEAR,    /* a x + b */
	IR_CLIP,      /* min(max(x, a), b) */
	IR_ABS,
	IR_POW,       /* a x^b */
	IR_TANH,
	IR_LOGISTIC,
	IR_RELU,      /* x > 0 ? x : a x */
	IR_ELU,       /* x > 0 ? x : a (e^x - 1) */
	IR_SOFTPLUS,  /* log(1 + e^x) */
	IR_SWISH,     /* x logistic(a x) */
	IR_THRESHOLD, /* x >= a ? x : b (x - a) */
	IR_ABOVE,     /* x > a ? x : 0 */
	IR_ELTWISES
};

enum ir_binary { IR_ADD, IR_SUB, IR_MUL, IR_DIV, IR_MAX, IR_BINARIES };

enum ir_pool {
	IR_POOL_MAX,
	IR_POOL_AVG,        /* divides by the cells inside the image */
	IR_POOL_AVG_PADDED, /* divides by the window's size, always */
	IR_POOLS
};

/* A sliding window over the `n` spatial axes. Dilation 1 is none. */
struct ir_window {
	int n;
	int64_t kernel[3], stride[3], dilation[3], pad_lo[3], pad_hi[3];
};

/* What a KERNEL calls: its parameters, then the inputs' arrays and the result's, row-major. */
typedef void ir_function(const void *how, float *const *at);

struct onnx;
struct ir_op;

struct ir_kernel {
	const char *name;
	ir_function *function;
	/* The same as ONNX's nodes (onnx/onnx.h); NULL: ONNX has none for it. */
	int (*onnx)(struct onnx *, const struct ir_op *);
	bool with_product; /* those nodes compute the product that is its first input, too */
	double (*flops)(const void *how); /* NULL: one an element of the result */
};

struct ir_val {
	int id, rank;
	int64_t dim[IR_RANK];
	const float *data;       /* not NULL: a constant, read through stride, */
	int64_t stride[IR_RANK]; /* in elements, */
	const float *scale;      /* and multiplied by this, read likewise; NULL: as it is */
	int64_t scale_stride[IR_RANK];
	int64_t from, until;     /* made of the network's parameters from one to before the other */
	struct ir_op *def;       /* NULL: a constant or a network input */
	int uses;                /* as input, post operand or network output */
};

/* Something the passes moved into the end of an operation, in order. */
struct ir_post {
	enum { IR_POST_ELTWISE, IR_POST_SCALE, IR_POST_SHIFT, IR_POST_SUM } kind;
	enum ir_eltwise eltwise;
	float a, b;
	/* SCALE: times, SHIFT: plus this constant, whose axes but axis 1, the channels, are 1;
	 * SUM: plus this, which dies here, so the result may take its place */
	struct ir_val *operand;
};

struct ir_op {
	enum ir_code code;
	int n_in, n_post;
	struct ir_val **in;
	struct ir_val *out;
	union {
		struct {
			struct ir_window window;
			enum ir_pool pool;
			bool winograd; /* wanted, where there is such a primitive */
		}; /* CONV, DECONV, POOL */
		struct {
			enum ir_eltwise eltwise;
			float a, b;
		};
		struct {
			int64_t span; /* odd */
			float lrn_a, lrn_beta, lrn_k;
		}; /* LRN */
		enum ir_binary binary;
		int axis;                           /* SOFTMAX, CONCAT */
		int perm[IR_RANK];                  /* PERMUTE: out axis i is in axis perm[i] */
		int64_t pad[2][IR_RANK];            /* PAD: before, after */
		int64_t from[IR_RANK];              /* SLICE: the box' first corner */
		struct {
			const struct ir_kernel *kernel;
			const void *how;
			size_t size; /* of how */
		}; /* KERNEL */
	};
	struct ir_post post[IR_POSTS];
	float low, high;    /* CONV, MATMUL: the range that in[0] is expected in; both 0: unknown */
	const char *origin; /* the vertex, for messages and the profile */
};

/* What computes a constant's elements. */
typedef void ir_formula(const void *how, float *out);

struct ir_computed {
	ir_formula *formula;
	const void *how;
	float *out;
	int64_t from, until;
	struct ir_computed *next;
};

struct ir {
	struct arena *arena;
	struct ir_op **ops; /* in an order that can be executed; NULL: removed by a pass */
	int n_ops, room;
	int n_vals;
	struct ir_val **inputs, **outputs;
	int n_inputs, n_outputs;
	const char *origin;  /* what new operations are said to come from, */
	int64_t from, until; /* and new constants to be made of */
	bool late;           /* the parameters are not there yet */
	struct ir_computed *computed, **end; /* constants, then, in the order of their making */
	struct dl4j_error err;
};

void ir_init(struct ir *ir, struct arena *arena);
/* fail(), unless something failed before: dummies fit nowhere. */
#define ir_fail(ir, ...) ((ir)->err.code ? (ir)->err.code : fail(&(ir)->err, __VA_ARGS__))

struct ir_val *ir_value(struct ir *ir, int rank, const int64_t *dim);
/* stride NULL: contiguous, last index fastest. */
struct ir_val *ir_const(struct ir *ir, const float *data, int rank, const int64_t *dim,
                        const int64_t *stride);
/* A new contiguous constant whose elements the caller writes to *data. */
struct ir_val *ir_new_const(struct ir *ir, int rank, const int64_t *dim, float **data);
/* A new contiguous constant computed from `how` (`size` bytes, copied) at once, or, where the
 * parameters are late, by ir_compute: those made of parameters before `until`, which are there.
 * It returns the first parameter that the others need; INT64_MAX: there are none. */
struct ir_val *ir_computed(struct ir *ir, int rank, const int64_t *dim, ir_formula *formula,
                           const void *how, size_t size);
int64_t ir_compute(struct ir *ir, int64_t until);

struct ir_val *ir_conv(struct ir *ir, struct ir_val *x, struct ir_val *weights,
                       struct ir_val *bias, const struct ir_window *window);
/* Weights as ir_conv's. pad_lo and pad_hi are what is cut off; below zero, it is added. */
struct ir_val *ir_deconv(struct ir *ir, struct ir_val *x, struct ir_val *weights,
                         struct ir_val *bias, const struct ir_window *window);
struct ir_val *ir_matmul(struct ir *ir, struct ir_val *x, struct ir_val *weights,
                         struct ir_val *bias);
struct ir_val *ir_pool(struct ir *ir, struct ir_val *x, enum ir_pool kind,
                       const struct ir_window *window);
/* factor: one a spatial axis. */
struct ir_val *ir_resample(struct ir *ir, struct ir_val *x, const int64_t *factor);
struct ir_val *ir_lrn(struct ir *ir, struct ir_val *x, int64_t span, double a, double beta,
                      double k);
struct ir_val *ir_eltwise(struct ir *ir, struct ir_val *x, enum ir_eltwise f, double a, double b);
struct ir_val *ir_binary(struct ir *ir, enum ir_binary f, struct ir_val *x, struct ir_val *y);
struct ir_val *ir_affine(struct ir *ir, struct ir_val *x, struct ir_val *scale,
                         struct ir_val *shift);
struct ir_val *ir_softmax(struct ir *ir, struct ir_val *x, int axis);
struct ir_val *ir_layernorm(struct ir *ir, struct ir_val *x);
struct ir_val *ir_concat(struct ir *ir, struct ir_val *const *x, int n, int axis);
struct ir_val *ir_view(struct ir *ir, struct ir_val *x, int rank, const int64_t *dim);
struct ir_val *ir_permute(struct ir *ir, struct ir_val *x, const int *perm);
struct ir_val *ir_pad(struct ir *ir, struct ir_val *x, const int64_t *before,
                      const int64_t *after);

struct ir_val *ir_slice(struct ir *ir, struct ir_val *x, const int64_t *from, const int64_t *dim);
/* `how`: `size` bytes, copied into the ir's arena. */
struct ir_val *ir_kernel(struct ir *ir, const struct ir_kernel *kernel, const void *how,
                         size_t size, struct ir_val *const *in, int n_in, int rank,
                         const int64_t *dim);

/* Network inputs and outputs, in order. */
struct ir_val *ir_input(struct ir *ir, int rank, const int64_t *dim);
void ir_output(struct ir *ir, struct ir_val *x);

/* A constant under the axes that something reads it by: axis i is v's axis[i] (NULL: its own). */
struct ir_source {
	int rank;
	int64_t dim[IR_RANK];
	const float *data, *scale;
	int64_t stride[IR_RANK], scale_stride[IR_RANK];
	int64_t from, until; /* of the network's parameters */
};

struct ir_source ir_source(const struct ir_val *v, int rank, const int *axis);
/* Its elements in row-major order. */
void ir_gather(const struct ir_source *s, float *out);

bool ir_same_dims(const struct ir_val *x, const struct ir_val *y);
int64_t ir_elements(const struct ir_val *x);
const char *ir_name(enum ir_code code);
/* Passes: remove an operation whose result is no longer used, releasing its inputs. */
void ir_drop(struct ir *ir, int at);
/* Close the gaps that ir_drop left. */
void ir_sweep(struct ir *ir);
/* Every operation's arity, dimensions, order and use counts; for tests and debug builds. */
int ir_verify(const struct ir *ir, struct dl4j_error *err);

/* Multiplications and additions, and bytes moved, of one operation. */
double ir_flops(const struct ir_op *op);
double ir_bytes(const struct ir_op *op);

#endif
