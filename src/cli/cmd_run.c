/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j run: the network on given arrays, its activations to files or compared with files.
 * The comparison is how a user checks this program against DL4J. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/arrays.h"
#include "cli/cache.h"
#include "cli/cmd.h"
#include "cli/compare.h"
#include "cli/file.h"
#include "cli/limits.h"
#include "cli/npy.h"
#include "cli/say.h"
#include "cli/steps.h"
#include "cli/threads.h"

struct run_options {
	struct opt_list inputs, masks, outputs;
	const char *write_dir, *assert_dir, *cache;
	double rtol, atol;
	int threads, steps, precision;
	bool all, no_passes, normalize, stateful;
};

#define AT(member) offsetof(struct run_options, member)

static const struct opt options[] = {
	OPT(LIST, 'i', "input", "[NAME=]X.npy", AT(inputs),
	    "the array of a network input, batch first, in DL4J's shape; NAME may be left out where "
	    "there is one input"),
	OPT(LIST, 0, "mask", "[NAME=]M.npy", AT(masks),
	    "the mask [n,t] of a recurrent input: 1 where a time step counts"),
	OPT(INT, 0, "steps", "N", AT(steps),
	    "feed the series N time steps a run, recurrent layers going on where the run before left "
	    "them, as rnnTimeStep does", .min = 1),
	OPT(FLAG, 0, "stateful", NULL, AT(stateful), "the same, one time step a run"),
	OPT(TEXT, 'd', "output-dir", "DIR", AT(write_dir), "write DIR/VERTEX.npy"),
	OPT(FLAG, 'a', "all", NULL, AT(all), "every vertex, not only the network's outputs"),
	OPT(LIST, 0, "output", "NAME", AT(outputs), "this vertex; may be repeated"),
	OPT(TEXT, 0, "assert", "DIR", AT(assert_dir),
	    "compare with DIR/VERTEX.npy instead of writing; a difference above atol + rtol * (the "
	    "largest magnitude in the file) gives exit status 1"),
	OPT(REAL, 0, "rtol", "R", AT(rtol), "see --assert (1e-5)"),
	OPT(REAL, 0, "atol", "A", AT(atol), "see --assert (1e-6)"),
	OPT(FLAG, 0, "normalize", NULL, AT(normalize),
	    "apply the normalizer that was saved with the network to the inputs, and revert it on the "
	    "network's outputs where it has statistics of the labels"),
	OPT(FLAG, 0, "no-passes", NULL, AT(no_passes), "run the network as it stands, nothing fused"),
	OPT_PRECISION(AT(precision)),
	OPT_CACHE(AT(cache)),
	OPT(INT, 't', "threads", "N", AT(threads), "threads (the cores available)", .min = 1),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

/* Splits "NAME=PATH"; what has no input's name before a '=' is a path. */
static int find_input(const dl4j_model *model, const char *text, const char **path)
{
	int n = dl4j_model_inputs(model);

	for (int i = 0; i < n; i++) {
		const char *name = dl4j_model_input_name(model, i);
		size_t len = strlen(name);

		*path = text + len + 1;
		if (strncmp(text, name, len) == 0 && text[len] == '=')
			return i;
	}
	*path = text;
	return n == 1 ? 0 : -1;
}

/* The input that "--option TEXT" is for, and the file. */
static int choose_input(const struct arrays *a, const dl4j_model *model, const char *option,
                        const char *text, const char **path, struct dl4j_error *err)
{
	int i = find_input(model, text, path);

	if (i < 0)
		return fail(err, DL4J_EUSAGE, "--%s %s: expected NAME=FILE with the name of a network "
		            "input, such as %s", option, text, a->in_shape[0].name);
	return i;
}

static int read_input(struct arrays *a, const dl4j_model *model, const char *text,
                      struct dl4j_error *err)
{
	const char *path;
	int i = choose_input(a, model, "input", text, &path, err);
	dl4j_array *shape = &a->in_shape[i < 0 ? 0 : i];
	struct npy npy;

	TRY(i);
	if (a->in[i])
		return fail(err, DL4J_EUSAGE, "--input: two arrays for '%s'", shape->name);
	TRY(npy_read(&npy, path, err));
	a->in[i] = npy.data;
	shape->rank = npy.rank;
	memcpy(shape->dim, npy.dim, sizeof npy.dim);
	return 0;
}

/* Into the place of its input's index behind the inputs; close_masks moves them together. */
static int read_mask(struct arrays *a, const dl4j_model *model, const char *text,
                     struct dl4j_error *err)
{
	const char *path;
	int i = choose_input(a, model, "mask", text, &path, err);
	const dl4j_array *in = &a->in_shape[i < 0 ? 0 : i];
	int64_t steps;
	struct npy npy;

	TRY(i);
	if (a->masked[i] || in->rank > 3)
		return fail(err, DL4J_EUSAGE, "--mask: %s '%s'",
		            a->masked[i] ? "two masks for" : "no time steps in", in->name);
	/* numbers of words are [n,t] themselves */
	steps = in->dim[in->rank == 2 || dl4j_model_input_shape(model, i).channels_last ? 1 : 2];
	TRY(npy_read(&npy, path, err));
	a->masked[i] = 1;
	a->in[a->n_in + i] = npy.data;
	if (npy.rank != 2 || npy.dim[0] != in->dim[0] || npy.dim[1] != steps)
		return fail(err, DL4J_ESHAPE, "%s: expected a mask of [%lld,%lld]", path,
		            (long long)in->dim[0], (long long)steps);
	return 0;
}

static void close_masks(struct arrays *a)
{
	for (int i = 0, to = a->n_in; i < a->n_in; i++) {
		float *mask = a->in[a->n_in + i];

		a->in[a->n_in + i] = NULL;
		if (mask)
			a->in[to++] = mask;
	}
}

static int read_inputs(struct arrays *a, const dl4j_model *model, const struct run_options *o,
                       struct dl4j_error *err)
{
	if (o->normalize && !dl4j_model_normalizer(model))
		return fail(err, DL4J_EUSAGE, "--normalize: no normalizer was saved with the network");
	for (int i = 0; i < o->inputs.n; i++)
		TRY(read_input(a, model, o->inputs.item[i], err));
	for (int i = 0; i < a->n_in; i++)
		if (!a->in[i])
			return fail(err, DL4J_EUSAGE, "the network input '%s' has no array"
			            HINT "--input %s=FILE.npy", a->in_shape[i].name,
			            a->in_shape[i].name);
	for (int i = 0; i < o->masks.n; i++)
		TRY(read_mask(a, model, o->masks.item[i], err));
	return 0;
}

static int write_outputs(const struct arrays *a, const char *dir, struct dl4j_error *err)
{
	TRY(arrays_check_names(a, err));
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return fail(err, SAY_EOUTPUT, "%s: %s", dir, strerror(errno));
	for (int i = 0; i < a->n_out; i++) {
		const dl4j_array *shape = &a->out_shape[i];
		struct str path = { 0 };
		int code;

		arrays_path(&path, dir, shape->name);
		if (path.failed)
			return fail_memory(err);
		code = npy_write(path.text, shape->rank, shape->dim, a->out[i], err);
		str_free(&path);
		if (code < 0)
			return code;
	}
	return STATUS_OK;
}

static int run_model(const dl4j_model *model, const char *path, const struct run_options *o,
                     struct arrays *a, dl4j_runner **runner, struct dl4j_error *err)
{
	dl4j_run_options how = { .threads = o->threads, .no_passes = o->no_passes, .all = o->all,
		                 .precision = (enum dl4j_precision)o->precision,
		                 .outputs = o->outputs.n ? o->outputs.item : NULL,
		                 .n_outputs = o->outputs.n, .cache = o->cache };

	TRY(arrays_new(a, model, err));
	TRY(read_inputs(a, model, o, err));
	if (o->normalize && arrays_normalize(a, model, err) < 0)
		return within(err, "%s", path);
	close_masks(a);
	how.masked = a->masked;
	if (o->steps || o->stateful) {
		if (steps_run(a, runner, model, &how, o->steps ? o->steps : 1, err) < 0)
			return within(err, "%s", path);
	} else {
		if (dl4j_runner_new(runner, model, a->in_shape, &how, err) < 0)
			return within(err, "%s", path);
		TRY(arrays_outputs(a, *runner, err));
		if (dl4j_runner_run(*runner, (const float *const *)a->in, a->out, err) < 0)
			return within(err, "%s", path);
	}
	cache_warn(*runner);
	if (o->normalize && arrays_revert(a, model, err) < 0)
		return within(err, "%s", path);
	return o->assert_dir ? compare_outputs(a, o->assert_dir, o->rtol, o->atol, err) :
	       write_outputs(a, o->write_dir, err);
}

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct run_options *o = options_;
	dl4j_runner *runner = NULL;
	struct arrays arrays = { 0 };
	const char *type;
	dl4j_model *model;
	int code;

	(void)argc;
	if ((o->steps || o->stateful) && o->masks.n)
		return fail(err, DL4J_EUSAGE, "run: expected either --%s or --mask, found both",
		            o->steps ? "steps" : "stateful");
	if (!o->write_dir == !o->assert_dir)
		return fail(err, DL4J_EUSAGE, "run: expected either --output-dir or --assert");
	TRY(file_model(&model, argv[0], err));
	type = dl4j_model_data_type(model);
	if (type && !strcmp(type, "DOUBLE"))
		say_note("%s: parameters of type double, computed in float32: expect about 6 digits",
		         argv[0]);
	code = run_model(model, argv[0], o, &arrays, &runner, err);
	arrays_free(&arrays);
	dl4j_runner_free(runner);
	dl4j_model_free(model);
	return code;
}

const struct verb verb_run = {
	.name = "run",
	.args = "MODEL",
	.what = "Run the network on given arrays.",
	.more = "Arrays are npy files in C order: float32 (float64, uint8 and int32 are\n"
	        "converted), in DL4J's shape: [n,c,h,w], or [n,h,w,c] where the network's input\n"
	        "is NHWC, [n,size], [n,size,t]. In file names, what is outside [A-Za-z0-9_.-] in\n"
	        "a vertex' name becomes _.",
	.options = options,
	.defaults = &(const struct run_options){ .rtol = 1e-5, .atol = 1e-6 },
	.size = sizeof(struct run_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
