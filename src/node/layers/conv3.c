/* SPDX-License-Identifier: Apache-2.0 */
/* conv3: what the convolutions of volumes share.
 * Their weights never change layout with the data format. */
#include "node/layers/conv3.h"

#include <inttypes.h>

int conv3_input(const struct node *n, const struct dl4j_shape *in, struct dl4j_shape *out,
                struct dl4j_error *err)
{
	TRY(volume_infer(((const struct conv3 *)n)->format, in, out, err));
	if (out->c && out->c != n->nin)
		return fail(err, DL4J_ESHAPE, "nIn: expected %" PRId64 ", the channels of its input, "
		            "found %" PRId64, out->c, n->nin);
	return 0;
}

int conv3_expects(const struct node *n, struct dl4j_shape *out)
{
	*out = volume_shape(n->nin, ((const struct conv3 *)n)->format);
	return 1;
}

void conv3_end(const struct node *n, struct lowering *lo, struct ir_val *x)
{
	const struct conv3 *l = (const struct conv3 *)n;
	struct dl4j_shape out = volume_shape(0, l->format);

	lo->out = activate(lo->ir, l->activation, x, &out);
}
