# SPDX-License-Identifier: Apache-2.0
# A Check binary for each folder of src/. To add one: its name here, its file in this folder.
if HAVE_CHECK
unit_tests = \
	test/unit/archive \
	test/unit/base \
	test/unit/config \
	test/unit/exec \
	test/unit/graph \
	test/unit/image \
	test/unit/ir \
	test/unit/ndarray \
	test/unit/node \
	test/unit/normalizer \
	test/unit/onnx \
	test/unit/passes \
	test/unit/recurrent \
	test/unit/shape \
	test/unit/summary

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
LOG_COMPILER = $(srcdir)/test/unit/run
unit_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/test $(CHECK_CFLAGS)
starve_ldflags = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc
unit_libs = libinside.la libbase.la $(CHECK_LIBS)

test_unit_archive_SOURCES = test/unit/archive.c test/unit/unit.h test/unit/starve.h
test_unit_archive_CPPFLAGS = $(unit_cppflags)
test_unit_archive_LDFLAGS = $(starve_ldflags)
test_unit_archive_LDADD = $(unit_libs)
test_unit_base_SOURCES = test/unit/base.c test/unit/unit.h
test_unit_base_CPPFLAGS = $(unit_cppflags)
test_unit_base_LDADD = $(unit_libs)
test_unit_config_SOURCES = test/unit/config.c test/unit/unit.h test/unit/starve.h
test_unit_config_CPPFLAGS = $(unit_cppflags)
test_unit_config_LDFLAGS = $(starve_ldflags)
test_unit_config_LDADD = $(unit_libs)
test_unit_exec_SOURCES = test/unit/exec.c test/unit/unit.h test/ref/ref.c test/ref/ref.h
test_unit_exec_CPPFLAGS = $(unit_cppflags)
test_unit_exec_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getrusage,--wrap=pthread_create
test_unit_exec_LDADD = $(unit_libs)
test_unit_graph_SOURCES = test/unit/graph.c test/unit/unit.h test/unit/starve.h
test_unit_graph_CPPFLAGS = $(unit_cppflags)
test_unit_graph_LDFLAGS = $(starve_ldflags)
test_unit_graph_LDADD = $(unit_libs)
test_unit_image_SOURCES = test/unit/image.c $(image_sources)
test_unit_image_CPPFLAGS = $(unit_cppflags)
test_unit_image_LDADD = libbase.la $(CHECK_LIBS) $(image_libs)
test_unit_ir_SOURCES = test/unit/ir.c test/unit/unit.h
test_unit_ir_CPPFLAGS = $(unit_cppflags)
test_unit_ir_LDADD = $(unit_libs)
test_unit_ndarray_SOURCES = test/unit/ndarray.c test/unit/unit.h
test_unit_ndarray_CPPFLAGS = $(unit_cppflags)
test_unit_ndarray_LDADD = $(unit_libs)
test_unit_node_SOURCES = test/unit/node.c test/unit/unit.h test/ref/ref.c test/ref/ref.h
test_unit_node_CPPFLAGS = $(unit_cppflags)
test_unit_node_LDADD = $(unit_libs)
test_unit_normalizer_SOURCES = test/unit/normalizer.c test/unit/unit.h test/unit/starve.h
test_unit_normalizer_CPPFLAGS = $(unit_cppflags)
test_unit_normalizer_LDFLAGS = $(starve_ldflags)
test_unit_normalizer_LDADD = $(unit_libs)
test_unit_onnx_SOURCES = test/unit/onnx.c test/unit/unit.h
test_unit_onnx_CPPFLAGS = $(unit_cppflags)
test_unit_onnx_LDADD = $(unit_libs)
test_unit_passes_SOURCES = test/unit/passes.c test/unit/unit.h test/unit/starve.h test/ref/ref.c \
	test/ref/ref.h
test_unit_passes_CPPFLAGS = $(unit_cppflags)
test_unit_passes_LDFLAGS = $(starve_ldflags)
test_unit_passes_LDADD = $(unit_libs)
test_unit_recurrent_SOURCES = test/unit/recurrent.c test/unit/unit.h
test_unit_recurrent_CPPFLAGS = $(unit_cppflags)
test_unit_recurrent_LDADD = $(unit_libs)
test_unit_shape_SOURCES = test/unit/shape.c test/unit/unit.h
test_unit_shape_CPPFLAGS = $(unit_cppflags)
test_unit_shape_LDADD = $(unit_libs)
test_unit_summary_SOURCES = test/unit/summary.c test/unit/unit.h
test_unit_summary_CPPFLAGS = $(unit_cppflags)
test_unit_summary_LDADD = $(unit_libs)
endif
