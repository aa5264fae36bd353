/* SPDX-License-Identifier: Apache-2.0 */
/* distributions: DL4J's ReconstructionDistributions. A Gaussian takes a mean and a variance for
 * each input, a composite one parts of the input by distributions of their own. */
#include "node/distribution.h"

struct composite {
	struct node base;
	struct dims sizes;
	struct nodes parts;
};

static const struct field fields[] = {
	FIELD_DIMS(struct composite, sizes, "distributionSizes", 0, NAN, 1),
	FIELD_NODES(struct composite, parts, "reconstructionDistributions", NODE_DISTRIBUTION),
	FIELD_END
};

#define TYPE(id, ...) const struct node_type node_##id = { .kind = NODE_DISTRIBUTION, __VA_ARGS__ }

TYPE(bernoulli, .name = "BernoulliReconstructionDistribution", .alias = { "Bernoulli" });
TYPE(composite_distribution, .name = "CompositeReconstructionDistribution",
     .alias = { "Composite" }, .size = sizeof(struct composite), .fields = fields);
TYPE(exponential, .name = "ExponentialReconstructionDistribution", .alias = { "Exponential" });
TYPE(gaussian, .name = "GaussianReconstructionDistribution", .alias = { "Gaussian" });
TYPE(loss_wrapper, .name = "LossFunctionWrapper", .alias = { "LossWrapper" });

int64_t distribution_size(const struct node *n, int64_t inputs)
{
	const struct composite *c = (const struct composite *)n;
	int64_t total = 0;

	if (!n || !n->type)
		return 0;
	if (n->type != &node_composite_distribution)
		return n->type == &node_gaussian ? 2 * inputs : inputs;
	for (int i = 0; i < c->parts.n; i++) {
		int64_t own = i < c->sizes.n ? distribution_size(c->parts.v[i], c->sizes.v[i]) : 0;
		if (!own)
			return 0;
		inputs -= c->sizes.v[i];
		total += own;
	}
	return inputs ? 0 : total;
}
