# SPDX-License-Identifier: Apache-2.0
onnx_sources = \
	src/onnx/onnx.c \
	src/onnx/onnx.h \
	src/onnx/ops.c \
	src/onnx/proto.c \
	src/onnx/proto.h
