/* SPDX-License-Identifier: Apache-2.0 */
/* node: the contract of everything in configuration.json that has a class name: layers, vertices,
 * preprocessors and activations. One static descriptor a class; doc/ADDING-A-LAYER.md shows how. */
#ifndef DL4J_NODE_NODE_H
#define DL4J_NODE_NODE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ir/ir.h"
#include "shape/shape.h"

/* The release that wrote a zip, as far as the file tells. Defaults of missing fields and some
 * arithmetic depend on it. */
enum release {
	RELEASE_0_5,   /* 0.5 to 0.7: wrapper-object JSON, activations are words up to 0.7.1 */
	RELEASE_0_9,   /* 0.8 to 0.9.1: wrapper-object JSON */
	RELEASE_ALPHA, /* 1.0.0-alpha: wrapper-object JSON but for updaters */
	RELEASE_BETA,  /* 1.0.0-beta and -beta2 */
	RELEASE_BETA3, /* 1.0.0-beta3 */
	RELEASE_BETA4, /* 1.0.0-beta4 */
	RELEASE_BETA5, /* 1.0.0-beta5 */
	RELEASE_BETA6, /* 1.0.0-beta6 */
	RELEASE_BETA7, /* 1.0.0-beta7 */
	RELEASE_M1,    /* 1.0.0-M1 to -M2 */
	RELEASE_M2     /* 1.0.0-M2.1 */
};

enum node_kind {
	NODE_LAYER, NODE_VERTEX, NODE_PREPROCESSOR, NODE_ACTIVATION, NODE_DISTRIBUTION, NODE_KINDS
};

/* --- Fields: how one JSON member becomes one struct member ---------------------------------- */

struct dims {
	int n;
	int64_t v[DL4J_MAX_RANK];
};

struct floats {
	int n;
	const float *v;
};

struct nodes {
	int n;
	struct node *v[DL4J_MAX_RANK];
};

enum field_kind {
	FIELD_KIND_DIM,    /* int64_t, within min..max */
	FIELD_KIND_DIMS,   /* struct dims of `len` numbers (0: any), each within min..max */
	FIELD_KIND_BOOL,   /* bool */
	FIELD_KIND_DOUBLE, /* double; "NaN" and "Infinity" are strings in DL4J's JSON */
	FIELD_KIND_ENUM,   /* int: index into names; case does not matter */
	FIELD_KIND_STRING, /* const char *, NULL when missing */
	FIELD_KIND_FLOATS, /* struct floats: an ND4J array, as it lies */
	FIELD_KIND_NODE,   /* struct node *, of `node_kind`; NULL when missing or null */
	FIELD_KIND_NODES   /* struct nodes, of `node_kind` */
};

struct field {
	enum field_kind kind;
	const char *json;
	size_t offset;
	double absent; /* value when the member is missing or null */
	int64_t min, max;
	int len;
	const char *const *names;
	enum node_kind node_kind;
	bool with_conf; /* NODE: where it is a word, it takes a number from around the layer */
};

#define DIM_MAX 2147483647 /* what a Java int holds */

#define FIELD_DIM(type, member, key, missing, least) \
	{ .kind = FIELD_KIND_DIM, .json = key, .offset = offsetof(type, member), \
	  .absent = missing, .min = least, .max = DIM_MAX }
#define FIELD_DIMS(type, member, key, count, missing, least) \
	{ .kind = FIELD_KIND_DIMS, .json = key, .offset = offsetof(type, member), .len = count, \
	  .absent = missing, .min = least, .max = DIM_MAX }
#define FIELD_BOOL(type, member, key, missing) \
	{ .kind = FIELD_KIND_BOOL, .json = key, .offset = offsetof(type, member), .absent = missing }
#define FIELD_DOUBLE(type, member, key, missing) \
	{ .kind = FIELD_KIND_DOUBLE, .json = key, .offset = offsetof(type, member), .absent = missing }
#define FIELD_ENUM(type, member, key, list, missing) \
	{ .kind = FIELD_KIND_ENUM, .json = key, .offset = offsetof(type, member), .names = list, \
	  .absent = missing }
#define FIELD_STRING(type, member, key) \
	{ .kind = FIELD_KIND_STRING, .json = key, .offset = offsetof(type, member) }
#define FIELD_FLOATS(type, member, key) \
	{ .kind = FIELD_KIND_FLOATS, .json = key, .offset = offsetof(type, member) }
#define FIELD_NODE(type, member, key, what) \
	{ .kind = FIELD_KIND_NODE, .json = key, .offset = offsetof(type, member), .node_kind = what }
#define FIELD_NODES(type, member, key, what) \
	{ .kind = FIELD_KIND_NODES, .json = key, .offset = offsetof(type, member), .node_kind = what }
#define FIELD_END { .json = NULL }

/* --- Parameters: a layer's block of the flat vector ------------------------------------------ */

#define PARAM_MAX 32

/* The order of a node's table is the order in the flat vector. */
struct param {
	const char *key;
	int rank;
	int64_t dim[5];
	char order; /* 'c' or 'f' */
};

