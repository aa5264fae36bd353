# SPDX-License-Identifier: Apache-2.0
config_sources = \
	src/config/calibration.c \
	src/config/calibration.h \
	src/config/config.c \
	src/config/config.h \
	src/config/fields.c \
	src/config/fields.h \
	src/config/json.c \
	src/config/json.h \
	src/config/release.c \
	src/config/release.h
