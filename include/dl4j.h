/* SPDX-License-Identifier: Apache-2.0 */
/* dl4j.h: open Deeplearning4j model zips, print their summary, run them. The one public header.
 *
 * Functions that can fail return 0 or a negative dl4j_code and fill the caller's dl4j_error, whose
 * text is one line. What a _new, _open or _clone function puts into `out` is freed by the caller
 * with the _free of its name; pointers from getters are borrowed and live as long as their object.
 * The library prints nothing, keeps no globals and never exits.
 *
 * A model is immutable and may be shared by threads; it must outlive its runners. A runner belongs
 * to one thread at a time; clones of one runner share its plan and packed weights and run at the
 * same time.
 * Arrays are float32 in C order and have DL4J's own shape: [n,c,h,w], or [n,h,w,c] where the
 * network's input is NHWC, [n,size] for feed-forward, [n,size,t] for recurrent data. */
#ifndef DL4J_H
#define DL4J_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default) /* the library's own build hides all else */
#endif

#define DL4J_MAX_RANK 8

enum dl4j_code {
	DL4J_OK = 0,
	DL4J_EIO = -1,          /* a file cannot be read or written */
	DL4J_EFORMAT = -2,      /* the input is damaged, or not what it should be */
	DL4J_EUNSUPPORTED = -3, /* well-formed, but of a kind that this library cannot run */
	DL4J_ESHAPE = -4,       /* sizes that do not fit together */
	DL4J_EMEMORY = -5,      /* out of memory */
	DL4J_ELIMIT = -6,       /* one of dl4j_limits */
	DL4J_EBACKEND = -7,     /* oneDNN refused: a bug, or the machine */
	DL4J_EUSAGE = -8        /* the call itself is wrong */
};

typedef struct dl4j_error {
	int code;
	char msg[512];
} dl4j_error;

/* Ceilings on what a file may ask for; a zero field means its default (dl4j_limits_default). */
typedef struct dl4j_limits {
	int64_t zip_entries;
	int64_t directory_bytes; /* the zip's central directory */
	int64_t config_bytes;
	int64_t coefficient_bytes;
	int64_t normalizer_bytes;
	int64_t json_depth;
	int64_t json_nodes;
	int64_t json_string_bytes;
	int64_t json_number_chars;
	int64_t vertices;
	int64_t activation_bytes; /* of one runner; 8 GiB, or half of the machine's memory if less */
} dl4j_limits;

dl4j_limits dl4j_limits_default(void);

const char *dl4j_version(void);
/* One line: the oneDNN version, the instruction set in use and the libzip version. */
void dl4j_backend(char *text, size_t size);

/* --- Models ---------------------------------------------------------------------------------- */

typedef struct dl4j_model dl4j_model;

/* Open the zip at `path`, or the `size` bytes at `bytes` (copied). The configuration is read and
 * checked at once; the coefficients when a runner first needs them. `limits` may be NULL. */
int dl4j_model_open(dl4j_model **out, const char *path, const dl4j_limits *limits, dl4j_error *err);
int dl4j_model_read(dl4j_model **out, const void *bytes, size_t size, const dl4j_limits *limits,
                    dl4j_error *err);
void dl4j_model_free(dl4j_model *model);

/* Read and check the coefficients now, and keep them; else dl4j_runner_new reads them, in a thread
 * beside its own, and drops them as it packs them. Undone by as many calls of dl4j_model_unload.
 * Thread-safe. */
int dl4j_model_load(const dl4j_model *model, dl4j_error *err);
void dl4j_model_unload(const dl4j_model *model);
/* 0, or an error that names the first vertex that keeps the network from running: its class, or
 * what does not fit. Sizes that only the inputs tell are checked when a runner is made. */
int dl4j_model_runs(const dl4j_model *model, dl4j_error *err);

/* "MultiLayerNetwork" or "ComputationGraph". */
const char *dl4j_model_kind(const dl4j_model *model);
/* The number of vertices or layers, network inputs included. */
int dl4j_model_vertices(const dl4j_model *model);

enum dl4j_kind { DL4J_FF, DL4J_RNN, DL4J_CNN, DL4J_CNN3D };

