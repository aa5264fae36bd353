/* SPDX-License-Identifier: Apache-2.0 */
/* shape: DL4J's InputType.
 * The library's order of axes is n,c,[d,]h,w and n,c,t; DL4J's is that or channels last. */
#include "shape/shape.h"

#include <assert.h>
#include <inttypes.h>

#include "base/num.h"

struct dl4j_shape shape_ff(int64_t size)
{
	return (struct dl4j_shape){ .kind = DL4J_FF, .c = size };
}

struct dl4j_shape shape_cnn(int64_t c, int64_t h, int64_t w, bool channels_last)
{
	return (struct dl4j_shape){ .kind = DL4J_CNN, .c = c, .h = h, .w = w,
		                    .channels_last = channels_last };
}

struct dl4j_shape shape_rnn(int64_t size, int64_t t, bool channels_last)
{
	return (struct dl4j_shape){ .kind = DL4J_RNN, .c = size, .t = t,
		                    .channels_last = channels_last };
}

static int sizes(const struct dl4j_shape *s, int64_t *dim)
{
	switch (s->kind) { /* unreached: another kind */
	case DL4J_FF:
		dim[0] = s->c;
		return 1;
	case DL4J_RNN:
		dim[0] = s->c, dim[1] = s->t;
		return 2;
	case DL4J_CNN:
		dim[0] = s->c, dim[1] = s->h, dim[2] = s->w;
		return 3;
	case DL4J_CNN3D:
		dim[0] = s->c, dim[1] = s->d, dim[2] = s->h, dim[3] = s->w;
		return 4;
	}
	assert(!"a kind of shape");
	return 0;
}

int shape_axis(const struct dl4j_shape *s, int rank, int axis)
{
	if (!s->channels_last || axis == 0)
		return axis;
	return axis == rank - 1 ? 1 : axis + 1;
}

int shape_dims(const struct dl4j_shape *s, int64_t batch, int64_t *dim)
{
	int64_t own[DL4J_MAX_RANK];
	int rank = 1 + sizes(s, own + 1);

	own[0] = batch;
	for (int i = 0; i < rank; i++)
		dim[i] = own[shape_axis(s, rank, i)];
	return rank;
}

int shape_from_dims(struct dl4j_shape *out, const struct dl4j_shape *s, const int64_t *dim,
                    int rank, struct dl4j_error *err)
{
	int64_t own[DL4J_MAX_RANK];
	int expected = 1 + sizes(s, own);

	if (rank != expected)
		return fail(err, DL4J_ESHAPE, "expected an array of rank %d, found rank %d",
		            expected, rank);
	for (int i = 0; i < rank; i++)
		own[shape_axis(s, rank, i)] = dim[i];
	*out = *s;
	out->c = own[1];
	switch (s->kind) { /* unreached: another kind */
	case DL4J_FF:
		break;
	case DL4J_RNN:
		out->t = own[2];
		break;
	case DL4J_CNN:
		out->h = own[2], out->w = own[3];
		break;
	case DL4J_CNN3D:
		out->d = own[2], out->h = own[3], out->w = own[4];
		break;
	}
	return 0;
}

bool shape_fits(const struct dl4j_shape *s)
{
	const int64_t all[] = { s->c, s->d, s->h, s->w, s->t };

	for (int i = 0; i < 5; i++)
		if (all[i] < 0 || all[i] > INT32_MAX)
			return false;
	return true;
}

int64_t shape_size(const struct dl4j_shape *s)
{
	int64_t dim[DL4J_MAX_RANK];

	return dims_product(dim, sizes(s, dim));
}

void shape_print(struct str *out, const struct dl4j_shape *s, bool format)
{
	bool last = s->channels_last;

	switch (s->kind) { /* unreached: another kind */
	case DL4J_FF:
		str_addf(out, "InputTypeFeedForward(%" PRId64, s->c);
		if (format && s->t)
			str_add(out, last ? ",NWC" : ",NCW");
		break;
	case DL4J_RNN:
		str_addf(out, "InputTypeRecurrent(%" PRId64, s->c);
		if (s->t > 0)
			str_addf(out, ",timeSeriesLength=%" PRId64, s->t);
		if (format)
			str_add(out, last ? ",format=NWC" : ",format=NCW");
		break;
	case DL4J_CNN:
		str_addf(out, "InputTypeConvolutional(h=%" PRId64 ",w=%" PRId64 ",c=%" PRId64, s->h, s->w,
		         s->c);
		if (format)
			str_add(out, s->channels_last == 1 ? ",NHWC" : ",NCHW");
		break;
	case DL4J_CNN3D:
		str_addf(out, "InputTypeConvolutional3D(format=%s,d=%" PRId64 ",h=%" PRId64
		         ",w=%" PRId64 ",c=%" PRId64, last ? "NDHWC" : "NCDHW", s->d, s->h, s->w, s->c);
		break;
	}
	str_add(out, ")");
}
