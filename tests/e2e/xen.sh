#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# xen.sh: converts a real guest from a Xen host over ssh and boots the result. The sshd is real; Xen
# cannot be had here, so in the place of its virsh stands a script that knows some guests.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/sshd.sh
source "$source_tree/tests/e2e/sshd.sh"

name="Gast äöü 'x'" target=$work/target source=$work/source xen=$work/xen
mkdir "$target" "$source" "$xen" "$work/none"
qemu-img convert -f qcow2 -O raw "$(guest debian-bios)" "$source/disk 1.img"
qemu-img create -q -f qcow2 "$source/other.img" 64M

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
  <source file='$source/disk 1.img'/><target dev='hda' bus='ide'/></disk>"
define runs running "<disk type='file' device='disk'><source file='$source/disk 1.img'/><target dev='hda'/></disk>"
define lvm 'shut off' "<disk type='block' device='disk'><source dev='/dev/vg/lv'/><target dev='xvda'/></disk>"
define qcow 'shut off' "<disk type='file' device='disk'><source file='$source/other.img'/><target dev='xvda'/></disk>"
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
refused '/dev/vg/lv: the disk is a device' 'qemu-nbd --read-only' "${connection[@]}" "${known[@]}" lvm
refused 'image of format qcow2' 'if raw' "${connection[@]}" "${known[@]}" qcow
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

say "Boot it"
report=$(boot --disk "$target/$name-sda:raw" --bus virtio --firmware bios --mac "$test_mac")
assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk'
