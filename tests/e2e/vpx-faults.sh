#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# vpx-faults.sh [FAULT…]: a vCenter that misbehaves for good while the appliance reads, and while the disk is
# copied: each ends in one clear error in bounded time, with nothing left behind. What passes is vpx.sh's.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/servers/vcsim/lib.sh
source "$source_tree/tests/servers/vcsim/lib.sh"
# shellcheck source=tests/servers/proxy/lib.sh
source "$source_tree/tests/servers/proxy/lib.sh"
trap 'stop_proxy; stop_vcsim; clean_up' EXIT

[ $# -gt 0 ] || set -- 503 cut dead hang locked
# As long as all tries take (see Patience in disk_server.hpp), and as much again.
limit=900
server=$work/server
mkdir "$work/none"
qemu-img convert -f qcow2 -O raw "$(guest debian-bios)" "$work/disk.raw"
printf '[{"name": "web01", "mac": "%s", "disks": ["%s"]}]\n' "$test_mac" "$work/disk.raw" >"$work/guests.json"
start_vcsim "$server" "$work/guests.json"
proxy_to "$server"

# fails FAULT BYTES: v2v, whose server misbehaves from this byte on.
fails() {
  local status=0
  start_proxy "$work/proxy" "${proxy_arguments[@]}"
  faults "$work/proxy" "$1 after=$2"
  timeout "$limit" "$v2v" -ip "$server/password" web01 -o local -os "$work/none" \
    -ic "vpx://administrator%40vsphere.local@127.0.0.1:$proxy_port/DC0/DC0_C0/DC0_C0_H0?no_verify=1" \
    >"$work/log" 2>&1 || status=$?
  stop_proxy
  cat "$work/log"
  assert_equal "$status" 1 "the exit status"
  assert_equal "$(grep -c '^v2v: error:' "$work/log")" 1 "the number of errors"
  grep -qE '^v2v: error: scsi0:0 \[LocalDS_0\] web01/web01\.vmdk: .*(cannot|in vain)' "$work/log" ||
    fail "the error does not name the disk"
  grep -q '^  hint: .' "$work/log" || fail "the error has no hint"
  grep -q '^v2v: warning: .*trying again' "$work/log" || fail "nobody was told that it was tried again"
  assert_nothing_left "$work/none"
}

for fault; do
  say "$fault, while the appliance reads"
  fails "$fault" 30000000
done
say "dead, while the disk is copied"
fails dead 400000000
