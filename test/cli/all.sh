#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line: every test file here, on the program just built.
TOOLS=test/tools DATA=$srcdir/data exec sh "$srcdir/test/cli/run" ./dl4j "$srcdir"/test/cli/*.test
