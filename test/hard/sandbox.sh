#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program under a filter of system calls; the sanitizers make calls of their own.
if nm ./test/hard/sandbox ./test/hard/.libs/sandbox 2>/dev/null | grep -q '__[at]san_init'; then
	echo "skipped: a sanitizer is in place"
	exit 77
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
unzip -q "$srcdir/data/golden/residual-m2.1/out.npz" -d "$work" || exit 99
./test/hard/sandbox "$srcdir/data" "$work"
