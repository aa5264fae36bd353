#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# doc/types.md must name the classes that the program knows; `make types` writes it again.
if "$srcdir/tools/types" ./dl4j | cmp -s - "$srcdir/doc/types.md"; then
	echo "1 passed, 0 failed"
else
	echo "not ok - doc/types.md is stale: make types"
	echo "0 passed, 1 failed"
	exit 1
fi
