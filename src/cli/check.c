/* SPDX-License-Identifier: Apache-2.0 */
/* check: what is asked of the library, in turn: to open the file, to load the parameters, to plan.
 * What comes after a refusal is left out; all else is found out in one go. */
#include "cli/check.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/limits.h"
#include "cli/say.h"
#include "cli/shapes.h"

/* The elements as little-endian bytes, whatever the machine's own order. */
static void hash(const dl4j_tensor *t, char out[SHA256_TEXT])
{
	enum { PIECE = 4096 };
	unsigned char bytes[4 * PIECE];
	struct sha256 sha;

	sha256_start(&sha);
	for (int64_t from = 0; from < t->n; from += PIECE) {
		const int64_t left = t->n - from, n = left < PIECE ? left : PIECE;
		for (int64_t i = 0; i < n; i++) {
			uint32_t bits;
			memcpy(&bits, &t->data[from + i], sizeof bits);
			for (int k = 0; k < 4; k++)
				bytes[4 * i + k] = (unsigned char)(bits >> 8 * k);
		}
		sha256_add(&sha, bytes, 4 * (size_t)n);
	}
	sha256_end(&sha, out);
}

static void check_tensor(struct tensor_check *c)
{
	double sum = 0;

	for (int64_t i = 0; i < c->tensor.n; i++) {
		const double x = (double)c->tensor.data[i];
		if (isnan(x)) {
			c->nan++;
		} else if (isinf(x)) {
			c->inf++;
		} else {
			c->min = c->finite && c->min < x ? c->min : x;
			c->max = c->finite && c->max > x ? c->max : x;
			sum += x;
			c->finite++;
		}
	}
	c->mean = c->finite ? sum / (double)c->finite : 0;
	hash(&c->tensor, c->sha256);
}

static int check_tensors(struct check *c, struct dl4j_error *err)
{
	const int n = dl4j_model_tensors(c->model);

	c->tensors = calloc((size_t)n + 1, sizeof *c->tensors);
	if (!c->tensors)
		return fail_memory(err);
	for (; c->n_tensors < n; c->n_tensors++) {
		struct tensor_check *t = &c->tensors[c->n_tensors];
		t->tensor = dl4j_model_tensor(c->model, c->n_tensors);
		check_tensor(t);
		c->nan += t->nan;
		c->inf += t->inf;
	}
	return 0;
}

/* An array of no examples shows whether the normalizer and the input fit. */
static void check_normalizer(struct check *c)
{
	for (int i = 0; i < dl4j_model_inputs(c->model) && !c->normalizer.code; i++) {
		const dl4j_shape s = dl4j_model_input_shape(c->model, i);
		const int64_t dim[] = { 0, s.c };
		struct dl4j_error err = { 0 };
		const int code = dl4j_model_normalize(c->model, i, NULL, dim, 2, &err);

		/* statistics belong to axis 1, which is not told of here where channels come last */
		if (code == DL4J_EUNSUPPORTED || (code < 0 && s.c > 0 && !s.channels_last))
			c->normalizer = err;
	}
}

static int plan(struct check *c, const struct opt_list *types, const char *size,
                struct dl4j_error *err)
{
	const int n = dl4j_model_inputs(c->model);
	dl4j_shape shapes[OPT_REPEATS];
	dl4j_runner *runner = NULL;

	if (shapes_settle(types, size, c->model, c->path, shapes, err) < 0) {
		if (types->n > 0 || size || err->code != DL4J_EUSAGE)
			return err->code;
		c->unplanned = *err;
		return 0;
	}
	c->inputs = calloc((size_t)n, sizeof *c->inputs);
	if (!c->inputs)
		return fail_memory(err);
	for (int i = 0; i < n; i++) {
		c->inputs[i].rank = shapes_dims(&shapes[i], 1, c->inputs[i].dim);
		if (shapes[i].kind == DL4J_CNN3D && c->inputs[i].rank < 5)
			fail(&c->unplanned, DL4J_EUSAGE, "nothing tells its size");
	}
	if (c->unplanned.code)
		return 0;
	dl4j_runner_new(&runner, c->model, c->inputs, NULL, &c->unfit);
	dl4j_runner_free(runner);
	return 0;
}

static int inspect(struct check *c, const struct opt_list *types, const char *size,
                   struct dl4j_error *err)
{
	const bool runs = !dl4j_model_runs(c->model, &c->unfit);
	int code = 0;

	check_normalizer(c);
	/* a class may hide how many parameters it has */
	if (!runs && dl4j_model_params(c->model) < 0)
		return 0;
	if (dl4j_model_load(c->model, &c->refused) < 0)
		return 0;
	code = check_tensors(c, err);
	if (!code && runs)
		code = plan(c, types, size, err);
	dl4j_model_unload(c->model);
	return code;
}

/* Standard input can be read once only, so the digest takes what the model gets. */
static int open_model(struct check *c, struct dl4j_error *err)
{
	struct bytes bytes;

	if (strcmp(c->path, "-") != 0) {
		if (digest_file(&c->digest, c->path, err) < 0)
			return within(err, "%s", c->path);
		dl4j_model_open(&c->model, c->path, limits_model(), &c->refused);
		return 0;
	}
	if (file_read(&bytes, "-", SIZE_MAX / 4, err) < 0)
		return within(err, "standard input");
	digest_bytes(&c->digest, bytes.at, bytes.n);
	if (dl4j_model_read(&c->model, bytes.at, bytes.n, limits_model(), &c->refused) < 0)
		within(&c->refused, "standard input");
	free(bytes.at);
	return 0;
}

int check_file(struct check *out, const char *path, const struct opt_list *input_types,
               const char *size, struct dl4j_error *err)
{
	*out = (struct check){ .path = path };
	TRY(open_model(out, err));
	out->known = known_file(out->digest.adler32);
	if (out->model)
		TRY(inspect(out, input_types, size, err));
	if (out->model && out->refused.code)
		within(&out->refused, "%s", strcmp(path, "-") ? path : "standard input");
	if (out->refused.code)
		out->status = say_status(out->refused.code);
	else if (out->unfit.code || out->nan || out->inf || out->normalizer.code)
		out->status = STATUS_SOME_FAILED;
	return 0;
}

void check_free(struct check *c)
{
	dl4j_model_free(c->model);
	free(c->tensors);
	free(c->inputs);
}

int check_problems(const struct check *c, struct str out[CHECK_PROBLEMS])
{
	int n = 0;

	if (c->refused.code)
		str_add(&out[n++], c->refused.msg);
	if (c->unfit.code)
		str_add(&out[n++], c->unfit.msg);
	if (c->nan || c->inf)
		str_addf(&out[n++], "parameters: expected finite numbers, found %" PRId64 " NaN and "
		         "%" PRId64 " infinite", c->nan, c->inf);
	if (c->normalizer.code)
		str_add(&out[n++], c->normalizer.msg);
	return n;
}
