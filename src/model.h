/* SPDX-License-Identifier: Apache-2.0 */
/* model: what a dl4j_model holds, shared by dl4j.c and runner.c. */
#ifndef DL4J_MODEL_H
#define DL4J_MODEL_H

#include <pthread.h>

#include "archive/archive.h"
#include "graph/graph.h"
#include "ndarray/ndarray.h"
#include "normalizer/normalizer.h"

struct dl4j_model {
	struct arena arena;
	struct dl4j_limits limits;
	void *bytes; /* of a zip in memory */
	struct archive *archive;
	struct graph graph;
	struct ndarray coefficients; /* their headers; n == 0: none */
	struct normalizer normalizer;
	pthread_mutex_t lock; /* of what follows */
	float *flat;
	int holders; /* who needs flat */
};

#endif
