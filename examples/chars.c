/* SPDX-License-Identifier: Apache-2.0 */
/* chars: a character model goes on with a text: chars MODEL.zip ALPHABET START LENGTH
 * The network reads and puts out one letter a step, as a vector with a place for each letter of the
 * alphabet; what it keeps of the letters before is in the runner. */
#include <dl4j.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Feed one letter; the likeliest next one comes back, or -1. */
static int feed(dl4j_runner *runner, int letter, int letters, dl4j_error *err)
{
	float in[256] = { 0 }, out[256];
	const float *const inputs[] = { in };
	float *const outputs[] = { out };
	int best = 0;

	in[letter] = 1;
	if (dl4j_runner_run(runner, inputs, outputs, err))
		return -1;
	for (int i = 1; i < letters; i++)
		if (out[i] > out[best])
			best = i;
	return best;
}

static int write_text(dl4j_runner *runner, const char *alphabet, const char *start, int length,
                      dl4j_error *err)
{
	const int letters = (int)strlen(alphabet);
	int next = 0;

	for (; *start; start++) {
		const char *at = strchr(alphabet, *start);
		putchar(*start);
		if (!at || (next = feed(runner, (int)(at - alphabet), letters, err)) < 0)
			return -1;
	}
	while (length-- > 0) {
		putchar(alphabet[next]);
		if ((next = feed(runner, next, letters, err)) < 0)
			return -1;
	}
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	dl4j_run_options options = { .threads = 1, .stateful = 1 };
	dl4j_error err = { .msg = "a letter that is not in the alphabet" };
	dl4j_array letter = { .rank = 3, .dim = { 1, 0, 1 } }; /* one text, one step */
	dl4j_model *model = NULL;
	dl4j_runner *runner = NULL;
	int failed = 1;

	if (argc != 5 || !*argv[2] || !*argv[3] || strlen(argv[2]) > 256) {
		fprintf(stderr, "usage: chars MODEL.zip ALPHABET START LENGTH\n");
		return 2;
	}
	letter.dim[1] = (int64_t)strlen(argv[2]);
	if (!dl4j_model_open(&model, argv[1], NULL, &err) &&
	    !dl4j_runner_new(&runner, model, &letter, &options, &err) &&
	    dl4j_runner_output(runner, 0).dim[1] == letter.dim[1])
		failed = write_text(runner, argv[2], argv[3], atoi(argv[4]), &err);
	if (failed)
		fprintf(stderr, "chars: %s\n", err.msg);
	dl4j_runner_free(runner);
	dl4j_model_free(model);
	return failed != 0;
}
