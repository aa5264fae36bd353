#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The small golden cases: every one in data/golden.
exec ./test/golden/run -q "$srcdir/data/golden"
