# SPDX-License-Identifier: Apache-2.0
# All suites. Each prints a line a case and closes with "N passed, N failed"; test/count adds up.
EXTRA_DIST = src/order.txt

check_PROGRAMS = test/golden/run test/golden/large test/golden/zips test/tools/fillzip \
	test/tools/idx2png test/tools/badzip examples/chars

golden_sources = src/cli/npy.c src/cli/npy.h src/cli/file.c src/cli/file.h src/cli/out.c src/cli/out.h
test_golden_run_SOURCES = test/golden/run.c test/golden/arrays.c test/golden/arrays.h $(golden_sources)
test_golden_run_LDADD = libdl4j.la libbase.la $(ZIP_LIBS) -lm
test_golden_large_SOURCES = test/golden/large.c $(golden_sources)
test_golden_large_LDADD = libdl4j.la libbase.la -lm
test_golden_zips_SOURCES = test/golden/zips.c
test_golden_zips_LDADD = libinside.la libbase.la -lm
examples_chars_SOURCES = examples/chars.c
examples_chars_LDADD = libdl4j.la
test_tools_fillzip_SOURCES = test/tools/fillzip.c
test_tools_fillzip_LDADD = $(ZIP_LIBS)
test_tools_idx2png_SOURCES = test/tools/idx2png.c
test_tools_idx2png_LDADD = $(PNG_LIBS) -lz
test_tools_badzip_SOURCES = test/tools/badzip.c
test_tools_badzip_LDADD = $(ZIP_LIBS)

# Scripts that the test driver runs in the build folder, with srcdir set.
dist_check_SCRIPTS = test/golden/small.sh test/golden/large.sh test/golden/tables.sh \
	test/golden/demo.sh test/golden/chars.sh test/golden/zips.sh test/cli/all.sh \
	test/cli/man-check.sh test/cli/types.sh test/lint.sh
TESTS = $(dist_check_SCRIPTS)
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)

include test/unit/local.mk

# The sources of the tests: not by EXTRA_DIST, which would also take what was built in test/.
dist-hook:
	tar -C $(srcdir) --exclude=target --exclude=.deps --exclude=.dirstamp --exclude='*.o' \
		--exclude='*.log' --exclude='*.trs' -cf - test | tar -C $(distdir) -xf -
	cd $(distdir) && rm -f $(check_PROGRAMS)

# Every net of DL4J's zoo, and of Keras': minutes, up to 600 MB each in TMPDIR.
check-zoo: test/golden/large test/tools/fillzip dl4j
	srcdir=$(srcdir) $(SHELL) $(srcdir)/test/golden/large.sh $(srcdir)/data/golden-zoo/*/ \
		$(srcdir)/data/golden-keras/*/
.PHONY: check-zoo
