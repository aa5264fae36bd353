/* SPDX-License-Identifier: Apache-2.0 */
/* graph: the network as wired steps in topological order, with shapes as far as they are known and
 * each step's place in the flat parameter vector. A MultiLayerNetwork is a chain. */
#ifndef DL4J_GRAPH_GRAPH_H
#define DL4J_GRAPH_GRAPH_H

#include "node/node.h"

struct step {
	const char *name;
	struct node *node; /* NULL: a network input */
	struct node *pre;  /* the layer's input preprocessor, or NULL */
	bool is_layer;     /* a LayerVertex, or a layer of a MultiLayerNetwork */
	int *in;           /* steps, by index */
	int n_in;
	struct param *params; /* in the order of the flat vector */
	int n_params;
	int64_t offset, length; /* the step's block of the flat vector */
	struct dl4j_shape shape; /* of what it puts out, as far as the zip tells */
	bool known; /* shape says anything: every class up to here is one we know */
};

struct graph {
	struct step *steps; /* in topological order: that of the flat vector */
	int n_steps;
	struct step **by_name; /* the steps sorted by name */
	int *declared; /* steps in the order the file declares them, network inputs first */
	int *inputs, n_inputs, *outputs, n_outputs;
	struct dl4j_shape *told; /* of each input what the zip tells; c is -1 where it is nothing */
	bool multilayer;
	enum release release;
	const char *release_name, *release_why; /* "1.0.0-beta4 to 1.0.0-beta6", and what says so */
	int64_t n_params; /* -1: a class of unknown parameters stands in the graph */
	struct dl4j_error misfit; /* code 0, or why the network cannot run: summary() still prints */
	struct arena *arena;
};

/* A vertex as config reads it; `in` are names. */
struct declared {
	const char *name;
	struct node *node, *pre;
	bool is_layer;
	const char **in;
	int n_in;
};

/* What config hands over: the vertices in file order, without the network inputs. */
struct wiring {
	struct declared *vertices;
	int n_vertices;
	const char **inputs, **outputs, **order; /* order: the stored topological order, or NULL */
	int n_inputs, n_outputs, n_order;
	bool multilayer;
	enum release release;
	const char *release_name, *release_why;
};

/* Wire, sort, lay out the parameters, infer what shapes can be. All in `arena`. */
int graph_new(struct graph *out, const struct wiring *w, struct arena *arena,
              struct dl4j_error *err);

/* graph_new's parts. */
int graph_sort(const struct wiring *w, int *order, struct arena *arena, struct dl4j_error *err);
int graph_layout(struct graph *g, struct dl4j_error *err);

int graph_tell_inputs(struct graph *g, struct dl4j_error *err);

int graph_find(const struct graph *g, const char *name);
/* An error that names the first vertex that cannot run, for its class or its shapes; or 0. */
int graph_runs(const struct graph *g, struct dl4j_error *err);
/* Shapes of every step from those of the network inputs; unknown sizes are 0, and where nothing is
 * known, not even the kind, c is -1. `shapes` has room for one a step. `before` (may be NULL): what
 * each layer sees after its preprocessor. */
int graph_infer(const struct graph *g, const struct dl4j_shape *inputs, struct dl4j_shape *shapes,
                struct dl4j_shape *before, struct dl4j_error *err);
/* What the zip tells of network input i; false: nothing, and *out is all zero. */
bool graph_input_shape(const struct graph *g, int i, struct dl4j_shape *out);

/* What to lower a graph for. */
struct lower_request {
	const float *flat; /* the parameter vector */
	const struct dl4j_shape *inputs;
	int64_t batch;
	const bool *masked; /* network inputs that have a mask [n,t], or NULL: none has */
	const int *wanted;  /* steps: outputs of the ir, in this order */
	int n_wanted;
	struct states *states; /* NULL: nothing is carried from run to run */
};

/* Emit the operations. The ir's inputs are the network's, then the masks of those that have one,
 * then the states; its outputs are the wanted steps, then the states. `shapes`: one a step. */
int graph_lower(const struct graph *g, const struct lower_request *r, struct ir *ir,
                struct dl4j_shape *shapes, struct dl4j_error *err);

#endif
