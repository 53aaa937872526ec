#!/bin/bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A plugin author's day: everything is installed, moved to another place, and plugins are built
# against what is there, with and without CMake. Nothing of the source tree is used but the example
# and template that were installed. The installed program then describes them.
set -euo pipefail

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
say() { echo "== $*"; }
quietly() { "$@" >"$directory/log" 2>&1 || { cat "$directory/log"; exit 1; }; }

say "Install, and move what was installed"
quietly cmake --install "$V2V_BUILD" --prefix "$directory/first"
prefix=$directory/moved
mv "$directory/first" "$prefix"

packages=$(find "$prefix" -name v2v-sdk.pc -printf '%h\n')
export PKG_CONFIG_PATH=$packages
plugins=$(pkg-config --variable=plugindir v2v-sdk)
examples=$(find "$prefix" -type d -path '*/examples/c-output-manifest')
template=$prefix/share/v2v/template
mageia=$(dirname "$examples")/cpp-converter-mageia
for what in "$plugins" "$examples" "$mageia" "$template/c" "$template/cpp"; do
  [[ -d $what ]] || { echo "$what was not installed"; exit 1; }
done
if grep -rIl "$V2V_SOURCE" "$prefix" --include='*.cmake' --include='*.pc' --include='*.hpp'; then
  echo "these installed files refer to the source tree"
  exit 1
fi
manuals=$(find "$prefix" -name v2v-manual)
# has_manual DIRECTORY NAME WORD: if such a v2v was built.
has_manual() {
  [[ -z $manuals ]] || zgrep -q -e "$3" "$1/$2.gz" || { echo "no manual page $2 with $3"; exit 1; }
}
has_manual "$prefix/share/man/man1" v2v.1 'list..plugins'
has_manual "$prefix/share/man/man3" v2v-plugin.3 'v2v_status'
if [[ -e $prefix/share/man/man1/virt-v2v.1.gz ]]; then
  echo "a page of virt-v2v's own is hidden"
  exit 1
fi

# Sanitized toolkits and plugins want the same flags in whoever links them.
export CFLAGS=${V2V_SANITIZER_FLAGS:-} CXXFLAGS=${V2V_SANITIZER_FLAGS:-}
built=$directory/built
mkdir "$built"

