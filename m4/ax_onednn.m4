dnl SPDX-License-Identifier: Apache-2.0
dnl AX_ONEDNN: oneDNN 2.6 or later, or 3; its distributions ship no file for pkg-config.
dnl --with-onednn=PREFIX looks in PREFIX/include and PREFIX/lib.
dnl Sets ONEDNN_CFLAGS, ONEDNN_LIBS, OPENMP_CFLAGS, ax_onednn_version; conditional ONEDNN3.
AC_DEFUN([AX_ONEDNN], [
	AC_ARG_WITH([onednn], [AS_HELP_STRING([--with-onednn=PREFIX],
		[where oneDNN is, if not where the compiler looks])], [], [with_onednn=])
	AC_ARG_VAR([ONEDNN_CFLAGS], [C compiler flags for oneDNN])
	AC_ARG_VAR([ONEDNN_LIBS], [linker flags for oneDNN])
	dnl every program needs the path, because it links the library that needs oneDNN
	AS_CASE(["$with_onednn"], [''|yes], [], [no],
		[AC_MSG_ERROR([oneDNN is needed: dl4j runs networks on it])],
		[ONEDNN_CFLAGS="${ONEDNN_CFLAGS:--I$with_onednn/include}"
		LDFLAGS="$LDFLAGS -L$with_onednn/lib -Wl,-rpath,$with_onednn/lib"])
	ONEDNN_LIBS="${ONEDNN_LIBS:--ldnnl}"

	AC_LANG_PUSH([C])
	AC_OPENMP
	ax_onednn_save_CPPFLAGS=$CPPFLAGS
	ax_onednn_save_LIBS=$LIBS
	CPPFLAGS="$CPPFLAGS $ONEDNN_CFLAGS"
	LIBS="$ONEDNN_LIBS $LIBS"
	AC_MSG_CHECKING([for oneDNN])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <dnnl.h>]], [[return dnnl_version()->major;]])],
		[], [AC_MSG_RESULT([no])
		AC_MSG_ERROR([oneDNN (dnnl.h, libdnnl) was not found;
install libdnnl-dev (Debian, Ubuntu) or onednn-devel (Fedora), or use --with-onednn=PREFIX])])
	AC_COMPUTE_INT([ax_onednn_major], [DNNL_VERSION_MAJOR], [[#include <dnnl_version.h>]])
	AC_COMPUTE_INT([ax_onednn_minor], [DNNL_VERSION_MINOR], [[#include <dnnl_version.h>]])
	AC_COMPUTE_INT([ax_onednn_patch], [DNNL_VERSION_PATCH], [[#include <dnnl_version.h>]])
	ax_onednn_version=$ax_onednn_major.$ax_onednn_minor.$ax_onednn_patch
	AC_MSG_RESULT([$ax_onednn_version])
	AS_CASE([$ax_onednn_major], [3], [], [2], [AS_IF([test "$ax_onednn_minor" -lt 6],
		[AC_MSG_ERROR([oneDNN $ax_onednn_version is too old: 2.6 or later is needed])])],
		[AC_MSG_ERROR([oneDNN $ax_onednn_version is not known to this program: 2.6 to 3 are])])
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <dnnl_config.h>]],
		[[#if DNNL_CPU_RUNTIME != DNNL_RUNTIME_OMP
		#error other
		#endif]])], [],
		[AC_MSG_WARN([this oneDNN does not use OpenMP: --threads will not bind it])])
	CPPFLAGS=$ax_onednn_save_CPPFLAGS
	LIBS=$ax_onednn_save_LIBS
	AC_LANG_POP([C])
	AM_CONDITIONAL([ONEDNN3], [test "$ax_onednn_major" = 3])
])
