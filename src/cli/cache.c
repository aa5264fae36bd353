/* SPDX-License-Identifier: Apache-2.0 */
/* cache: the option for a folder of packed weights.
 * It is to save time: where it does not, the work goes on. */
#include "cli/cache.h"

#include "cli/say.h"

void cache_warn(const dl4j_runner *runner)
{
	const char *why;

	dl4j_runner_cached(runner, &why);
	if (why)
		say_warning("--cache %s; going on without", why);
}
