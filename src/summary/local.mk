# SPDX-License-Identifier: Apache-2.0
# The network as text.
summary_sources = \
	src/summary/dl4j.c \
	src/summary/dot.c \
	src/summary/hash_order.c \
	src/summary/hash_order.h \
	src/summary/json.c \
	src/summary/keras.c \
	src/summary/print.c \
	src/summary/print.h \
	src/summary/summary.h \
	src/summary/table.c \
	src/summary/table.h \
	src/summary/told.c \
	src/summary/told.h \
	src/summary/zoo.c
