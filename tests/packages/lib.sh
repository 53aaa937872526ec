# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests of the packages, after lib.sh of the end-to-end tests.
# shellcheck shell=bash disable=SC2154  # build_tree and work are that one's

# make_packages DIR: all of them, of what is built.
make_packages() {
  mkdir "$1"
  timeout 1500 cpack --config "$build_tree/CPackConfig.cmake" -G DEB -B "$1" >"$work/cpack.log" 2>&1 ||
    { cat "$work/cpack.log"; fail "no packages"; }
  rm -r "$1/_CPack_Packages"
}
