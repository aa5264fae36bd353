/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j classify: the likeliest classes of pictures.
 * Here the options are settled; classify.c does the work. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cache.h"
#include "cli/classify.h"
#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/limits.h"
#include "cli/pool.h"
#include "cli/precision.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/threads.h"

enum { FORMAT_AUTO = -1, TRUTH_NONE = -1 };
static const char *const truths[] = { "dir", NULL };

struct classify_options {
	int top, format, truth, progress, threads, batch, precision;
	const char *labels, *confusion, *cache;
	struct input_options input;
	bool recursive, nul, fail_fast;
	double least;
};

#define AT(member) offsetof(struct classify_options, member)

static const struct opt options[] = {
	OPT(INT, 'k', "top", "K", AT(top), "how many classes a picture gets (5)", .min = 1),
	OPT(CHOICE, 'o', "output", "table|csv|tsv|json|jsonl|arff|npy", AT(format),
	    "the form of the rows (table on a terminal, else tsv)", .choices = rows_formats),
	OPT(TEXT, 'l', "labels", "FILE|NAME", AT(labels),
	    "names of the classes: a text file, one a line, or a built-in list"),
	OPT(TEXT, 'p', "profile", "NAME|FILE", AT(input.profile),
	    "how pictures are prepared: built-in, or a JSON file"),
	OPT_TABLE(AT(input.direct), profile_opts),
	OPT(FLAG, 0, "explain-input", NULL, AT(input.explain),
	    "say on stderr how pictures are prepared, and what told so"),
	OPT(FLAG, 'r', "recursive", NULL, AT(recursive), "look into the folders of a folder, too"),
	OPT(FLAG, '0', "null", NULL, AT(nul), "paths on standard input end in NUL, not newline"),
	OPT(CHOICE, 0, "truth", "dir", AT(truth),
	    "the folder's name is the class: report accuracy, top-5 and confusions on stderr",
	    .choices = truths),
	OPT(TEXT, 0, "confusion", "FILE.csv", AT(confusion),
	    "with --truth: write the confusion matrix"),
	OPT(REAL, 0, "min-confidence", "P", AT(least), "leave out classes less likely than this"),
	OPT(FLAG, 0, "fail-fast", NULL, AT(fail_fast), "end at the first picture that fails"),
	OPT(CHOICE, 0, "progress", "auto|always|never", AT(progress),
	    "show how far it is (auto: when stderr is a terminal)", .choices = progress_names),
	OPT(CHOICE, 0, "precision", "f32|bf16|int8|auto", AT(precision), PRECISIONS_HELP
	    "; auto: the fastest that gives the first pictures the classes of f32",
	    .choices = precision_choices),
	OPT_CACHE(AT(cache)),
	OPT(INT, 't', "threads", "N", AT(threads), "threads (the cores available)", .min = 1),
	OPT(INT, 'b', "batch", "N", AT(batch),
	    "pictures that a thread takes at once (1; up to 4 of many, by their weights)",
	    .min = 1),
	OPT_TABLE(0, limits_opts),
	OPT_DONE,
};

/* The labels, and where they are from: option, profile, beside the model, known network. */
static int find_labels(struct labels *out, const struct classify_options *o, const struct input *in,
                       const char *path, struct dl4j_error *err)
{
	const char *name = o->labels, *source = "from the options";
	char *beside = NULL;
	int code = 0;

	if (!name && *in->labels) {
		name = in->labels;
		source = in->labels_source;
	}
	if (!name && strcmp(path, "-") != 0) {
		TRY(labels_beside(&beside, path, err));
		name = beside;
		source = "beside the model";
	}
	if (!name && *in->zoo_labels) {
		name = in->zoo_labels;
		source = "the known network";
	}
	if (o->input.explain)
		fprintf(stderr, "%-10s %-24s %s\n", "labels", name ? name : "none",
		        name ? source : "classes are numbered");
	if (name)
		code = labels_load(out, name, err);
	free(beside);
	return code;
}

/* Labels of another number of classes are refused where they were asked for, else left out. */
static int check_labels(struct labels *labels, const struct classify_options *o, int classes,
                        struct dl4j_error *err)
{
	if (!labels->name || labels->n == classes)
		return 0;
	if (o->labels)
		return fail(err, DL4J_EFORMAT, "%s: expected %d labels, found %d", o->labels, classes,
		            labels->n);
	say_warning("the labels do not go with the network: expected %d, found %d; numbering the "
	            "classes", classes, labels->n);
	labels_free(labels);
	return 0;
}

static int settle_format(struct classify *c, int format, struct dl4j_error *err)
{
	bool terminal = isatty(STDOUT_FILENO);

	if (format == FORMAT_AUTO)
		format = terminal ? ROWS_TABLE : ROWS_TSV;
	c->rows.format = (enum rows_format)format;
	if (format == ROWS_TABLE)
		table_fit(&c->rows, &c->paths);
	if (format == ROWS_NPY && c->paths.streams && lseek(STDOUT_FILENO, 0, SEEK_CUR) < 0)
		return fail(err, DL4J_EUSAGE, "npy begins with the number of rows: send it to a file, or "
		            "name the pictures as arguments");
	c->one_terminal = terminal && isatty(STDERR_FILENO);
	return 0;
}

