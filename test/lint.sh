#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The lints: on the sources, and on what the library just built shows.
status=0
"$srcdir/tools/check-includes" "$srcdir" || status=1
"$srcdir/tools/check-style" "$srcdir" || status=1
"$srcdir/tools/check-products" "$srcdir" || status=1
if [ -f .libs/libdl4j.so ]; then
	"$srcdir/tools/check-symbols" .libs/libdl4j.so || status=1
fi
exit $status
