#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# ova.sh HOW [GUEST]: converts an OVA of a real guest and boots the result. HOW is plain (the disks are
# read in the tar), two-disks (one more with data), compressed (tar.gz) or exploded (a directory).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

how=$1 guest=${2:-debian-bios}
name='Gast äöü' target=$work/target source=$work/guest.ova
mkdir "$target"
image=$(guest "$guest")
second=$(second_disk "$image")
disks=("$image:qcow2" ${second:+"$second:qcow2"})
if [ "$how" = two-disks ]; then
  truncate -s 100M "$work/data.raw"
  printf 'the end' | dd of="$work/data.raw" bs=1M seek=99 conv=notrunc status=none
  disks+=("$work/data.raw:raw")
fi
"$source_tree/tests/guests/ova" "$source" "$name" bios "$test_mac" "${disks[@]}"
case $how in
  compressed) gzip -1 "$source"; source+=.gz ;;
  exploded) mkdir "$work/guest"; tar -C "$work/guest" -xf "$source"; source=$work/guest ;;
esac

say "Convert ($how)"
convert_to_local "$name" "$source" "$target" -i ova "$source"
[ "$how" = compressed ] || [ "$how" = exploded ] ||
  grep -q 'disk 1:.* copied by .*grain' "$work/log" || fail "the grains were not read by v2v itself"
if [ "$how" = two-disks ]; then
  cmp "$work/data.raw" "$target/$name-sdb" || fail "the second disk differs"
fi

say "Boot it"
boot=(--disk "$target/$name-sda:raw" ${second:+--disk "$target/$name-sdb:raw"})
report=$(boot "${boot[@]}" --bus virtio --firmware bios --mac "$test_mac")
mapfile -t expected < <(on_virtio "$guest")
assert_report "$report" "${expected[@]}"
