/* SPDX-License-Identifier: Apache-2.0 */
/* cache: the folder of packed weights: cache DATA. What a runner computes must not depend on what
 * lies there, whoever put it there and however often. */
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dl4j.h"

enum { MOST = 1 << 16, WRITERS = 8 };

static char folder[] = "/tmp/dl4j-cache-XXXXXX", zip[512], other[512];
static int passed, failed;

static void say(const char *what, int ok)
{
	*(ok ? &passed : &failed) += 1;
	printf("%s - %s\n", ok ? "ok" : "not ok", what);
	fflush(stdout);
}

/* One run on numbers that are always the same; returns how the weights came, or a negative code. */
static int compute(const char *path, const dl4j_run_options *how, float out[MOST],
                   const char **note)
{
	static float in[MOST];
	static char text[512];
	const float *from = in;
	float *to = out;
	dl4j_array shape = { .rank = 4, .dim = { 2, 0, 6, 6 } };
	dl4j_model *model;
	dl4j_runner *runner = NULL;
	dl4j_error err = { 0 };
	const char *why = NULL;
	int cached = 0;

	for (int i = 0; i < MOST; i++)
		in[i] = (float)(i * 7 % 23) / 23 - 0.5F;
	memset(out, 0, MOST * sizeof *out);
	if (!dl4j_model_open(&model, path, NULL, &err)) {
		shape.dim[1] = dl4j_model_input_shape(model, 0).c;
		if (!dl4j_runner_new(&runner, model, &shape, how, &err) &&
		    !dl4j_runner_run(runner, &from, &to, &err))
			cached = dl4j_runner_cached(runner, &why);
		snprintf(text, sizeof text, "%s", why ? why : "");
		dl4j_runner_free(runner);
	}
	dl4j_model_free(model);
	if (note)
		*note = text;
	return err.code ? err.code : cached;
}

static const dl4j_run_options with = { .threads = 1, .cache = folder };
static float expected[MOST], got[MOST];

/* The weights come from the folder, or not; the numbers are the right ones. */
static int is(int cached)
{
	return compute(zip, &with, got, NULL) == cached && !memcmp(got, expected, sizeof got);
}

static int files(char *last, size_t size)
{
	DIR *d = opendir(folder);
	int n = 0;

	for (struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] != '.') {
			snprintf(last, size, "%s/%s", folder, e->d_name);
			n++;
		}
	closedir(d);
	return n;
}

static void empty(void)
{
	char path[512];

	while (files(path, sizeof path))
		if (remove(path))
			exit(99);
}

/* The bytes of the file; nothing of what lay in memory before gets into it. */
static void bytes(void)
{
	static unsigned char got_bytes[2][MOST];
	size_t n[2] = { 0 };
	char path[512];

	for (int i = 0; i < 2; i++) {
		FILE *f;
		empty();
		mallopt(M_PERTURB, i ? 0x55 : 0xaa); /* what a block holds at first */
		if (!is(0) || files(path, sizeof path) != 1 || !(f = fopen(path, "rb")))
			exit(99);
		n[i] = fread(got_bytes[i], 1, MOST, f);
		fclose(f);
	}
	mallopt(M_PERTURB, 0);
	say("the same file each time, to the bit",
	    n[0] && n[0] == n[1] && !memcmp(got_bytes[0], got_bytes[1], n[0]));
}

/* --- Files that are not what they should be --------------------------------------------------- */

static char file[512];

static void flip(off_t at)
{
	int fd = open(file, O_RDWR);
	unsigned char byte;

	if (fd < 0 || pread(fd, &byte, 1, at) != 1)
		exit(99);
	byte ^= 4;
	if (pwrite(fd, &byte, 1, at) != 1 || close(fd))
		exit(99);
}

static void resize(off_t by)
{
	struct stat st;

	if (stat(file, &st) || truncate(file, st.st_size + by))
		exit(99);
}

static void foreign(void)
{
	char last[512];

	empty();
	if (compute(other, &with, got, NULL) || files(last, sizeof last) != 1 || rename(last, file))
		exit(99);
}

static void linked(void)
{
	char to[512];

	snprintf(to, sizeof to, "%s/elsewhere", folder);
	if (rename(file, to) || symlink("elsewhere", file))
		exit(99);
}

static void writable(void)
{
	if (chmod(file, 0666))
		exit(99);
}

static void pipes(void)
{
	if (remove(file) || mkfifo(file, 0600))
		exit(99);
}

