/* SPDX-License-Identifier: Apache-2.0 */
/* badzip: makes a damaged zip out of a good one, for the tests of what must be refused.
 *
 *     badzip FROM TO cut N               the first N bytes only
 *     badzip FROM TO flip ENTRY          one bit in the middle of its data
 *     badzip FROM TO drop ENTRY          without the entry
 *     badzip FROM TO shorten ENTRY N     N bytes less at its end
 *     badzip FROM TO lengthen ENTRY N    N zero bytes more
 *     badzip FROM TO end ENTRY HEX       its last bytes become these
 *     badzip FROM TO replace ENTRY A B   the first A in its text becomes B
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static void die(const char *what)
{
	fprintf(stderr, "badzip: %s\n", what);
	exit(1);
}

struct bytes {
	char *at;
	size_t n;
};

static struct bytes read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes b = { malloc(1 << 24), 0 };

	if (!f || !b.at)
		die(path);
	b.n = fread(b.at, 1, 1 << 24, f);
	fclose(f);
	return b;
}

static void write_file(const char *path, struct bytes b)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(b.at, 1, b.n, f) != b.n || fclose(f) != 0)
		die(path);
}

/* Local header: name's length at 26, extra's at 28, the name at 30, then the data. */
static void flip(struct bytes b, const char *entry)
{
	size_t n = strlen(entry);

	for (size_t i = 0; i + 30 + n < b.n; i++) {
		const unsigned char *h = (const unsigned char *)b.at + i;

		if (memcmp(h, "PK\3\4", 4) == 0 && h[26] == n && memcmp(h + 30, entry, n) == 0) {
			b.at[i + 30 + n + h[28] + 40] ^= 16;
			return;
		}
	}
	die("no such entry");
}

/* --- entries by libzip ------------------------------------------------------------------------ */

static struct bytes read_entry(zip_t *zip, const char *name)
{
	zip_stat_t st;
	zip_file_t *f = zip_fopen(zip, name, 0);
	struct bytes b;

	if (!f || zip_stat(zip, name, 0, &st) < 0)
		die("no such entry");
	b = (struct bytes){ calloc(1, st.size + (1 << 20)), st.size };
	if (!b.at || zip_fread(f, b.at, st.size) != (zip_int64_t)st.size)
		die("the entry cannot be read");
	zip_fclose(f);
	return b;
}

static void replace(struct bytes *b, const char *from, const char *to)
{
	char *at = b->at, *end = b->at + b->n;
	size_t n = strlen(from), m = strlen(to);

	while ((size_t)(end - at) >= n && memcmp(at, from, n) != 0)
		at++;
	if ((size_t)(end - at) < n)
		die("no such text");
	memmove(at + m, at + n, (size_t)(b->at + b->n - (at + n)));
	memcpy(at, to, m);
	b->n = b->n - n + m;
}

/* "7fc00000" over the last four bytes. */
static void end_in(struct bytes *b, const char *hex)
{
	const size_t n = strlen(hex) / 2;

	if (n > b->n)
		die("the entry is shorter");
	for (size_t i = 0; i < n; i++) {
		const char digits[3] = { hex[2 * i], hex[2 * i + 1] };
		b->at[b->n - n + i] = (char)strtoul(digits, NULL, 16);
	}
}

static void change_entry(const char *path, const char *how, const char *name, char **argv)
{
	zip_t *zip = zip_open(path, 0, NULL);
	zip_source_t *source;
	struct bytes b;

	if (!zip)
		die(path);
	b = read_entry(zip, name);
	if (strcmp(how, "drop") == 0) {
		zip_delete(zip, (zip_uint64_t)zip_name_locate(zip, name, 0));
	} else {
		if (strcmp(how, "shorten") == 0)
			b.n -= strtoul(argv[0], NULL, 10);
		else if (strcmp(how, "lengthen") == 0)
			b.n += strtoul(argv[0], NULL, 10);
		else if (strcmp(how, "end") == 0)
			end_in(&b, argv[0]);
		else
			replace(&b, argv[0], argv[1]);
		source = zip_source_buffer(zip, b.at, b.n, 0);
		if (!source || zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) < 0)
			die("the entry cannot be written");
	}
	if (zip_close(zip) < 0)
		die(zip_strerror(zip));
	free(b.at);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int argc;
	} ways[] = { { "cut", 5 },     { "flip", 5 },     { "drop", 5 },
		     { "shorten", 6 }, { "lengthen", 6 }, { "end", 6 },
		     { "replace", 7 } };
	struct bytes b;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (argc != ways[i].argc || strcmp(argv[3], ways[i].name) != 0)
			continue;
		b = read_file(argv[1]);
		if (strcmp(argv[3], "cut") == 0)
			b.n = strtoul(argv[4], NULL, 10);
		else if (strcmp(argv[3], "flip") == 0)
			flip(b, argv[4]);
		write_file(argv[2], b);
		if (i >= 2)
			change_entry(argv[2], argv[3], argv[4], argv + 5);
		free(b.at);
		return 0;
	}
	die("see the head of badzip.c");
	return 1;
}
