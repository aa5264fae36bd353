/* SPDX-License-Identifier: Apache-2.0 */
/* damage: models cut short at every byte and with every bit flipped, by the library: damage ZIP...
 * Each is refused, or is the same model to the last bit of its summaries and of what it computes;
 * never another one in silence. Three small zips are made here; those named must take [n,size]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dl4j.h"
#include "tools/mkzip.h"

#define LAYERS "org.deeplearning4j.nn.conf.layers."
#define FUNCTIONS "org.nd4j.linalg.activations.impl.Activation"
static const char config[] =
	"{\"backpropType\":\"Standard\",\"confs\":["
	"{\"layer\":{\"@class\":\"" LAYERS "DenseLayer\","
	"\"activationFn\":{\"@class\":\"" FUNCTIONS "ReLU\"},"
	"\"hasBias\":true,\"hasLayerNorm\":false,\"layerName\":\"a\",\"nin\":3,\"nout\":4},"
	"\"variables\":[\"W\",\"b\"]},"
	"{\"layer\":{\"@class\":\"" LAYERS "OutputLayer\","
	"\"activationFn\":{\"@class\":\"" FUNCTIONS "Softmax\"},"
	"\"hasBias\":true,\"layerName\":\"b\",\"nin\":4,\"nout\":2},"
	"\"variables\":[\"W\",\"b\"]}],\"inputPreProcessors\":{}}";
enum { PARAMS = 3 * 4 + 4 + 4 * 2 + 2, MOST = 64 };

/* All that can be seen of a model. */
struct seen {
	char *summary[4];
	char normalizer[64];
	float out[2 * MOST];
};

static void forget(struct seen *s)
{
	for (int i = 0; i < 4; i++)
		free(s->summary[i]);
}

/* Of a size that the good model has not: refused, so to speak. */
static int fail_here(struct dl4j_error *err)
{
	snprintf(err->msg, sizeof err->msg, "of another size");
	return err->code = DL4J_ESHAPE;
}

static int compute(const struct dl4j_model *model, float *out, struct dl4j_error *err)
{
	struct dl4j_array shape = { .rank = 2, .dim = { 2, dl4j_model_input_shape(model, 0).c } };
	const dl4j_run_options how = { .threads = 1 };
	float x[2 * MOST];
	const float *in[] = { x };
	struct dl4j_runner *runner;
	int r;

	if (shape.dim[1] < 1 || shape.dim[1] > MOST)
		return fail_here(err);
	for (int i = 0; i < 2 * MOST; i++)
		x[i] = (float)(i * 29 % 17) / 4 - 2;
	if (dl4j_model_normalize(model, 0, x, shape.dim, 2, err) ||
	    dl4j_runner_new(&runner, model, &shape, &how, err))
		return err->code;
	shape = dl4j_runner_output(runner, 0);
	r = shape.rank == 2 && shape.dim[1] <= MOST ? dl4j_runner_run(runner, in, &out, err) :
	                                              fail_here(err);
	dl4j_runner_free(runner);
	return r;
}

/* Negative: refused. */
static int look(struct seen *s, const unsigned char *zip, size_t n)
{
	struct dl4j_error err = { 0 };
	struct dl4j_model *model;
	int r = dl4j_model_read(&model, zip, n, NULL, &err);

	memset(s, 0, sizeof *s);
	if (r)
		return r;
	for (int i = 0; i < 4 && !r; i++) {
		struct dl4j_summary_options how = { .style = (enum dl4j_style)i };
		r = dl4j_model_summary(&s->summary[i], NULL, model, &how, &err);
	}
	if (dl4j_model_normalizer(model))
		snprintf(s->normalizer, sizeof s->normalizer, "%s", dl4j_model_normalizer(model));
	if (!r)
		r = compute(model, s->out, &err);
	dl4j_model_free(model);
	if (r && !err.msg[0]) {
		printf("not ok - refused without a message\n");
		exit(1);
	}
	return r;
}

static int same(const struct seen *a, const struct seen *b)
{
	for (int i = 0; i < 4; i++)
		if (strcmp(a->summary[i], b->summary[i]) != 0)
			return 0;
	return !strcmp(a->normalizer, b->normalizer) && !memcmp(a->out, b->out, sizeof a->out);
}

static int failed, passed;

/* Of exactly n bytes, so that reading beyond them shows under the sanitizer. */
static int survives(const struct seen *good, const unsigned char *zip, size_t n, size_t bit,
                    const char *name)
{
	unsigned char *copy = malloc(n ? n : 1);
	struct seen s;
	int refused, fine;

	memcpy(copy, zip, n);
	if (bit < 8 * n)
		copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
	refused = look(&s, copy, n) < 0;
	fine = refused || (bit < 8 * n && same(good, &s));
	if (!fine)
		printf("not ok - %s: %s %zu: another model\n", name, bit < 8 * n ? "bit" : "length",
		       bit < 8 * n ? bit : n);
	forget(&s);
	free(copy);
	failed += !fine;
	return refused;
}

static void damage(const char *name, struct mkzip *z)
{
	struct seen good;
	size_t refused = 0, flips = 0, cuts = 0;

	if (look(&good, z->b, z->n)) {
		printf("not ok - %s: the good model is refused\n", name);
		failed++;
		return;
	}
	for (size_t n = 0; n < z->n; n++, cuts++)
		survives(&good, z->b, n, SIZE_MAX, name);
	for (size_t bit = 0; bit < 8 * z->n; bit++, flips++)
		refused += (size_t)survives(&good, z->b, z->n, bit, name);
	printf(
		"%s - %s: %zu bytes, cut at %zu, %zu bits flipped of which %zu refused, the others the same"
		"\n",
		failed ? "not ok" : "ok", name, z->n, cuts, flips, refused);
	passed++;
	forget(&good);
	mkzip_free(z);
}

int main(int argc, char **argv)
{
	static const char image[] = "\0\12NORMALIZER\0\0\0\1\0\15IMAGE_MIN_MAX\0\0\0\0\0\0\0\0"
								"\77\360\0\0\0\0\0\0\100\157\340\0\0\0\0\0";
	size_t n_array;
	unsigned char array[1024];
	float weight[PARAMS];
	int64_t dim = PARAMS;
	struct mkzip z = { 0 };

	for (int i = 0; i < PARAMS; i++)
		weight[i] = (float)(i * 37 % 19) / 8 - 1;
	n_array = mkzip_floats(array, 1, &dim, weight, PARAMS);
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "stored", "deflated",
			                                 "deflated, sizes after the data" };
		int method = i ? MKZIP_DEFLATED : MKZIP_STORED;
		enum mkzip_after after = i == 2 ? MKZIP_AFTER : MKZIP_BEFORE;
		mkzip_entry(&z, "configuration.json", config, sizeof config - 1, method, after);
		mkzip_entry(&z, "coefficients.bin", array, n_array, method, after);
		if (i == 2)
			mkzip_entry(&z, "normalizer.bin", image, sizeof image - 1, method, after);
		mkzip_end(&z, i ? "" : "saved by hand");
		damage(names[i], &z);
	}
	for (int i = 1; i < argc; i++) {
		unsigned char bytes[8192];
		FILE *f = fopen(argv[i], "rb");
		size_t n = f ? fread(bytes, 1, sizeof bytes, f) : 0;
		if (n == 0 || n == sizeof bytes)
			return perror(argv[i]), 2;
		fclose(f);
		mkzip_add(&z, bytes, n);
		damage(argv[i], &z);
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
