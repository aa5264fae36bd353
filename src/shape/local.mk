# SPDX-License-Identifier: Apache-2.0
shape_sources = \
	src/shape/shape.c \
	src/shape/shape.h
