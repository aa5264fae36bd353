# SPDX-License-Identifier: Apache-2.0
# The fuzz targets behind a plain main() that replays files; tools/fuzz puts libFuzzer behind them.
check_PROGRAMS += fuzz/fuzz
fuzz_fuzz_SOURCES = fuzz/main.c fuzz/fuzz.h fuzz/deflate.c fuzz/exec.c fuzz/image.c fuzz/json.c \
	fuzz/model.c fuzz/ndarray.c fuzz/normalizer.c fuzz/text.c fuzz/zip.c test/ref/ref.c \
	test/ref/ref.h test/tools/mkzip.c test/tools/mkzip.h $(image_sources) src/cli/file.c \
	src/cli/flat.c src/cli/labels.c src/cli/limits.c src/cli/npy.c src/cli/opt.c src/cli/out.c \
	src/cli/profile.c src/cli/profiles.c src/cli/say.c src/cli/shapes.c
fuzz_fuzz_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir) -I$(srcdir)/test
fuzz_fuzz_LDADD = libinside.la libbase.la $(image_libs) -lz $(FUZZ_ENGINE)

dist_check_SCRIPTS += fuzz/replay.sh
EXTRA_DIST += fuzz/corpus fuzz/seeds.sh fuzz/ndarray.dict fuzz/normalizer.dict fuzz/text.dict fuzz/zip.dict
