/* SPDX-License-Identifier: Apache-2.0 */
/* ReshapePreprocessor and KerasFlattenRnnPreprocessor: DL4J's array under other dimensions, element
 * by element. As in DL4J series come out NWC, and pictures NHWC where the input was no picture,
 * which beta7 calls NCHW.
 * in: any shape  out: of rank 2 to 5  and  in: RNN (depth,t)  out: FF (depth*t) */
#include <inttypes.h>

#include "node/format.h"

struct reshape {
	struct node base;
	struct dims from, to, old;
	bool with_batch; /* the dimensions begin with the batch */
};

static const struct field fields[] = {
	FIELD_DIMS(struct reshape, from, "inputShape", 0, NAN, 0),
	FIELD_DIMS(struct reshape, to, "targetShape", 0, NAN, 0),
	FIELD_DIMS(struct reshape, old, "toShape", 0, NAN, 0), /* up to 0.7: ReshapePreProcessor */
	FIELD_BOOL(struct reshape, with_batch, "hasMiniBatchDimension", false), FIELD_END
};

static int dims_of(const struct node *n, int64_t batch, int64_t *dim)
{
	const struct reshape *p = (const struct reshape *)n;
	int rank = p->to.n + !p->with_batch;

	dim[0] = batch;
	for (int i = 1; i < rank; i++)
		dim[i] = p->to.v[i - !p->with_batch];
	return rank;
}

static int check(struct node *n, struct dl4j_error *err)
{
	struct reshape *p = (struct reshape *)n;
	int rank;

	if (p->old.n) {
		p->to = p->old;
		p->with_batch = true;
	}
	rank = p->to.n + !p->with_batch;
	if (rank < 2 || rank > 5 || p->to.n < 1)
		return fail(err, DL4J_EFORMAT, "targetShape: expected 2 to 5 numbers with the batch, "
		            "found %d", rank);
	return 0;
}

static int infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                 struct dl4j_shape *out, struct dl4j_error *err)
{
	static const enum dl4j_kind kinds[] = { DL4J_FF, DL4J_RNN, DL4J_CNN, DL4J_CNN3D };
	const struct reshape *p = (const struct reshape *)n;
	int64_t dim[DL4J_MAX_RANK];
	int rank = dims_of(n, 1, dim);
	bool modern = n->release >= RELEASE_M1;

	(void)n_in;
	*out = (struct dl4j_shape){ .kind = kinds[rank - 2] };
	if (out->kind == DL4J_RNN)
		out->channels_last = modern;
	if (out->kind == DL4J_CNN && (p->from.n == 1 || in->kind == DL4J_RNN))
		out->channels_last = modern ? 1 : n->release == RELEASE_BETA7 ? LAST_CALLED_FIRST : 0;
	TRY(shape_from_dims(out, out, dim, rank, err));
	if (shape_size(in) > 0 && shape_size(out) > 0 && shape_size(in) != shape_size(out))
		return fail(err, DL4J_ESHAPE, "targetShape: expected %" PRId64 " numbers, found %"
		            PRId64, shape_size(in), shape_size(out));
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);
	int64_t dim[DL4J_MAX_RANK];
	int rank = dims_of(n, lo->batch, dim), perm[IR_RANK];
	struct dl4j_shape out;

	if (infer(n, lo->shape, 1, &out, &lo->ir->err))
		return;
	lo->out = ir_view(lo->ir, x, rank, dim);
	for (int i = 0; i < rank; i++)
		perm[shape_axis(&out, rank, i)] = i;
	if (out.channels_last)
		lo->out = ir_permute(lo->ir, lo->out, perm);
	lo->out_mask = NULL;
}

const struct node_type node_reshape_preprocessor = {
	.kind = NODE_PREPROCESSOR, .name = "ReshapePreprocessor", .alias = { "reshape" },
	.keras = "Reshape", .n_in = 1, .size = sizeof(struct reshape), .fields = fields,
	.check = check, .infer = infer, .lower = lower,
};

/* --- KerasFlattenRnnPreprocessor -------------------------------------------------------------- */

struct flatten {
	struct node base;
	int64_t depth, t;
};

static const struct field flatten_fields[] = {
	FIELD_DIM(struct flatten, depth, "depth", NAN, 1),
	FIELD_DIM(struct flatten, t, "tsLength", NAN, 1), FIELD_END
};

static int flatten_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                         struct dl4j_shape *out, struct dl4j_error *err)
{
	const struct flatten *p = (const struct flatten *)n;

	(void)n_in;
	*out = shape_ff(p->depth * p->t);
	if (shape_size(in) > 0 && shape_size(in) != out->c)
		return fail(err, DL4J_ESHAPE, "expected %" PRId64 " steps of size %" PRId64 ", found %"
		            PRId64 " numbers", p->t, p->depth, shape_size(in));
	return 0;
}

static int flatten_expects(const struct node *n, struct dl4j_shape *out)
{
	const struct flatten *p = (const struct flatten *)n;

	*out = shape_rnn(p->depth, p->t, false);
	return 1;
}

static void flatten_lower(const struct node *n, struct lowering *lo)
{
	const struct flatten *p = (const struct flatten *)n;
	struct ir_val *x = format_dl4j(lo->ir, lo->in[0], lo->shape);

	lo->out = ir_view(lo->ir, x, 2, (int64_t[]){ x->dim[0], p->depth * p->t });
	lo->out_mask = NULL;
}

const struct node_type node_keras_flatten_rnn = {
	.kind = NODE_PREPROCESSOR, .name = "KerasFlattenRnnPreprocessor", .keras = "Flatten",
	.n_in = 1, .size = sizeof(struct flatten), .fields = flatten_fields,
	.infer = flatten_infer, .expects = flatten_expects, .lower = flatten_lower,
};
