#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program under a filter of system calls; the sanitizers make calls of their own.
if nm ./test/hard/sandbox ./test/hard/.libs/sandbox 2>/dev/null | grep -q '__[at]san_init'; then
	echo "skipped: a sanitizer is in place"
	exit 77
fi
exec ./test/hard/sandbox "$srcdir/data"
