/* SPDX-License-Identifier: Apache-2.0 */
/* hostile arrays: coefficients.bin whose headers lie, which are too short or too long, or hold what
 * no weight can be; and normalizers. */
#include <stdlib.h>
#include <string.h>

#include "hard/hostile.h"

#define HERE "^dl4j: ./hostile.zip: coefficients.bin: "

/* Where the fields of mlp-m2.1's coefficients lie: an array [125] of floats. */
enum {
	MODE = 0,
	COUNT = 0x12,
	TYPE = 0x1a,
	RANK = 0x20,
	DIM = 0x28,
	STRIDE = 0x30,
	EXTRAS = 0x38,
	ORDER = 0x48,
	MODE2 = 0x50,
	COUNT2 = 0x62,
	TYPE2 = 0x6a,
	DATA = 0x71
};

static void array(const char *title, const unsigned char *bytes, size_t n, int status,
                  const char *regex)
{
	hostile_model(title, mlp.config, mlp.n_config, bytes, n, RUN_MLP, status, regex);
}

static void put_be(unsigned char *p, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (unsigned char)(v >> 8 * (n - 1 - i));
}

static void numbers(void)
{
	static const struct {
		const char *what;
		size_t at;
	} fields[] = {
		{ "shape integers", COUNT }, { "rank", RANK },       { "dimension", DIM },
		{ "stride", STRIDE },        { "elements", COUNT2 },
	};
	static const int64_t values[] = {
		-1, INT64_MIN, INT64_MAX, INT64_C(1) << 62, INT64_C(1) << 40, INT64_C(1) << 33, 0, 2,
		9,  124,       126,       2147483647,
	};
	unsigned char *copy = malloc(mlp.n_array);

	for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			memcpy(copy, mlp.array, mlp.n_array);
			put_be(copy + fields[f].at, (uint64_t)values[i], 8);
			array(hostile_text("P2 %s %lld", fields[f].what, (long long)values[i]), copy,
			      mlp.n_array, REFUSED, HERE);
		}
	free(copy);
}

static void words(void)
{
	static const struct {
		const char *what;
		size_t at;
		const char *word;
		int length; /* that is told; -1: its own */
	} rows[] = {
		{ "mode", MODE, "ZIXED_DATA_TYPES", -1 },
		{ "mode", MODE, "mixed_data_types", -1 },
		{ "mode without an end", MODE, "M", 0xffff },
		{ "no mode", MODE, "", 0 },
		{ "type", TYPE, "LING", -1 },
		{ "type", TYPE, "UTF8", -1 },
		{ "type", TYPE, "BOOL", -1 },
		{ "type of floats", TYPE2, "FLOOT", -1 },
		{ "type of floats", TYPE2, "UTF8X", -1 },
		{ "type of twice the size", TYPE2, "UINT64", 6 },
		{ "mode", MODE2, "COMPRESSED______", -1 },
		{ "type without an end", TYPE2, "F", 0x7fff },
	};
	unsigned char *copy = malloc(mlp.n_array);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		memcpy(copy, mlp.array, mlp.n_array);
		if (rows[i].length >= 0)
			put_be(copy + rows[i].at, (uint64_t)rows[i].length, 2);
		memcpy(copy + rows[i].at + 2, rows[i].word, strlen(rows[i].word));
		array(hostile_text("P2 %s '%s'", rows[i].what, rows[i].word), copy, mlp.n_array, REFUSED,
		      HERE);
	}
	free(copy);
}

