#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# libvirt.sh HOW: -i libvirt and -o libvirt against a libvirtd of the test's own. HOW is files (from its
# guest into the directory of a pool, which libvirt then boots), upload or upload-qcow2 (the
# same from "another machine" over ssh into a pool of "another machine"), refusals (one clear error for each
# thing that is wrong, in no time), full or vanished (the pool has no room, the daemon is gone: nothing
# remains), fills, vanished-late or vanished-upload (the same in the middle of the copy), vpx (from a vCenter;
# then libvirt boots the guest).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/sshd.sh
source "$source_tree/tests/e2e/sshd.sh"

[ "$(id -u)" = 0 ] || { echo "needs root"; exit 77; }
how=$1
pool=$work/pool daemon=
mkdir "$pool" "$work/empty" "$work/small" "$work/middle"
port=

stop_more() {
  stop_daemon
  umount "$work/small" "$work/middle" 2>/dev/null || true
}
stop_daemon() {
  [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
  wait "$daemon" 2>/dev/null || true
  daemon=
}
trap 'stop_more; clean_up' EXIT

virsh() { timeout 60 virsh --quiet --connect "$uri" "$@"; }

# start_daemon: for the first time, or again.
start_daemon() {
  [ -n "$port" ] || port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$source_tree/tests/servers/libvirtd" "$work/libvirtd" "$port" >"$work/libvirtd.log" 2>&1 &
  daemon=$!
  uri="qemu:///system?socket=$work/libvirtd/sock/libvirt-sock"
  for ((i = 0; i < 100; i++)); do
    if virsh uri >/dev/null 2>&1; then break; fi
    sleep 0.1
  done
  virsh uri >/dev/null || { cat "$work/libvirtd.log"; fail "libvirtd does not start"; }
}

# make_pools: and a network.
make_pools() {
  mount -t tmpfs -o size=64M tmpfs "$work/small"
  virsh pool-define-as images dir --target "$pool"
  virsh pool-start images
  virsh pool-autostart images
  virsh pool-create-as small dir --target "$work/small"
  virsh pool-define-as stopped dir --target "$work/empty"
  virsh net-define /dev/stdin <<<"<network><name>default</name></network>"
}

# start_ssh: the same daemon as that of another machine, $over_ssh; v2v also needs ${known[@]}.
start_ssh() {
  mkdir "$work/bin"
  # libvirt's own helper there would ask the libvirtd of the system.
  cat >"$work/bin/nc" <<'END'
#!/usr/bin/env python3
import os, socket, sys, threading
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[-1])
def send():
    while data := os.read(0, 65536):
        server.sendall(data)
    server.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := server.recv(65536):
    os.write(1, data)
END
  start_sshd "SetEnv PATH=$work/bin:/usr/bin:/bin"
  printf '#!/bin/sh\nexec ssh -o "UserKnownHostsFile=%s" "$@"\n' "$work/known" >"$work/ssh"
  chmod +x "$work/bin/nc" "$work/ssh"
  over_ssh="qemu+ssh://127.0.0.1:$sshd_port/system?socket=$work/libvirtd/sock/libvirt-sock"
  over_ssh+="&keyfile=$work/id&command=$work/ssh&proxy=netcat"
  known=(-io "known-hosts=$work/known")
}

# define_guest NAME FILE FORMAT [MEMORY NIC-TYPE]
define_guest() {
  virsh define /dev/stdin <<END
<domain type='qemu'>
  <name>$1</name>
  <memory unit='MiB'>${4:-1024}</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/><apic/></features>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='$3'/>
      <source file='$2'/>
      <target dev='sda' bus='scsi'/>
    </disk>
    <disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk>
    <interface type='${5:-network}'>
      <mac address='$test_mac'/><source network='default'/><model type='e1000'/>
    </interface>
    <graphics type='vnc' passwd='geheim'/>
  </devices>
</domain>
END
}

