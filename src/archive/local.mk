# SPDX-License-Identifier: Apache-2.0
archive_sources = \
	src/archive/archive.c \
	src/archive/archive.h \
	src/archive/inflate.h \
	src/archive/scan.c \
	src/archive/scan.h
if LIBDEFLATE
archive_sources += src/archive/inflate_deflate.c
else
archive_sources += src/archive/inflate_stream.c src/archive/inflate_stream.h
if ISAL
archive_sources += src/archive/inflate_isal.c
else
archive_sources += src/archive/inflate_zlib.c
endif
endif
