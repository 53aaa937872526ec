# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by ./demo and ./check: installs the packages of packages.txt that are missing and builds a
# preset. Works from any directory and needs nothing exported.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }

install_packages() {
  local missing=() package
  while read -r package; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q ' installed$' ||
      missing+=("$package")
  done < <(grep -v '^#' "$root/packages.txt" | grep .)
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build PRESET [CMAKE-BUILD-OPTION…]
build() {
  local preset=$1
  shift
  # The cache makes a second build of the same sources quick, wherever they lie.
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  local log
  mkdir -p "$root/build"
  log=$root/build/configure-$preset.log
  (cd "$root" && cmake --preset "$preset" >"$log" 2>&1) || { cat "$log"; return 1; }
  cmake --build "$root/build/$preset" "$@"
}
