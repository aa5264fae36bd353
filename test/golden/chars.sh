#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example that writes text, letter by letter: the text is the one that DL4J writes.
chars=$srcdir/data/chars
written=$(./examples/chars "$chars/model.zip" "$(cat "$chars/alphabet")" "the r" 120)
if [ "$written" = "$(cat "$chars/written")" ]; then
	echo "ok chars: as DL4J goes on"
	echo "chars: 1 passed, 0 failed"
else
	echo "not ok chars: $written"
	echo "chars: 0 passed, 1 failed"
	exit 1
fi
