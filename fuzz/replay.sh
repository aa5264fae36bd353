#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every target on its seeds, and on what fuzzing ever found.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/dl4j-fuzz.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 2' INT TERM
status=0
for target in zip deflate json ndarray normalizer model image text exec; do
	sh "$srcdir/fuzz/seeds.sh" $target "$scratch/$target"
	./fuzz/fuzz $target "$scratch/$target" "$srcdir/fuzz/corpus/$target" || status=1
done
exit $status
