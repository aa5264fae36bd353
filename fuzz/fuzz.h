/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz: the targets. Each takes bytes that could be a file's and must survive them; what it finds
 * wrong besides crashes ends the process by fuzz_wrong(). fuzz/main.c calls them. */
#ifndef DL4J_FUZZ_FUZZ_H
#define DL4J_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

void fuzz_zip(const uint8_t *bytes, size_t n);
void fuzz_deflate(const uint8_t *bytes, size_t n);
void fuzz_json(const uint8_t *bytes, size_t n);
void fuzz_ndarray(const uint8_t *bytes, size_t n);
void fuzz_normalizer(const uint8_t *bytes, size_t n);
void fuzz_model(const uint8_t *bytes, size_t n);
void fuzz_image(const uint8_t *bytes, size_t n);
void fuzz_text(const uint8_t *bytes, size_t n);
void fuzz_exec(const uint8_t *bytes, size_t n);

/* One of configuration.json's numbers, words or members changed; returns the new length. */
size_t fuzz_model_mutate(uint8_t *bytes, size_t n, size_t most, unsigned seed);

_Noreturn void fuzz_wrong(const char *what);

#endif
