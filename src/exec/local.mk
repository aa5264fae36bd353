# SPDX-License-Identifier: Apache-2.0
# The executor: all that knows oneDNN.
exec_sources = \
	src/exec/compile.c \
	src/exec/compile.h \
	src/exec/emit_conv.c \
	src/exec/emit_eltwise.c \
	src/exec/emit_kernel.c \
	src/exec/emit_move.c \
	src/exec/emit_norm.c \
	src/exec/emit_pool.c \
	src/exec/emit_resample.c \
	src/exec/exec.h \
	src/exec/int8.c \
	src/exec/join.c \
	src/exec/kernel_pool.c \
	src/exec/kernel_posts.c \
	src/exec/kernels.c \
	src/exec/kernels.h \
	src/exec/memory_plan.c \
	src/exec/memory_plan.h \
	src/exec/pack.c \
	src/exec/plan.c \
	src/exec/plan.h \
	src/exec/run.c \
	src/exec/shim.c \
	src/exec/shim.h \
	src/exec/threads.c
if ONEDNN3
exec_sources += src/exec/shim3.c
else
exec_sources += src/exec/shim2.c
endif
