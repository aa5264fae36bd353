#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The full-size golden cases: their zips and inputs are made here from data/golden-large, one at a
# time, and removed again.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
status=0
for case in "$srcdir"/data/golden-large/*/; do
	if ./test/tools/fillzip "$case" "$work/model.zip" &&
	   ./test/tools/fillzip --input "$case" "$work"; then
		./test/golden/large "${case%/}" "$work/model.zip" "$work" || status=1
	else
		echo "not ok $case: no zip could be made"
		echo "large: 0 passed, 1 failed"
		status=1
	fi
done
exit $status