# boot_by_libvirt NAME: starts the guest with its console in a file and prints its report.
boot_by_libvirt() {
  set -e  # in a command substitution it is off
  local log=$work/console
  virsh dumpxml "$1" >"$work/defined.xml"
  # There is no network here to be connected to; everything else is as v2v defined it.
  python3 - "$work/defined.xml" "$log" >"$work/started.xml" <<'END'
import sys, xml.etree.ElementTree as tree
document = tree.parse(sys.argv[1])
devices = document.getroot().find('devices')
for interface in devices.findall('interface'):
    interface.set('type', 'user')
    interface.remove(interface.find('source'))
for serial in devices.findall('serial') + devices.findall('console'):
    tree.SubElement(serial, 'log', file=sys.argv[2], append='off')
document.write(sys.stdout, encoding='unicode')
END
  virsh define "$work/started.xml" >&2
  virsh start "$1" >&2
  for ((i = 0; i < 1200; i++)); do
    if ! virsh domstate "$1" | grep -q running; then break; fi
    sleep 0.5
  done
  grep -aq V2V-REPORT-END "$log" || { tail -n 20 "$log" >&2; fail "the guest gave no report"; }
  tr -d '\000\r' <"$log" | sed -n '/^V2V-REPORT-BEGIN$/,/^V2V-REPORT-END$/{/^V2V-REPORT-/!p}'
}

# assert_error PATTERN: in the error, or in its hint on the next line.
assert_error() {
  tr '\n' ' ' <"$work/log" | grep -qE "error: .*$1" || fail "no error with '$1'"
}

# refused PATTERN ARGUMENT…: v2v fails quickly with one error that has the pattern, and nothing is left.
refused() {
  local pattern=$1
  shift
  ! timeout 120 "$v2v" "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v $* succeeded"; }
  cat "$work/log"
  assert_error "$pattern"
  assert_equal "$(grep -c 'error:' "$work/log")" 1 "errors"
  assert_nothing_left
  assert_equal "$(ls -A "$pool" "$work/small")" "$before" "the pools"
}

# fails_late PATTERN: the v2v in the background, whose log is $work/log, has failed and left nothing.
fails_late() {
  ! wait "$v2v_pid" || { cat "$work/log"; fail "v2v succeeded"; }
  cat "$work/log"
  assert_error "$1"
  assert_nothing_left "$pool" "$work/small"
}

# await PATTERN: until v2v has said it.
await() {
  for ((i = 0; i < 30000; i++)); do
    if grep -q "$1" "$work/log"; then return; fi
    sleep 0.02
  done
  fail "v2v does not say '$1'"
}

start_daemon
make_pools
image=$(guest debian-bios)
define_guest Gast "$image" qcow2

