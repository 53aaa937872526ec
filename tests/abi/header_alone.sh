#!/bin/bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# plugin.h needs nothing and compiles without a warning, whatever the plugin's author uses. So does
# the C++ layer, each header by itself.
set -euo pipefail
command -v clang >/dev/null || { echo "clang is not installed"; exit 77; }

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
# Twice: the include guard holds. Alone: nothing has to be included before it.
printf '#include <v2v/plugin.h>\n#include <v2v/plugin.h>\nconst v2v_plugin *kept;\n' \
  >"$directory/alone.c"
cp "$directory/alone.c" "$directory/alone.cpp"
cat >"$directory/newer.c" <<'C'
#define V2V_TARGET_MINOR 9999u
#include <v2v/plugin.h>
C

flags=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only
  "-I$V2V_SOURCE/sdk/include")
for compiler in gcc clang; do
  for standard in c11 c17; do
    echo "$compiler -std=$standard"
    "$compiler" -std=$standard "${flags[@]}" "$directory/alone.c"
    # And so does a whole plugin in C.
    for source in "$V2V_SOURCE"/examples/c-output-manifest/*.c; do
      "$compiler" -std=$standard "${flags[@]}" "$source"
    done
  done
done
for compiler in g++ clang++; do
  for standard in c++11 c++14; do
    echo "$compiler -std=$standard"
    "$compiler" -std=$standard "${flags[@]}" "$directory/alone.cpp"
  done
  for standard in c++17 c++20; do
    echo "$compiler -std=$standard"
    "$compiler" -std=$standard "${flags[@]}" "$directory/alone.cpp"
    for header in input converter output; do
      echo "#include <v2v/$header.hpp>" >"$directory/layer.cpp"
      "$compiler" -std=$standard "${flags[@]}" "$directory/layer.cpp"
    done
  done
done

if gcc -fsyntax-only "-I$V2V_SOURCE/sdk/include" "$directory/newer.c" 2>"$directory/message"; then
  echo "a target newer than the header was accepted"
  exit 1
fi
grep -q 'install a newer v2v SDK' "$directory/message"
