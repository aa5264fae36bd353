/* SPDX-License-Identifier: Apache-2.0 */
/* bench: the measurement of one configuration.
 * One stream runs in the calling thread; several run in threads of their own, at the same time. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include <stdbool.h>

#include "cli/machine.h"

/* What is measured. */
struct bench {
	const dl4j_model *model;
	const dl4j_shape *shapes; /* of the network's inputs */
	int batch, threads, streams, runs, precision;
	bool no_passes;
};

struct figures {
	double plan, first; /* seconds */
	double min, p50, p90, p99, max;
	double images_per_s, peak_rss_mib;
	int64_t activations, constants; /* bytes */
	int n_ops;
	dl4j_op_stats *ops; /* malloc'ed, where `layers` was asked for, */
	struct machine machine; /* likewise */
};

int bench_measure(struct figures *out, const struct bench *b, bool layers, dl4j_error *err);

#endif