case $how in
  files | upload | upload-qcow2)
    target=$uri format=qcow2 from=(-ic "$uri")
    if [ "$how" != files ]; then
      start_ssh
      target=qemu+tcp://127.0.0.1:$port/system from=(-ic "$over_ssh" "${known[@]}")
    fi
    [ "$how" != upload ] || format=raw
    before=$(fingerprint "$image")
    say "Convert ($how)"
    timeout 900 "$v2v" "${from[@]}" -i libvirt Gast -o libvirt -oc "$target" -os images -of "$format" \
      -on 'neu & gut' -v >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
    cat "$work/log"
    ! grep -q geheim "$work/log" || fail "the log has the display's password"
    assert_equal "$(fingerprint "$image")" "$before" "the source changed"
    assert_nothing_left
    assert_equal "$(ls -A "$pool")" "neu & gut-sda" "the pool's directory"
    assert_equal "$(virsh vol-list images | awk '{print $1, $2, $3}')" "neu & gut-sda" "the pool"
    assert_equal "$(virsh domstate 'neu & gut')" "shut off" "its state"
    virsh dumpxml --security-info 'neu & gut' >"$work/new.xml"
    for part in "<source pool='images' volume='neu &amp; gut-sda'/>" "<driver name='qemu' type='$format'" \
      "<mac address='$test_mac'/>" "passwd='geheim'" "<domain type='qemu'" 'debian.org/debian/12'; do
      grep -qF "$part" "$work/new.xml" || { cat "$work/new.xml"; fail "the XML has no $part"; }
    done
    if [ "$how" = upload ]; then
      # Holes were not sent.
      [ "$(stat -c '%b' "$pool/neu & gut-sda")" -lt "$(($(stat -c '%s' "$pool/neu & gut-sda") / 1024))" ] ||
        fail "the volume is not sparse"
    fi
    say "Boot it"
    report=$(boot_by_libvirt 'neu & gut')
    echo "$report"
    mapfile -t expected < <(on_virtio debian-bios)
    assert_report "$report" "${expected[@]}"
    ;;

  refusals)
    qemu-img create -q -f raw "$work/blank.img" 16M
    define_guest klein "$work/blank.img" raw 64 user
    before=$(ls -A "$pool" "$work/small")
    from=(-ic "$uri" -i libvirt) to=(-o libvirt -oc "$uri" -os images)

    say "Guests that are not shut off"
    virsh start klein
    refused 'klein: the guest is running .*virsh shutdown klein' "${from[@]}" klein --print-source
    virsh suspend klein
    refused 'klein: the guest is paused .*virsh resume klein' "${from[@]}" klein --print-source
    virsh resume klein
    virsh managedsave klein
    refused 'klein: .*saved .*virsh managedsave-remove klein' "${from[@]}" klein --print-source
    virsh managedsave-remove klein
    timeout 60 "$v2v" "${from[@]}" klein --print-source -q | grep -q 'CD-ROM \[ide\] in slot 2' ||
      fail "a guest that is shut off is refused"

    say "Guests of another machine"
    start_ssh
    timeout 100 "$v2v" -ic "$over_ssh" "${known[@]}" -i libvirt Gast --print-source -q >"$work/log" 2>&1 ||
      { cat "$work/log"; fail "the disk of another machine is not read"; }
    refused "host's key is not known .*known-hosts=FILE" -ic "$over_ssh" -io known-hosts=/dev/null \
      -i libvirt Gast --print-source
    refused "on another machine .*qemu.ssh" -ic "qemu+tcp://127.0.0.1:$port/system" -i libvirt Gast --print-source

    say "What is not there"
    refused "niemand: .*'Gast', 'klein'" "${from[@]}" niemand "${to[@]}"
    refused "nirgends: .*'images'" "${from[@]}" Gast -o libvirt -oc "$uri" -os nirgends
    refused "default: .*storage pool" "${from[@]}" Gast -o libvirt -oc "$uri"
    refused "stopped: .*virsh pool-start" "${from[@]}" Gast -o libvirt -oc "$uri" -os stopped
    refused 'no-socket.*cannot connect' "${from[@]}" Gast -o libvirt \
      -oc "qemu:///system?socket=$work/no-socket" -os images

    say "What is there already"
    refused 'Gast: libvirt has a guest of this name already' "${from[@]}" Gast "${to[@]}"
    touch "$pool/neu-sda"
    before=$(ls -A "$pool" "$work/small")
    refused 'neu-sda: the storage pool has a file of this name .*-on' "${from[@]}" Gast "${to[@]}" -on neu
    virsh pool-refresh images
    refused 'neu-sda: the storage pool has a volume of this name' "${from[@]}" Gast \
      -o libvirt -oc "qemu+tcp://127.0.0.1:$port/system" -os images -on neu

    say "The target's error does not hide the guest from a check"
    status=0
    timeout 600 "$v2v" check "${from[@]}" Gast "${to[@]}" >"$work/log" 2>&1 || status=$?
    cat "$work/log"
    assert_equal "$status" 1 "exit status"
    for line in 'error: target: Gast: libvirt has a guest of this name already' \
      'note: guest: .*Debian GNU/Linux 12' 'note: converter: Gast: .*debian' \
      'The conversion would not start: 1 error,'; do
      grep -q "^$line" "$work/log" || fail "the check has no '$line'"
    done
    ;;

  full)
    timeout 900 "$v2v" -ic "$uri" -i libvirt Gast -o libvirt -oc "$uri" -os small -on neu \
      >"$work/log" 2>&1 &
    v2v_pid=$!
    fails_late "$work/small: the disks do not fit"
    timeout 900 "$v2v" -ic "$uri" -i libvirt Gast -o libvirt -oc "qemu+tcp://127.0.0.1:$port/system" \
      -os small -on neu >"$work/log" 2>&1 &
    v2v_pid=$!
    fails_late 'small: the disks need .*make room'
    ! virsh domstate neu 2>/dev/null || fail "the guest was defined"
    ;;

  fills)
    # There is room when it is checked, and none in the middle of the copy.
    mount -t tmpfs -o size=800M tmpfs "$work/middle"
    virsh pool-create-as middle dir --target "$work/middle"
    timeout 900 "$v2v" -i disk "$image" -if qcow2 -o libvirt -oc "$uri" -os middle -on neu \
      >"$work/log" 2>&1 &
    v2v_pid=$!
    await 'Copying disk'
    fallocate -l 500M "$work/middle/other"
    ! wait "$v2v_pid" || { cat "$work/log"; fail "v2v succeeded"; }
    cat "$work/log"
    assert_error '(no space|do not fit)'
    assert_equal "$(grep -c 'error:' "$work/log")" 1 "errors"
    assert_nothing_left
    assert_equal "$(ls -A "$work/middle")" other "the pool"
    ! virsh domstate neu 2>/dev/null || fail "the guest was defined"
    ;;

  vanished | vanished-late | vanished-upload)
    target=$uri moment='Copying disk'
    [ "$how" != vanished ] || moment=Converting
    [ "$how" != vanished-upload ] || target=qemu+tcp://127.0.0.1:$port/system moment='upload  *[0-9]'
    : >"$work/log"
    timeout 900 "$v2v" -i disk "$image" -if qcow2 -o libvirt -oc "$target" -os images -on neu \
      >"$work/log" 2>&1 &
    v2v_pid=$!
    await "$moment"
    stop_daemon
    if [ "$how" != vanished-upload ]; then
      fails_late 'libvirtd .*still runs'
      assert_equal "$(grep -c 'error:' "$work/log")" 1 "errors"
      start_daemon
    else
      # What is on another machine has to wait until that is there again.
      ! wait "$v2v_pid" || { cat "$work/log"; fail "v2v succeeded"; }
      cat "$work/log"
      assert_error 'neu-sda: cannot write to the volume'
      assert_equal "$(grep -c 'error:' "$work/log")" 1 "errors"
      grep -q 'warning: .*the next start of v2v tries again' "$work/log" || fail "nobody is told what is left"
      start_daemon
      virsh vol-info neu-sda images
      timeout 60 "$v2v" -i disk "$image" -if qcow2 -o null --print-source
      assert_nothing_left "$pool"
    fi
    ! virsh domstate neu 2>/dev/null || fail "the guest was defined"
    ;;

  vpx)
    # shellcheck source=tests/servers/vcsim/lib.sh
    source "$source_tree/tests/servers/vcsim/lib.sh"
    trap 'stop_vcsim; stop_more; clean_up' EXIT
    qemu-img convert -f qcow2 -O raw "$image" "$work/disk.raw"
    printf '[{"name": "web01", "mac": "%s", "disks": ["%s"]}]\n' "$test_mac" "$work/disk.raw" \
      >"$work/guests.json"
    start_vcsim "$work/server" "$work/guests.json"
    timeout 900 "$v2v" -ip "$work/server/password" web01 -o libvirt -oc "$uri" -os images \
      -ic "vpx://administrator%40vsphere.local@127.0.0.1:$vcsim_port/DC0/DC0_C0/DC0_C0_H0?no_verify=1" \
      >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
    cat "$work/log"
    assert_nothing_left
    assert_equal "$(virsh vol-list images | awk '{print $1}')" web01-sda "the pool"
    say "Boot it"
    report=$(boot_by_libvirt web01)
    echo "$report"
    mapfile -t expected < <(on_virtio debian-bios)
    assert_report "$report" "${expected[@]}"
    ;;
esac
