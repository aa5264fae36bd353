# SPDX-License-Identifier: Apache-2.0
# Tests that nothing in a file can hurt, and that nothing else that goes wrong does.
check_PROGRAMS += test/hard/hostile
hard_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/test

test_hard_hostile_SOURCES = test/hard/hostile.c test/hard/hostile.h test/hard/hostile_array.c \
	test/hard/hostile_config.c test/hard/hostile_picture.c test/hard/hostile_zip.c \
	test/tools/mkzip.c test/tools/mkzip.h
test_hard_hostile_CPPFLAGS = $(hard_cppflags)
test_hard_hostile_LDADD = $(ZIP_LIBS) -lz

dist_check_SCRIPTS += test/hard/hostile.sh test/hard/damage.sh test/hard/faults.sh test/hard/inside.sh \
	test/hard/cache.sh test/hard/sandbox.sh test/hard/threads.sh

check_PROGRAMS += test/hard/cache
test_hard_cache_SOURCES = test/hard/cache.c
test_hard_cache_LDADD = libdl4j.la

check_PROGRAMS += test/hard/damage
test_hard_damage_SOURCES = test/hard/damage.c test/tools/mkzip.c test/tools/mkzip.h
test_hard_damage_CPPFLAGS = $(hard_cppflags)
test_hard_damage_LDADD = libdl4j.la -lz

live_sources = test/hard/live.c test/hard/live.h

# The program's own sources, with its main() under another name.
check_PROGRAMS += test/hard/faults
test_hard_faults_SOURCES = test/hard/faults.c $(live_sources) $(cli_sources) $(image_sources)
test_hard_faults_CPPFLAGS = $(hard_cppflags) -Dmain=cli_main
test_hard_faults_CFLAGS = $(AM_CFLAGS) -Wno-missing-prototypes
test_hard_faults_LDADD = libdl4j.la libbase.la $(image_libs) -lpthread

check_PROGRAMS += test/hard/inside
test_hard_inside_SOURCES = test/hard/inside.c $(live_sources) $(golden_sources)
test_hard_inside_CPPFLAGS = $(hard_cppflags)
test_hard_inside_LDADD = libinside.la libbase.la -lm

check-faults: test/hard/faults test/hard/inside
	test/hard/faults $(srcdir)/data
	test/hard/inside $(srcdir)/data 1 $(faulty)
	test/hard/inside $(srcdir)/data 29 $(faulty_large)
# Beside single operations; the time for a network grows with the square of its size.
faulty = capsules-m convnet-m normalizer-m normalizer-s residual-half-m two-outputs-m
faulty_large = embedding-m locally-m separable-m topology-m vae-m yolo2-m
.PHONY: check-faults

check_PROGRAMS += test/hard/sandbox
test_hard_sandbox_SOURCES = test/hard/sandbox.c $(cli_sources) $(image_sources)
test_hard_sandbox_CPPFLAGS = $(hard_cppflags) -Dmain=cli_main
test_hard_sandbox_CFLAGS = $(AM_CFLAGS) -Wno-missing-prototypes
test_hard_sandbox_LDADD = libdl4j.la libbase.la $(image_libs) -lpthread

check_PROGRAMS += test/hard/threads
test_hard_threads_SOURCES = test/hard/threads.c
test_hard_threads_CPPFLAGS = $(hard_cppflags)
test_hard_threads_LDADD = libdl4j.la -lpthread

# A million runs by eight threads, as many by one; 10,000 models.
check-soak: test/hard/threads
	test/hard/threads $(srcdir)/data/golden/residual-m2.1/model.zip 125000 10000
.PHONY: check-soak