/* --- Nodes ------------------------------------------------------------------------------------ */

struct node;
struct lowering;

struct node_type {
	enum node_kind kind;
	const char *name;     /* DL4J's simple class name */
	const char *alias[7]; /* sub-classes, older packages' names, wrapper names, enum names */
	const char *impl;     /* the class that summary() shows, where it is another */
	const char *keras;    /* the Keras class of the same meaning, or NULL */
	size_t size;          /* of the instance; 0: sizeof(struct node) */
	int n_in;             /* inputs: exactly so many; 0: one or more */
	bool feed_forward;    /* a FeedForwardLayer: has nIn and nOut, shown by summary() */
	const struct field *fields;
	/* What the fields alone cannot say; called once after they are read. */
	int (*check)(struct node *, struct dl4j_error *);
	/* Fills the table, returns its length. */
	int (*params)(const struct node *, struct param *);
	/* The result's shape from the inputs'; unknown sizes stay unknown. Default: as the input. */
	int (*infer)(const struct node *, const struct dl4j_shape *in, int n_in,
	             struct dl4j_shape *out, struct dl4j_error *);
	/* What input it must be, as far as its fields tell: 1: this; 0: it keeps channels and kind, so
	 * ask what follows; -1: no telling. Without it: 0 where there is no infer, else -1. */
	int (*expects)(const struct node *, struct dl4j_shape *out);
	/* The Keras class where it depends on the fields or on the kind of `in`, the first input's
	 * shape; NULL: Keras has none. Optional. */
	const char *(*keras_name)(const struct node *, const struct dl4j_shape *in);
	/* Sets lo->out. Default, for a layer that does nothing in inference: the input. */
	void (*lower)(const struct node *, struct lowering *);
};

/* First member of every instance. */
struct node {
	const struct node_type *type; /* NULL: a class that this library does not know */
	const char *class_name;       /* as the file has it, without the package */
	enum release release;
	bool in_graph;                /* of a ComputationGraph */
	const char *const *variables; /* the parameter names the file lists, NULL-terminated, or NULL */
	int64_t nin, nout;            /* of feed_forward types; 0 when missing */
};

/* What a wrapper wraps: its first FIELD_NODE of kind layer; NULL: it is no wrapper. */
const struct node *node_wrapped(const struct node *);
/* What is inside of all wrappers; the node itself where there are none. */
const struct node *node_inner(const struct node *);
bool node_has_variable(const struct node *, const char *key);
int node_params(const struct node *, struct param *table);
int node_infer(const struct node *, const struct dl4j_shape *in, int n_in,
               struct dl4j_shape *out, struct dl4j_error *);
void node_lower(const struct node *, struct lowering *);

/* By a class name in any of its forms: package path, simple name, wrapper or enum name. */
const struct node_type *node_find(enum node_kind kind, const char *name);
int node_types(void);
const struct node_type *node_type_at(int i);

/* --- Lowering --------------------------------------------------------------------------------- */

/* A parameter with its elements, as a node sees it while lowering. */
struct param_data {
	struct param param;
	const float *data;
};

/* Sizes are those of the values (in[i]->dim); shape tells kind and format only. */
struct lowering {
	struct ir *ir;
	struct ir_val *const *in;
	struct ir_val *const *mask; /* of each input: [n,t], 1 where a step counts, or NULL */
	const struct dl4j_shape *shape; /* of each input */
	int n_in;
	int64_t batch; /* of the network: of its inputs' first axis */
	const struct param_data *params;
	int n_params;
	struct states *states; /* NULL: every run starts anew */
	struct network_inputs *network;
	struct ir_val *out;
	struct ir_val *out_mask; /* default: that of the first input */
	/* What a wrapper puts on the layer inside, which then applies it, as DL4J's setMaskArray; and
	 * what the layer inside says it has. */
	struct ir_val *own_mask;
};

/* What recurrent layers carry from run to run: an input of the ir, the output that becomes it. */
struct state {
	struct ir_val *before, *after;
};

struct states {
	struct arena *arena;
	struct state *list;
	int n;
};

/* For vertices that name a network input: its value, mask and shape. */
struct network_inputs {
	const char *const *names;
	struct ir_val *const *values, *const *masks;
	int n;
};

/* The parameter `key` as a constant with the strides of its order; NULL when the node has none. */
struct ir_val *lower_param(struct lowering *, const char *key);
/* A state's value before this run: zeros where the runner carries none. Tell what becomes of it
 * with lower_keep, on the value that lower_state returned. */
struct ir_val *lower_state(struct lowering *, int rank, const int64_t *dim);
void lower_keep(struct lowering *, struct ir_val *before, struct ir_val *after);
/* The network input of that name and its mask; NULL, and an error in the ir, when there is none. */
struct ir_val *lower_network_input(struct lowering *, const char *name, struct ir_val **mask);
/* The elements of a 1-d parameter, or NULL. */
const float *lower_vector(struct lowering *, const char *key);

#endif
