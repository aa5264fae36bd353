/* SPDX-License-Identifier: Apache-2.0 */
/* hash_order: a layer's parameters in the order of a Java HashMap of their keys, in which the
 * releases up to 0.9.1 name them: by bucket, and as they were put in where they share one. */
#include "summary/hash_order.h"

#include <string.h>

static uint32_t hash(const char *key)
{
	uint32_t h = 0;

	for (; *key; key++)
		h = 31 * h + (unsigned char)*key;
	return h ^ h >> 16;
}

/* A map that was copied is sized for what is in it, another one grows from 16. */
static uint32_t buckets(int n, bool copied)
{
	uint32_t size = copied ? 1 : 16, least = copied ? (uint32_t)(n / 0.75 + 1) : 0;

	while (size < least || size / 4 * 3 < (copied ? 0 : (uint32_t)n))
		size *= 2;
	return size;
}

static const struct param *find(const struct step *s, const char *key)
{
	for (int i = 0; i < s->n_params; i++)
		if (!strcmp(s->params[i].key, key))
			return &s->params[i];
	return NULL;
}

int hash_order(const struct step *s, bool copied, const struct param **out)
{
	const char *const *names = s->node->variables;
	int n = 0;

	if (!names)
		for (; n < s->n_params; n++)
			out[n] = &s->params[n];
	for (; names && *names && n < PARAM_MAX; names++)
		if ((out[n] = find(s, *names)) != NULL)
			n++;
	const uint32_t mask = buckets(n, copied) - 1;
	for (int i = 1; i < n; i++)
		for (int k = i; k && (hash(out[k - 1]->key) & mask) > (hash(out[k]->key) & mask); k--) {
			const struct param *p = out[k];
			out[k] = out[k - 1];
			out[k - 1] = p;
		}
	return n;
}
