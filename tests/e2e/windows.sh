#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# windows.sh VERSION FIRMWARE INPUT OUTPUT: converts a disk in the shape of this Windows with drivers from a
# tree like virtio-win's, and looks at what became of it: registry, files, who may change them, metadata.
# VERSION as windows-hives has it; INPUT is disk or ova, OUTPUT is local, qemu or null.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

version=$1 firmware=$2 input=$3 output=$4
name='Fenster 2' target=$work/target
mkdir "$target" "$work/source"

# osinfo's id, virtio-win's folder (none for a Windows without drivers), the processor.
case $version in
  xp) id=winxp folder='' arch=i386 ;;
  2003) id=win2k3 folder='' arch=i386 ;;
  7) id=win7 folder=w7 arch=i386 ;;
  2008r2) id=win2k8r2 folder=2k8R2 arch=x86_64 ;;
  2012r2) id=win2k12r2 folder=2k12R2 arch=x86_64 ;;
  10 | 11) id=win$version folder=w$version arch=x86_64 ;;
  *) id=win2k${version#20} folder=2k${version#20} arch=x86_64 ;;
esac

say "Make the disk and the drivers"
disk=$work/source/windows.qcow2
"$source_tree/tests/guests/windows" "$disk" "$version" "$firmware"
"$source_tree/tests/guests/virtio-win" "$work/tree" --iso "$work/virtio-win.iso"
export VIRTIO_WIN=$work/virtio-win.iso
source=(-i disk "$disk" -if qcow2 -on "$name" -io "nic=$test_mac")
if [ "$input" = ova ]; then
  efi=bios
  [ "$firmware" = bios ] || efi=efi
  "$source_tree/tests/guests/ova" "$work/source/windows.ova" "$name" "$efi" "$test_mac" "$disk:qcow2"
  source=(-i ova "$work/source/windows.ova")
fi
destination=(-o "$output")
[ "$output" = null ] || destination+=(-os "$target" -of qcow2)

say "Convert Windows $version"
mapfile -t files < <(find "$work/source" -type f | sort)
before=$(fingerprint "${files[@]}")
timeout 900 "$v2v" "${source[@]}" "${destination[@]}" -v >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "v2v failed"; }
cat "$work/log"
assert_equal "$(fingerprint "${files[@]}")" "$before" "the source changed"
assert_nothing_left
grep -q "osinfo calls it $id\$" "$work/log" || fail "it was not taken for $id"
calls=$(sed -n 's/.*the conversion took \([0-9]*\) appliance calls/\1/p' "$work/log")
[ "$calls" -le 60 ] || fail "$calls appliance calls for the conversion"
[ "$output" != null ] || exit 0

say "Look at the result"
converted=$target/$name-sda drive=/dev/sda1
[ "$firmware" = bios ] || drive=/dev/sda3
root=Windows
case $version in xp | 2003) root=WINDOWS ;; esac
first_boot='/Program Files/Guestfs/Firstboot'
{
  printf 'add-drive "%s" format:qcow2 readonly:true\nrun\nmount-ro %s /\n' "$converted" "$drive"
  printf 'copy-out "%s" /%s/System32/config "%s"\n' "$first_boot" "$root" "$work"
  printf -- '-copy-out /%s/Drivers/VirtIO /%s/System32/drivers "%s"\n' "$root" "$root" "$work"
  printf -- '-getxattr "%s/v2v-firstboot.exe" system.ntfs_acl\n' "$first_boot"
  if [ "$firmware" = uefi ]; then
    printf 'umount /\nmount-ro /dev/sda1 /\ndownload /EFI/Boot/bootx64.efi "%s"\n' "$work/fallback"
    printf 'download /EFI/Microsoft/Boot/BCD "%s"\n' "$work/BCD"
  fi
} >"$work/look"
LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg timeout 300 \
  guestfish -f "$work/look" >"$work/looked"

# value KEY NAME: of SYSTEM's current control set, as hivexget prints it.
value() { hivexget "$work/config/SYSTEM" "\\ControlSet001\\$1" "$2"; }
assert_equal "$(value 'Services\v2v-firstboot' Start)" 2 "the first boot's service"
[ -s "$work/Firstboot/v2v-firstboot.exe" ] || fail "the first boot's program is missing"
# Everyone (S-1-1-0) must not be able to change what SYSTEM will run.
! grep -qa $'\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00' "$work/looked" ||
  fail "everybody may change the first boot's program"
if [ -n "$folder" ]; then
  assert_equal "$(value 'Services\viostor' Start)" 0 "viostor does not start at boot"
  cmp "$work/drivers/viostor.sys" "$work/tree/viostor/$folder"/*/viostor.sys ||
    [ "$arch" = i386 ] || fail "the driver is another"
  [ -s "$work/VirtIO/netkvm.inf" ] || fail "the network driver is missing"
  grep -q 'required %SystemRoot%\\Drivers\\VirtIO\\viostor.inf' "$work/Firstboot/drivers.txt" ||
    fail "the first boot does not install the disk's driver"
fi
if [ "$firmware" = uefi ]; then
  grep -q 'the loader of Windows' "$work/fallback" || fail "there is no fallback loader"
fi

say "Look at the metadata"
if [ "$output" = local ]; then
  xml=$target/$name.xml
  virt-xml-validate "$xml" domain
  grep -q "<clock offset='localtime'" "$xml" || fail "the clock is not local time"
  grep -q "/$id'\|win/" "$xml" || true
  if [ -n "$folder" ]; then bus=virtio model=virtio; else bus=ide model=rtl8139; fi
  grep -q "bus='$bus'" "$xml" || fail "the disk is not on $bus"
  grep -q "<model type='$model'/>" "$xml" || fail "the card is no $model"
else
  [ -x "$target/$name.sh" ] || fail "there is no script"
fi
