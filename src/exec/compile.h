/* SPDX-License-Identifier: Apache-2.0 */
/* compile: turns an ir into the calls of a plan. Each value has one or more places: slots that hold
 * it, in different layouts. Emitters read their inputs in the layout that suits them, which adds a
 * reorder only where no place has it yet. */
#ifndef DL4J_EXEC_COMPILE_H
#define DL4J_EXEC_COMPILE_H

#include "exec/plan.h"

struct place {
	int slot;
	int rank; /* not 0: under so many other axes, such as a matmul's weights */
	struct place *next;
};

struct value {
	int uses; /* still to come */
	struct place *places;
	/* join.c: */
	const struct ir_val *whole; /* the concatenation that it is part of, */
	int64_t at;                 /* from this channel on */
	bool joined;                /* of a whole: there is room for it, */
	int first;                  /* this slot */
	/* int8.c: */
	dnnl_data_type_t int8; /* u8 or s8 where operations read it so, else undefined; */
	float scale;           /* and what a step is worth then */
	bool floats;           /* others read it, too */
	const float *scales;   /* of weights that are to be in 8 bits, one an output channel */
};

struct packing {
	int slot;
	struct ir_source from;
	int64_t later; /* the first parameter that those packed after it need */
	const float *scales; /* to 8 bits, by these, one a row: what the leading axes tell apart; */
	int n_scales;        /* or NULL */
	struct packing *next;
};

struct known {
	int rank;
	int64_t dim[IR_RANK];
	dnnl_data_type_t type;
	dnnl_format_tag_t tag;
	const struct shim_desc *desc;
	struct known *next;
};

struct compile {
	struct exec_plan *plan;
	const struct ir *ir;
	struct value *values; /* by id */
	struct packing *packings; /* constants, to be copied when all is planned */
	struct known *known;
	const struct ir_op *op; /* being emitted */
	dnnl_data_type_t type; /* what convolutions and products read and, but for the last, write */
	bool blocks;           /* convolve in blocks of channels */
	bool int8;             /* convolutions and products with known ranges in 8 bits */
	const struct shim_scales *scales; /* of the primitive to pick, or NULL */
	bool no_memory;        /* for a descriptor, once */
	int room_buffers, room_slots, room_calls;
	struct dl4j_error *err;
};

/* All return 0 or a negative code. */
int compile_ir(struct compile *c, const struct exec_layout *inputs,
               const struct exec_layout *outputs);

/* pack.c: where the constants lie. */
int place_constants(struct compile *c);

/* --- For emitters --- */

int compile_fail(struct compile *c, dnnl_status_t st);
/* Whether a descriptor was NULL for lack of memory, and not because oneDNN refused. */
bool compile_no_memory(const struct compile *c);

/* Descriptors of a value's dimensions. `plain` is floats, row-major; `any` is for the primitive to
 * choose; `like` is the type and layout of d, a descriptor of a value of the same rank, under other
 * dimensions, or NULL. */
int compile_plain(struct compile *c, const struct ir_val *v, const struct shim_desc **out);
int compile_any(struct compile *c, const struct ir_val *v, dnnl_data_type_t type,
                const struct shim_desc **out);
int compile_tagged(struct compile *c, const struct ir_val *v, dnnl_format_tag_t tag,
                   const struct shim_desc **out);
const struct shim_desc *compile_like(struct compile *c, const struct shim_desc *d,
                                     const struct ir_val *of, const struct ir_val *v);

/* The layout of a slot, for a value of its dimensions and of another type, or NULL. */
const struct shim_desc *compile_as(struct compile *c, int slot, const struct ir_val *v,
                                   dnnl_data_type_t type);

/* The slot that holds v exactly so, */
int compile_read(struct compile *c, const struct ir_val *v, const struct shim_desc *as, int *slot);
/* or in the first of its places whose layout primitives know, as floats of any kind, */
int compile_read_as_is(struct compile *c, const struct ir_val *v, int *slot);
/* or in that layout as 32-bit floats, */
int compile_read_floats(struct compile *c, const struct ir_val *v, int *slot);
/* or in that layout in 8 bits, */
int compile_read_int8(struct compile *c, const struct ir_val *v, int *slot);
int compile_read_plain(struct compile *c, const struct ir_val *v, int *slot);
/* or under other axes: axis i is v's axis[i]. */
int compile_read_axes(struct compile *c, const struct ir_val *v, int rank, const int *axis,
                      const struct shim_desc *as, int *slot);
/* Weights that have scales, divided by them, in 8 bits. */
int compile_read_weights(struct compile *c, const struct ir_val *v, int rank, const int *axis,
                         const struct shim_desc *as, int n_scales, int *slot);
/* Descriptor `any` for the same. */
int compile_any_axes(struct compile *c, const struct ir_val *v, int rank, const int *axis,
                     dnnl_data_type_t type, const struct shim_desc **out);

