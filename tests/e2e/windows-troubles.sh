#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# windows-troubles.sh PART: Windows guests that cannot be converted as they are (refused: registry, drive, or
# the choice between two), and those where something has to be decided (choices: VIRTIO_WIN, disks, network).
# A refusal is one error that says what to do; it leaves the source as it was and nothing behind.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/windows-lib.sh
source "$(dirname "$0")/windows-lib.sh"

target=$work/target
mkdir "$target" "$work/source"
vmxnet3_mac=00:0c:29:a4:6b:e1  # as the guests' registry has the card with static addresses

# refuse DISK WORDS REMEDY [ARGUMENT…] : v2v refuses the disk with one error that has both texts.
refuse() {
  local disk=$1 words=$2 remedy=$3 before status=0 errors
  shift 3
  before=$(fingerprint "$disk")
  timeout 600 "$v2v" -i disk "$disk" -if qcow2 -o local -os "$target" "$@" >"$work/log" 2>&1 || status=$?
  grep -v ' copy ' "$work/log"
  assert_equal "$status" 1 "the exit code"
  assert_equal "$(fingerprint "$disk")" "$before" "the source changed"
  assert_nothing_left "$target"
  errors=$(grep -c 'v2v: error:' "$work/log" || true)
  assert_equal "$errors" 1 "the number of errors"
  grep 'v2v: error:' -A5 "$work/log" | tr '\n' ' ' | grep -q "$words" || fail "the error does not say: $words"
  grep 'v2v: error:' -A5 "$work/log" | tr '\n' ' ' | grep -q "$remedy" || fail "the error has no remedy: $remedy"
}

registry() {
  mapfile -t disks < <(windows 2022-bios-{corrupt-hive,truncated-hive})
  virtio_win ''
  say "Two registries that are damaged"
  refuse "${disks[0]}" 'SYSTEM' 'chkdsk'
  refuse "${disks[1]}" 'SYSTEM' 'chkdsk'
}

drive() {
  mapfile -t disks < <(windows 2022-bios-{full,hibernated,dirty})
  virtio_win ''
  say "C: is full"
  refuse "${disks[0]}" 'not enough free space' 'free some space'
  say "Windows is asleep"
  refuse "${disks[1]}" 'hibernated' 'powercfg /h off'
  say "Windows was not shut down"
  refuse "${disks[2]}" 'not at all' 'start the source'
}

several() {
  local disk
  disk=$(windows 2022-bios-twice)
  virtio_win ''
  say "Two of them on one disk"
  refuse "$disk" '/dev/sda1 (Windows Server 2022 Standard), /dev/sda2' '\--root DEVICE'
  echo 'not an ISO' >"$work/broken.iso"
  say "VIRTIO_WIN is no ISO image"
  VIRTIO_WIN=$work/broken.iso refuse "$disk" 'broken.iso' 'VIRTIO_WIN' --root /dev/sda2
}

# convert ARGUMENT… : with success; C: is then $work/c, and what the first boot does in $work/first-boot.
convert() {
  local before drive=$1
  shift
  mapfile -t files < <(find "$work/source" -type f | sort)
  before=$(fingerprint "${files[@]}")
  timeout 600 "$v2v" "$@" -o local -os "$target" -of qcow2 >"$work/log" 2>&1 ||
    { cat "$work/log"; fail "v2v failed"; }
  grep -v ' copy ' "$work/log"
  assert_equal "$(fingerprint "${files[@]}")" "$before" "the source changed"
  assert_nothing_left
  c_drive "$target/$drive" bios "$work/c"
  rm -rf "$work/first-boot"
  take_all "$work/c" 'Program Files/Guestfs/Firstboot' "$work/first-boot"
  tr -d '\r' <"$work/first-boot/network.txt" >"$work/network"
}
has_line() { grep -qxF "$1" "$work/network" || { cat "$work/network"; fail "network.txt has no $1"; }; }

