/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j quantize: a zip that --precision int8 takes.
 * The same entries and one more: the ranges of the activations that some pictures make. */
#include <stdlib.h>
#include <string.h>

#include "cli/arrays.h"
#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/input.h"
#include "cli/limits.h"
#include "cli/paths.h"
#include "cli/pool.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/threads.h"

struct quantize_options {
	struct input_options input;
	const char *out;
	int threads, progress;
	bool recursive, nul;
};

#define AT(member) offsetof(struct quantize_options, member)

static const struct opt options[] = {
	OPT(TEXT, 'o', "output", "OUT.zip", AT(out), "the zip to write"),
	OPT(TEXT, 'p', "profile", "NAME|FILE", AT(input.profile),
	    "how pictures are prepared: built-in, or a JSON file"),
	OPT_TABLE(AT(input.direct), profile_opts),
	OPT(FLAG, 0, "explain-input", NULL, AT(input.explain),
	    "say on stderr how pictures are prepared, and what told so"),
	OPT(FLAG, 'r', "recursive", NULL, AT(recursive), "look into the folders of a folder, too"),
	OPT(FLAG, '0', "null", NULL, AT(nul), "paths on standard input end in NUL, not newline"),
	OPT(CHOICE, 0, "progress", "auto|always|never", AT(progress),
	    "show how far it is (auto: when stderr is a terminal)", .choices = progress_names),
	OPT(INT, 't', "threads", "N", AT(threads), "threads (the cores available)", .min = 1),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

struct quantize {
	struct paths paths;
	struct input input;
	struct progress progress;
	struct arrays arrays;
	dl4j_calibrator *calibrator;
};

/* A picture that fails ends it, before anything is written. */
static int run_picture(struct quantize *q, const struct path *path, struct dl4j_error *err)
{
	if (path->error)
		fail(err, DL4J_EIO, "%s", path->error);
	else if (input_load(&q->input, path->name, q->arrays.in[0], err) >= 0)
		return dl4j_calibrator_run(q->calibrator, (const float *const *)q->arrays.in, err);
	return within(err, "%s", path->name);
}

static int run_pictures(struct quantize *q, const struct quantize_options *o,
                        struct dl4j_error *err)
{
	struct path path;
	int code = 0, n = 0;

	progress_start(&q->progress, o->progress, paths_count(&q->paths));
	for (; code == 0 && (path = paths_next(&q->paths)).name; n++) {
		code = run_picture(q, &path, err);
		progress_add(&q->progress, 1);
		free(path.name);
	}
	progress_hide(&q->progress);
	return code == 0 && n == 0 ? fail(err, DL4J_EUSAGE, "quantize: no pictures") : code;
}

static int quantize(struct quantize *q, const struct quantize_options *o, const char *path,
                    const dl4j_model *model, struct dl4j_error *err)
{
	dl4j_array *shape;

	TRY(input_settle(&q->input, &o->input, model, path, err));
	TRY(arrays_new(&q->arrays, model, err));
	shape = q->arrays.in_shape;
	shape->rank = input_dims(&q->input, 1, shape->dim);
	if (dl4j_calibrator_new(&q->calibrator, model, shape, o->threads, err) < 0)
		return within(err, "%s", path);
	q->arrays.in[0] = calloc(arrays_elements(shape), sizeof(float));
	if (!q->arrays.in[0])
		return fail_memory(err);
	TRY(run_pictures(q, o, err));
	pool_note_signals(); /* which would leave half a zip under another name */
	if (dl4j_calibrator_write(q->calibrator, o->out, err) == 0)
		return pool_signal() ? 128 + pool_signal() : 0;
	within(err, "%s", o->out);
	return err->code = err->code == DL4J_EIO ? SAY_EOUTPUT : err->code;
}

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct quantize_options *o = options_;
	struct quantize q = { 0 };
	dl4j_model *model = NULL;
	int code;

	TRY(paths_after_model("quantize", argc, argv, err));
	if (!o->out)
		return fail(err, DL4J_EUSAGE, "quantize: expected --output OUT.zip");
	code = paths_open(&q.paths, argc - 1, argv + 1, o->recursive, o->nul, err);
	if (code == 0)
		code = file_model(&model, argv[0], err);
	if (code == 0)
		code = quantize(&q, o, argv[0], model, err);
	dl4j_calibrator_free(q.calibrator);
	arrays_free(&q.arrays);
	paths_free(&q.paths);
	dl4j_model_free(model);
	return code;
}

const struct verb verb_quantize = {
	.name = "quantize",
	.args = "MODEL IMAGE|DIR|-...",
	.what = "Write a zip that --precision int8 takes.",
	.more = "Runs the network on pictures like those to come, a hundred or so, notes in what\n"
	        "ranges its activations lie, and writes a zip of the same entries and of one\n"
	        "more, calibration.json. Pictures are prepared as classify does it.",
	.options = options,
	.defaults = &(const struct quantize_options){ .threads = 0 },
	.size = sizeof(struct quantize_options),
	.min_args = 1,
	.max_args = INT32_MAX,
	.run = run,
};
