/* SPDX-License-Identifier: Apache-2.0 */
/* sha256: the hash of FIPS 180-4, sections 4.1.2, 4.2.2 and 6.2.
 * Constants are bits of the fractions of square and cube roots of the first primes. Processors that
 * have instructions for it are nine times as fast by them. */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>
#if defined __x86_64__ && defined __GNUC__
#include <cpuid.h>
#include <immintrin.h>
#endif

static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void digest_block(uint32_t h[8], const unsigned char *p)
{
	uint32_t w[64], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];

	for (int i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (int i = 16; i < 64; i++) {
		uint32_t x = w[i - 15], y = w[i - 2];
		w[i] = w[i - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[i - 7] +
		       (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
	}
	for (int i = 0; i < 64; i++) {
		uint32_t t = k + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
		             ((e & f) ^ (~e & g)) + K[i] + w[i];
		uint32_t u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
		             ((a & b) ^ (a & c) ^ (b & c));
		k = g, g = f, f = e, e = d + t;
		d = c, c = b, b = a, a = t + u;
	}
	h[0] += a, h[1] += b, h[2] += c, h[3] += d;
	h[4] += e, h[5] += f, h[6] += g, h[7] += k;
}

#if defined __x86_64__ && defined __GNUC__
/* The same by the processor's instructions: four rounds at a time. `abef` and `cdgh` are how they
 * want the eight words; message[] is the last sixteen of the schedule. */
__attribute__((target("sha,sse4.1"))) static void digest_blocks_ni(uint32_t h[8],
                                                                   const unsigned char *p, size_t n)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)h), 0xb1);
	__m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(h + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xf0);

	for (; n > 0; n--, p += 64) {
		const __m128i abef_before = abef, cdgh_before = cdgh;
		__m128i message[4];
		for (int i = 0; i < 4; i++)
			message[i] = _mm_shuffle_epi8(
			        _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), swap);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i *m = &message[i % 4], last = message[(i + 3) % 4];
			__m128i add;
			if (i >= 4) {
				const __m128i middle = _mm_alignr_epi8(last, message[(i + 2) % 4], 4);
				*m = _mm_add_epi32(_mm_sha256msg1_epu32(*m, message[(i + 1) % 4]), middle);
				*m = _mm_sha256msg2_epu32(*m, last);
			}
			add = _mm_add_epi32(*m, _mm_loadu_si128((const __m128i *)(const void *)(K + 4 * i)));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, add);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(add, 0x0e));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	low = _mm_shuffle_epi32(abef, 0x1b);
	high = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)(void *)h, _mm_blend_epi16(low, high, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(h + 4), _mm_alignr_epi8(high, low, 8));
}

static bool has_sha_ni(void)
{
	unsigned a, b = 0, c = 0, d;

	return __get_cpuid(1, &a, &b, &c, &d) && c & bit_SSE4_1 && c & bit_SSSE3 &&
	       __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
}
#else
static void digest_blocks_ni(uint32_t h[8], const unsigned char *p, size_t n)
{
	(void)h, (void)p, (void)n;
}

static bool has_sha_ni(void)
{
	return false;
}
#endif

static void digest_blocks(struct sha256 *s, const unsigned char *p, size_t n)
{
	if (!s->plain)
		digest_blocks_ni(s->h, p, n);
	else
		for (; n > 0; n--, p += 64)
			digest_block(s->h, p);
}

void sha256_start(struct sha256 *s)
{
	*s = (struct sha256){ .h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		                     0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }, .plain = !has_sha_ni() };
}

void sha256_add(struct sha256 *s, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t have = s->length % 64;

	s->length += n;
	if (have > 0) {
		size_t take = 64 - have < n ? 64 - have : n;
		memcpy(s->block + have, p, take);
		if (have + take == 64)
			digest_blocks(s, s->block, 1);
		have = (have + take) % 64;
		p += take;
		n -= take;
	}
	if (n > 0) { /* at the start of a block */
		digest_blocks(s, p, n / 64);
		memcpy(s->block, p + n / 64 * 64, n % 64);
	}
}

void sha256_end(struct sha256 *s, char out[SHA256_TEXT])
{
	const uint64_t bits = s->length * 8;
	const size_t have = s->length % 64;
	unsigned char tail[72] = { 0x80 };
	const size_t n = (have < 56 ? 56 : 120) - have; /* up to the length */

	for (int i = 0; i < 8; i++)
		tail[n + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(s, tail, n + 8);
	for (int i = 0; i < 8; i++)
		snprintf(out + 8 * i, 9, "%08lx", (unsigned long)s->h[i]);
}