two_disks() {
  local name=Server xml disk
  disk=$(windows 2022-bios)
  virtio_win ''
  qemu-img create -q -f raw "$work/data.raw" 64M
  "$source_tree/tests/guests/ova" "$work/source/$name.ova" "$name" bios "$vmxnet3_mac" \
    "$work/data.raw:raw" "$disk:qcow2"
  say "A disk with data comes first, the disks are to be on virtio-scsi"
  convert "$name-sdb" -i ova "$work/source/$name.ova" --block-driver virtio-scsi
  xml=$target/$name.xml
  virt-xml-validate "$xml" domain
  assert_equal "$(grep -c "bus='scsi'" "$xml")" 2 "disks on virtio-scsi"
  grep -q "controller type='scsi' .*model='virtio-scsi'" "$xml" || fail "there is no virtio-scsi controller"
  grep -A3 "$name-sdb" "$xml" | grep -q "<boot order='1'/>" || fail "it does not boot from the second disk"
  take "$work/c" Windows/System32/config/SYSTEM "$work/SYSTEM"
  assert_equal "$(value "$work/SYSTEM" 'ControlSet001\Services\vioscsi' Start)" 0 "when vioscsi starts"
  ! value "$work/SYSTEM" 'ControlSet001\Services\viostor' Start 2>/dev/null || fail "viostor starts too"
  grep -q '^required .*vioscsi.inf' "$work/first-boot/drivers.txt" || fail "vioscsi need not be installed"
  echo "$work/first-boot/scripts"/*-online-disks.bat | grep -qv '\*' || fail "the data's disk stays offline"
  say "The card's address from the registry"
  has_line "mac=$vmxnet3_mac"
  has_line 'address=192.0.2.10/24'
  has_line 'address=192.0.2.11/25'
  has_line 'gateway=192.0.2.1 5'
  has_line 'dns=192.0.2.53'
  has_line 'old={0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E01}'
}

no_drivers() {
  local disk
  disk=$(windows 2022-bios)
  cp "$disk" "$work/source/disk.qcow2"
  say "A check finds that there are drivers, but for another Windows"
  mkdir -p "$work/others/viostor/2k19/amd64"
  touch "$work/others/viostor/2k19/amd64/viostor".{inf,sys}
  VIRTIO_WIN=$work/others timeout 600 "$v2v" check -i disk "$disk" -if qcow2 -o null >"$work/log" 2>&1 ||
    { cat "$work/log"; fail "it would not start"; }
  grep -q '^warning: converter: .*Windows Server 2022 .*for Windows Server 2019;.*set VIRTIO_WIN' "$work/log" ||
    { cat "$work/log"; fail "the check does not say so"; }
  assert_nothing_left
  say "VIRTIO_WIN names nothing, and an address is given for the card"
  VIRTIO_WIN=$work/nowhere.iso convert w-sda -i disk "$work/source/disk.qcow2" -if qcow2 -on w \
    -io "nic=$vmxnet3_mac" --mac "$vmxnet3_mac:ip:198.51.100.7,198.51.100.1,25,198.51.100.2"
  grep -q "warning: .*nowhere.iso.*IDE.*set VIRTIO_WIN" "$work/log" || fail "missing drivers are not said"
  grep -q "bus='sata'" "$target/w.xml" || grep -q "bus='ide'" "$target/w.xml" || fail "the disk is on virtio"
  has_line "mac=$vmxnet3_mac"
  has_line 'address=198.51.100.7/25'
  has_line 'gateway=198.51.100.1'
  has_line 'dns=198.51.100.2'
  has_line 'old={0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E01}'
  ! grep -q 192.0.2 "$work/network" || fail "the card keeps an address of the registry as well"
}

case $1 in
  registry | drive | several) "$1" ;;
  choices) two_disks; no_drivers ;;
  *) fail "no such part: $1" ;;
esac