/* The rows, framed. */
static int write_rows(struct classify *c, struct dl4j_error *err)
{
	struct out out;
	struct str text = { 0 };
	int code;

	c->out = &out;
	TRY(out_open(&out, NULL, err));
	rows_begin(&c->rows, &text);
	code = text.failed ? fail_memory(err) :
	       out_add(&out, text.text ? text.text : "", text.len, err);
	if (code == 0)
		code = classify_run(c, err);
	text.len = 0;
	if (c->rows.format == ROWS_NPY && c->written != c->rows.pictures) {
		c->rows.pictures = c->written;
		rows_begin(&c->rows, &text);
		if (code == 0)
			code = out_patch(&out, text.text, text.len, err);
	} else if (code == 0) {
		rows_end(&c->rows, &text);
		code = out_add(&out, text.text ? text.text : "", text.len, err);
	}
	str_free(&text);
	return out_close(&out, code < 0, err) < 0 ? err->code : code < 0 ? code : 0;
}

static int report_truth(const struct truth *t, const char *confusion, struct dl4j_error *err)
{
	struct str text = { 0 };
	struct out file;
	int code;

	truth_report(t, &text);
	fwrite(text.text, 1, text.len, stderr);
	text.len = 0;
	if (!confusion) {
		str_free(&text);
		return 0;
	}
	truth_csv(t, &text);
	code = out_open(&file, confusion, err);
	if (code == 0)
		code = text.failed ? fail_memory(err) : out_add(&file, text.text, text.len, err);
	str_free(&text);
	return out_close(&file, code < 0, err) < 0 ? err->code : code;
}

static int classify(struct classify *c, const struct classify_options *o, const char *path,
                    struct labels *labels, struct truth *truth, struct dl4j_error *err)
{
	if (classify_prepare(c, err) < 0)
		return within(err, "%s", path);
	TRY(check_labels(labels, o, c->rows.classes, err));
	c->rows.labels = labels;
	c->rows.label_width = table_label_width(labels);
	if (c->rows.top > c->rows.classes)
		c->rows.top = c->rows.classes;
	if (o->truth != TRUTH_NONE) {
		TRY(truth_new(truth, labels, c->rows.classes, err));
		c->truth = truth;
	}
	progress_start(&c->progress, o->progress, c->rows.pictures);
	TRY(write_rows(c, err));
	if (c->truth)
		TRY(report_truth(c->truth, o->confusion, err));
	if (pool_signal())
		return 128 + pool_signal();
	return c->failed ? STATUS_SOME_FAILED : STATUS_OK;
}

static int run(const void *options_, int argc, char **argv, struct dl4j_error *err)
{
	const struct classify_options *o = options_;
	struct classify c = { .fail_fast = o->fail_fast, .batch = o->batch,
	                      .precision = o->precision, .cache = o->cache };
	struct labels labels = { 0 };
	struct truth truth = { 0 };
	dl4j_model *model = NULL;
	int code;

	TRY(paths_after_model("classify", argc, argv, err));
	if (o->confusion && o->truth == TRUTH_NONE)
		return fail(err, DL4J_EUSAGE, "classify: --confusion goes with --truth dir");
	c.threads = o->threads ? o->threads : threads_available();
	c.rows.top = o->top;
	c.rows.least = o->least;
	code = paths_open(&c.paths, argc - 1, argv + 1, o->recursive, o->nul, err);
	if (code == 0)
		code = settle_format(&c, o->format, err);
	if (code == 0)
		code = file_model(&model, argv[0], err);
	c.model = model;
	if (code == 0)
		code = input_settle(&c.input, &o->input, model, argv[0], err);
	if (code == 0)
		code = find_labels(&labels, o, &c.input, argv[0], err);
	if (code == 0)
		code = classify(&c, o, argv[0], &labels, &truth, err);
	classify_free(&c);
	truth_free(&truth);
	labels_free(&labels);
	dl4j_model_free(model);
	return code;
}

const struct verb verb_classify = {
	.name = "classify",
	.args = "MODEL IMAGE|DIR|-...",
	.what = "Say what is on pictures: the likeliest classes of each.",
	.more = "Each setting of the input comes from the first that tells it: the options;\n"
	        "--profile; MODEL.profile.json; the normalizer in the zip; the known zoo\n"
	        "network; else 0..255, blue, green, red, as DL4J's NativeImageLoader gives.\n"
	        "Labels are looked for in --labels, the profile, MODEL.labels and labels.txt\n"
	        "beside the model, the known network.\n\n"
	        "A picture that fails gets a row that says why, and the exit status is 1.\n"
	        "SIGINT and SIGTERM end after the rows under way, with 128 plus the signal's\n"
	        "number.",
	.options = options,
	.defaults = &(const struct classify_options){ .top = 5, .format = FORMAT_AUTO,
		                                .truth = TRUTH_NONE },
	.size = sizeof(struct classify_options),
	.min_args = 1,
	.max_args = INT32_MAX,
	.run = run,
};
