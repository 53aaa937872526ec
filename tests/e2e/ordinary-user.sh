#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# An ordinary user converts with an installed v2v and plugins from outside, built against the installed
# SDK: the output is the example in plain C, the converter is the template, which takes the guest for
# its own. The guest has a second disk with an unusual name. The result boots.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || { echo "root is needed to become somebody else"; exit 77; }

prefix=$work/prefix target=$work/target plugins=$work/plugins home=$work/home
data="$work/Daten äöü 2.img"
mkdir "$target" "$plugins" "$home"
cmake --install "$build_tree" --prefix "$prefix" >"$work/install.log"
chmod 755 "$work"
# As little as its author needs: a C compiler, pkg-config and the installed SDK.
cp -r "$source_tree/examples/c-output-manifest" "$work/example"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name v2v-sdk.pc)") make -C "$work/example"
cp "$work/example/v2v-output-manifest.so" "$plugins"
cp -r "$(find "$prefix" -type d -path '*/v2v/template/cpp')" "$work/template"
sed -i 's/== "mydistro"/== "debian"/' "$work/template/converter.cpp"
cmake -S "$work/template" -B "$work/template/build" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log"
cmake --build "$work/template/build" >>"$work/cmake.log" || { cat "$work/cmake.log"; fail "no build"; }
cp "$work/template/build/plugins/v2v-convert-mydistro.so" "$plugins"
cp "$(guest debian-bios)" "$work/system.qcow2"
truncate -s 100M "$data"
printf 'the end' | dd of="$data" bs=1M seek=99 conv=notrunc status=none
chown -R nobody "$work/system.qcow2" "$data" "$target" "$home" "$VIRT_V2V_TMPDIR"

say "Convert as $(id -un nobody)"
before=$(fingerprint "$work/system.qcow2" "$data")
setpriv --reuid=nobody --regid=nogroup --clear-groups \
  env HOME="$home" LIBGUESTFS_CACHEDIR="$home" XDG_RUNTIME_DIR="$home" VIRT_V2V_TMPDIR="$VIRT_V2V_TMPDIR" \
  timeout 400 "$prefix/bin/v2v" --plugin-dir "$plugins" -i disk "$work/system.qcow2" "$data" \
  -io nic=$test_mac -on Gast -o manifest -os "$target" --parallel 2 -v 2>&1 | tee "$work/log"
grep -q 'converter mydistro: score 90' "$work/log" || fail "the template did not convert"
assert_equal "$(fingerprint "$work/system.qcow2" "$data")" "$before" "the source changed"
rm -rf "${home:?}"/* "${home:?}"/.[!.]*
assert_nothing_left "$home"
[ "$(stat -c %U "$target/Gast")" = nobody ] || fail "the result is not the user's"
cmp "$data" "$target/Gast/disk1.raw" || fail "the second disk differs"
python3 -m json.tool "$target/Gast/manifest.json"

say "Boot the result"
report=$(boot --disk "$target/Gast/disk0.raw:raw" --bus virtio --firmware bios --mac "$test_mac")
assert_report "$report" 'root=/dev/vda1' "addr=ens192 $test_mac 10\.0\.2\.77/24" 'failed=none'