/* One example, without the batch. A size that neither the zip nor the caller tells is 0. */
typedef struct dl4j_shape {
	enum dl4j_kind kind;
	int64_t c, d, h, w, t; /* channels or features, depth, height, width, time steps */
	int channels_last;     /* arrays are [n,h,w,c] and the like */
} dl4j_shape;

int dl4j_model_inputs(const dl4j_model *model);
int dl4j_model_outputs(const dl4j_model *model);
const char *dl4j_model_input_name(const dl4j_model *model, int i);
const char *dl4j_model_output_name(const dl4j_model *model, int i);
/* What the zip tells of an input: for most convolutional networks the channels, not the size.
 * All zero where it tells nothing. A network that itself reshapes flat input to pictures says
 * DL4J_FF with d channels, h and w. */
dl4j_shape dl4j_model_input_shape(const dl4j_model *model, int i);
/* The same of what an output puts out. */
dl4j_shape dl4j_model_output_shape(const dl4j_model *model, int i);
/* The release that saved the zip, "1.0.0-M2.1", or "1.0.0-beta4 to 1.0.0-beta6" where their files
 * are alike: then it is read as the last one's, but as beta7's where that is among them. `why` (may
 * be NULL): what in the file says so. */
const char *dl4j_model_release(const dl4j_model *model, const char **why);
/* The number of parameters that the configuration asks for. */
int64_t dl4j_model_params(const dl4j_model *model);
/* What the zip stores the parameters as: "FLOAT", "DOUBLE", "HALF", "BFLOAT16"; NULL: it stores
 * none. Whatever it is, they are rounded to float32, and all arithmetic is float32. */
const char *dl4j_model_data_type(const dl4j_model *model);
/* The known zoo network's name ("xception", ...), told by its vertices and parameters, or NULL;
 * `height`, `width` (may be NULL) are the input size it was published with. */
const char *dl4j_model_zoo_name(const dl4j_model *model, int64_t *height, int64_t *width);

enum dl4j_style { DL4J_STYLE_DL4J, DL4J_STYLE_KERAS, DL4J_STYLE_JSON, DL4J_STYLE_DOT };

typedef struct dl4j_summary_options {
	enum dl4j_style style;
	const char *release;       /* "1.0.0-M2.1", ...; NULL: that of the zip */
	const char *name;          /* the Keras table's model name; NULL: the zoo's, else "model" */
	const dl4j_shape *inputs;  /* one for each network input, or NULL */
	int n_inputs;
} dl4j_summary_options;

/* The summary as a malloc'ed string in `out`, which the caller frees with free(). `options` may be
 * NULL. Works without coefficients, and for classes that can be named but not run. `note` (may be
 * NULL) receives, malloc'ed, one line on what the zip could not tell, or NULL. */
int dl4j_model_summary(char **out, char **note, const dl4j_model *model,
                       const dl4j_summary_options *options, dl4j_error *err);

/* --- What the file holds --------------------------------------------------------------------- */

typedef struct dl4j_entry {
	const char *name;
	int64_t size, packed; /* bytes, inflated and as they lie in the zip */
	int used;             /* not 0: inference reads it; others are never inflated */
} dl4j_entry;

/* In the order of the zip's directory. */
int dl4j_model_entries(const dl4j_model *model);
dl4j_entry dl4j_model_entry(const dl4j_model *model, int i);

/* A parameter array: a part of the one flat vector in coefficients.bin. */
typedef struct dl4j_tensor {
	const char *vertex, *key; /* "conv1", "W" */
	int rank;
	int64_t dim[DL4J_MAX_RANK];
	char order;        /* 'c': the last index varies fastest; 'f': the first */
	int64_t offset, n; /* of its first element in the vector, and how many there are */
	const float *data; /* NULL but between dl4j_model_load and dl4j_model_unload */
} dl4j_tensor;

/* In the order of the vector. None where a class of unknown parameters stands in the network. */
int dl4j_model_tensors(const dl4j_model *model);
dl4j_tensor dl4j_model_tensor(const dl4j_model *model, int i);

/* --- Normalizers: what was saved with the network to scale its data -------------------------- */