static void lengths(void)
{
	unsigned char *longer = calloc(1, mlp.n_array + 1000);
	float bad[125];
	int64_t dim = 125;

	memcpy(longer, mlp.array, mlp.n_array);
	for (size_t n = 0; n < mlp.n_array; n += n < DATA + 8 ? 9 : 97)
		array(hostile_text("P1 %zu bytes", n), longer, n, REFUSED,
		      n ? HERE : "coefficients.bin: expected ");
	for (size_t n = 1; n <= 1000; n = n * 9 + 1)
		array(hostile_text("P1 %zu bytes more", n), longer, mlp.n_array + n, REFUSED,
		      HERE "expected [0-9]+ bytes, found [0-9]+$");
	for (int64_t n = 1; n < 200; n += 61) { /* a whole array, but not this network's */
		unsigned char other[2048];
		memset(bad, 0, sizeof bad);
		array(hostile_text("P1 %d parameters", (int)n), other,
		      mkzip_floats(other, 1, &n, bad, (size_t)(n < 125 ? n : 125)), REFUSED, HERE);
	}
	dim = 5; /* 25 times 5 */
	{
		const int64_t dims[] = { dim, dim, dim };
		unsigned char other[2048];
		array("P2 of rank 3", other, mkzip_floats(other, 3, dims, bad, 125), FINE, NULL);
	}
	free(longer);
}

/* A model with normalizer.bin; the classes that are Java's own are never opened. */
static void normalizers(void)
{
	static const struct {
		const char *what, *bytes;
		size_t n;
		int status;
		const char *regex;
	} rows[] = {
#define ROW(what, bytes, status, regex) { what, bytes, sizeof bytes - 1, status, regex }
#define START                           "\0\12NORMALIZER\0\0\0\1"
#define BAD                             "^dl4j: ./hostile.zip: normalizer.bin: "
		ROW("empty", "", REFUSED, BAD "byte 0: cut short$"),
		ROW("no word", "\377\377N", REFUSED, BAD "byte 2: cut short$"),
		ROW("another magic", "\0\12NORMALISER\0\0\0\1", REFUSED, BAD "expected a normalizer"),
		ROW("a Java object, which is never opened", "\254\355\0\5sr\0\21java.util.HashMap", FINE,
		    NULL),
		ROW("version 2", "\0\12NORMALIZER\0\0\0\2", REFUSED, BAD "expected version 1, found 2$"),
		ROW("cut in its version", "\0\12NORMALIZER\0\0", REFUSED, BAD "byte [0-9]+: cut short$"),
		ROW("without a type", START, REFUSED, BAD "byte 16: cut short$"),
		ROW("a pixel of 0",
		    START "\0\15IMAGE_MIN_MAX\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", REFUSED,
		    BAD "expected a largest pixel above 0$"),
		ROW("a pixel of NaN",
		    START "\0\15IMAGE_MIN_MAX\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\177\370\0\0\0\0"
		          "\0\0",
		    REFUSED, BAD "expected a largest pixel above 0$"),
		ROW("cut in its range", START "\0\15IMAGE_MIN_MAX\0\0\0", REFUSED,
		    BAD "byte [0-9]+: cut short$"),
		ROW("no array", START "\0\13STANDARDIZE\1", REFUSED, BAD "byte [0-9]+: "),
		ROW("an array of 2^40",
		    START "\0\13STANDARDIZE\1\0\12LONG_SHAPE\0\0\0\0\0\0\0\6\0\4LONG"
		          "\0\0\0\0\0\0\0\1\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\1"
		          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0c"
		          "\0\20MIXED_DATA_TYPES\0\0\1\0\0\0\0\0\0\5FLOAT",
		    REFUSED, BAD "byte [0-9]+: expected"),
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mkzip z = { 0 };
		mkzip_entry(&z, "configuration.json", mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
		mkzip_entry(&z, "coefficients.bin", mlp.array, mlp.n_array, MKZIP_STORED, MKZIP_BEFORE);
		mkzip_entry(&z, "normalizer.bin", rows[i].bytes, rows[i].n, MKZIP_STORED, MKZIP_BEFORE);
		mkzip_end(&z, "");
		hostile_zip(hostile_text("P5 normalizer: %s", rows[i].what), &z, SUMMARY, rows[i].status,
		            rows[i].regex);
	}
}

void hostile_arrays(void)
{
	numbers();
	words();
	lengths();
	normalizers();
}