static void damage(void)
{
	static const struct {
		const char *what;
		void (*spoil)(void);
		off_t flip, grow;
	} list[] = {
		{ "a flipped bit in the first word", NULL, 0, 0 },
		{ "a flipped bit in the key", NULL, 20, 0 },
		{ "a flipped bit in the size", NULL, 88, 0 },
		{ "a flipped bit in the checksum", NULL, 96, 0 },
		{ "a flipped bit in the first number", NULL, 4096, 0 },
		{ "a flipped bit amidst the numbers", NULL, 5000, 0 },
		{ "cut short", NULL, -1, -1 },
		{ "longer", NULL, -1, 1 },
		{ "that of another network", foreign, -1, 0 },
		{ "a link", linked, -1, 0 },
		{ "one that others may write to", writable, -1, 0 },
		{ "a pipe", pipes, -1, 0 },
	};
	char name[100];

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		empty();
		if (!is(0) || files(file, sizeof file) != 1 || !is(1))
			exit(99);
		if (list[i].spoil)
			list[i].spoil();
		if (list[i].flip >= 0)
			flip(list[i].flip);
		if (list[i].grow)
			resize(list[i].grow);
		snprintf(name, sizeof name, "a file that is not used, but replaced: %s", list[i].what);
		say(name, is(0) && is(1));
	}
}

/* --- Folders, writers, zips ------------------------------------------------------------------- */

static void folders(void)
{
	dl4j_run_options how = { .threads = 1, .cache = "/nowhere/at/all" };
	const char *note;
	int r = compute(zip, &how, got, &note);

	say("a folder that cannot be made is told",
	    !r && strstr(note, "/nowhere/at/all: ") && !memcmp(got, expected, sizeof got));
	how.cache = zip;
	r = compute(zip, &how, got, &note);
	say("nor one that is a file", !r && strstr(note, zip) && !memcmp(got, expected, sizeof got));
	empty();
	chmod(folder, 0777);
	r = compute(zip, &with, got, &note);
	say("nor one that others may write to", !r && strstr(note, "nobody else may write") &&
	    !memcmp(got, expected, sizeof got) && !files(file, sizeof file));
	chmod(folder, 0700);
	if (geteuid()) {
		chmod(folder, 0500);
		r = compute(zip, &with, got, &note);
		say("one that cannot be written to is told", !r && *note && !files(file, sizeof file));
		chmod(folder, 0700);
	}
}

static void writers(void)
{
	int ok = 1, status;

	empty();
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			_exit(compute(zip, &with, got, NULL) < 0 || memcmp(got, expected, sizeof got));
	for (int i = 0; i < WRITERS; i++)
		ok &= wait(&status) > 0 && status == 0;
	say("eight writers at once, one file, whole", ok && files(file, sizeof file) == 1 && is(1));
}

static void keys(void)
{
	static float bare[MOST], first[MOST];
	dl4j_run_options how = with;

	empty();
	how.no_passes = 1;
	say("other options, another file", is(0) && compute(zip, &how, first, NULL) == 0 && is(1) &&
	    compute(zip, &how, bare, NULL) == 1 && !memcmp(first, bare, sizeof bare) &&
	    files(file, sizeof file) == 2);
	compute(other, &(dl4j_run_options){ .threads = 1 }, bare, NULL);
	say("another network, another file", compute(other, &with, got, NULL) == 0 &&
	    compute(other, &with, first, NULL) == 1 && !memcmp(first, bare, sizeof bare) &&
	    memcmp(first, expected, sizeof first) && files(file, sizeof file) == 3);
}

/* The file belongs to the zip's very bytes: a damaged zip is refused, and leaves none. */
static void damaged_zip(void)
{
	char path[512];
	static unsigned char bytes[1 << 20];
	FILE *f = fopen(zip, "rb");
	size_t n = fread(bytes, 1, sizeof bytes, f), refused = 0;

	fclose(f);
	snprintf(path, sizeof path, "%s-damaged.zip", folder);
	empty();
	is(0);
	for (size_t i = 0; i < 20; i++) {
		bytes[n - 1400 + 17 * i] ^= 1; /* in the coefficients */
		f = fopen(path, "wb");
		fwrite(bytes, 1, n, f);
		fclose(f);
		bytes[n - 1400 + 17 * i] ^= 1;
		refused += compute(path, &with, got, NULL) < 0;
	}
	remove(path);
	say("a damaged zip is refused all the same", refused == 20 && files(file, sizeof file) == 1);
}

int main(int argc, char **argv)
{
	if (argc != 2 || !mkdtemp(folder))
		return 99;
	snprintf(zip, sizeof zip, "%s/golden/residual-m2.1/model.zip", argv[1]);
	snprintf(other, sizeof other, "%s/golden/residual-half-m2.1/model.zip", argv[1]);
	if (compute(zip, &(dl4j_run_options){ .threads = 1 }, expected, NULL))
		return 99;
	say("the first leaves the weights, the next finds them, to the bit", is(0) && is(1));
	bytes();
	damage();
	folders();
	writers();
	keys();
	damaged_zip();
	empty();
	rmdir(folder);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
