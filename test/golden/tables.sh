#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Published tables: what summary prints of each configuration in data/tables is, by its checksum, the
# text that its users know. The zips have no coefficients.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

while read -r net style sum; do
	case $net in \#*) continue ;; esac
	gzip -dc "$srcdir/data/tables/$net.json.gz" >"$work/configuration.json" &&
		./test/tools/fillzip --bare "$work" "$work/model.zip"
	./dl4j summary --style "$style" "$work/model.zip" >"$work/table" 2>"$work/notes"
	if [ "$style" = dl4j ]; then # published without the first line, which is empty, and blanks
		sed -e 1d -e 's/ *$//' "$work/table" >"$work/page"
	else
		mv "$work/table" "$work/page"
	fi
	if [ "$(sha256sum <"$work/page")" = "$sum  -" ] && [ ! -s "$work/notes" ]; then
		echo "ok $net: $style table"
		passed=$((passed + 1))
	else
		echo "not ok $net: $style table: another text than the published one"
		cat "$work/notes"
		failed=$((failed + 1))
	fi
done <"$srcdir/data/tables/sums.txt"
echo "tables: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
