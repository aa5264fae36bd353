#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every cut and every flipped bit of three zips made for it and of two that DL4J saved.
exec ./test/hard/damage "$srcdir/data/golden/mlp-beta7/model.zip" \
	"$srcdir/data/golden/mlp-m2.1/model.zip"
