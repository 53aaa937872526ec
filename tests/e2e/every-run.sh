#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Every kind of run besides an ordinary conversion, with outputs that were built outside the tree against
# the installed SDK. After each, the source is unchanged and nothing is left behind.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

prefix=$work/prefix outside=$work/outside plugins=$work/plugins target=$work/target
mkdir "$outside" "$plugins" "$target"
image=$(guest debian-bios)
before=$(fingerprint "$image")
disk=(-i disk "$image" -if qcow2 -on Gast)

# run ARGUMENT…: converts; its output is in $work/log, its status in $status.
run() {
  status=0
  timeout 900 "$prefix/bin/v2v" --plugin-dir "$plugins" "$@" >"$work/log" 2>&1 || status=$?
}
# check_after [DIR…]: these directories are empty.
check_after() {
  assert_equal "$(fingerprint "$image")" "$before" "the source changed"
  assert_nothing_left "$@"
}
assert_said() { grep -qE -- "$1" "$work/log" || { cat "$work/log"; fail "it did not say '$1'"; }; }
# assert_reported REGEX…: the report is well-formed and has these words.
assert_reported() {
  local text pattern
  text=$(python3 -c 'import sys, xml.dom.minidom as xml
def text(node): return node.data if node.nodeType == node.TEXT_NODE else " ".join(map(text, node.childNodes))
print(text(xml.parse(sys.argv[1]).getElementsByTagName("body")[0]))' "$work/report.html")
  for pattern in "$@"; do
    grep -qE -- "$pattern" <<<"$text" || fail "the report has no '$pattern': $text"
  done
}
assert_status() { [ "$status" = "$1" ] || { cat "$work/log"; fail "exit status $status, not $1"; }; }

say "Build the outputs outside the tree"
cmake --install "$build_tree" --prefix "$prefix" >"$work/install.log"
rm "$prefix"/lib*/v2v/plugins/v2v-output-*.so "$prefix"/lib*/*/v2v/plugins/v2v-output-*.so 2>/dev/null || true
for name in local qemu null; do
  cp -r "$source_tree/plugins/output/$name" "$outside"
done
cat >"$outside/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(outside VERSION 9.9.9 LANGUAGES CXX)
find_package(v2v-sdk REQUIRED COMPONENTS toolkit-libvirt toolkit-local_disks)
find_package(fmt REQUIRED)
add_compile_options(-fPIC)
function(v2v_plugin_package)  # how it is packed is the tree's own affair
endfunction()
foreach(name local qemu null)
  add_subdirectory(${name})
endforeach()
END
cmake -S "$outside" -B "$outside/build" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log"
cmake --build "$outside/build" -j2 >>"$work/cmake.log" || { cat "$work/cmake.log"; fail "no build"; }
cp "$outside"/build/plugins/*.so "$plugins"
gcc -std=c11 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -I"$prefix/include" \
  -o "$plugins/v2v-output-crashing.so" "$source_tree/tests/e2e/crashing.c"
run --list-plugins
for name in local qemu null; do assert_said "output $name 9\.9\.9,"; done

say "--print-source"
run "${disk[@]}" --print-source
assert_status 0
assert_said 'source name: debian-bios'
check_after "$target"

say "--print-estimate"
run "${disk[@]}" --print-estimate
assert_status 0
[ "$(sed -n 's/^total: //p' "$work/log")" -gt 300000000 ] || fail "no believable estimate"
check_after "$target"

say "-o null"
run "${disk[@]}" -o null
assert_status 0
check_after "$target"

say "-o local -oo compressed"
run "${disk[@]}" -o local -os "$target" -of qcow2 -oo compressed
assert_status 0
qemu-img check -f qcow2 "$target/Gast-sda" | grep -q '[1-9].*% compressed' || fail "not compressed"
rm "$target"/*
check_after "$target"

say "-o local -oa preallocated"
run "${disk[@]}" -o local -os "$target" -of raw -oa preallocated
assert_status 0
[ "$(du -B1 "$target/Gast-sda" | cut -f1)" -ge "$(stat -c %s "$target/Gast-sda")" ] || fail "it has holes"
rm "$target"/*
check_after "$target"

say "-o qemu, with a report and files of the guest"
run "${disk[@]}" -o qemu -os "$target" --report "$work/report.html" --collect-output "$work/before.tar.xz" \
  --collect /etc/fstab:before/fstab --collect /etc/network --collect /none
assert_status 0
assert_said '/none is not collected: the guest has no such file'
assert_reported 'debian-bios[^ ]* +converted' 'Debian GNU/Linux 12' '/etc/fstab +/dev/sda1 → /dev/vda1;' \
  'ens192 stays the name of the card' 'Copying disk 1/1' 'copy, disk 1' 'virtio-blk 1, raw' 'Trimmed [1-9]'
mkdir "$work/before"
tar -xJf "$work/before.tar.xz" -C "$work/before"
grep -q '^/dev/sda1 ' "$work/before/before/fstab" || fail "fstab was collected too late"
[ -f "$work/before/etc/network/interfaces" ] || fail "the directory was not collected"
bash -n "$target/Gast.sh"
rm "$target"/*
check_after "$target"

say "A report that cannot be written"
run "${disk[@]}" -o null --report "$work/none/report.html"
assert_status 1
assert_said "error: $work/none/report.html: cannot write the report: No such file"
if grep -q 'Setting up' "$work/log"; then fail "it began all the same"; fi

say "A target without room"
mkdir "$work/small"
mount -t tmpfs -o size=64M none "$work/small"
trap 'umount "$work/small"; clean_up' EXIT
run "${disk[@]}" -o local -os "$work/small"
assert_status 1
assert_said "$work/small.*(space|room)"
check_after "$work/small"

say "A run directory that fills up while the guest is converted"
mkdir "$work/full"
mount -t tmpfs -o size=1200M none "$work/full"
trap 'umount "$work/small" "$work/full"; clean_up' EXIT
# No room is left but for some blocks, from the moment that the conversion begins.
: >"$work/log"
(
  until grep -q 'Converting ' "$work/log"; do sleep 0.1; done
  used=$(df -B1 --output=used "$work/full" | tail -n 1)
  mount -o "remount,size=$((used + 300000))" "$work/full"
) &
VIRT_V2V_TMPDIR=$work/full run "${disk[@]}" -o null
wait
assert_status 1
assert_said "$work/full.*no space is left"
check_after "$target" "$work/full"

say "An output that crashes"
run "${disk[@]}" -o crashing -os "$target" --report "$work/report.html"
assert_status 1
assert_reported 'debian-bios[^ ]* +failed' 'the plugin crashed: signal 6 \(Aborted\)' 'v2v-output-crashing.so: commit' \
  'vendor' 'in the step “Creating output metadata”' 'removed again' 'v2v-output-crashing.so: ' '/etc/fstab'
assert_said 'v2v-output-crashing\.so: commit: the plugin crashed: signal 6'
check_after "$target"
