/* SPDX-License-Identifier: Apache-2.0 */
/* LastTimeStepVertex, DuplicateToTimeSeriesVertex, ReverseTimeSeriesVertex: the time axis of a
 * series. Masks and lengths are those of the network input that they name. As in DL4J the time axis
 * is the last, whatever the format.      in, out: RNN (size,t) or FF (size) */
#include "node/recurrent.h"

struct time_series {
	struct node base;
	const char *input;
};

static const struct field mask_fields[] = {
	FIELD_STRING(struct time_series, input, "maskArrayInputName"), FIELD_END
};

static const struct field input_fields[] = {
	FIELD_STRING(struct time_series, input, "inputName"), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	if (!((struct time_series *)n)->input)
		return fail(err, DL4J_EFORMAT, "expected the name of a network input, found none");
	return 0;
}

static int reverse_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                         struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n, (void)n_in;
	return format_rnn_infer(FORMAT_NCW, in, out, err);
}

static int last_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                      struct dl4j_shape *out, struct dl4j_error *err)
{
	TRY(reverse_infer(n, in, n_in, out, err));
	*out = shape_ff(out->c);
	return 0;
}

static int duplicate_infer(const struct node *n, const struct dl4j_shape *in, int n_in,
                           struct dl4j_shape *out, struct dl4j_error *err)
{
	(void)n, (void)n_in;
	if (in->kind != DL4J_FF)
		return fail(err, DL4J_ESHAPE, "expected feed-forward input, found another kind");
	*out = shape_rnn(in->c, 1, false); /* DL4J's inference takes it for one step */
	return 0;
}

static struct ir_val *mask_of(const struct node *n, struct lowering *lo)
{
	const struct time_series *v = (const struct time_series *)n;
	struct ir_val *mask = NULL;

	if (v->input)
		lower_network_input(lo, v->input, &mask);
	return mask;
}

static void last_lower(const struct node *n, struct lowering *lo)
{
	lo->out = recurrent_last(lo->ir, format_rnn_lower(FORMAT_NCW, lo, 0), mask_of(n, lo));
	lo->out_mask = NULL;
}

static void reverse_lower(const struct node *n, struct lowering *lo)
{
	lo->out = recurrent_reversed(lo->ir, format_rnn_lower(FORMAT_NCW, lo, 0), mask_of(n, lo));
}

static void duplicate_lower(const struct node *n, struct lowering *lo)
{
	const char *name = ((const struct time_series *)n)->input;
	struct ir_val *mask = NULL, *series = lower_network_input(lo, name, &mask);

	if (!series || series->rank != 3) {
		ir_fail(lo->ir, DL4J_ESHAPE, "inputName: expected a recurrent network input, found "
		     "'%s'", name);
		return;
	}
	lo->out = recurrent_repeated(lo->ir, lo->in[0], series->dim[2]);
	lo->out_mask = mask;
}

const struct node_type node_last_time_step_vertex = {
	.kind = NODE_VERTEX, .name = "LastTimeStepVertex", .n_in = 1,
	.size = sizeof(struct time_series), .fields = mask_fields, .check = check,
	.infer = last_infer, .lower = last_lower,
};

const struct node_type node_reverse_time_series = {
	.kind = NODE_VERTEX, .name = "ReverseTimeSeriesVertex", .n_in = 1,
	.size = sizeof(struct time_series), .fields = mask_fields, .infer = reverse_infer,
	.lower = reverse_lower,
};

const struct node_type node_duplicate_to_time_series = {
	.kind = NODE_VERTEX, .name = "DuplicateToTimeSeriesVertex", .n_in = 1,
	.size = sizeof(struct time_series), .fields = input_fields, .check = check,
	.infer = duplicate_infer, .lower = duplicate_lower,
};
