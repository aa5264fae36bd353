#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Threads that share a model, and memory that does not grow: a short run of both.
exec ./test/hard/threads "$srcdir/data/golden/residual-m2.1/model.zip" 500 300
