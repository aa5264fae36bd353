# SPDX-License-Identifier: Apache-2.0
base_sources = \
	src/base/arena.c \
	src/base/arena.h \
	src/base/clock.h \
	src/base/clones.h \
	src/base/err.c \
	src/base/err.h \
	src/base/num.h \
	src/base/sha256.c \
	src/base/sha256.h \
	src/base/str.c \
	src/base/str.h \
	src/base/thread.h
