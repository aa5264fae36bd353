#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Zips that other people's DL4J has saved, where there are some: in DL4J_ZIPS, or in a folder
# beside the project. They are not part of it, so without them this is skipped.
zips=${DL4J_ZIPS:-$srcdir/../shared/dl4j-zips}
if [ ! -d "$zips" ]; then
	echo "skipped: no folder $zips"
	exit 77
fi
exec ./test/golden/zips "$zips"
