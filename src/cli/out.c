/* SPDX-License-Identifier: Apache-2.0 */
/* out: a file written in whole rows.
 * A closed pipe ends the program silently, as SIGPIPE would. */
#include "cli/out.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

enum { ENOUGH = 1 << 16 };

static int fail_write(struct out *out, struct dl4j_error *err)
{
	if (errno == EPIPE)
		return fail(err, SAY_EOUTPUT, "%s", "");
	return fail(err, SAY_EOUTPUT, "%s: %s", out->name, strerror(errno));
}

int out_open(struct out *out, const char *path, struct dl4j_error *err)
{
	bool is_stdout = !path || strcmp(path, "-") == 0;

	*out = (struct out){ STDOUT_FILENO, "standard output", { 0 } };
	if (is_stdout)
		return 0;
	out->name = path;
	out->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return out->fd < 0 ? fail_write(out, err) : 0;
}

int out_add(struct out *out, const void *text, size_t n, struct dl4j_error *err)
{
	if (out->pending.len + n > ENOUGH)
		TRY(out_flush(out, err));
	str_addn(&out->pending, text, n);
	return out->pending.failed ? fail_memory(err) : 0;
}

/* A disk that filled up in the middle of a row: the file ends after the row before. */
static void cut_row(const struct out *out, const char *from, const char *at)
{
	const char *end = at;
	off_t size = lseek(out->fd, 0, SEEK_CUR);
	struct stat st;

	while (end > from && end[-1] != '\n')
		end--;
	if (end < at && fstat(out->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == size &&
	    ftruncate(out->fd, size - (at - end)) == 0)
		lseek(out->fd, size - (at - end), SEEK_SET);
}

int out_flush(struct out *out, struct dl4j_error *err)
{
	const char *at = out->pending.text;

	while (out->pending.len > 0) {
		ssize_t n = write(out->fd, at, out->pending.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail_write(out, err);
			cut_row(out, out->pending.text, at);
			return err->code;
		}
		at += n;
		out->pending.len -= (size_t)n;
	}
	return 0;
}

int out_patch(struct out *out, const void *bytes, size_t n, struct dl4j_error *err)
{
	TRY(out_flush(out, err));
	if (pwrite(out->fd, bytes, n, 0) == (ssize_t)n)
		return 1;
	return errno == ESPIPE ? 0 : fail_write(out, err);
}

int out_close(struct out *out, bool failed, struct dl4j_error *err)
{
	int code = failed ? 0 : out_flush(out, err);

	/* network file systems report a full disk at the end */
	if (out->fd >= 0 && close(out->fd) < 0 && !failed && code == 0)
		code = fail_write(out, err);
	str_free(&out->pending);
	return code;
}

int out_text(struct str *text, struct dl4j_error *err)
{
	struct out out;
	int code = out_open(&out, NULL, err);

	if (code == 0)
		code = text->failed ? fail_memory(err) : out_add(&out, text->text, text->len, err);
	if (out_close(&out, code < 0, err) < 0)
		code = err->code;
	str_free(text);
	return code;
}
