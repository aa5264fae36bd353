# SPDX-License-Identifier: Apache-2.0
normalizer_sources = \
	src/normalizer/normalizer.c \
	src/normalizer/normalizer.h \
	src/normalizer/read.c
