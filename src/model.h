/* SPDX-License-Identifier: Apache-2.0 */
/* model: what a dl4j_model holds, shared by dl4j.c, contents.c, coefficients.c
 * and runner.c. */
#ifndef DL4J_MODEL_H
#define DL4J_MODEL_H

#include <pthread.h>

#include "archive/archive.h"
#include "config/calibration.h"
#include "graph/graph.h"
#include "ndarray/ndarray.h"
#include "normalizer/normalizer.h"

#define MODEL_CONFIG "configuration.json"
#define MODEL_COEFFICIENTS "coefficients.bin"
#define MODEL_NORMALIZER "normalizer.bin"
#define MODEL_CALIBRATION "calibration.json"

struct dl4j_model {
	struct arena arena;
	struct dl4j_limits limits;
	void *bytes; /* of a zip in memory */
	struct archive *archive;
	struct graph graph;
	struct ndarray coefficients; /* their headers; n == 0: none */
	struct normalizer normalizer;
	struct calibration calibration; /* n == 0: none */
	struct dl4j_entry *entries;
	struct dl4j_tensor *tensors; /* without their data */
	int n_entries, n_tensors;
	pthread_mutex_t reading; /* of the archive */
	pthread_mutex_t lock;    /* of what follows */
	struct coefficients *held;
	int holders; /* who needs them */
};

/* contents.c: once the zip and the graph are there. */
int model_list_entries(struct dl4j_model *m, struct dl4j_error *err);
int model_list_tensors(struct dl4j_model *m, struct dl4j_error *err);

#endif
