#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Keys of encrypted disks: a file of random bytes with a zero byte and newlines in it, beside the passphrase
# of the guest's own disk; another key for a logical volume, by the name that the device mapper gives it; and
# virt-v2v-open, which gives the command the disk as it is.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

image=$(guest debian-luks)
before=$(fingerprint "$image")
disk=$work/luks.qcow2 data=$work/data.qcow2 key=$work/random-key
mkdir "$work/empty"
qemu-img create -q -f qcow2 -F qcow2 -b "$image" "$disk"
qemu-img create -q -f qcow2 "$data" 256M
{ printf 'first line\nand\0'; head -c 200 /dev/urandom; printf '\n\n'; } >"$key"
export LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg

say "Add the key, and encrypt a volume of another disk"
# A disk may have another name for a shell of the appliance than for libguestfs, so it is found by what it is.
uuid=$(printf '%s\n' of-volume of-volume |
  timeout 900 guestfish --keys-from-stdin --format=qcow2 -a "$disk" -a "$data" run : debug-upload "$key" /tmp/key 0600 : \
    debug sh "printf v2v-test >/tmp/old; device=\$(blkid -t TYPE=crypto_LUKS -o device)
      cryptsetup -q -d /tmp/old luksAddKey \$device /tmp/key; blkid -o value -s UUID \$device" : \
    pvcreate /dev/sdb : vgcreate my-vg /dev/sdb : lvcreate-free my-lv my-vg 100 : \
    luks-format /dev/my-vg/my-lv 0 : cryptsetup-open /dev/my-vg/my-lv x : \
    mkfs ext4 /dev/mapper/x label:in-volume : cryptsetup-close /dev/mapper/x | grep -xE '[0-9a-f-]{36}')

# look ARGUMENT… : what v2v finds there is in $work/report.
look() {
  timeout 900 "$v2v" inspect -i disk "$disk" "$data" -if qcow2 --allow-references --no-convert -O "$work/report" "$@" \
    >"$work/log" 2>&1 </dev/null
}
say "All of the file is a key, and each device has its own"
look --key "$uuid:file:$key" --key /dev/mapper/my--vg-my--lv:key:of-volume -v || { cat "$work/log"; fail "the key does not open it"; }
grep -qF '<osinfo>debian12</osinfo>' "$work/report" || fail "the guest was not found"
grep -qF '<label>in-volume</label>' "$work/report" || { cat "$work/report"; fail "the volume was not opened"; }
assert_nothing_left "$work/empty"
say "Another file is none"
head -c 100 /dev/zero >"$work/other-key"
! look --key "$uuid:file:$work/other-key" || fail "it opened"
grep -q 'no key opens this encrypted disk' "$work/log" || { cat "$work/log"; fail "another error"; }
assert_nothing_left "$work/empty"

say "virt-v2v-open and virt-inspector with the passphrase"
timeout 900 "$build_tree/virt-v2v-open" -i disk "$disk" -if qcow2 --allow-references \
  --run "virt-inspector --format=raw --key all:key:v2v-test @@ >'$work/inspection'" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "virt-inspector failed"; }
grep -q '<distro>debian</distro>' "$work/inspection" || fail "it did not find the guest"
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
