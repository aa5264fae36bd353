/* SPDX-License-Identifier: Apache-2.0 */
/* fillzip: makes the model zip and the inputs of a large golden case (data/golden-large) from its
 * recipe, so that 92 MB of random parameters need not be stored. test/oracle/README.md has the
 * format. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

/* An array's extras word, FLOAT; the words of ND4J's shape info are in its class Shape. */
#define ND4J_FLOAT 8192

static void die(const char *format, ...)
{
	va_list args;

	fputs("fillzip: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static void *allocate(size_t size)
{
	void *p = malloc(size);

	if (!p)
		die("no memory for %zu bytes", size);
	return p;
}

static FILE *open_file(const char *dir, const char *name, const char *mode)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, mode);
	if (!f)
		die("%s: %s", path, strerror(errno));
	return f;
}

static void close_written(FILE *f, const char *name)
{
	int failed = ferror(f);

	if (fclose(f) || failed)
		die("%s: cannot write it all", name);
}

/* Element i of the random stream, in [-1, 1): splitmix64's top 24 bits. */
static double stream_at(uint64_t seed, uint64_t i)
{
	uint64_t z = seed + i * UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	z ^= z >> 31;
	return (double)(z >> 40) / 8388608.0 - 1.0;
}

/* Big-endian writers, as Java's DataOutputStream; each returns where to go on. */
static unsigned char *put_bits(unsigned char *p, uint64_t v, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		*p++ = (unsigned char)(v >> 8 * i);
	return p;
}

static unsigned char *put_utf(unsigned char *p, const char *text)
{
	size_t n = strlen(text);

	p = put_bits(p, n, 2);
	memcpy(p, text, n);
	return p + n;
}

static unsigned char *put_buffer_header(unsigned char *p, uint64_t length, const char *type)
{
	p = put_utf(p, "MIXED_DATA_TYPES");
	p = put_bits(p, length, 8);
	return put_utf(p, type);
}

static unsigned char *put_float(unsigned char *p, double value)
{
	float f = (float)value;
	uint32_t bits;

	memcpy(&bits, &f, sizeof bits);
	return put_bits(p, bits, 4);
}

/* The whole of coefficients.bin: an ND4J array of shape [n] (rank 1) or [1,n] (rank 2). */
static unsigned char *make_coefficients(const char *dir, size_t *size)
{
	FILE *f = open_file(dir, "flat.txt", "r");
	uint64_t seed, total, offset, length, done = 0;
	double scale, shift;
	unsigned char *data, *p;
	int rank;

	if (fscanf(f, "seed %" SCNu64 " length %" SCNu64 " rank %d", &seed, &total, &rank) != 3 ||
	    rank < 1 || rank > 2 || total > SIZE_MAX / 8)
		die("%s/flat.txt: bad first line", dir);
	p = data = allocate(256 + 4 * total);

	p = put_buffer_header(p, 2 * rank + 4, "LONG");
	p = put_bits(p, rank, 8);
	if (rank == 2)
		p = put_bits(p, 1, 8);
	p = put_bits(p, total, 8);
	for (int i = 0; i < rank; i++)
		p = put_bits(p, 1, 8);		/* strides */
	p = put_bits(p, ND4J_FLOAT, 8);
	p = put_bits(p, 1, 8);			/* element-wise stride */
	p = put_bits(p, 'c', 8);
	p = put_buffer_header(p, total, "FLOAT");

	while (fscanf(f, "%" SCNu64 "%" SCNu64 "%lf%lf", &offset, &length, &scale, &shift) == 4) {
		if (offset != done || length > total - done)
			die("%s/flat.txt: the segment at %" PRIu64 " does not follow", dir, offset);
		for (; done < offset + length; done++)
			p = put_float(p, shift + scale * stream_at(seed, done));
	}
	if (!feof(f) || done != total)
		die("%s/flat.txt: the segments end at %" PRIu64 " of %" PRIu64, dir, done, total);
	fclose(f);
	*size = p - data;
	return data;
}

