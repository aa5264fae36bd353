/* SPDX-License-Identifier: Apache-2.0 */
/* cache: the option for a folder of packed weights. */
#ifndef CLI_CACHE_H
#define CLI_CACHE_H

#include "dl4j.h"

#define OPT_CACHE(at) \
	OPT(TEXT, 0, "cache", "DIR", at, \
	    "keep packed weights in this folder: the next start is quicker")

/* Says what kept the weights from being found or left there. */
void cache_warn(const dl4j_runner *runner);

#endif
