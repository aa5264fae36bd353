#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# seeds.sh TARGET FOLDER: inputs for a target out of the test data, into the folder.
# $srcdir is the source tree. Where unzip is missing, there are fewer. Configurations lose their
# indentation: more of them fit a fuzzer's longest input.
target=$1 to=$2
mkdir -p "$to"

# entry NAME: that entry of every golden case which has it.
entry() {
	command -v unzip >/dev/null || return 0
	for zip in "$srcdir"/data/golden/*/model.zip; do
		name=$(basename "$(dirname "$zip")")
		unzip -p "$zip" "$1" >"$to/$name" 2>/dev/null || rm -f "$to/$name"
	done
}

case $target in
zip) for dir in "$srcdir"/data/golden/*/; do cp "$dir/model.zip" "$to/$(basename "$dir")"; done ;;
deflate) # what gzip has between its head and its checksum
	entry configuration.json
	cp "$srcdir/data/demo.labels" "$srcdir"/data/images/*.png "$to"
	for file in "$to"/*; do
		gzip -nc "$file" | tail -c +11 | head -c -8 >"$to/.short" && mv "$to/.short" "$file"
	done
	;;
json | model)
	entry configuration.json
	for file in "$to"/*; do
		sed 's/^ *//; s/ : /:/' "$file" | tr -d '\n' >"$to/.short" && mv "$to/.short" "$file"
	done
	;;
ndarray) entry coefficients.bin ;;
normalizer) entry normalizer.bin ;;
image) cp "$srcdir"/data/images/*.png "$srcdir"/data/images/*.jpg "$to" ;;
text)
	cp "$srcdir"/data/demo.labels "$srcdir"/data/demo.profile.json "$to"
	for dir in "$srcdir"/data/golden/[l-n]*/in/; do
		for npy in "$dir"*.npy; do
			[ "$(wc -c <"$npy")" -gt 2000 ] || cp "$npy" "$to/$(basename "$(dirname "$dir")").npy"
		done
	done
	;;
esac
exit 0