/* The normalizer's type: "STANDARDIZE", "MIN_MAX", "IMAGE_MIN_MAX", "MULTI_STANDARDIZE",
 * "MULTI_MIN_MAX", "MULTI_HYBRID"; or one that cannot be applied, such as "CUSTOM", or "JAVA" for a
 * serialized Java object; NULL: the zip has none. */
const char *dl4j_model_normalizer(const dl4j_model *model);
/* Apply it, in place, to the array of network input `i`, in DL4J's float32 steps. Statistics belong
 * to axis 1: columns [n,size], features [n,size,t], channels [n,c,h,w]; DL4J_ESHAPE where that axis
 * has another length, or where the normalizer has no statistics of the input, DL4J_EUNSUPPORTED
 * where it cannot be applied. Where the zip has no normalizer, or it leaves this input alone,
 * nothing happens. */
int dl4j_model_normalize(const dl4j_model *model, int i, float *data, const int64_t *dim, int rank,
                         dl4j_error *err);
/* The same for series [n,size,t] with a mask [n,t]: what is scaled is then multiplied by it, so
 * that steps that do not count are 0. Other ranks ignore the mask; it may be NULL. */
int dl4j_model_normalize_masked(const dl4j_model *model, int i, float *data, const int64_t *dim,
                                int rank, const float *mask, dl4j_error *err);
/* Not 0 where network output `i` was trained on scaled labels (fitLabel), so that what it puts out
 * is to be reverted. */
int dl4j_model_reverts(const dl4j_model *model, int i);
/* Revert the scaling of the labels, in place, on what network output `i` put out: DL4J's
 * revertLabels. Arrays, mask and errors as above; nothing happens where it does not revert. */
int dl4j_model_revert(const dl4j_model *model, int i, float *data, const int64_t *dim, int rank,
                      const float *mask, dl4j_error *err);

/* --- Runners --------------------------------------------------------------------------------- */

typedef struct dl4j_runner dl4j_runner;

enum dl4j_precision {
	DL4J_F32, /* DL4J's own numbers */
	DL4J_BF16, /* convolutions and products of bfloat16 numbers, added up in float32: some 3 digits;
	            * on processors with AVX512_BF16 or AMX only, else DL4J_EUNSUPPORTED */
	DL4J_INT8  /* of numbers of 8 bits, added up exactly: some 2 digits; of calibrated models, on
	            * processors with AVX512_VNNI, AVX_VNNI or AMX only. What has no range or no fast
	            * primitive is computed as by DL4J_BF16, or where there is none, as by DL4J_F32 */
};

/* Whether this processor and its oneDNN compute that precision faster than float32. */
int dl4j_has_precision(enum dl4j_precision precision);

typedef struct dl4j_run_options {
	int threads;                /* 0: all cores available to the process */
	int no_passes;              /* run the graph as lowered, without fusion */
	int all;                    /* put out every vertex's activation */
	const char *const *outputs; /* or these vertices; NULL: the network's outputs */
	int n_outputs;
	const int *masked;          /* by network input: not 0 where it has a mask; NULL: none has */
	int stateful;               /* recurrent layers go on where the run before left them */
	enum dl4j_precision precision;
	/* A folder, made if it is not there: packed weights are kept in it, and taken from it by the
	 * next runner of the same network for the same inputs, options and machine, which then inflates
	 * and packs nothing. It must belong to this user, and nobody else may write to it; what does
	 * not belong there is not used. NULL: none. Of no use where dl4j_model_load holds the
	 * coefficients. */
	const char *cache;
} dl4j_run_options;

typedef struct dl4j_array {
	const char *name; /* of the vertex */
	int rank;
	int64_t dim[DL4J_MAX_RANK];
} dl4j_array;

/* Compile the network for inputs of exactly these shapes (batch included, DL4J's order), one for
 * each network input. `options` may be NULL. */
int dl4j_runner_new(dl4j_runner **out, const dl4j_model *model, const dl4j_array *inputs,
                    const dl4j_run_options *options, dl4j_error *err);
