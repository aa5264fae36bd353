/* SPDX-License-Identifier: Apache-2.0 */
/* file: whole files in memory, with a ceiling.
 * The ceiling also holds for what has no size: pipes, devices. */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int fd, struct bytes *out, size_t limit, struct dl4j_error *err)
{
	struct stat st;
	size_t room = 1 << 16;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return fail(err, DL4J_EIO, "is a folder");
	if (S_ISREG(st.st_mode) && st.st_size > 0 && (uintmax_t)st.st_size <= limit)
		room = (size_t)st.st_size + 2; /* so that the end is seen without growing */
	for (;;) {
		unsigned char *at = realloc(out->at, room);
		ssize_t n;

		if (!at)
			return fail_memory(err);
		out->at = at;
		while ((n = read(fd, at + out->n, room - 1 - out->n)) < 0 && errno == EINTR)
			;
		if (n < 0)
			return fail(err, DL4J_EIO, "%s", strerror(errno));
		out->n += (size_t)n;
		at[out->n] = '\0';
		if (n == 0)
			return 0;
		if (out->n > limit)
			return fail(err, DL4J_ELIMIT, "expected at most %zu bytes, found more", limit);
		if (out->n == room - 1)
			room *= 2;
	}
}

int file_read(struct bytes *out, const char *path, size_t limit, struct dl4j_error *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int code;

	*out = (struct bytes){ 0 };
	if (fd < 0)
		return fail(err, DL4J_EIO, "%s", strerror(errno));
	code = read_all(fd, out, limit, err);
	if (fd != STDIN_FILENO)
		close(fd);
	if (code < 0) {
		free(out->at);
		*out = (struct bytes){ 0 };
	}
	return code;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void file_base(struct str *out, const char *path)
{
	const char *name = last_component(path);
	const char *dot = strrchr(name, '.');

	str_addn(out, path, dot && dot > name ? (size_t)(dot - path) : strlen(path));
}

void file_stem(struct str *out, const char *path)
{
	file_base(out, last_component(path));
}

void file_folder(struct str *out, const char *path)
{
	str_addn(out, path, (size_t)(last_component(path) - path));
}
