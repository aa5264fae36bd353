/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j export: the network in another program's format.
 * ONNX has fixed shapes here: a network is exported for one batch size and size of input. */
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/limits.h"
#include "cli/out.h"
#include "cli/shapes.h"

struct export_options {
	const char *onnx, *size;
	struct opt_list inputs, outputs;
	int batch;
	bool all;
};

#define AT(member) offsetof(struct export_options, member)

static const struct opt options[] = {
	OPT(TEXT, 0, "onnx", "OUT.onnx", AT(onnx), "write an ONNX model; - is standard output"),
	OPT(INT, 'b', "batch", "N", AT(batch), "for batches of this size (1)", .min = 1),
	OPT(TEXT, 0, "size", "HxW", AT(size), "the size of pictures, where the zip does not tell it"),
	OPT(LIST, 0, "input-type", "C,H,W|N|N,T", AT(inputs),
	    "the shape of a network input, repeated where there are several"),
	OPT(FLAG, 'a', "all", NULL, AT(all), "put out every vertex, not only the network's outputs"),
	OPT(LIST, 0, "output", "NAME", AT(outputs), "put out this vertex; may be repeated"),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

/* Opened by the first byte: what is refused leaves the file alone. */
struct sink {
	const char *path;
	struct out out;
	bool open;
	struct dl4j_error *err;
};

static int write_bytes(void *to, const void *bytes, size_t n)
{
	enum { ROOM = 1 << 20 };
	struct sink *s = to;

	if (!s->open)
		TRY(out_open(&s->out, s->path, s->err));
	s->open = true;
	TRY(out_add(&s->out, bytes, n, s->err));
	return s->out.pending.len > ROOM ? out_flush(&s->out, s->err) : 0;
}

static int write_onnx(const dl4j_model *model, const struct export_options *o, const char *path,
                      struct dl4j_error *err)
{
	const dl4j_run_options how = { .all = o->all, .n_outputs = o->outputs.n,
		                       .outputs = o->outputs.n ? o->outputs.item : NULL };
	dl4j_array arrays[OPT_REPEATS] = { { 0 } };
	dl4j_shape shapes[OPT_REPEATS];
	struct sink sink = { .path = o->onnx, .err = err };
	int code;

	TRY(shapes_settle(&o->inputs, o->size, model, path, shapes, err));
	for (int i = 0; i < dl4j_model_inputs(model); i++)
		arrays[i].rank = shapes_dims(&shapes[i], o->batch, arrays[i].dim);
	code = dl4j_model_export_onnx(model, arrays, &how, write_bytes, &sink, err);
	if (!sink.open)
		return code;
	if (out_close(&sink.out, code < 0, err) < 0)
		code = err->code;
	if (code < 0 && strcmp(o->onnx, "-") != 0)
		unlink(o->onnx); /* half a file is worse than none */
	return code;
}

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct export_options *o = options_;
	dl4j_model *model;
	int code;

	(void)argc;
	if (!o->onnx)
		return fail(err, DL4J_EUSAGE, "export: expected --onnx OUT.onnx, found no format");
	TRY(file_model(&model, argv[0], err));
	code = write_onnx(model, o, argv[0], err);
	dl4j_model_free(model);
	return code < 0 ? within(err, "%s", argv[0]) : 0;
}

const struct verb verb_export = {
	.name = "export",
	.args = "MODEL",
	.what = "Write the network in another format.",
	.more = "ONNX: opset 17, float32, of fixed shapes; inputs and outputs have the network's\n"
	        "names and DL4J's shapes. Batch normalization is folded into the weights. What\n"
	        "ONNX has no operators for is refused by name.",
	.options = options,
	.defaults = &(const struct export_options){ .batch = 1 },
	.size = sizeof(struct export_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