/* Another runner over the same plan and packed weights, with activations of its own. */
int dl4j_runner_clone(dl4j_runner **out, const dl4j_runner *runner, dl4j_error *err);
void dl4j_runner_free(dl4j_runner *runner);

/* Not 0 where the weights came from the options' `cache`. `why` (may be NULL): NULL, or one line on
 * what kept them from being read or left there, which is no error. */
int dl4j_runner_cached(const dl4j_runner *runner, const char **why);

int dl4j_runner_outputs(const dl4j_runner *runner);
dl4j_array dl4j_runner_output(const dl4j_runner *runner, int i);

/* Run once: in[i] and out[i] point to whole arrays in the order of the network's inputs and of
 * dl4j_runner_output; after the inputs come the masks [n,t] (1 where a time step counts) of those
 * inputs that have one. Nothing is allocated. */
int dl4j_runner_run(dl4j_runner *runner, const float *const *in, float *const *out,
                    dl4j_error *err);

/* Forget what a stateful runner carries: the next run is the first again. */
void dl4j_runner_reset(dl4j_runner *runner);

/* One executed operation, for `bench --layers`. */
typedef struct dl4j_op_stats {
	const char *origin; /* the vertex it comes from */
	const char *op;     /* CONV, POOL, ... */
	const char *impl;   /* the implementation that oneDNN chose */
	double seconds;     /* mean of the timed runs */
	double flops, bytes;
} dl4j_op_stats;

/* Run `times` times with a clock around every operation; stats has room for *n, *n is set. With
 * stats NULL only *n is set. */
int dl4j_runner_profile(dl4j_runner *runner, const float *const *in, float *const *out, int times,
                        dl4j_op_stats *stats, int *n, dl4j_error *err);
/* Bytes of activations and of packed constants. */
void dl4j_runner_memory(const dl4j_runner *runner, int64_t *activations, int64_t *constants);

/* --- Calibration: what DL4J_INT8 needs to know ----------------------------------------------- */

/* Runs a network in float32 on inputs that are like those to come, and notes in what range the
 * numbers lie that its convolutions and products read. Belongs to one thread. */
typedef struct dl4j_calibrator dl4j_calibrator;

/* For inputs of exactly these shapes, by so many threads (0: all cores). The model must outlive it.
 * DL4J_EUSAGE where the network has neither convolution nor product to calibrate. */
int dl4j_calibrator_new(dl4j_calibrator **out, const dl4j_model *model, const dl4j_array *inputs,
                        int threads, dl4j_error *err);
void dl4j_calibrator_free(dl4j_calibrator *calibrator);
/* in[i]: whole arrays, as for dl4j_runner_run. */
int dl4j_calibrator_run(dl4j_calibrator *calibrator, const float *const *in, dl4j_error *err);
/* A zip at `path` of the model's entries as they are and of one more, calibration.json, which DL4J
 * does not look at; written beside it first, then renamed. */
int dl4j_calibrator_write(const dl4j_calibrator *calibrator, const char *path, dl4j_error *err);

/* Not 0: the zip has such ranges. */
int dl4j_model_calibrated(const dl4j_model *model);

/* --- Export ----------------------------------------------------------------------------------- */

/* The network for inputs of exactly these shapes, as an ONNX model (opset 17): inputs and outputs
 * under their names and in DL4J's shapes; batch normalization is folded into the weights. Of
 * `options` the outputs count; it may be NULL. `sink` gets the file's bytes in order, and stops the
 * export, whose result that is, by returning anything but 0. What ONNX has no operators for is
 * refused by name. */
int dl4j_model_export_onnx(const dl4j_model *model, const dl4j_array *inputs,
                           const dl4j_run_options *options,
                           int (*sink)(void *to, const void *bytes, size_t n), void *to,
                           dl4j_error *err);

/* --- What is built in ------------------------------------------------------------------------ */

typedef struct dl4j_type {
	const char *name;         /* DL4J's simple class name */
	const char *kind;         /* "layer", "vertex", "preprocessor", "activation", "distribution" */
	const char *const *names; /* all names in configuration.json, NULL-terminated */
	int runs;
} dl4j_type;

int dl4j_types(void);
dl4j_type dl4j_type_at(int i);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
