/* SPDX-License-Identifier: Apache-2.0 */
/* digest: size, SHA-256 and Adler-32 in one pass.
 * Adler-32: RFC 1950, section 9. */
#include "cli/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
	PIECE = 1 << 16,
	ADLER_BASE = 65521,
	ADLER_RUN = 5552 /* so many bytes add up without overflow */
};

struct running {
	struct sha256 sha;
	uint32_t a, b;
};

static void start(struct running *r)
{
	sha256_start(&r->sha);
	r->a = 1;
	r->b = 0;
}

static void add(struct running *r, const unsigned char *p, size_t n)
{
	sha256_add(&r->sha, p, n);
	while (n > 0) {
		size_t run = n < ADLER_RUN ? n : ADLER_RUN;
		n -= run;
		for (; run > 0; run--) {
			r->a += *p++;
			r->b += r->a;
		}
		r->a %= ADLER_BASE;
		r->b %= ADLER_BASE;
	}
}

static void end(struct running *r, struct digest *out)
{
	out->bytes = (int64_t)r->sha.length;
	out->adler32 = r->b << 16 | r->a;
	sha256_end(&r->sha, out->sha256);
}

int digest_file(struct digest *out, const char *path, struct dl4j_error *err)
{
	unsigned char piece[PIECE];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct running r;
	ssize_t n = 0;

	if (fd < 0)
		return fail(err, DL4J_EIO, "%s", strerror(errno));
	start(&r);
	while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
		add(&r, piece, n > 0 ? (size_t)n : 0);
	if (n < 0)
		fail(err, DL4J_EIO, "%s", strerror(errno));
	close(fd);
	end(&r, out);
	return n < 0 ? err->code : 0;
}

void digest_bytes(struct digest *out, const void *bytes, size_t n)
{
	struct running r;

	start(&r);
	add(&r, bytes, n);
	end(&r, out);
}
