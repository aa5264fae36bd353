# SPDX-License-Identifier: Apache-2.0
passes_sources = \
	src/passes/drop_dead.c \
	src/passes/fold_affine.c \
	src/passes/fold_linear.c \
	src/passes/fold_pad.c \
	src/passes/fuse.c \
	src/passes/fuse_activation.c \
	src/passes/fuse_affine.c \
	src/passes/fuse_sum.c \
	src/passes/passes.c \
	src/passes/passes.h \
	src/passes/winograd.c