say "The C example with a compiler and pkg-config"
cp -r "$examples" "$directory/example"
# shellcheck disable=SC2046  # words are meant to be split
gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -fPIC -fvisibility=hidden -shared \
  -o "$directory/v2v-output-manifest.so" "$directory"/example/*.c \
  $(pkg-config --cflags --libs v2v-sdk)
make --quiet -C "$directory/example"
make --quiet -C "$directory/example" install DESTDIR="$directory/destdir"
[[ -f $directory/destdir$plugins/v2v-output-manifest.so ]]
rm "$directory"/example/*.so

build() {
  quietly cmake -S "$1" -B "$1/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
  quietly cmake --build "$1/build"
  cp "$1"/build/plugins/*.so "$built"
}
say "The C example with CMake"
build "$directory/example"
quietly cmake --install "$directory/example/build"
[[ -f $plugins/v2v-output-manifest.so ]] || { echo "not installed into $plugins"; exit 1; }
has_manual "$prefix/share/man/man1" v2v-output-manifest.1 'oo label'

say "The templates"
cp -r "$template" "$directory/template"
build "$directory/template/c"
mv "$built/v2v-output-mytarget.so" "$built/v2v-output-mytarget.c.so"
build "$directory/template/cpp"
has_manual "$directory/template/cpp/build/man" v2v-output-mytarget.1 'output of v2v: my target'

say "A converter for one more distribution, and the guest that it converts"
cp -r "$mageia" "$directory/mageia"
build "$directory/mageia"
ctest --test-dir "$directory/mageia/build" --output-on-failure --no-tests=error

say "The toolkits, with those that they use themselves"
mkdir "$directory/toolkits"
cat >"$directory/toolkits/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(toolkits LANGUAGES C CXX)
find_package(v2v-sdk REQUIRED COMPONENTS toolkit-linux toolkit-libvirt toolkit-libvirt_client
  toolkit-local_disks toolkit-ovf toolkit-machine toolkit-nbd toolkit-images)
add_executable(program program.cpp)
target_link_libraries(program v2v::toolkit-linux v2v::toolkit-libvirt v2v::toolkit-libvirt_client
  v2v::toolkit-local_disks v2v::toolkit-ovf v2v::toolkit-machine v2v::toolkit-nbd v2v::toolkit-images
  v2v::toolkit-process)
EOF
cat >"$directory/toolkits/program.cpp" <<'EOF'
#include <v2v/process/process.hpp>
int main() { return v2v::process::Command{{"true"}}.run().status; }
EOF
quietly cmake -S "$directory/toolkits" -B "$directory/toolkits/build" -DCMAKE_PREFIX_PATH="$prefix"
quietly cmake --build "$directory/toolkits/build"
"$directory/toolkits/build/program"

say "A plugin of v2v's own, as a vendor without v2v's sources builds it"
"$V2V_SOURCE/tests/abi/glance/build" "$prefix" "$directory/glance"
cp "$directory"/glance/build/plugins/*.so "$built"
if grep -rIlF "$V2V_SOURCE/" "$directory/glance/build"; then
  echo "glance was built with files of the source tree"
  exit 1
fi

for plugin in "$built"/*.so "$directory/v2v-output-manifest.so"; do
  symbols=$(nm -D --defined-only --format=just-symbols "$plugin")
  [[ $symbols == v2v_plugin_entry_v1 ]] || { echo "$plugin exports: $symbols"; exit 1; }
done

say "The installed program describes them"
mkdir -m 0755 "$directory/c"
mv "$built/v2v-output-mytarget.c.so" "$directory/c/v2v-output-mytarget.so"
for plugin in "$built"/*.so "$directory/c/v2v-output-mytarget.so" \
  "$directory/v2v-output-manifest.so"; do
  "$prefix/bin/v2v" --plugin-info "$plugin" | tee "$directory/info"
  grep -q "$(basename "$plugin" .so | sed 's/^v2v-[a-z]*-//')" "$directory/info"
done

say "The input template reads a guest, and refuses what leads out of its folder"
mkdir "$directory/guest"
truncate -s 1M "$directory/guest/root.img"
describe() { printf '%s\n' "$@" >"$directory/guest/guest.txt"; }
read_guest() {
  "$prefix/bin/v2v" --plugin-dir "$built" -i mysource "$directory/guest/guest.txt" --print-source
}
describe 'name = a guest' 'memory = 512' 'disk = raw root.img' 'nic = 52:54:00:AB:34:56 lan'
read_guest | tee "$directory/source"
for word in 'source name: a guest' 'memory: 536870912' '"lan" mac: 52:54:00:ab:34:56'; do
  grep -q "$word" "$directory/source" || { echo "the source lacks: $word"; exit 1; }
done
refused() {
  if read_guest >"$directory/log" 2>&1; then echo "not refused: $1"; exit 1; fi
  grep -q "error: $directory/guest/guest.txt.*$1" "$directory/log" || { cat "$directory/log"; exit 1; }
  grep -q 'hint: ' "$directory/log" || { echo "nothing is said to do about: $1"; exit 1; }
}
describe 'disk = raw ../log'
refused 'line 1: names something that is no file'
ln -s ../log "$directory/guest/link.img"
describe 'name = g' 'disk = raw link.img'
refused 'line 2: names something that is no file'
describe 'disk = root.img'
refused 'line 1: needs the format first'
describe 'memory = 99999999999999999999' 'disk = raw root.img'
refused 'line 1: needs a number'
describe 'name = nothing'
refused 'names no disk'

"$prefix/bin/v2v" --list-plugins | tee "$directory/list"
grep -q manifest "$directory/list"

say "The vendor's glance takes the place of the installed one, and its unit tests pass"
"$prefix/bin/v2v" --plugin-info "$built/v2v-output-glance.so" | grep -q '7\.7-vendor'
"$prefix/bin/v2v" --plugin-dir "$built" -o glance -oo '?' 2>&1 | tee "$directory/options"
grep -q "$built/v2v-output-glance.so is used" "$directory/options"
describe 'memory = 512' 'disk = raw root.img'
unset "${!OS_@}"
if timeout 60 "$prefix/bin/v2v" --plugin-dir "$built" -i mysource "$directory/guest/guest.txt" \
  -o glance >"$directory/log" 2>&1; then
  echo "a cloud was found that nobody had named"
  exit 1
fi
grep -q 'error: .*OS_AUTH_URL' "$directory/log" || { cat "$directory/log"; exit 1; }
# The cloud and the host of these are made up; the plugin is the one that was built here.
if V2V_TEST_PLUGIN_DIR=$directory/nothing "$V2V_BUILD/tests/test-glance-plugin" >/dev/null 2>&1; then
  echo "the unit tests load another plugin than they are told"
  exit 1
fi
quietly env V2V_TEST_PLUGIN_DIR="$built" "$V2V_BUILD/tests/test-glance-plugin"