static char *read_text(const char *dir, const char *name, size_t *size)
{
	FILE *f = open_file(dir, name, "rb");
	long end;
	char *text;

	if (fseek(f, 0, SEEK_END) || (end = ftell(f)) < 0 || fseek(f, 0, SEEK_SET))
		die("%s/%s: %s", dir, name, strerror(errno));
	*size = end;
	text = allocate(*size + 1);
	if (fread(text, 1, *size, f) != *size)
		die("%s/%s: cannot read it all", dir, name);
	fclose(f);
	return text;
}

static void add_entry(zip_t *zip, const char *name, const void *data, size_t size, int method)
{
	zip_source_t *source = zip_source_buffer(zip, data, size, 0);
	zip_int64_t index = source ? zip_file_add(zip, name, source, 0) : -1;

	if (index < 0 || zip_set_file_compression(zip, index, method, 6))
		die("%s: %s", name, zip_strerror(zip));
}

enum coefficients { DEFLATED, STORED, NONE };

/* Stored: random parameters hardly shrink, and compressing them takes minutes in large nets. */
static void make_zip(const char *dir, const char *out, enum coefficients how)
{
	size_t text_size, data_size;
	char *text = read_text(dir, "configuration.json", &text_size);
	unsigned char *data = how == NONE ? NULL : make_coefficients(dir, &data_size);
	int code;
	zip_t *zip = zip_open(out, ZIP_CREATE | ZIP_TRUNCATE, &code);

	if (!zip)
		die("%s: cannot open it (libzip error %d)", out, code);
	add_entry(zip, "configuration.json", text, text_size, ZIP_CM_DEFLATE);
	if (data)
		add_entry(zip, "coefficients.bin", data, data_size,
		          how == STORED ? ZIP_CM_STORE : ZIP_CM_DEFLATE);
	if (zip_close(zip))
		die("%s: %s", out, zip_strerror(zip));
	free(text);
	free(data);
}

static void write_npy(FILE *f, uint64_t seed, const uint64_t *d, int rank)
{
	char header[118];
	uint64_t n = 1;
	int used = snprintf(header, sizeof header,
		"{'descr': '<f4', 'fortran_order': False, 'shape': (");

	for (int i = 0; i < rank; i++) {
		n *= d[i];
		used += snprintf(header + used, sizeof header - used, "%" PRIu64 "%s", d[i],
			i < rank - 1 ? ", " : "), }");
	}
	memset(header + used, ' ', sizeof header - used);
	header[117] = '\n';
	fwrite("\x93NUMPY\x01\x00\x76\x00", 1, 10, f);
	fwrite(header, 1, 118, f);
	for (uint64_t i = 0; i < n; i++) {
		unsigned char big[4];

		put_float(big, stream_at(seed, i));
		for (int b = 3; b >= 0; b--)
			fputc(big[b], f);
	}
}

/* batch 0: as many examples as the case has; more than that go on along the same stream. */
static void make_inputs(const char *dir, const char *out, uint64_t batch)
{
	FILE *list = open_file(dir, "input.txt", "r");
	char line[400], name[200], file[256];
	uint64_t seed, d[5];
	int rank;

	while (fgets(line, sizeof line, list)) {
		FILE *f;

		rank = sscanf(line, "%199s%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64,
			name, &seed, &d[0], &d[1], &d[2], &d[3], &d[4]) - 2;
		if (rank < 2)
			die("%s/input.txt: bad line", dir);
		if (batch)
			d[0] = batch;
		for (char *c = name; *c; c++)
			if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-", *c))
				*c = '_';
		snprintf(file, sizeof file, "%s.npy", name);
		f = open_file(out, file, "wb");
		write_npy(f, seed, d, rank);
		close_written(f, file);
	}
	fclose(list);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "--store"))
		make_zip(argv[2], argv[3], STORED);
	else if (argc == 4 && !strcmp(argv[1], "--bare"))
		make_zip(argv[2], argv[3], NONE);
	else if (argc == 3 && strcmp(argv[1], "--input"))
		make_zip(argv[1], argv[2], DEFLATED);
	else if ((argc == 4 || argc == 5) && !strcmp(argv[1], "--input"))
		make_inputs(argv[2], argv[3], argc == 5 ? strtoull(argv[4], NULL, 10) : 0);
	else
		die("usage: fillzip [--store|--bare] CASE_DIR OUT.zip | "
		    "fillzip --input CASE_DIR OUT_DIR [BATCH]");
	return 0;
}
