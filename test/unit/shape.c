/* SPDX-License-Identifier: Apache-2.0 */
/* shape: DL4J's arrays of each kind, channels first and last, to shapes and back; how DL4J prints
 * an InputType. */
#include "unit.h"

#include <stdint.h>

#include "shape/shape.h"

/* One of each kind and order, its array for a batch of 7, how DL4J prints it. */
static const struct {
	struct dl4j_shape shape;
	int rank;
	int64_t dim[5], size;
	const char *text;
} shapes[] = {
	{ { .kind = DL4J_FF, .c = 10 }, 2, { 7, 10 }, 10, "InputTypeFeedForward(10)" },
	{ { .kind = DL4J_RNN, .c = 5, .t = 12 }, 3, { 7, 5, 12 }, 60,
	  "InputTypeRecurrent(5,timeSeriesLength=12,format=NCW)" },
	{ { .kind = DL4J_RNN, .c = 5, .t = 12, .channels_last = 1 }, 3, { 7, 12, 5 }, 60,
	  "InputTypeRecurrent(5,timeSeriesLength=12,format=NWC)" },
	{ { .kind = DL4J_RNN, .c = 5 }, 3, { 7, 5, 0 }, 0, "InputTypeRecurrent(5,format=NCW)" },
	{ { .kind = DL4J_CNN, .c = 3, .h = 8, .w = 9 }, 4, { 7, 3, 8, 9 }, 216,
	  "InputTypeConvolutional(h=8,w=9,c=3,NCHW)" },
	{ { .kind = DL4J_CNN, .c = 3, .h = 8, .w = 9, .channels_last = 1 }, 4, { 7, 8, 9, 3 }, 216,
	  "InputTypeConvolutional(h=8,w=9,c=3,NHWC)" },
	{ { .kind = DL4J_CNN3D, .c = 2, .d = 4, .h = 5, .w = 6 }, 5, { 7, 2, 4, 5, 6 }, 240,
	  "InputTypeConvolutional3D(format=NCDHW,d=4,h=5,w=6,c=2)" },
	{ { .kind = DL4J_CNN3D, .c = 2, .d = 4, .h = 5, .w = 6, .channels_last = 1 }, 5,
	  { 7, 4, 5, 6, 2 }, 240, "InputTypeConvolutional3D(format=NDHWC,d=4,h=5,w=6,c=2)" },
};

static void same(const struct dl4j_shape *a, const struct dl4j_shape *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->c, b->c);
	ck_assert_int_eq(a->d, b->d);
	ck_assert_int_eq(a->h, b->h);
	ck_assert_int_eq(a->w, b->w);
	ck_assert_int_eq(a->t, b->t);
	ck_assert_int_eq(a->channels_last, b->channels_last);
}

START_TEST(arrays)
{
	struct dl4j_shape back, kind = { .kind = shapes[_i].shape.kind,
		                         .channels_last = shapes[_i].shape.channels_last };
	struct dl4j_error err = { 0 };
	int64_t dim[DL4J_MAX_RANK];

	ck_assert_int_eq(shape_dims(&shapes[_i].shape, 7, dim), shapes[_i].rank);
	for (int i = 0; i < shapes[_i].rank; i++)
		ck_assert_int_eq(dim[i], shapes[_i].dim[i]);
	ck_assert_int_eq(shape_from_dims(&back, &kind, dim, shapes[_i].rank, &err), 0);
	same(&back, &shapes[_i].shape);
	ck_assert_int_eq(shape_size(&shapes[_i].shape), shapes[_i].size);
}
END_TEST

START_TEST(other_ranks)
{
	int64_t dim[DL4J_MAX_RANK] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	struct dl4j_error err = { 0 };
	struct dl4j_shape back;

	for (int rank = 0; rank <= DL4J_MAX_RANK; rank++)
		if (rank != shapes[_i].rank)
			unit_refused(shape_from_dims(&back, &shapes[_i].shape, dim, rank, &err), &err,
			             DL4J_ESHAPE, unit_text("expected an array of rank %d, found rank %d",
			                                    shapes[_i].rank, rank));
}
END_TEST

START_TEST(print)
{
	struct str text = { 0 };

	shape_print(&text, &shapes[_i].shape, true);
	ck_assert_str_eq(text.text, shapes[_i].text);
	str_free(&text);
}
END_TEST

/* Where the axes of [n,h,w,c] stand among n,c,h,w. */
START_TEST(axes)
{
	static const int expected[] = { 0, 2, 3, 1 };
	struct dl4j_shape last = shape_cnn(3, 8, 9, true), first = shape_cnn(3, 8, 9, false);

	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(shape_axis(&last, 4, i), expected[i]);
		ck_assert_int_eq(shape_axis(&first, 4, i), i);
	}
}
END_TEST

START_TEST(makers)
{
	struct dl4j_shape s = shape_ff(10);

	same(&s, &shapes[0].shape);
	s = shape_rnn(5, 12, true);
	same(&s, &shapes[2].shape);
	s = shape_cnn(3, 8, 9, false);
	same(&s, &shapes[4].shape);
}
END_TEST

START_TEST(sizes)
{
	struct dl4j_shape s = shape_cnn(3, 0, 9, false);

	ck_assert_int_eq(shape_size(&s), 0); /* unknown */
	s = shape_cnn(INT64_C(1) << 31, INT64_C(1) << 31, 2, false);
	ck_assert_int_eq(shape_size(&s), -1);
	s = shape_cnn(INT64_C(1) << 31, INT64_C(1) << 31, 1, false);
	ck_assert_int_eq(shape_size(&s), INT64_C(1) << 62);
}
END_TEST

START_TEST(fits)
{
	for (int i = 0; i < 5; i++) {
		struct dl4j_shape s = { .c = 1 };
		int64_t *size = (int64_t *[]){ &s.c, &s.d, &s.h, &s.w, &s.t }[i];
		ck_assert(shape_fits(&s));
		*size = INT32_MAX;
		ck_assert(shape_fits(&s));
		*size = (int64_t)INT32_MAX + 1;
		ck_assert(!shape_fits(&s));
		*size = -1;
		ck_assert(!shape_fits(&s));
	}
}
END_TEST

static Suite *suite(void)
{
	TCase *tests;
	Suite *suite = unit_suite("shape", &tests);

	tcase_add_loop_test(tests, arrays, 0, COUNT(shapes));
	tcase_add_loop_test(tests, other_ranks, 0, COUNT(shapes));
	tcase_add_loop_test(tests, print, 0, COUNT(shapes));
	tcase_add_test(tests, axes);
	tcase_add_test(tests, makers);
	tcase_add_test(tests, sizes);
	tcase_add_test(tests, fits);
	return suite;
}

int main(void)
{
	return unit_main((Suite *[]){ suite(), NULL });
}
