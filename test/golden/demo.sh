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
# bfloat16 may move a class here and there, but not the accuracy: 0.2 points.
right() {
	gzip -dc "${images%images*}labels-idx1-ubyte.gz" | tail -c +9 | od -An -v -tu1 -w1 |
		tr -d ' ' | paste - "$1" | awk '$1 == $2 { n++ } END { print n + 0 }'
}
if ./dl4j classify "$srcdir/data/demo.zip" "$work/png" -o tsv -k 1 --precision bf16 \
	2>/dev/null >"$work/rows"; then
	cut -f 2 "$work/rows" >"$work/classes"
	bf16=$(right "$work/classes") dl4j=$(right "$srcdir/data/demo/classes.txt")
	if [ $((bf16 - dl4j)) -ge -20 ] && [ "$bf16" -gt 0 ]; then
		passed=$((passed + 1))
		echo "ok in bfloat16: $bf16 right, DL4J $dl4j"
	else
		failed=$((failed + 1))
		echo "not ok in bfloat16: $bf16 right, DL4J $dl4j"
	fi
fi
echo "demo: $passed passed, $failed failed"
[ $failed = 0 ]
