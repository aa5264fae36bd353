# SPDX-License-Identifier: Apache-2.0
graph_sources = \
	src/graph/graph.c \
	src/graph/graph.h \
	src/graph/infer.c \
	src/graph/lower.c \
	src/graph/sort.c
