# SPDX-License-Identifier: Apache-2.0
ndarray_sources = \
	src/ndarray/ndarray.c \
	src/ndarray/ndarray.h
