/* SPDX-License-Identifier: Apache-2.0 */
/* threads: the cores that this process may use.
 * Fewer than the machine has, inside a container or under taskset. */
#ifndef CLI_THREADS_H
#define CLI_THREADS_H

int threads_available(void);

#endif
