#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The programs of virt-v2v with a Windows that libvirt's XML describes: the report on it, its devices in the
# XML of the new machine, and checksums of its disk, which is converted in place only where the sum is right.
# And a disk with nothing on it.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/windows-lib.sh
source "$(dirname "$0")/windows-lib.sh"

export V2V_STATE_DIR=$work/state
mkdir "$work/empty"
virtio_win ''
disk=$work/windows.img xml=$work/guest.xml
qemu-img convert -O raw "$(windows 2022-uefi)" "$disk"

say "Give it a group policy and a scanner"
offset=51380224
dd if="$disk" of="$work/c" bs=1M iflag=skip_bytes skip=$offset status=none
take "$work/c" Windows/System32/config/SOFTWARE "$work/SOFTWARE"
hivexregedit --merge "$work/SOFTWARE" --prefix 'HKEY_LOCAL_MACHINE\SOFTWARE' - <<'END'
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\History\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}]
"x"=dword:00000001

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Defender]
"DisableAntiVirus"=dword:00000000
END
ntfscp -q -f "$work/c" "$work/SOFTWARE" Windows/System32/config/SOFTWARE
dd if="$work/c" of="$disk" bs=1M oflag=seek_bytes seek=$offset conv=notrunc status=none

# describe CHECKSUM [DEVICE…] : the guest's XML.
describe() {
  cat >"$xml" <<END
<domain type='kvm'>
  <name>windows</name><memory>1048576</memory><os firmware='efi'><type>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/><source file='$disk'/><target dev='sda' bus='sata'/>$1
    </disk>
    $2
  </devices>
</domain>
END
}
sum=$(sha256sum <"$disk") sum=${sum%% *}
before=$(fingerprint "$disk")

say "virt-v2v-inspector, and the checksum is printed"
describe "<checksum method='sha256' fail='print'/>" ''
timeout 900 "$build_tree/virt-v2v-inspector" -i libvirtxml "$xml" -O "$work/report.xml" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "it failed"; }
cat "$work/report.xml"
grep -q "Checksum of disk 1/1: $sum" "$work/log" || { cat "$work/log"; fail "the checksum was not printed"; }
for part in '<program>virt-v2v-inspector</program>' "<disk index='0'>" '<boot-order>1</boot-order>' \
  "<firmware type='uefi'/>" '<distro>windows</distro>' '<osinfo>win2k22</osinfo>' '<windows_group_policy/>' \
  '<windows_antivirus/>' '<windows_systemroot>/Windows</windows_systemroot>' '<type>ntfs</type>'; do
  grep -qF "$part" "$work/report.xml" || fail "the report has no $part"
done
assert_equal "$(fingerprint "$disk")" "$before" "the disk changed"
assert_nothing_left "$work/empty"

say "virt-v2v: drives, sound and networks"
nics=''
for source in "network 01 abc" "network 02 def" "bridge 03 br0" "bridge 04 br1"; do
  read -r type mac name <<<"$source"
  nics+="<interface type='$type'><mac address='52:54:00:00:00:$mac'/><source $type='$name'/></interface>"
done
describe '' "<disk type='file' device='cdrom'><target dev='sdc' bus='sata'/></disk>
  <disk type='file' device='floppy'><target dev='fda'/></disk><sound model='ich9'/>$nics"
timeout 900 "$build_tree/virt-v2v" -i libvirtxml "$xml" -o local -os "$work/empty" -on new --no-fstrim \
  --mac 52:54:00:00:00:01:bridge:by-mac --network abc:nowhere --network def:by-name --bridge by-default \
  --bridge br1:by-own-name >"$work/log" 2>&1 || { cat "$work/log"; fail "it failed"; }
grep -qF 'Skipping fstrim (--no-fstrim specified)' "$work/log" || fail "--no-fstrim was passed over"
virt-xml-validate "$work/empty/new.xml" domain
# devices ELEMENT : those of this name, without what the host chooses.
devices() { xmllint --xpath "//$1" "$work/empty/new.xml" | tr -d '\n' | sed -E "s/ +</</g; s/ file=\"[^\"]*\"//g"; }
assert_equal "$(devices "disk[@device='cdrom']/target")" '<target dev="sdc" bus="sata"/>' "the CD-ROM drive"
assert_equal "$(devices "disk[@device='floppy']/target")" '<target dev="fda"/>' "the floppy drive"
assert_equal "$(devices "disk[@device='disk']/*[self::target or self::boot]")" \
  '<target dev="vda" bus="virtio"/><boot order="1"/>' "the disk"
assert_equal "$(devices sound)" '<sound model="ich9"/>' "the sound card"
assert_equal "$(devices 'interface/source')" \
  '<source bridge="by-mac"/><source network="by-name"/><source bridge="by-default"/><source bridge="by-own-name"/>' \
  "where the cards are plugged into"
rm "$work/empty"/*

say "A blank disk"
qemu-img create -q -f raw "$work/blank" 64M
if timeout 900 "$build_tree/virt-v2v" -i disk "$work/blank" -if raw -o null >"$work/log" 2>&1; then fail "it was converted"; fi
for phrase in 'could not detect the source guest' 'a blank disk'; do
  grep -q "$phrase" "$work/log" || { cat "$work/log"; fail "it does not say '$phrase'"; }
done
assert_nothing_left "$work/empty"

say "In place with a wrong checksum"
describe "<checksum method='sha256' fail='error'>${sum//[0-9]/0}</checksum>" ''
status=0
timeout 120 "$build_tree/virt-v2v-in-place" -i libvirtxml "$xml" >"$work/log" 2>&1 || status=$?
assert_equal "$status" 1 "exit status"
grep -q "error: sda $disk: bad checksum for disk 1/1: .* is $sum" "$work/log" || { cat "$work/log"; fail "another error"; }
! grep -q 'Opening the source' "$work/log" || fail "the conversion began"
assert_equal "$(fingerprint "$disk")" "$before" "the disk changed"

say "In place with the right one, of spaces around it"
describe "<checksum method='sha256' fail='error'> $sum </checksum>" ''
timeout 900 "$build_tree/virt-v2v-in-place" -i libvirtxml "$xml" -O "$work/after.xml" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "it failed"; }
assert_nothing_left "$work/empty" "$V2V_STATE_DIR/commits"
grep -qF '<osinfo>win2k22</osinfo>' "$work/after.xml" || fail "no report was written"
dd if="$disk" of="$work/c" bs=1M iflag=skip_bytes skip=$offset status=none
names "$work/c" Windows/System32/drivers | grep -qix viostor.sys || fail "there is no driver in the guest"
