#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The folder of packed weights.
exec ./test/hard/cache "$srcdir/data"
