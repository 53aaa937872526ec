#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# vpx-inventory.sh: every way to name a guest of a vCenter (govmomi's simulator), right and wrong, and
# every guest that is refused before anything is converted. Needs no appliance.
# shellcheck disable=SC2016  # the stand-ins for nbdkit are scripts
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/servers/vcsim/lib.sh
source "$source_tree/tests/servers/vcsim/lib.sh"
trap 'stop_vcsim; clean_up' EXIT

server=$work/server
truncate -s 64M "$work/a.raw"
truncate -s 1M "$work/b.raw"
python3 - "$work" "$test_mac" >"$work/guests.json" <<'END'
import json, sys
work, mac = sys.argv[1:]
a, b = work + "/a.raw", work + "/b.raw"
print(json.dumps([
    {"name": "plain", "mac": mac, "disks": [a]},
    {"name": "two", "mac": mac, "disks": [a, b], "firmware": "efi", "portgroup": "DC0_DVPG0"},
    {"name": "runs", "mac": mac, "disks": [b], "running": True},
    {"name": "snap", "mac": mac, "disks": [b], "snapshot": True},
    {"name": "rdm", "mac": mac, "disks": [b], "rdm": True}]))
END
start_vcsim "$server" "$work/guests.json"
base="vpx://administrator%40vsphere.local@127.0.0.1:$vcsim_port"

# show PATH GUEST ARGUMENT…: prints the source.
show() {
  local path=$1
  shift
  timeout 100 "$v2v" -ic "$base$path?no_verify=1" -ip "$server/password" --print-source "$@"
}

# shown PATTERN PATH GUEST ARGUMENT…: the source is found and has such a line.
shown() {
  local pattern=$1
  shift
  show "$@" >"$work/out" 2>&1 || { cat "$work/out"; fail "not found: $*"; }
  grep -qE "$pattern" "$work/out" || { cat "$work/out"; fail "the source has no '$pattern'"; }
  assert_nothing_left
}

# refused PATTERN HINT PATH GUEST ARGUMENT…: v2v fails with such an error and such a hint.
refused() {
  local pattern=$1 hint=$2
  shift 2
  if show "$@" >"$work/out" 2>&1; then fail "not refused: $*"; fi
  assert_equal "$(grep -c '^v2v: error:' "$work/out")" 1 "the number of errors"
  grep -qE "^v2v: error: .*$pattern" "$work/out" || { cat "$work/out"; fail "no error '$pattern'"; }
  grep -qE "^  hint: .*$hint" "$work/out" || { cat "$work/out"; fail "no hint '$hint'"; }
  assert_nothing_left
}

say "Found"
for path in /DC0/DC0_H0 /DC0/DC0_C0/DC0_C0_H1 /DC0; do shown 'source name: plain' "$path" plain; done
shown 'Network "VM Network" mac: '"$test_mac"' \[vmxnet3\]' /DC0/DC0_H0 plain
shown 'Network "DC0_DVPG0"' /DC0/DC0_H0 two
shown 'firmware: uefi' /DC0/DC0_H0 two

say "Named wrongly"
refused 'no such datacenter' 'there are: DC0' /DC1/DC0_H0 plain
refused 'no such host in DC0' 'there are: .*DC0_C0_H0' /DC0/nix plain
refused 'DC0_C0: this is a cluster' 'DC0_C0_H0, DC0_C0_H1' /DC0/DC0_C0 plain
refused 'the host is in the cluster DC0_C0' 'vpx://…/DC0/DC0_C0/DC0_C0_H0' /DC0/DC0_C0_H0 plain
refused 'Plain: there is no such guest' 'did you mean plain' /DC0/DC0_H0 Plain
refused 'nix: there is no such guest' 'there are: .*plain' /DC0/DC0_H0 nix
refused 'name of one guest' 'GUEST' /DC0/DC0_H0
if timeout 60 "$v2v" -ic "esx://root@127.0.0.1:$vcsim_port?no_verify=1" -ip "$server/password" plain \
  --print-source >"$work/out" 2>&1; then fail "a vCenter was taken for a host"; fi
grep -q 'this is a vCenter, not a host' "$work/out" || { cat "$work/out"; fail "no such error"; }

say "Not to be reached"
base=vpx://root@127.0.0.1:1 refused 'it cannot be reached' 'firewall' /DC0 plain
base=vpx://root@nothing.invalid refused 'no address is known' 'check the name' /DC0 plain
base=vpx://127.0.0.1:$vcsim_port refused 'the URI names no user' 'administrator%40' /DC0 plain
base=vpx://root:secret@127.0.0.1 refused 'a password does not belong' '-ip' /DC0 plain

say "Not to be read"
refused 'runs: the guest is not shut down' 'Shut Down Guest OS' /DC0/DC0_H0 runs
refused 'the guest has snapshots' 'delete all snapshots.*-it vddk' /DC0/DC0_H0 snap
refused 'rdm: its disk scsi0:0 is a raw device mapping' 'vmkfstools' /DC0/DC0_H0 rdm
refused 'cannot be read by "ssh"' '-i vmx -it ssh' /DC0/DC0_H0 plain -it ssh
refused 'vddk-libdir needs -it vddk' 'leave it out' /DC0/DC0_H0 plain -io vddk-libdir=/x

say "With VDDK"
mkdir "$work/bin"
nbdkit=$(command -v nbdkit)
# stand_in SCRIPT: what nbdkit is from now on.
stand_in() {
  printf '#!/bin/bash\n%s\n' "$1" >"$work/bin/nbdkit"
  chmod +x "$work/bin/nbdkit"
}
PATH=$work/bin:$PATH
stand_in 'exit 1'
refused "nbdkit's vddk plugin is not installed" 'leave -it vddk out' /DC0/DC0_H0 plain -it vddk
stand_in '[ "$1" != --dump-plugin ] || { echo name=vddk; exit; }
echo "nbdkit: error: libvixDiskLib.so.8: cannot open shared object file" >&2; exit 1'
refused 'VDDK, is not found' 'vddk-libdir=' /DC0/DC0_H0 plain -it vddk
stand_in '[ "$1" != --dump-plugin ] || { echo name=vddk; exit; }
printf "%s\n" "$@" >'"$work"'/argv
for word; do case $word in
  server=*|vm=*|file=*|user=*|thumbprint=*|libdir=*|port=*) ;;
  password=+*) cat "${word#password=+}" >'"$work"'/password ;;
  vddk) words+=(file '"$work"'/a.raw) ;;
  *) words+=("$word") ;;
esac; done
exec '"$nbdkit"' "${words[@]}"'
shown 'source name: snap' /DC0/DC0_H0 snap -it vddk -io vddk-libdir=/opt/vddk
cmp "$work/password" "$server/password" || fail "nbdkit got another password"
if grep -qF "$(cat "$server/password")" "$work/argv"; then fail "the password is in argv"; fi
thumbprint=$(openssl x509 -in "$server/cert.pem" -noout -fingerprint -sha1 | sed 's/.*=//' | tr A-F a-f)
for word in vddk server=127.0.0.1 "port=$vcsim_port" 'file=[LocalDS_0] snap/snap-000001.vmdk' \
  user=administrator@vsphere.local libdir=/opt/vddk "thumbprint=$thumbprint"; do
  grep -qxF "$word" "$work/argv" || { cat "$work/argv"; fail "nbdkit was not called with $word"; }
done
grep -qE '^vm=moref=vm-[0-9]+$' "$work/argv" || fail "nbdkit was not told the guest"
