/* SPDX-License-Identifier: Apache-2.0 */
/* proto: numbers of seven bits a byte, low first; floats little-endian. */
#include "onnx/proto.h"

#include <string.h>

enum { VARINT = 0, BYTES = 2, FOUR = 5 };

static void varint(struct str *out, uint64_t v)
{
	char bytes[10];
	size_t n = 0;

	do {
		bytes[n++] = (char)((v & 127) | (v > 127 ? 128 : 0));
		v >>= 7;
	} while (v);
	str_addn(out, bytes, n);
}

static void key(struct str *out, int field, int kind)
{
	varint(out, (uint64_t)field << 3 | (uint64_t)kind);
}

void proto_int(struct str *out, int field, int64_t v)
{
	key(out, field, VARINT);
	varint(out, (uint64_t)v);
}

void proto_float(struct str *out, int field, float v)
{
	uint32_t bits;
	char bytes[4];

	memcpy(&bits, &v, sizeof bits);
	for (int i = 0; i < 4; i++)
		bytes[i] = (char)(bits >> 8 * i);
	key(out, field, FOUR);
	str_addn(out, bytes, 4);
}

void proto_head(struct str *out, int field, uint64_t n)
{
	key(out, field, BYTES);
	varint(out, n);
}

void proto_text(struct str *out, int field, const char *text)
{
	proto_head(out, field, strlen(text));
	str_add(out, text);
}

void proto_message(struct str *out, int field, struct str *inner)
{
	proto_head(out, field, inner->len);
	if (inner->len)
		str_addn(out, inner->text, inner->len);
	out->failed |= inner->failed;
	inner->len = 0;
}
