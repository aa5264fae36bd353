dnl SPDX-License-Identifier: Apache-2.0
dnl AX_NEED(VARIABLE, MODULE, DEBIAN-PACKAGE, FEDORA-PACKAGE): a library by pkg-config; where it is
dnl missing, the error names the package to install.
AC_DEFUN([AX_NEED], [
	PKG_CHECK_MODULES([$1], [$2], [], [AC_MSG_ERROR([$2 was not found;
install $3 (Debian, Ubuntu) or $4 (Fedora)])])
])

dnl AX_BUILD_OPTION(NAME, FLAGS): --enable-NAME adds FLAGS to compiler and linker.
AC_DEFUN([AX_BUILD_OPTION], [
	AC_ARG_ENABLE([$1], [AS_HELP_STRING([--enable-$1], [build with $2])],
		[AS_IF([test "x$enableval" = xyes], [BUILD_FLAGS="$BUILD_FLAGS $2"])])
	AC_SUBST([BUILD_FLAGS])
])

dnl AX_WARNINGS(FLAGS): those that the compiler knows.
AC_DEFUN([AX_WARNINGS], [
	WARNINGS=
	ax_saved_cflags=$CFLAGS
	for ax_flag in $1; do
		CFLAGS="$ax_saved_cflags $ax_flag"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM()], [WARNINGS="$WARNINGS $ax_flag"])
	done
	CFLAGS=$ax_saved_cflags
	AC_SUBST([WARNINGS])
])
