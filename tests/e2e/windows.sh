#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# windows.sh VERSION FIRMWARE INPUT OUTPUT [no-drivers]: converts a disk in the shape of this Windows with drivers from a
# tree like virtio-win's, and looks at what became of it: registry, files, who may change them, metadata.
# INPUT is disk or ova, OUTPUT is local, qemu or null; no-drivers: the tree has none for this Windows.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/windows-lib.sh
source "$(dirname "$0")/windows-lib.sh"

version=$1 firmware=$2 input=$3 output=$4
about "$version"
name='Fenster 2' target=$work/target disk=$work/source/windows.qcow2
mkdir "$target" "$work/source"

say "Make the disk and the drivers"
made=$(windows "$version-$firmware")
cp "$made" "$disk"
if [ "${5:-}" = no-drivers ]; then
  virtio_win "$folder"
  folder=''
else
  virtio_win ''
fi
source=(-i disk "$disk" -if qcow2 -on "$name" -io "nic=$test_mac")
if [ "$input" = ova ]; then
  efi=bios
  [ "$firmware" = bios ] || efi=efi
  "$source_tree/tests/guests/ova" "$work/source/windows.ova" "$name" "$efi" "$test_mac" "$disk:qcow2"
  source=(-i ova "$work/source/windows.ova")
fi
destination=(-o "$output" --report "$work/report.html" --collect-output "$work/before.tar.xz"
  --collect /windows/SYSTEM32/config/system --collect /WINDOWS/system32/Config/SOFTWARE:hives/software)
[ "$output" = null ] || destination+=(-os "$target" -of qcow2)

say "Convert Windows $version"
mapfile -t files < <(find "$work/source" -type f | sort)
before=$(fingerprint "${files[@]}")
timeout 900 "$v2v" "${source[@]}" "${destination[@]}" -v >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "v2v failed"; }
cat "$work/log"
assert_equal "$(fingerprint "${files[@]}")" "$before" "the source changed"
assert_nothing_left
mkdir "$work/before"
tar -xJf "$work/before.tar.xz" -C "$work/before"
for hive in windows/SYSTEM32/config/system hives/software; do
  assert_equal "$(head -c 4 "$work/before/$hive")" regf "what was collected as $hive"
done
[ -z "$folder" ] || grep -q '<code>service viostor</code>' "$work/report.html" || fail "the report lacks the driver"
grep -q "osinfo calls it $id\$" "$work/log" || fail "it was not taken for $id"
calls=$(sed -n 's/.*the conversion took \([0-9]*\) appliance calls/\1/p' "$work/log")
[ "$calls" -le 60 ] || fail "$calls appliance calls for the conversion"
if [ "$output" = null ]; then
  assert_equal "$(find "$target" -mindepth 1)" '' "null wrote something"
  exit 0
fi

first_boot='Program Files/Guestfs/Firstboot' c=$work/c system=$work/SYSTEM

check_boot_driver() {
  local id key=ControlSet001\\Services\\viostor
  assert_equal "$(value "$system" "$key" Start)" 0 "when the disk's driver starts"
  assert_equal "$(value "$system" "$key" Group)" 'SCSI miniport' "the group of the disk's driver"
  assert_equal "$(value "$system" "$key" ImagePath)" 'system32\drivers\viostor.sys' "the disk's driver"
  for id in 'VEN_1AF4&DEV_1001&REV_00' 'VEN_1AF4&DEV_1042&REV_01'; do
    if [[ $version = xp || $version = 7 || $version = 2008r2 ]]; then
      assert_equal "$(value "$system" "ControlSet001\\Control\\CriticalDeviceDatabase\\PCI#$id" Service)" \
        viostor "the driver of $id"
    else
      assert_equal "$(value "$system" "DriverDatabase\\DriverPackages\\guestor.inf_${winarch}_0000000000000000\
\\Descriptors\\PCI\\$id" Configuration)" guestor_conf "the configuration for $id"
    fi
  done
  take "$c" "$root/System32/drivers/viostor.sys" "$work/viostor.sys"
  cmp "$work/viostor.sys" "$work/tree/viostor/$folder/$winarch/viostor.sys" ||
    fail "the disk's driver is another file"
}

