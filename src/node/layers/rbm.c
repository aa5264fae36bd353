/* SPDX-License-Identifier: Apache-2.0 */
/* RBM, up to 0.9.1: in inference a dense layer, whose function is that of its hidden units.
 * in: FF (nIn)  out: FF (nOut) */
#include "node/layers/dense.h"

enum unit { BINARY, RECTIFIED, SOFTMAX, IDENTITY, GAUSSIAN };
static const char *const units[] = { "BINARY", "RECTIFIED", "SOFTMAX", "IDENTITY", "GAUSSIAN",
	                             NULL };

struct rbm {
	struct node base;
	int unit;
};

static const struct field fields[] = {
	FIELD_ENUM(struct rbm, unit, "hiddenUnit", units, BINARY), FIELD_END
};

static int check(struct node *n, struct dl4j_error *err)
{
	if (((struct rbm *)n)->unit == GAUSSIAN)
		return fail(err, DL4J_EUNSUPPORTED, "hiddenUnit: expected BINARY, RECTIFIED, SOFTMAX or "
		            "IDENTITY, found GAUSSIAN, of which DL4J puts out noise");
	return 0;
}

static void lower(const struct node *n, struct lowering *lo)
{
	lo->out = ir_matmul(lo->ir, lo->in[0], lower_param(lo, "W"), lower_param(lo, "b"));
	switch ((enum unit)((const struct rbm *)n)->unit) {
	case BINARY:
		lo->out = ir_eltwise(lo->ir, lo->out, IR_LOGISTIC, 0, 0);
		break;
	case RECTIFIED:
		lo->out = ir_eltwise(lo->ir, lo->out, IR_RELU, 0, 0);
		break;
	case SOFTMAX:
		lo->out = ir_softmax(lo->ir, lo->out, 1);
		break;
	case IDENTITY:
	case GAUSSIAN: /* refused */
		break;
	}
}

const struct node_type node_rbm = {
	.kind = NODE_LAYER, .name = "RBM", .keras = "Dense", .n_in = 1, .feed_forward = true,
	.size = sizeof(struct rbm), .fields = fields, .check = check,
	.params = dense_pretrained_params, .infer = dense_infer, .expects = dense_expects,
	.lower = lower,
};
