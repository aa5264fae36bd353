#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo model on all 10,000 test pictures: the class that DL4J gives each, through the program, as
# a user would. The pictures are those of Debian's dataset-fashion-mnist; without it, nothing to do.
images=$(dpkg -L dataset-fashion-mnist 2>/dev/null | grep t10k-images) ||
	images=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}/t10k-images-idx3-ubyte.gz
[ -r "$images" ] || { echo "demo: $images is not there"; exit 77; }
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/png"
./test/tools/idx2png "$images" "$work/png" || exit 99
passed=0 failed=0

# check TITLE OPTION...
check() {
	title=$1
	shift
	./dl4j classify "$srcdir/data/demo.zip" "$work/png" -o tsv -k 1 "$@" 2>/dev/null |
		cut -f 2 >"$work/classes"
	if cmp -s "$work/classes" "$srcdir/data/demo/classes.txt"; then
		passed=$((passed + 1))
		echo "ok $title"
	else
		failed=$((failed + 1))
		echo "not ok $title: $(diff "$work/classes" "$srcdir/data/demo/classes.txt" |
			grep -c '^<') of 10,000 pictures are in another class than DL4J's"
	fi
}

check "one picture at a time"
check "in batches of 32, one thread" -b 32 -t 1
# bfloat16 and 8 bits may move a class here and there, but not the accuracy: 0.2 points.
right() {
	gzip -dc "${images%images*}labels-idx1-ubyte.gz" | tail -c +9 | od -An -v -tu1 -w1 |
		tr -d ' ' | paste - "$1" | awk '$1 == $2 { n++ } END { print n + 0 }'
}

# as_right PRECISION MODEL: skipped where the processor has it not.
as_right() {
	./dl4j classify "$2" "$work/png" -o tsv -k 1 --profile "$srcdir/data/demo.profile.json" \
		-l "$srcdir/data/demo.labels" --precision "$1" >"$work/rows" 2>/dev/null
	[ $? = 3 ] && return
	cut -f 2 "$work/rows" >"$work/classes"
	found=$(right "$work/classes") dl4j=$(right "$srcdir/data/demo/classes.txt")
	if [ $((found - dl4j)) -ge -20 ] && [ "$found" -gt 0 ]; then
		passed=$((passed + 1))
		echo "ok in $1: $found right, DL4J $dl4j"
	else
		failed=$((failed + 1))
		echo "not ok in $1: $found right, DL4J $dl4j"
	fi
}
as_right bf16 "$srcdir/data/demo.zip"
# Ranges from 300 of the training pictures.
mkdir "$work/some"
{
	printf '\0\0\10\3\0\0\1\54\0\0\0\34\0\0\0\34'
	gzip -dc "${images%t10k*}train-images-idx3-ubyte.gz" | tail -c +17 | head -c 235200
} >"$work/idx"
./test/tools/idx2png "$work/idx" "$work/some" &&
	./dl4j quantize "$srcdir/data/demo.zip" "$work/some" -o "$work/int8.zip" || exit 99
as_right int8 "$work/int8.zip"
echo "demo: $passed passed, $failed failed"
[ $failed = 0 ]
