#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program on hostile files of every kind.
exec ./test/hard/hostile ./dl4j "$srcdir/data"
