#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every eleventh allocation and call of oneDNN failing, over some networks; make check-faults: all.
if nm ./test/hard/inside ./test/hard/.libs/inside 2>/dev/null | grep -q '__[at]san_init'; then
	echo "skipped: a sanitizer's malloc is in place"
	exit 77
fi
exec ./test/hard/inside "$srcdir/data" 11 convnet-m rnn-masked-m residual-m
