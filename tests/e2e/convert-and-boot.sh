#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# convert-and-boot.sh GUEST FIRMWARE OUTPUT: converts a guest that does not boot on virtio and boots
# the result on virtio with fresh NVRAM (debian-novirtio: on IDE). OUTPUT is local (raw, described by XML) or qemu (qcow2,
# started by the script that was written).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

name=$1 firmware=$2 output=$3
target="$work/Ziel mit Leerzeichen"
mkdir "$target" "$work/empty"
image=$(guest "$name")
before=$(fingerprint "$image")

options=(-i disk "$image" -if qcow2 -on "$name" -io "nic=$test_mac" -os "$target" -v)
[ "$name" != debian-luks ] || options+=(--key all:key:v2v-test)
case $output in
  local) options+=(-o local -of raw) ;;
  qemu) options+=(-o qemu -of qcow2) ;;
esac

say "Convert $name with -o $output"
timeout 900 "$v2v" "${options[@]}" >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
cat "$work/log"
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
assert_nothing_left "$work/empty"
# dracut itself, which takes minutes of emulation, had nothing to do.
case $name in
  debian-dracut | centos-lvm)
    ! grep -q 'Rebuilding' "$work/log" || fail "the initramfs was rebuilt"
    ;;
esac
# Each costs 80 ms without KVM.
calls=$(sed -n 's/.*appliance calls: //p' "$work/log") most=100
[ "$name" != debian-bios ] || most=60
[ "$calls" -le "$most" ] || fail "$calls appliance calls"

say "Boot it"
disk=$target/$name-sda
case $output in
  local)
    virt-xml-validate "$target/$name.xml" domain
    grep -q "<mac address='$test_mac'/>" "$target/$name.xml" || fail "the XML lost the MAC"
    report=$(boot --disk "$disk:raw" --bus virtio --firmware "$firmware" --mac "$test_mac")
    ;;
  qemu) report=$(boot --script "$target/$name.sh") ;;
esac
echo "$report"
drive='vda virtio_blk' nic='ens192 virtio_net'
case $name in
  debian-bios | debian-dracut) root=/dev/vda1 swap=/dev/vda2 ;;
  debian-novirtio) root=/dev/sda1 swap=/dev/sda2 drive='sda ata_piix' nic='ens192 e1000' ;;
  centos-lvm) root=/dev/mapper/cs-root swap=/dev/mapper/cs-swap ;;
  debian-luks) root='/dev/mapper/.*' swap='/dev/mapper/.*' ;;
  *) root=/dev/vda2 swap=/dev/vda3 ;;
esac
assert_report "$report" "root=$root" "swap=$swap" "disk=$drive" "nic=$nic" \
  "addr=ens192 $test_mac 10\.0\.2\.77/24" 'vmware=none' 'vmtoolsd=none' "firmware=$firmware"
# The agent is to be installed at first boot, and there is no network here to get it from: the service
# that tries must not count as failed.
assert_report "$report" 'failed=none'
