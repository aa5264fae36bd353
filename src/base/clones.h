/* SPDX-License-Identifier: Apache-2.0 */
/* clones: a function built for several processors, of which the running one's is called.
 * No two have one name, static or not: clang 14 makes what picks them visible everywhere. */
#ifndef DL4J_BASE_CLONES_H
#define DL4J_BASE_CLONES_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__)
#define CLONED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONED
#endif

#endif
