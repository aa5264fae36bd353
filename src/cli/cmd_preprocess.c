/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j preprocess: the array that classify would feed, as an npy file.
 * So that anyone can compare it with another program's, picture by picture. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/input.h"
#include "cli/limits.h"
#include "cli/npy.h"
#include "cli/out.h"
#include "cli/paths.h"
#include "cli/say.h"

struct preprocess_options {
	const char *model, *out;
	struct input_options input;
	bool recursive, nul;
};

#define AT(member) offsetof(struct preprocess_options, member)

static const struct opt options[] = {
	OPT(TEXT, 'o', "output", "X.npy", AT(out), "where the array goes; - is standard output"),
	OPT(TEXT, 'm', "model", "MODEL", AT(model), "prepare the pictures for this network"),
	OPT(TEXT, 'p', "profile", "NAME|FILE", AT(input.profile),
	    "how pictures are prepared: built-in, or a JSON file"),
	OPT_TABLE(AT(input.direct), profile_opts),
	OPT(INT, 'c', "channels", "N", AT(input.channels),
	    "1, 3 or 4, where there is no model (3; 1 for grey)", .min = 1),
	OPT(FLAG, 0, "explain-input", NULL, AT(input.explain),
	    "say on stderr how pictures are prepared, and what told so"),
	OPT(FLAG, 'r', "recursive", NULL, AT(recursive), "look into the folders of a folder, too"),
	OPT(FLAG, '0', "null", NULL, AT(nul), "paths on standard input end in NUL, not newline"),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

/* All pictures into the file; those that fail as NaN. Counts both. */
static int write_pictures(struct out *out, const struct input *in, struct paths *paths,
                          int64_t count[2], struct dl4j_error *err)
{
	size_t n = input_elements(in);
	float *data = malloc(n * sizeof *data);
	struct str text = { 0 };
	int code = data ? 0 : fail_memory(err);

	while (code == 0) {
		struct path path = paths_next(paths);
		struct dl4j_error why = { 0 };

		if (!path.name)
			break;
		if (path.error)
			fail(&why, DL4J_EIO, "%s", path.error);
		else
			input_load(in, path.name, data, &why);
		if (why.code) {
			within(&why, "%s", path.name);
			say_error(&why);
			for (size_t i = 0; i < n; i++)
				data[i] = NAN;
		}
		free(path.name);
		count[0]++;
		count[1] += why.code != 0;
		text.len = 0;
		npy_values(&text, data, n);
		code = text.failed ? fail_memory(err) : out_add(out, text.text, text.len, err);
	}
	str_free(&text);
	free(data);
	return code;
}

static int add_header(struct out *out, const struct input *in, int64_t n, bool again,
                      struct dl4j_error *err)
{
	struct str text = { 0 };
	int64_t dim[4];
	int code;

	npy_header(&text, input_dims(in, n, dim), dim);
	if (text.failed)
		code = fail_memory(err);
	else if (!again)
		code = out_add(out, text.text, text.len, err);
	else if ((code = out_patch(out, text.text, text.len, err)) == 0)
		code = fail(err, DL4J_EUSAGE, "npy begins with the number of pictures: name them as "
		            "arguments, or write to a file");
	str_free(&text);
	return code < 0 ? code : 0;
}

static int write_array(const char *path, const struct input *in, struct paths *paths,
                       struct dl4j_error *err)
{
	int64_t expected = paths_count(paths), count[2] = { 0, 0 };
	struct out out;
	int code = out_open(&out, path, err);

	if (code == 0)
		code = add_header(&out, in, expected < 0 ? 0 : expected, false, err);
	if (code == 0)
		code = write_pictures(&out, in, paths, count, err);
	if (code == 0 && expected < 0)
		code = add_header(&out, in, count[0], true, err);
	if (out_close(&out, code < 0, err) < 0)
		code = err->code;
	return code < 0 ? code : count[1] ? STATUS_SOME_FAILED : STATUS_OK;
}

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct preprocess_options *o = options_;
	dl4j_model *model = NULL;
	struct paths paths = { 0 };
	struct input in;
	int code;

	if (!o->out)
		return fail(err, DL4J_EUSAGE, "preprocess: expected -o X.npy");
	code = paths_open(&paths, argc, argv, o->recursive, o->nul, err);
	if (code == 0 && o->model)
		code = file_model(&model, o->model, err);
	if (code == 0)
		code = input_settle(&in, &o->input, model, o->model, err);
	if (code == 0)
		code = write_array(o->out, &in, &paths, err);
	paths_free(&paths);
	dl4j_model_free(model);
	return code;
}

const struct verb verb_preprocess = {
	.name = "preprocess",
	.args = "IMAGE|DIR|-...",
	.what = "Write the array that classify would feed.",
	.more = "The array is [n,c,h,w], as DL4J's NativeImageLoader makes it; [n,h,w,c] or\n"
	        "[n,size] where the model's input is so. A picture that fails is NaN, and the\n"
	        "exit status is 1.",
	.options = options,
	.defaults = &(const struct preprocess_options){ 0 },
	.size = sizeof(struct preprocess_options),
	.min_args = 1,
	.max_args = INT32_MAX,
	.run = run,
};