/* A constant: n elements, copied. */
int compile_constant(struct compile *c, const float *x, int64_t n, int *slot);
/* A constant as large as what that slot holds, all x. */
int compile_fill(struct compile *c, float x, int like, int *slot);

/* A slot in a new buffer; another view of a slot's buffer. */
int compile_slot(struct compile *c, const struct shim_desc *d, int *slot);
/* The same for v; only this may be of 8 bits, whose scale is v's. */
int compile_slot_of(struct compile *c, const struct ir_val *v, const struct shim_desc *d,
                    int *slot);
int compile_alias(struct compile *c, int slot, const struct shim_desc *d, int *alias);
const struct shim_desc *compile_desc(const struct compile *c, int slot);
bool compile_is_float(const struct compile *c, int slot);
/* The operation may write its result over this input: nothing else needs it. */
bool compile_may_overwrite(const struct compile *c, int slot);

/* Channels that lie together in layout d of v: 1, 8, 16, or all; 0: another layout. */
int64_t compile_block(struct compile *c, const struct shim_desc *d, const struct ir_val *v);

/* join.c: what is part of which concatenation; a new slot for the operation's result, there if
 * that can be; the layout of a concatenation whose parts are there, or NULL; whether a part is. */
void join_plan(struct compile *c);
int join_slot(struct compile *c, const struct shim_desc *d, int *slot);
const struct shim_desc *join_layout(struct compile *c, const struct ir_val *v);
bool join_is_there(const struct compile *c, const struct ir_val *part, int whole, int64_t at);

/* Add the arguments that the scales are, where oneDNN takes them as such. */
int compile_scales(struct compile *c, const struct shim_scales *scales, struct arg *args, int *n);

/* Create the primitive descriptor with as many of the operation's post-ops as can be had without
 * falling back to a reference implementation; *fused tells how many that are. */
int compile_pick(struct compile *c, dnnl_primitive_desc_t *pd, int *fused,
                 dnnl_status_t (*make)(struct compile *c, dnnl_primitive_desc_t *pd,
                                       const void *how, dnnl_primitive_attr_t attr),
                 const void *how);
/* The same where there is a kernel of ours: *pd is NULL when oneDNN has nothing better. */
int compile_pick_fast(struct compile *c, dnnl_primitive_desc_t *pd, int *fused,
                      dnnl_status_t (*make)(struct compile *c, dnnl_primitive_desc_t *pd,
                                            const void *how, dnnl_primitive_attr_t attr),
                      const void *how);
/* The slot for a result in layout d; where a fused post-op adds an operand, that holds it. */
int compile_result(struct compile *c, const struct shim_desc *d, int fused, int *slot);
/* Append to args[0..n) what the fused post-ops read, and return how many there are, or a code. */
int compile_channels(struct compile *c, struct arg *args, int n, int fused);
/* Add a call; the plan owns pd from here on, whatever is returned. `name`: NULL for what the
 * operation itself does, else what a step beside it is called in the profile. */
int compile_primitive(struct compile *c, const char *name, dnnl_primitive_desc_t pd,
                      const struct arg *args, int n);
int compile_kernel(struct compile *c, const char *name, ir_function *kernel, const void *how,
                   size_t size, const int *slots, int n);
int compile_reorder(struct compile *c, const char *name, int from, int to);
/* The operation's result is in this slot, with `fused` post-ops done: do the others. */
int compile_finish(struct compile *c, int slot, int fused);

/* int8.c: which values lie in 8 bits. */
int int8_plan(struct compile *c);
/* All that read v take 8 bits. */
bool int8_only(const struct compile *c, const struct ir_val *v);
bool int8_is(const struct compile *c, int slot);
/* Find the scales of an operation's weights; none where a weight is not finite. */
int int8_weigh(struct compile *c, const struct ir_op *op, int rank, const int *axis);
/* The scales of a convolution or product, its result in floats. */
struct shim_scales int8_scales(const struct compile *c, const struct ir_op *op);
/* A bias in steps of the sum. */
int int8_bias(struct compile *c, const struct ir_val *bias, const struct shim_scales *scales,
              int *slot);
/* `all` numbers in `rows` rows, each divided by its row's scale, to 8 bits in their place. */
void int8_round(float *x, int64_t all, const float *scales, int rows);

/* emit_*.c: one function an operation, and what others use of them. */
#define OP(code, arity) int emit_##code(struct compile *c, const struct ir_op *op);
#include "ir/ops.def"
#undef OP
/* Whether oneDNN has a fast primitive for the convolution or product in 8 bits. Its input's scale
 * is known; this finds those of its weights. */
int emit_try_int8(struct compile *c, const struct ir_op *op, bool *fast);
/* Almost all of the network's convolutions have channels that fill blocks. */
bool emit_prefers_blocks(const struct ir *ir);
/* A function of each element of slot x, written to slot `to`, which may be x, or to a new slot
 * (-1); *slot tells where it went. */
int emit_eltwise(struct compile *c, const char *name, enum ir_eltwise f, float a, float b, int x,
                 int to, int *slot);

#endif
