#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every verb and option that --help shows must stand in the manual: man-check.sh [DL4J MANUAL].
dl4j=${1:-./dl4j}
manual=${2:-$srcdir/doc/dl4j.1}
passed=0 failed=0

expect() { # TITLE PATTERN TEXT
	if printf '%s\n' "$3" | grep -Eq -e "$2"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok - the manual has no $1"
	fi
}

# The text of a verb, and of what the verbs share.
section() {
	awk -v verb="$1" '/^\.S[hs] /{ on = $2 == verb || /PREPARING/ } on' "$manual"
}

for verb in $("$dl4j" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	text=$(section "$verb")
	expect "verb $verb" "^\.Ss $verb" "$text"
	for option in $("$dl4j" help "$verb" | sed -n 's/^  ....--\([a-z0-9-]*\).*/\1/p'); do
		[ "$option" = help ] ||
			expect "option --$option of $verb" "^\.It .*-$option( |\$)" "$text"
	done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 40 ]
