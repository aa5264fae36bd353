#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# large.sh [CASE_DIR/]...: the full-size golden cases, or those named: their zips and inputs are made
# here, one at a time, and removed again. Without names, of the zoos only the quickest.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
status=0

# table CASE FILE OPTION...: what summary prints is FILE to the byte.
table() {
	file=$1/$2
	shift 2
	[ -f "$file" ] || return 0
	if ./dl4j summary "$work/model.zip" "$@" 2>/dev/null | cmp -s - "$file"; then
		echo "ok $file"
		echo "table: 1 passed, 0 failed"
	else
		echo "not ok $file: summary $* prints another text"
		echo "table: 0 passed, 1 failed"
		status=1
	fi
}

# deflated CASE: the same of a zip that is not stored; and damage in the middle of the coefficients,
# which shows when most of them are packed, is told before anything is run.
deflated() {
	./test/tools/fillzip "$1" "$work/model.zip" &&
		./test/golden/large "${1%/}" "$work/model.zip" "$work" || status=1
	printf 'damage' | dd of="$work/model.zip" bs=1 seek=900000 conv=notrunc 2>/dev/null
	run="./dl4j run $work/model.zip --input $work/input.npy --output-dir $work/out"
	if $run 2>"$work/err"; [ $? = 3 ] && [ ! -e "$work/out" ] &&
	   grep -q 'model\.zip: coefficients\.bin: damaged: ' "$work/err"; then
		echo "ok damaged in the middle"
		echo "damage: 1 passed, 0 failed"
	else
		echo "not ok damaged in the middle: $(cat "$work/err")"
		echo "damage: 0 passed, 1 failed"
		status=1
	fi
}

[ $# -gt 0 ] || set -- "$srcdir"/data/golden-large/*/ "$srcdir"/data/golden-zoo/lenet-m2.1/ \
	"$srcdir"/data/golden-zoo/simplecnn-m2.1/ "$srcdir"/data/golden-zoo/resnet50-m2.1/ \
	"$srcdir"/data/golden-zoo/textgenerationlstm-m2.1/ \
	"$srcdir"/data/golden-keras/mobilenet-beta7/ "$srcdir"/data/golden-keras/efficientnetb0-beta7/
for case; do
	if ./test/tools/fillzip --store "$case" "$work/model.zip" &&
	   ./test/tools/fillzip --input "$case" "$work"; then
		./test/golden/large "${case%/}" "$work/model.zip" "$work" || status=1
		table "$case" summary.txt
		table "$case" summary-typed.txt --input-type "$(cat "$case/input-types")"
		table "$case" summary-keras.txt --style keras --name xception --input-type 3,299,299
		case $case in */lenet-m2.1/) deflated "$case" ;; esac
	else
		echo "not ok $case: no zip could be made"
		echo "large: 0 passed, 1 failed"
		status=1
	fi
done
exit $status
