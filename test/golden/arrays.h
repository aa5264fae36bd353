/* SPDX-License-Identifier: Apache-2.0 */
/* arrays: those of a golden case. What goes in is a file each, DIR/in/NAME.npy; what comes out is
 * one file, DIR/out.npz, as NumPy's savez writes it: small files cost a disk block each. */
#ifndef TEST_GOLDEN_ARRAYS_H
#define TEST_GOLDEN_ARRAYS_H

#include "cli/npy.h"

/* 1: read; 0: the case has none of that name; -1: err tells. `folder`: "in", "out", ... */
int golden_array(struct npy *out, const char *dir, const char *folder, const char *vertex,
                 struct dl4j_error *err);

#endif
