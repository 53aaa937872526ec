#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# convert-and-boot.sh GUEST FIRMWARE OUTPUT: converts a guest that does not boot on virtio and boots
# the result on virtio with fresh NVRAM (debian-novirtio: on IDE). OUTPUT is local (raw, described by XML)
# or qemu (qcow2, started by the script that was written).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

name=$1 firmware=$2 output=$3
target="$work/Ziel mit Leerzeichen"
mkdir "$target" "$work/empty"
images=("$(guest "$name")")
second=$(second_disk "${images[0]}")
[ -z "$second" ] || images+=("$second")
before=$(fingerprint "${images[@]}")

options=(-i disk "${images[@]}" -if qcow2 -on "$name" -io "nic=$test_mac" -os "$target" -v)
[ "$name" != debian-luks ] || options+=(--key all:key:v2v-test)
case $output in
  local) options+=(-o local -of raw) ;;
  qemu) options+=(-o qemu -of qcow2) ;;
esac

say "Convert $name with -o $output"
timeout 900 "$v2v" "${options[@]}" >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
cat "$work/log"
assert_equal "$(fingerprint "${images[@]}")" "$before" "the source changed"
assert_nothing_left "$work/empty"
# The guest's own tool, which takes minutes of emulation, had nothing to do.
! grep -q 'Rebuilding' "$work/log" || fail "the initramfs was rebuilt"
# Each costs 80 ms without KVM. (libguestfs's inspection is one call as well, of seconds.)
calls=$(sed -n 's/.*appliance calls: //p' "$work/log") most=100
[ "$name" != debian-bios ] || most=66
[ "$name" != centos-lvm ] || most=130  # five file systems
[ "$calls" -le "$most" ] || fail "$calls appliance calls"

say "Boot it"
disks=(--disk "$target/$name-sda:raw")
[ -z "$second" ] || disks+=(--disk "$target/$name-sdb:raw")
case $output in
  local)
    virt-xml-validate "$target/$name.xml" domain
    grep -q "<mac address='$test_mac'/>" "$target/$name.xml" || fail "the XML lost the MAC"
    report=$(boot "${disks[@]}" --bus virtio --firmware "$firmware" --mac "$test_mac")
    ;;
  qemu) report=$(boot --script "$target/$name.sh") ;;
esac
echo "$report"
if [ "$name" = debian-novirtio ]; then
  expected=(root=/dev/sda1 swap=/dev/sda2 'disk=sda ata_piix' 'nic=ens192 e1000' \
    "addr=ens192 $test_mac 10\.0\.2\.77/24" vmware=none vmtoolsd=none failed=none)
else
  mapfile -t expected < <(on_virtio "$name")
fi
# The agent is to be installed at first boot, and there is no network here to get it from: the service
# that tries must not count as failed.
assert_report "$report" "${expected[@]}" "firmware=$firmware"
