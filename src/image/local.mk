# SPDX-License-Identifier: Apache-2.0
# Pictures: linked to the program, not to the library.
image_sources = \
	src/image/decode.h \
	src/image/exif.c \
	src/image/image.c \
	src/image/image.h \
	src/image/jpeg.c \
	src/image/png.c \
	src/image/resize.c \
	src/image/resize.h \
	src/image/tensor.c
image_libs = $(PNG_LIBS) $(JPEG_LIBS) -lm
