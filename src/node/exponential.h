/* SPDX-License-Identifier: Apache-2.0 */
/* exponential: e^x, the logistic function and tanh, to 2e-7 of them, in arithmetic that compilers
 * put into vectors. A number that is none stays so. Coefficients: Cephes' expf and tanhf. */
#ifndef DL4J_NODE_EXPONENTIAL_H
#define DL4J_NODE_EXPONENTIAL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float exponential(float x)
{
	const float most = 88.376262F, round = 12582912;
	float n, r, p;
	int32_t bits;

	x = x > most ? most : x < -most ? -most : x;
	n = x * 1.44269504F + round; /* the exponent, in the lowest bits */
	memcpy(&bits, &n, sizeof bits);
	n -= round;
	r = x - n * 0.693359375F + n * 2.12194440e-4F;
	p = 1.9875691500e-4F * r + 1.3981999507e-3F;
	p = ((p * r + 8.3334519073e-3F) * r + 4.1665795894e-2F) * r;
	p = (p + 1.6666665459e-1F) * r + 5.0000001201e-1F;
	bits = (int32_t)((uint32_t)(bits + 127) << 23);
	memcpy(&n, &bits, sizeof n);
	return (p * r * r + r + 1) * n;
}

static inline float logistic(float x)
{
	return 1 / (1 + exponential(-x));
}

static inline float tangent(float x)
{
	const float z = x * x, far = 1 - 2 / (exponential(2 * fabsf(x)) + 1);
	float near = -5.70498872745e-3F * z + 2.06390887954e-2F;

	near = ((near * z - 5.37397155531e-2F) * z + 1.33314422036e-1F) * z - 3.33332819422e-1F;
	return fabsf(x) < 0.625F ? near * z * x + x : copysignf(far, x);
}

#endif
