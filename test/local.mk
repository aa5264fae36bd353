# SPDX-License-Identifier: Apache-2.0
# All suites. Each prints its own cases; test/count adds them up.
EXTRA_DIST = test

check_PROGRAMS = test/golden/run test/tools/fillzip
test_golden_run_SOURCES = test/golden/run.c test/golden/npy.c test/golden/npy.h
test_golden_run_LDADD = libdl4j.la -lm
test_tools_fillzip_SOURCES = test/tools/fillzip.c
test_tools_fillzip_LDADD = $(ZIP_LIBS)
