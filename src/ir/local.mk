# SPDX-License-Identifier: Apache-2.0
ir_sources = \
	src/ir/build.c \
	src/ir/ir.c \
	src/ir/ir.h \
	src/ir/ops.def