check_drivers() {
  local listed inf
  take_all "$c" "$root/Drivers/VirtIO" "$work/VirtIO"
  cmp "$work/VirtIO/netkvm.sys" "$work/tree/NetKVM/$folder/$winarch/netkvm.sys" ||
    fail "the network's driver is another file"
  [ ! -e "$work/VirtIO/vioprot.inf" ] || fail "vioprot came along"
  assert_equal "$(value "$work/SOFTWARE" 'Microsoft\Windows\CurrentVersion' DevicePath)" \
    '%SystemRoot%\inf;%SystemRoot%\Drivers\VirtIO' "where Windows looks for drivers"
  assert_protected "$c" "/$root/Drivers/VirtIO"
  # Every driver that was delivered is installed, those without which Windows is cut off at first.
  listed=$(tr -d '\r' <"$work/first-boot/drivers.txt")
  for inf in "$work"/VirtIO/*.inf; do
    grep -qxF "$(case ${inf##*/} in netkvm.inf | viostor.inf) echo required ;; *) echo optional ;; esac)\
 %SystemRoot%\\Drivers\\VirtIO\\${inf##*/}" <<<"$listed" || fail "${inf##*/} is not installed: $listed"
  done
  assert_equal "$(head -n 2 <<<"$listed" | grep -c '^required')" 2 "the required drivers come first"
}

check_first_boot() {
  local key=ControlSet001\\Services\\v2v-firstboot scripts
  assert_equal "$(value "$system" "$key" Start)" 2 "when the first boot's service starts"
  take_all "$c" "$first_boot" "$work/first-boot"
  cmp "$work/first-boot/v2v-firstboot.exe" "$build_tree/firstboot/v2v-firstboot-$arch.exe" ||
    fail "the first boot's program is another file"
  assert_protected "$c" '/Program Files/Guestfs'
  scripts=$(cd "$work/first-boot/scripts" && echo *)
  [[ $scripts = *-uninstall-VMware-Tools.bat* ]] || fail "VMware Tools stay: $scripts"
  [[ $scripts = *-install-qemu-ga.bat* ]] || fail "no guest agent: $scripts"
  [[ $scripts != *online-disks* ]] || fail "one disk, and it is set online: $scripts"
  # The card of the source has one of the guest's old addresses, the only static ones.
  grep -q "^mac=$test_mac" "$work/first-boot/network.txt" || fail "the card is not told by its address"
  grep -q '^address=192.0.2.10/24' "$work/first-boot/network.txt" || fail "the address is lost"
}

check_efi() {
  esp "$target/$name-sda" "$work/esp"
  mtype -i "$work/esp" ::/EFI/Boot/bootx64.efi | grep -q 'the loader of Windows' ||
    fail "there is no fallback loader"
  mcopy -i "$work/esp" ::/EFI/Microsoft/Boot/BCD "$work/BCD"
  ! value "$work/BCD" 'Objects\{5189b25c-5558-4bf2-bca4-289b11bd29e2}\Elements\16000046' Element 2>/dev/null ||
    fail "the boot store switches the screen off"
  assert_equal "$(names "$c" "$root/Temp")" '' "left in the guest's Temp"
}

say "Look at the result"
c_drive "$target/$name-sda" "$firmware" "$c"
for hive in SYSTEM SOFTWARE; do take "$c" "$root/System32/config/$hive" "$work/$hive"; done
assert_equal "$(value "$system" 'ControlSet001\Control\CrashControl' AutoReboot)" 0 "after a stop error"
check_first_boot
if [ -n "$folder" ]; then
  check_boot_driver
  check_drivers
else
  grep -q 'VIRTIO_WIN' "$work/log" || fail "that drivers are missing is not said"
  [ ! -e "$work/first-boot/drivers.txt" ] || fail "drivers are installed that are not there"
fi
[ "$firmware" = bios ] || check_efi
case $version in
  xp | 2003)  # 2 GiB: 0x80 heads
    assert_equal "$(dd if="$c" bs=1 skip=26 count=2 status=none | od -An -tx1)" ' 80 00' "the heads of NTFS"
    ;;
esac

say "Look at the metadata"
bus=virtio model=virtio
[ -n "$folder" ] || bus='ide' model=rtl8139
if [ "$output" = local ]; then
  xml=$target/$name.xml
  virt-xml-validate "$xml" domain
  grep -q "<clock offset='localtime'" "$xml" || fail "the clock is not local time"
  grep -q "<libosinfo:os id='http://microsoft.com/win/${id#win}'/>" "$xml" || fail "the XML has not the id of $id"
  grep -q "bus='$bus'" "$xml" || fail "the disk is not on $bus"
  grep -q "<model type='$model'/>" "$xml" || fail "the card is no $model"
else
  script=$target/$name.sh
  [ -x "$script" ] || fail "there is no script"
  [ "$bus" = ide ] || grep -q virtio-blk "$script" || fail "the disk is not on virtio"
  [ "$bus" = ide ] || grep -q virtio-net "$script" || fail "the card is not on virtio"
  grep -q 'base=localtime' "$script" || fail "the clock is not local time"
fi
