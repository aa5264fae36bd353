#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every read and write of the program failing in turn, and every eleventh allocation; make
# check-faults does them all. The sanitizers bring a malloc of their own.
if nm ./test/hard/faults ./test/hard/.libs/faults 2>/dev/null | grep -q '__[at]san_init'; then
	echo "skipped: a sanitizer's malloc is in place"
	exit 77
fi
exec ./test/hard/faults "$srcdir/data" 11
