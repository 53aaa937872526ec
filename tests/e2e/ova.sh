#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# ova.sh HOW: converts an OVA of a real guest and boots the result. HOW is plain (the disks are read in
# the tar), two-disks, compressed (tar.gz) or exploded (a directory).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

how=$1
name='Gast äöü' target=$work/target source=$work/guest.ova
mkdir "$target"
disks=("$(guest debian-bios):qcow2")
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
report=$(boot --disk "$target/$name-sda:raw" --bus virtio --firmware bios --mac "$test_mac")
assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk' 'nic=ens192 virtio_net' \
  "addr=ens192 $test_mac 10\.0\.2\.77/24" 'vmware=none' 'failed=none'
