/* SPDX-License-Identifier: Apache-2.0 */
/* text: bytes as the other files that the program reads: labels, a profile, an array. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/labels.h"
#include "cli/npy.h"
#include "cli/profile.h"
#include "fuzz/fuzz.h"

void fuzz_text(const uint8_t *bytes, size_t n)
{
	struct dl4j_error err = { 0 };
	struct labels labels;
	struct profile profile;
	struct npy npy;
	char path[32], number[16];
	int fd = memfd_create("fuzz", 0);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		fuzz_wrong("no memory for a file");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (!labels_load(&labels, path, &err)) {
		for (int i = -1; i <= labels.n && i < 100; i++)
			labels_name(&labels, i < 0 ? labels.n : i, number);
		labels_free(&labels);
	}
	profile_load(&profile, path, &err);
	if (!npy_read(&npy, path, &err))
		npy_free(&npy);
	close(fd);
}
