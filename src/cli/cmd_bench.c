/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j bench: time and memory of a network, for each batch size and number of threads.
 * Inputs are random; loading, planning, the first run and the steady state are told apart. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/bench.h"
#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/limits.h"
#include "cli/out.h"
#include "cli/say.h"
#include "cli/shapes.h"
#include "cli/threads.h"

struct bench_options {
	struct opt_ints batches, threads;
	struct opt_list inputs;
	const char *size;
	int runs, streams, json, precision;
	bool layers, no_passes;
};

static const char *const formats[] = { "text", "json", NULL };

#define AT(member) offsetof(struct bench_options, member)

static const struct opt options[] = {
	OPT(INTS, 'b', "batch", "N,...", AT(batches), "batch sizes to measure (1)", .min = 1),
	OPT(INTS, 't', "threads", "N,...", AT(threads),
	    "numbers of threads to measure, of each stream (its share of the cores)", .min = 1),
	OPT(INT, 's', "streams", "N", AT(streams),
	    "copies of the network that run at the same time (1)", .min = 1),
	OPT(INT, 'n', "runs", "N", AT(runs), "timed runs of each stream (20)", .min = 1),
	OPT_PRECISION(AT(precision)),
	OPT(TEXT, 0, "size", "HxW", AT(size), "the size of pictures, where the zip does not tell it"),
	OPT(LIST, 0, "input-type", "C,H,W|N|N,T", AT(inputs),
	    "the shape of a network input, repeated where there are several"),
	OPT(FLAG, 0, "layers", NULL, AT(layers), "where the time goes: each operation"),
	OPT(FLAG, 0, "no-passes", NULL, AT(no_passes), "run the network as it stands, nothing fused"),
	OPT(CHOICE, 'o', "output", "text|json", AT(json), "the form of the rows (text)",
	    .choices = formats),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

/* --- rows ------------------------------------------------------------------------------------- */

static void add_json(struct str *out, const struct bench *b, const struct figures *f, double load)
{
	str_addf(out, "{\"load_s\":%.9g,\"plan_s\":%.9g,\"first_s\":%.9g,", load, f->plan, f->first);
	str_addf(out, "\"batch\":%d,\"threads\":%d,\"streams\":%d,\"precision\":\"%s\",", b->batch,
	         b->threads, b->streams, precision_names[b->precision]);
	str_addf(out, "\"latency_ms\":{\"min\":%.9g,\"p50\":%.9g,\"p90\":%.9g,\"p99\":%.9g,"
	         "\"max\":%.9g},", 1e3 * f->min, 1e3 * f->p50, 1e3 * f->p90, 1e3 * f->p99,
	         1e3 * f->max);
	str_addf(out, "\"images_per_s\":%.9g,\"peak_rss_mib\":%.9g", f->images_per_s, f->peak_rss_mib);
	if (f->ops)
		str_addf(out, ",\"limits\":{\"flops_per_s\":%.9g,\"bytes_per_s\":%.9g}",
		         f->machine.flops, f->machine.bytes);
	for (int i = 0; f->ops && i < f->n_ops; i++) {
		const dl4j_op_stats *op = &f->ops[i];
		const char *bound;
		double share = machine_share(&f->machine, op, &bound);

		str_add(out, i ? ",{\"origin\":" : ",\"layers\":[{\"origin\":");
		str_add_json(out, op->origin);
		str_addf(out, ",\"op\":\"%s\",\"impl\":\"%s\",\"ms\":%.9g,\"flops\":%.9g,\"bytes\":%.9g,"
		         "\"of_limit\":%.4g,\"bound\":\"%s\"}", op->op, op->impl, 1e3 * op->seconds,
		         op->flops, op->bytes, share, bound);
	}
	str_add(out, f->ops && f->n_ops ? "]}\n" : "}\n");
}

static void add_layers(struct str *out, const struct figures *f)
{
	double total = 1e-12;

	for (int i = 0; i < f->n_ops; i++)
		total += f->ops[i].seconds;
	str_addf(out, "\nlimits: %.0f GFLOP/s, %.1f GB/s\n", f->machine.flops * 1e-9,
	         f->machine.bytes * 1e-9);
	str_addf(out, "%10s %6s %9s %9s %-14s %-10s %-24s %s\n", "ms", "%", "GFLOP/s", "GB/s",
	         " of limit", "op", "kernel", "vertex");
	for (int i = 0; i < f->n_ops; i++) {
		const dl4j_op_stats *op = &f->ops[i];
		double s = op->seconds > 0 ? op->seconds : 1e-12;
		const char *bound;
		double share = machine_share(&f->machine, op, &bound);

		str_addf(out, "%10.4f %6.2f %9.2f %9.2f %4.0f %% %-7s %-10s %-24s %s\n",
		         1e3 * op->seconds, 100 * op->seconds / total, op->flops / s * 1e-9,
		         op->bytes / s * 1e-9, 100 * share, bound, op->op, op->impl, op->origin);
	}
	str_add(out, "\n");
}

static void add_text(struct str *out, const struct bench *b, const struct figures *f, double load,
                     bool first)
{
	static const char *const heads[] = { "load s", "plan s", "first ms", "min ms", "p50",
		                             "p90",    "p99",    "max",      "images/s" };
	const double values[] = { load,         f->plan,      1e3 * f->first,
		                  1e3 * f->min, 1e3 * f->p50, 1e3 * f->p90,
		                  1e3 * f->p99, 1e3 * f->max, f->images_per_s };

	if (first) {
		str_addf(out, "%5s %7s %7s", "batch", "threads", "streams");
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			str_addf(out, " %9s", heads[i]);
		str_addf(out, " %12s %9s\n", "network MiB", "peak MiB");
	}
	str_addf(out, "%5d %7d %7d", b->batch, b->threads, b->streams);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		str_addf(out, " %9.3f", values[i]);
	str_addf(out, " %12.1f %9.1f\n", (double)(f->activations + f->constants) / (1 << 20),
	         f->peak_rss_mib);
	if (f->ops)
		add_layers(out, f);
}

static int measure(struct out *out, const struct bench_options *o, const struct bench *b,
                   const char *path, double load, bool first, struct dl4j_error *err)
{
	struct str text = { 0 };
	struct figures f;
	int code = bench_measure(&f, b, o->layers, err);

	if (code < 0) {
		within(err, "%s", path);
	} else {
		if (o->json)
			add_json(&text, b, &f, load);
		else
			add_text(&text, b, &f, load, first || o->layers);
		code = text.failed ? fail_memory(err) : out_add(out, text.text, text.len, err);
	}
	if (code == 0)
		code = out_flush(out, err);
	free(f.ops);
	str_free(&text);
	return code;
}

static int measure_all(struct out *out, const struct bench_options *o, const dl4j_model *model,
                       const char *path, double load, struct dl4j_error *err)
{
	const int share = threads_available() / o->streams;
	const struct opt_ints one = { { 1 }, 1 }, all = { { share > 1 ? share : 1 }, 1 };
	const struct opt_ints *batches = o->batches.n ? &o->batches : &one;
	const struct opt_ints *threads = o->threads.n ? &o->threads : &all;
	struct bench b = { .model = model, .streams = o->streams, .runs = o->runs,
		           .no_passes = o->no_passes, .precision = o->precision };
	dl4j_shape shapes[OPT_REPEATS];

	TRY(shapes_settle(&o->inputs, o->size, model, path, shapes, err));
	b.shapes = shapes;
	for (int i = 0; i < batches->n; i++)
		for (int k = 0; k < threads->n; k++) {
			b.batch = batches->v[i];
			b.threads = threads->v[k];
			TRY(measure(out, o, &b, path, load, i + k == 0, err));
		}
	return 0;
}

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct bench_options *o = options_;
	double start = seconds_now();
	dl4j_model *model;
	struct out out;
	int code;

	(void)argc;
	TRY(file_model(&model, argv[0], err));
	code = dl4j_model_load(model, err);
	if (code < 0)
		within(err, "%s", argv[0]);
	if (code == 0)
		code = out_open(&out, NULL, err);
	if (code == 0) {
		code = measure_all(&out, o, model, argv[0], seconds_now() - start, err);
		code = out_close(&out, code < 0, err) < 0 ? err->code : code;
	}
	dl4j_model_free(model);
	return code;
}

const struct verb verb_bench = {
	.name = "bench",
	.args = "MODEL",
	.what = "Measure time and memory.",
	.options = options,
	.defaults = &(const struct bench_options){ .runs = 20, .streams = 1 },
	.size = sizeof(struct bench_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
