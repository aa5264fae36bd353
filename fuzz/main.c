/* SPDX-License-Identifier: Apache-2.0 */
/* main: runs a fuzz target on files: fuzz TARGET FILE|FOLDER... Prints a line a folder and how many
 * inputs went well. Built with ENGINE it is what libFuzzer calls instead (tools/fuzz). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

static const struct target {
	const char *name;
	void (*run)(const uint8_t *, size_t);
} targets[] = {
	{ "zip", fuzz_zip },         { "deflate", fuzz_deflate },       { "json", fuzz_json },
	{ "ndarray", fuzz_ndarray }, { "normalizer", fuzz_normalizer }, { "model", fuzz_model },
	{ "image", fuzz_image },     { "text", fuzz_text },             { "exec", fuzz_exec },
};

void fuzz_wrong(const char *what)
{
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static const struct target *find(const char *name)
{
	for (size_t i = 0; name && i < sizeof targets / sizeof *targets; i++)
		if (!strcmp(targets[i].name, name))
			return &targets[i];
	fprintf(stderr, "fuzz: expected a target, found '%s'\n", name ? name : "");
	exit(2);
}

#ifdef ENGINE

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t n, size_t most);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t n, size_t most, unsigned seed);

static const struct target *chosen(void)
{
	static const struct target *t;

	if (!t)
		t = find(getenv("FUZZ_TARGET"));
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	chosen()->run(bytes, n);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t n, size_t most, unsigned seed)
{
	if (chosen()->run == fuzz_model && seed % 4)
		return fuzz_model_mutate(bytes, n, most, seed / 4);
	return LLVMFuzzerMutate(bytes, n, most);
}

#else

static int inputs;

static void run_file(const struct target *t, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *bytes;
	size_t n;

	if (!f || fstat(fileno(f), &st) || !(bytes = malloc((size_t)st.st_size + 1)))
		fuzz_wrong(path);
	n = fread(bytes, 1, (size_t)st.st_size, f);
	fclose(f);
	bytes = realloc(bytes, n ? n : 1); /* so that reading past its end shows */
	t->run(bytes, n);
	free(bytes);
	inputs++;
}

static void run_path(const struct target *t, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char file[4096];

	if (!dir) {
		run_file(t, path);
		return;
	}
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.') {
			snprintf(file, sizeof file, "%s/%s", path, e->d_name);
			run_file(t, file);
		}
	closedir(dir);
}

int main(int argc, char **argv)
{
	const struct target *t = find(argc > 1 ? argv[1] : NULL);

	for (int i = 2; i < argc; i++)
		run_path(t, argv[i]);
	printf("ok %s: %d inputs\n%d passed, 0 failed\n", t->name, inputs, inputs);
	return 0;
}

#endif
