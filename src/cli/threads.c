/* SPDX-License-Identifier: Apache-2.0 */
/* threads: the cores that this process may use.
 * Linux tells them; elsewhere all that are online. */
#include "cli/threads.h"

#include <sched.h>
#include <unistd.h>

const char *const precision_names[] = { "f32", "bf16", "int8", NULL };

int threads_available(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef CPU_COUNT
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
#endif
	return n > 1 ? (int)n : 1;
}
