/* SPDX-License-Identifier: Apache-2.0 */
/* plan: what the compiler makes and the runner executes. A call is a primitive or a kernel with its
 * arguments; an argument is a slot, which is a descriptor laid over a buffer. */
#ifndef DL4J_EXEC_PLAN_H
#define DL4J_EXEC_PLAN_H

#include "exec/exec.h"
#include "exec/kernels.h"
#include "exec/shim.h"

enum buffer_kind {
	BUFFER_TEMP,  /* in each state's block */
	BUFFER_CONST, /* in the plan's block */
	BUFFER_IN,    /* the caller's array */
	BUFFER_OUT
};

struct buffer {
	enum buffer_kind kind;
	int64_t size;
	int64_t offset; /* in its block */
	int index;      /* IN, OUT: which one */
	int live;       /* while compiling: values in it that are still needed */
};

struct slot {
	const struct shim_desc *desc;
	int buffer;
	int64_t offset; /* in the buffer, in bytes */
	float scale;            /* what a step of 8-bit numbers is worth; 1 for floats */
	dnnl_memory_t constant; /* CONST: shared by the states */
};

struct arg {
	int role; /* DNNL_ARG_SRC, ... */
	int slot;
};

struct call {
	dnnl_primitive_desc_t pd; /* NULL: a kernel */
	dnnl_primitive_t primitive;
	ir_function *kernel;
	const void *how; /* the kernel's parameters */
	struct arg *args;
	int n_args;
	struct dl4j_op_stats stats; /* all but the time */
};

struct exec_plan {
	struct arena arena;
	struct shim *shim;
	struct buffer *buffers;
	struct slot *slots;
	struct call *calls;
	int n_buffers, n_slots, n_calls;
	int threads;
	int64_t temp_bytes, const_bytes;
	char *constants;
	struct packing **packings; /* in the order in which they are packed */
	int n_packings;
};

/* Page-aligned, in huge pages where it is large; freed by free(). */
void *exec_block(int64_t size);

/* Between the two OpenMP has that many threads for the calling thread, and what disturbs them is
 * watched. */
struct exec_turn {
	int threads, before;
	double seconds;
	long switches;
};

struct exec_turn exec_begin(int threads);
void exec_end(const struct exec_turn *turn);

#endif
