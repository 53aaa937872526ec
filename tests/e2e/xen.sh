#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# xen.sh: converts a real guest from a Xen host over ssh and boots the result. Its disks are a raw file, a
# qcow2 file and a block device; in its system a file and a directory are immutable, and stay so. The sshd is
# real; Xen cannot be had here, so in the place of its virsh stands a script that knows some guests.
# Without loop devices the block device and what is immutable are left out.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/sshd.sh
source "$source_tree/tests/e2e/sshd.sh"

name="Gast äöü 'x'" target=$work/target source=$work/source xen=$work/xen
mkdir "$target" "$source" "$xen" "$work/none"
qemu-img convert -f qcow2 -O raw "$(guest debian-bios)" "$source/disk 1.img"
head -c 5000192 /dev/urandom >"$work/device.img" # no multiple of any block
head -c 3M /dev/urandom >"$work/data.raw"
qemu-img convert -f raw -O qcow2 "$work/data.raw" "$source/data.qcow2"
qemu-img create -q -f qcow2 -F raw -b "$source/disk 1.img" "$source/on-top.qcow2"

loop=
stop_more() { [ -z "$loop" ] || losetup -d "$loop"; }
trap 'stop_more; clean_up' EXIT
if loop=$(losetup --show -r -f "$work/device.img"); then
  say "$loop is a device of the Xen host"
else
  say "no loop devices here: no device is read, and nothing is immutable"
  loop=
fi
device=
[ -z "$loop" ] || device="<disk type='block' device='disk'><driver name='phy'/><source dev='$loop'/>
  <target dev='hdc' bus='ide'/></disk>"

# in_system IMAGE COMMAND…: runs the command in the root file system of debian-bios, where it is the first
# partition.
in_system() {
  local image=$1 start
  shift
  start=$(partx -g -o START -n 1 "$image")
  mkdir -p "$work/root"
  mount -o "loop,offset=$((start * 512))" "$image" "$work/root"
  (cd "$work/root" && "$@")
  umount "$work/root"
}
if [ -n "$loop" ]; then in_system "$source/disk 1.img" chattr +i etc/fstab etc/systemd/network; fi

# define NAME STATE DISK: a guest that the host has.
define() {
  mkdir "$xen/$1"
  echo "$2" >"$xen/$1/domstate"
  cat >"$xen/$1/dumpxml" <<END
<domain type='xen'>
  <name>$1</name>
  <memory unit='KiB'>1048576</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='xenfv'>hvm</type></os>
  <features><acpi/><apic/><pae/></features>
  <devices>
    $3
    <interface type='bridge'>
      <mac address='$test_mac'/><source bridge='xenbr0'/><model type='e1000'/>
    </interface>
  </devices>
</domain>
END
}
define "$name" 'shut off' "<disk type='file' device='disk'><driver name='qemu' type='raw'/>
  <source file='$source/disk 1.img'/><target dev='hda' bus='ide'/></disk>
  <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
  <source file='$source/data.qcow2'/><target dev='hdb' bus='ide'/></disk>
  $device"
define runs running "<disk type='file' device='disk'><source file='$source/disk 1.img'/><target dev='hda'/></disk>"
define lvm 'shut off' "<disk type='block' device='disk'><source dev='/dev/vg/lv'/><target dev='xvda'/></disk>"
define qcow 'shut off' "<disk type='file' device='disk'><source file='$source/data.qcow2'/><target dev='xvda'/></disk>"
define backed 'shut off' "<disk type='file' device='disk'><driver type='qcow2'/><source file='$source/on-top.qcow2'/><target dev='xvda'/></disk>"
define gone 'shut off' "<disk type='file' device='disk'><source file='$source/gone.img'/><target dev='xvda'/></disk>"
mkdir "$work/bin"
cat >"$work/bin/virsh" <<END
#!/bin/sh
[ "\$1 \$2 \$3 \$5" = '--quiet --connect xen:///system --domain' ] || [ "\$5" = --security-info ] || exit 9
for last; do :; done
[ -e "$xen/\$last" ] || { echo "error: failed to get domain '\$last'" >&2; exit 1; }
cat "$xen/\$last/\$4"
END
chmod +x "$work/bin/virsh"
start_sshd "SetEnv PATH=$work/bin:/usr/bin:/bin"
connection=(-ic "xen+ssh://127.0.0.1:$sshd_port" -io "identity=$work/id")
known=(-io "known-hosts=$work/known")

# refused PATTERN HINT ARGUMENT…: v2v fails with one such error and such a hint.
refused() {
  local pattern=$1 hint=$2
  shift 2
  if timeout 100 "$v2v" "$@" -o local -os "$work/none" >"$work/out" 2>&1; then fail "not refused: $*"; fi
  assert_equal "$(grep -c '^v2v: error:' "$work/out")" 1 "the number of errors"
  grep -qE "^v2v: error: .*$pattern" "$work/out" || { cat "$work/out"; fail "no error '$pattern'"; }
  grep -qE "^  hint: .*$hint" "$work/out" || { cat "$work/out"; fail "no hint '$hint'"; }
  assert_nothing_left "$work/none"
}

say "Refused"
refused 'runs: the guest is running' 'virsh shutdown' "${connection[@]}" "${known[@]}" runs
refused '/dev/vg/lv: cannot read the device: .*No such file' 'lvchange' "${connection[@]}" "${known[@]}" lvm
refused 'begins like qcow2' 'if qcow2 or -if raw' "${connection[@]}" "${known[@]}" qcow
refused 'backing file' '.' "${connection[@]}" "${known[@]}" backed
refused 'gone\.img: there is no such file' 'check the path' "${connection[@]}" "${known[@]}" gone
refused 'nix: the Xen host has no such guest' 'list --all' "${connection[@]}" "${known[@]}" nix
: >"$work/strangers"
refused "the host's key is not known" 'known-hosts=FILE' "${connection[@]}" \
  -io "known-hosts=$work/strangers" lvm
ssh-keygen -q -t ed25519 -N '' -f "$work/stranger"
refused 'the login failed' 'identity=FILE' -ic "xen+ssh://127.0.0.1:$sshd_port" \
  -io "identity=$work/stranger" "${known[@]}" lvm
mv "$work/bin/virsh" "$work/virsh"
printf '#!/bin/sh\nexit 127\n' >"$work/bin/virsh"
chmod +x "$work/bin/virsh"
refused 'no virsh on the Xen host' 'install' "${connection[@]}" "${known[@]}" lvm
mv "$work/virsh" "$work/bin/virsh"

say "Convert"
convert_to_local "$name" "$source" "$target" "${connection[@]}" "${known[@]}" "$name"

cmp "$work/data.raw" "$target/$name-sdb"
if [ -n "$loop" ]; then
  cmp "$work/device.img" "$target/$name-sdc"
  protected() { [[ $(lsattr -d "$1") =~ ^[^\ ]*i ]] || fail "$1 is not immutable any more"; }
  changed() {
    protected etc/fstab
    protected etc/systemd/network
    ! grep -q /dev/sda etc/fstab || fail "fstab is as it was"
    [ -n "$(ls etc/systemd/network)" ] || fail "nothing was written into the immutable directory"
  }
  in_system "$target/$name-sda" changed
fi

say "Boot it"
report=$(boot --disk "$target/$name-sda:raw" --bus virtio --firmware bios --mac "$test_mac")
assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk'
