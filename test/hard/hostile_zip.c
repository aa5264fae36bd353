/* SPDX-License-Identifier: Apache-2.0 */
/* hostile zips: bombs, lies in every field of every record, two views of one file, odd names.
 * All are made of a good model, in which one thing is wrong. */
#include <stdlib.h>
#include <string.h>

#include "hard/hostile.h"

#define CONFIG       "configuration.json"
#define COEFFICIENTS "coefficients.bin"
#define HERE         "^dl4j: ./hostile.zip: "

static struct mkzip good(int method, enum mkzip_after after)
{
	struct mkzip z = { 0 };

	mkzip_entry(&z, CONFIG, mlp.config, mlp.n_config, method, after);
	mkzip_entry(&z, COEFFICIENTS, mlp.array, mlp.n_array, method, after);
	mkzip_end(&z, "");
	return z;
}

/* --- Bombs */

static void declare(struct mkzip *z, int entry, uint32_t size)
{
	mkzip_put32(z, z->local[entry] + 22, size);
	mkzip_put32(z, z->central[entry] + 24, size);
}

static void bombs(void)
{
	enum { MIB = 1 << 20 };
	char *spaces = malloc(66 * MIB);
	struct mkzip z = { 0 };

	memset(spaces, ' ', 66 * MIB);
	mkzip_entry(&z, CONFIG, spaces, 66 * MIB, MKZIP_DEFLATED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	hostile_zip("Z1 configuration of 66 MiB of spaces", &z, SUMMARY, LIMIT,
	            HERE CONFIG ": expected at most 67108864 bytes, found 69206016$");
	z = good(MKZIP_DEFLATED, MKZIP_BEFORE);
	declare(&z, 0, 60 * MIB);
	hostile_zip("Z1 60 MiB that cannot come out of 800 bytes", &z, SUMMARY, REFUSED,
	            HERE CONFIG ": 62914560 bytes cannot come out of [0-9]+$");
	z = good(MKZIP_DEFLATED, MKZIP_BEFORE);
	declare(&z, 0, 0xfffffffe);
	hostile_zip("Z1 a configuration of 4 GiB", &z, SUMMARY, LIMIT,
	            HERE CONFIG ": expected at most");
	z = good(MKZIP_DEFLATED, MKZIP_BEFORE);
	declare(&z, 1, 0xfffffffe);
	hostile_zip("Z1 coefficients of 4 GiB", &z, SUMMARY, REFUSED, HERE COEFFICIENTS ": expected ");
	memset(spaces, 0, 2 * MIB);
	mkzip_entry(&z, CONFIG, mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, COEFFICIENTS, mlp.array, mlp.n_array, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, "normalizer.bin", spaces, 2 * MIB, MKZIP_DEFLATED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	hostile_zip("Z1 a normalizer of 2 MiB", &z, SUMMARY, LIMIT,
	            HERE "normalizer.bin: expected at most 1048576 bytes, found 2097152$");
	mkzip_entry(&z, CONFIG, mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, COEFFICIENTS, mlp.array, mlp.n_array, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, "updaterState.bin", spaces, 66 * MIB, MKZIP_DEFLATED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	hostile_zip("Z1 an updater's state of 66 MiB, which nobody reads", &z, RUN_MLP, FINE, NULL);
	free(spaces);
}

/* --- Fields that lie */

struct field {
	const char *name;
	size_t at, size;
};

static uint32_t get(const struct mkzip *z, size_t at, size_t size)
{
	return size == 2 ? mkzip_get16(z, at) : mkzip_get32(z, at);
}

static void put(struct mkzip *z, size_t at, size_t size, uint32_t v)
{
	if (size == 2)
		mkzip_put16(z, at, v & 0xffff);
	else
		mkzip_put32(z, at, v);
}

/* Each field of the record at `at` becomes 0, one less, one more, half of all, all. */
static void lie(const char *record, const struct field *fields, int n, int method, int which)
{
	for (int f = 0; f < n; f++)
		for (int i = 0; i < 5; i++) {
			struct mkzip z = good(method, MKZIP_BEFORE);
			const struct field *x = &fields[f];
			size_t at = (which == 0 ? z.end : which == 1 ? z.central[0] : z.local[0]) + x->at;
			uint32_t before = get(&z, at, x->size), all = x->size == 2 ? 0xffff : UINT32_MAX;
			const uint32_t values[] = { 0, before - 1, before + 1, all / 2, all };
			put(&z, at, x->size, values[i]);
			if (get(&z, at, x->size) == before) {
				mkzip_free(&z);
				continue;
			}
			hostile_zip(hostile_text("Z4 %s, %s: %u for %u", record, x->name, get(&z, at, x->size),
			                         before),
			            &z, SUMMARY, which == 0 && x->at == 12 && i == 3 ? LIMIT : REFUSED, HERE);
		}
}

static void lies(void)
{
	static const struct field end[] = {
		{ "disk", 4, 2 },     { "directory's disk", 6, 2 },  { "entries here", 8, 2 },
		{ "entries", 10, 2 }, { "directory's size", 12, 4 }, { "directory's place", 16, 4 },
		{ "comment", 20, 2 },
	};
	static const struct field central[] = {
		{ "flags", 8, 2 },           { "method", 10, 2 },
		{ "checksum", 16, 4 },       { "packed size", 20, 4 },
		{ "size", 24, 4 },           { "name's length", 28, 2 },
		{ "extra's length", 30, 2 }, { "comment's length", 32, 2 },
		{ "disk", 34, 2 },           { "place", 42, 4 },
	};
	static const struct field local[] = {
		{ "flags", 6, 2 },           { "method", 8, 2 }, { "checksum", 14, 4 },
		{ "packed size", 18, 4 },    { "size", 22, 4 },  { "name's length", 26, 2 },
		{ "extra's length", 28, 2 },
	};

	lie("end record", end, 7, MKZIP_STORED, 0);
	lie("directory", central, 10, MKZIP_DEFLATED, 1);
	lie("local header", local, 7, MKZIP_DEFLATED, 2);
}

/* Local header and directory agree on what cannot be. */
static void agreed(void)
{
	static const unsigned methods[] = { 1, 6, 9, 12, 14, 93, 95, 98, 99 };
	static const unsigned flags[] = { 0x1, 0x10, 0x20, 0x40, 0x1000, 0x2000, 0x8000 };
	struct mkzip z;

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		z = good(MKZIP_STORED, MKZIP_BEFORE);
		mkzip_put16(&z, z.local[0] + 8, methods[i]);
		mkzip_put16(&z, z.central[0] + 10, methods[i]);
		hostile_zip(hostile_text("Z8 method %u", methods[i]), &z, SUMMARY, REFUSED,
		            HERE "byte [0-9]+: expected compression method 0 or 8, found [0-9]+$");
	}
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		z = good(MKZIP_STORED, MKZIP_BEFORE);
		mkzip_put16(&z, z.local[1] + 6, flags[i]);
		mkzip_put16(&z, z.central[1] + 8, flags[i]);
		hostile_zip(hostile_text("Z8 flag 0x%04x", flags[i]), &z, SUMMARY, REFUSED,
		            HERE "byte [0-9]+: an encrypted or patched entry");
	}
	for (int entry = 0; entry < 2; entry++) /* sizes one off, in both views */
		for (int method = 0; method < 9; method += 8)
			for (int more = -1; more < 2; more += 2) {
				z = good(method, MKZIP_BEFORE);
				declare(&z, entry, mkzip_get32(&z, z.local[entry] + 22) + (uint32_t)more);
				hostile_zip(hostile_text("Z3 %s %+d byte, %s", entry ? COEFFICIENTS : CONFIG, more,
				                         method ? "deflated" : "stored"),
				            &z, RUN_MLP, REFUSED, HERE);
			}
	for (int entry = 0; entry < 2; entry++) { /* a wrong checksum, in both views */
		z = good(MKZIP_DEFLATED, MKZIP_BEFORE);
		z.b[z.local[entry] + 14] ^= 1;
		z.b[z.central[entry] + 16] ^= 1;
		hostile_zip(hostile_text("Z10 checksum of entry %d", entry), &z, RUN_MLP, REFUSED,
		            HERE "[a-z.]+: damaged: its checksum is not what the zip says$");
	}
	for (int method = 0; method < 9; method += 8)
		for (int entry = 0; entry < 2; entry++)
			for (int i = 0; i < 3; i++) {
				z = good(method, MKZIP_AFTER);
				z.b[z.data[entry] + (z.after[entry] - z.data[entry] - 1) * (size_t)i / 2] ^= 4;
				hostile_zip(hostile_text("Z10 a bit of entry %d, method %d, place %d", entry,
				                         method, i),
				            &z, RUN_MLP, REFUSED, HERE "[a-z.]+: ");
			}
}

/* --- Two models in one file */

static void two_views(void)
{
	unsigned char *zeros = calloc(1, mlp.n_array);
	struct mkzip z = { 0 };

	memcpy(zeros, mlp.array, 113);
	for (int last = 0; last < 2; last++) {
		mkzip_entry(&z, CONFIG, mlp.config, mlp.n_config, MKZIP_DEFLATED, MKZIP_AFTER);
		mkzip_entry(&z, COEFFICIENTS, last ? mlp.array : zeros, mlp.n_array, MKZIP_DEFLATED,
		            MKZIP_AFTER);
		mkzip_entry(&z, COEFFICIENTS, last ? zeros : mlp.array, mlp.n_array, MKZIP_DEFLATED,
		            MKZIP_AFTER);
		mkzip_end(&z, "");
		hostile_zip(hostile_text("Z5 two coefficients.bin, zeros %s", last ? "last" : "first"), &z,
		            SUMMARY, REFUSED, HERE "entry 'coefficients.bin' stands twice$");
	}
	mkzip_entry(&z, CONFIG, mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_entry(&z, CONFIG, net.config, net.n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	hostile_zip("Z5 two configurations", &z, SUMMARY, REFUSED,
	            HERE "entry '" CONFIG "' stands twice$");
	mkzip_entry(&z, CONFIG, mlp.config, mlp.n_config, MKZIP_DEFLATED, MKZIP_AFTER);
	mkzip_entry(&z, COEFFICIENTS, mlp.array, mlp.n_array, MKZIP_DEFLATED, MKZIP_AFTER);
	mkzip_entry(&z, COEFFICIENTS, zeros, mlp.n_array, MKZIP_DEFLATED, MKZIP_AFTER);
	z.entries--;
	mkzip_end(&z, "");
	hostile_zip("Z6 an entry that the directory does not list", &z, SUMMARY, REFUSED,
	            HERE "byte [0-9]+: an entry ends here, but");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	memcpy(z.b + z.central[1] + 46, "updaterState.bin", 16);
	hostile_zip("Z6 another name in the directory", &z, SUMMARY, REFUSED,
	            HERE "byte [0-9]+: the local header and the directory tell of different entries$");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	z.b[z.central[0] + 46] = 'C';
	hostile_zip("Z6 the same name with a capital", &z, SUMMARY, REFUSED,
	            HERE "byte [0-9]+: the local");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	mkzip_put32(&z, z.central[1] + 42, (uint32_t)z.local[0]);
	hostile_zip("Z2 two lines of the directory for one entry", &z, SUMMARY, REFUSED,
	            HERE "byte 0: ");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	for (int i = 18; i < 26; i += 4)
		mkzip_put32(&z, z.local[0] + (size_t)i, (uint32_t)(z.after[1] - z.data[0]));
	for (int i = 20; i < 28; i += 4)
		mkzip_put32(&z, z.central[0] + (size_t)i, (uint32_t)(z.after[1] - z.data[0]));
	hostile_zip("Z2 an entry that holds the next", &z, SUMMARY, REFUSED, HERE "byte [0-9]+: ");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	mkzip_insert(&z, z.local[1], "abcd", 4);
	mkzip_put32(&z, z.central[1] + 42, (uint32_t)z.local[1]);
	mkzip_put32(&z, z.end + 16, (uint32_t)z.directory);
	hostile_zip("Z2 four bytes between entries", &z, SUMMARY, REFUSED,
	            HERE "byte [0-9]+: an entry ends");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	mkzip_insert(&z, z.directory, "abcd", 4);
	mkzip_put32(&z, z.end + 16, (uint32_t)z.directory);
	hostile_zip("Z2 four bytes before the directory", &z, SUMMARY, REFUSED,
	            HERE "byte [0-9]+: an entry");
	for (int i = 4; i < 16; i += 4) {
		z = good(MKZIP_DEFLATED, MKZIP_AFTER);
		z.b[z.after[0] + (size_t)i] ^= 1;
		hostile_zip(hostile_text("Z6 the sizes after the data, byte %d", i), &z, SUMMARY, REFUSED,
		            HERE "byte [0-9]+: the sizes after the data and the directory differ$");
	}
	free(zeros);
}

/* --- Around the zip */

static void around(void)
{
	static const char *const before[] = { "#!/bin/sh\nexit\n", "MZ\x90", "%PDF-1.4\n", "GIF89a",
		                                  "\x89PNG\r\n\x1a\n" };
	static const char zip64[] =
		"PK\6\6\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0"
		"\2\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\x20\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
	static const char locator[] = "PK\6\7\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\1\0\0\0";
	char *many = calloc(1, 1000);
	struct mkzip z, other;

	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		for (int fixed = 0; fixed < 2; fixed++) {
			size_t n = strlen(before[i]);
			z = good(MKZIP_STORED, MKZIP_BEFORE);
			mkzip_insert(&z, 0, before[i], n);
			for (int k = 0; fixed && k < 2; k++)
				mkzip_put32(&z, z.central[k] + 42, (uint32_t)z.local[k]);
			if (fixed)
				mkzip_put32(&z, z.end + 16, (uint32_t)z.directory);
			hostile_zip(hostile_text("Z7 behind another file's head, %zu%s", i,
			                         fixed ? ", offsets right" : ""),
			            &z, SUMMARY, REFUSED,
			            HERE "expected a zip, which starts with PK, found another kind of file$");
		}
	for (size_t n = 1; n <= 1000; n *= 10) {
		z = good(MKZIP_STORED, MKZIP_BEFORE);
		mkzip_add(&z, many, n);
		hostile_zip(hostile_text("Z7 %zu bytes behind it", n), &z, SUMMARY, REFUSED,
		            HERE "expected a zip's directory at the end, found none");
	}
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	other = good(MKZIP_DEFLATED, MKZIP_BEFORE);
	mkzip_add(&z, other.b, other.n);
	hostile_zip("Z7 another zip behind it", &z, SUMMARY, REFUSED, HERE "byte [0-9]+: ");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	mkzip_put16(&z, z.end + 20, (unsigned)other.n);
	mkzip_add(&z, other.b, other.n);
	hostile_zip("Z7 another zip as its comment", &z, SUMMARY, REFUSED,
	            HERE "expected one directory at the end, found two$");
	mkzip_free(&other);
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	mkzip_insert(&z, z.end, zip64, sizeof zip64 - 1);
	mkzip_insert(&z, z.end, locator, sizeof locator - 1);
	mkzip_put32(&z, z.end + 16, UINT32_MAX);
	hostile_zip("Z4 a Zip64 record whose directory is nowhere", &z, SUMMARY, REFUSED,
	            HERE ".*Zip64");
	z = good(MKZIP_STORED, MKZIP_BEFORE);
	mkzip_insert(&z, z.end, locator, sizeof locator - 1);
	hostile_zip("Z4 a Zip64 locator alone", &z, SUMMARY, REFUSED, HERE "byte [0-9]+: ");
	for (int i = 0; i < 24; i++) {
		z = good(i % 2 ? MKZIP_STORED : MKZIP_DEFLATED, MKZIP_AFTER);
		z.n = z.n * (size_t)i / 24;
		hostile_zip(hostile_text("Z10 %d/24 of it", i), &z, SUMMARY, REFUSED,
		            HERE "expected a zip");
	}
	free(many);
}

static void names(void)
{
	static const struct {
		const char *name;
		size_t n;
	} odd[] = {
		{ "Configuration.json", 18 },
		{ "../configuration.json", 21 },
		{ "/configuration.json", 19 },
		{ "configuration.json/", 19 },
		{ "./configuration.json", 20 },
		{ "configuration.json ", 19 },
		{ "configuration.json\xff", 19 },
		{ "config\xe2\x80\x8buration.json", 21 },
		{ "", 0 },
	};
	struct mkzip z = { 0 };
	char name[] = "entry-00", nul[] = CONFIG "x";

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		mkzip_entry(&z, odd[i].name, mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
		mkzip_end(&z, "");
		hostile_zip(hostile_text("Z9 name %zu", i), &z, SUMMARY, REFUSED,
		            HERE CONFIG ": expected in the zip, not found$");
	}
	mkzip_entry(&z, nul, mlp.config, mlp.n_config, MKZIP_STORED, MKZIP_BEFORE);
	mkzip_end(&z, "");
	z.b[z.local[0] + 30 + 18] = z.b[z.central[0] + 46 + 18] = '\0';
	hostile_zip("Z9 a NUL in the name", &z, SUMMARY, REFUSED, HERE);
	for (int i = 0; i < 65; i++) {
		name[6] = (char)('0' + i / 10);
		name[7] = (char)('0' + i % 10);
		mkzip_entry(&z, name, "", 0, MKZIP_STORED, MKZIP_BEFORE);
	}
	mkzip_end(&z, "");
	hostile_zip("Z9 65 entries", &z, SUMMARY, LIMIT, HERE "expected at most 64 entries, found 65$");
}

void hostile_zips(void)
{
	bombs();
	lies();
	agreed();
	two_views();
	around();
	names();
}
