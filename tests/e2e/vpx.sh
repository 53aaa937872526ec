#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# vpx.sh vcenter|esx: converts a real guest over HTTPS from govmomi's simulator and boots the result.
# vcenter: from a host in a cluster, by a proxy that breaks connections, falls silent, answers 503 and ends
# sessions, in the conversion and in the copy, and counts the bytes; then a wrong password, a missing disk
# and a server that dies while the disk is copied end in one clear error each, with nothing left behind. esx: from one ESXi host that
# ends its sessions in the middle, with a second disk, and the password in libvirt's file of credentials.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/servers/vcsim/lib.sh
source "$source_tree/tests/servers/vcsim/lib.sh"
# shellcheck source=tests/servers/proxy/lib.sh
source "$source_tree/tests/servers/proxy/lib.sh"
trap 'stop_proxy; stop_vcsim; clean_up' EXIT

how=$1
name='Gast äöü + 100% (1) #&' target=$work/target server=$work/server source=$work/source
mkdir "$target" "$source" "$work/none"
qemu-img convert -f qcow2 -O raw "$(guest debian-bios)" "$source/disk.raw"
head -c 3M /dev/urandom >"$source/small.raw"
truncate -s 64M "$source/small.raw"
python3 - "$name" "$test_mac" "$source" "$how" >"$work/guests.json" <<'END'
import json, sys
name, mac, source, how = sys.argv[1:]
second = [source + "/small.raw"] if how == "esx" else []
print(json.dumps([
    {"name": name, "mac": mac, "disks": [source + "/disk.raw"] + second},
    {"name": "gone", "mac": mac, "disks": [source + "/small.raw"], "missing": True}]))
END

serve() { start_vcsim "$server" "$work/guests.json" "$@"; }
# uri [QUERY [PORT]]: of the simulator's cluster.
uri() { echo "vpx://administrator%40vsphere.local@127.0.0.1:${2:-$vcsim_port}/DC0/DC0_C0/DC0_C0_H0$1"; }

# allocated DISK: the bytes that ext4 counts as used in the first partition, and all of the second, swap.
allocated() {
  local sectors
  sectors=$(od -An -tu4 -j474 -N4 "$1")  # of the second partition, in the MBR
  dumpe2fs -h "$1?offset=1048576" 2>/dev/null | awk -F': *' -v swap="$((sectors * 512))" '
    { value[$1] = $2 }
    END { print (value["Block count"] - value["Free blocks"]) * value["Block size"] + swap }'
}

# assert_secret FILE…: the password is in none of them.
assert_secret() {
  if grep -qF "$(cat "$server/password")" "$@"; then fail "the password is in $*"; fi
}

# refused PATTERN ARGUMENT…: v2v fails, its only error matches the pattern and has a hint.
refused() {
  local pattern=$1 status=0
  shift
  timeout 900 "$v2v" "$@" -o local -os "$work/none" >"$work/refused" 2>&1 || status=$?
  cat "$work/refused"
  assert_equal "$status" 1 "the exit status"
  assert_equal "$(grep -c '^v2v: error:' "$work/refused")" 1 "the number of errors"
  grep -qE "^v2v: error: $pattern" "$work/refused" || fail "the error is not '$pattern'"
  grep -q '^  hint: .' "$work/refused" || fail "the error has no hint"
  assert_secret "$work/refused"
  assert_nothing_left "$work/none"
}

# boot_it: the target runs on virtio, with its address.
boot_it() {
  local report
  say "Boot it"
  report=$(boot --disk "$target/$name-sda:raw" --bus virtio --firmware bios --mac "$test_mac")
  assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk' \
    'nic=ens192 virtio_net' "addr=ens192 $test_mac 10\.0\.2\.77/24" 'vmware=none' 'failed=none'
}

if [ "$how" = esx ]; then
  vcsim_user=root
  serve -esx
  printf '[credentials-sim]\nusername=root\npassword=%s\n[auth-esx-127.0.0.1]\ncredentials=sim\n' \
    "$(cat "$server/password")" >"$work/auth"
  export LIBVIRT_AUTH_FILE=$work/auth
  # Once something was read, every session is over; v2v has to open another.
  (until (($(vcsim_disk_bytes "$server") > 40 << 20)); do sleep 1; done; kill -USR1 "$vcsim_pid") &
  say "Convert"
  convert_to_local "$name" "$source" "$target" -ic "esx://127.0.0.1:$vcsim_port?no_verify=1" "$name"
  assert_secret "$work/log"
  sed '1,/^SESSIONS FORGOTTEN/d' "$server/requests" >"$work/after"
  grep -q '^GET 401 .*/folder/' "$work/after" || fail "nothing was read after the session was over"
  grep -q '^GET 206 .*/folder/' "$work/after" || fail "no other session was opened"
  cmp "$source/small.raw" "$target/$name-sdb" || fail "the second disk is another"
  boot_it
  exit
fi

say "Convert"
serve
proxy_to "$server"
start_proxy "$work/proxy" "${proxy_arguments[@]}"
faults "$work/proxy" \
  '503 after=20000000 seconds=5' 'cut after=30000000 times=2' 'expire after=40000000' \
  'hang after=50000000 seconds=5' 'cut after=200000000 times=2' '503 after=300000000 seconds=5'
convert_to_local "$name" "$source" "$target" -ic "$(uri '?no_verify=1' "$proxy_port")" \
  -ip "$server/password" "$name"
assert_secret "$work/log"
for part in 'GET 503 .*/folder/' 'GET 401 .*/folder/'; do
  grep -q "^$part" "$work/proxy/requests" || fail "the proxy has not answered '$part'"
done
grep -q 'warning: .*trying again: .*503' "$work/log" || fail "nobody was told that the server answered 503"
sent=$(vcsim_disk_bytes "$work/proxy") room=$(allocated "$target/$name-sda")
say "$((sent >> 20)) MiB over the network for $((room >> 20)) MiB, $(grep -c '^GET .*/folder/' "$work/proxy/requests") requests"
# What the conversion has read is not read again, and what is free in the file system not at all.
((room > 0 && sent * 100 <= room * 105)) || fail "$sent bytes were read, and $room are allocated"
stop_proxy

boot_it

say "Its certificate"
refused '.*certificate is not trusted' -ic "$(uri '')" -ip "$server/password" "$name"
timeout 60 "$v2v" -ic "$(uri '')" -ip "$server/password" -io "cafile=$server/cert.pem" "$name" \
  --print-source | grep -q "source name: $name" || fail "a certificate that is trusted is refused"

say "A wrong password"
echo wrong >"$work/wrong"
refused '.*login failed' -ic "$(uri '?no_verify=1')" -ip "$work/wrong" "$name"

say "A disk that is not there"
refused '.*gone-flat\.vmdk: there is no such file \(status 404\)' -ic "$(uri '?no_verify=1')" \
  -ip "$server/password" gone

say "The server dies while the disk is copied"
stop_vcsim
serve -die-after $((sent - (sent >> 3)))
refused 'scsi0:0 \[LocalDS_0\] .*\.vmdk: cannot read' -ic "$(uri '?no_verify=1')" -ip "$server/password" "$name"
