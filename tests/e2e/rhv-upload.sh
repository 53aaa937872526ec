#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# rhv-upload.sh HOW: converts a real guest with a second disk into an oVirt engine, which is
# tests/servers/ovirt, compares what has arrived, and boots it. HOW is raw (with the new names of
# options, and servers that fail now and then), or qcow2 (with the old ones, and half of the upload lost
# when the engine pauses the transfer), or kill: every process is killed in the middle of the upload, and
# the next start removes all that was made.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

how=$1 ovirt=$work/ovirt name=gast-äöü
mkdir "$ovirt"
"$source_tree/tests/servers/ovirt/server" "$ovirt" >"$work/ovirt.log" 2>&1 &
server=$!
end_ovirt() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  clean_up
}
trap end_ovirt EXIT
image=$(guest debian-bios)
before=$(fingerprint "$image")
for _ in {1..300}; do
  [ ! -e "$ovirt/url" ] || break
  sleep 0.1
done
[ -e "$ovirt/url" ] || { cat "$work/ovirt.log"; fail "no engine"; }
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1

# ask EXPRESSION [JSON]: of the engine's state, after changing it.
ask() { "$source_tree/tests/servers/ovirt/ask" "$ovirt" "$@"; }
left() { ask '[*s["disks"], *s["machines"]]'; }

# A disk whose bytes no conversion touches, with holes, and no whole number of anything.
truncate -s $((96 * 1024 * 1024 + 512)) "$work/data.raw"
dd if=/dev/urandom of="$work/data.raw" bs=4096 seek=999 count=777 conv=notrunc status=none
printf 'the end' | dd of="$work/data.raw" bs=512 seek=196608 conv=notrunc status=none
qemu-img convert -f raw -O qcow2 "$work/data.raw" "$work/data.qcow2"
words=ovirt format=raw
[ "$how" != qcow2 ] || words=rhv format=qcow2
cp "$ovirt/password" "$work/password"
url=$(cat "$ovirt/url") password=$work/password storage=data1
# convert LIMIT
convert() {
  timeout "$1" "$v2v" -i disk -if qcow2 "$image" "$work/data.qcow2" -io "nic=$test_mac" \
    -o "$words-upload" -oc "$url" -op "$password" -os "$storage" -of "$format" -on "$name" -v \
    -oo "$words-cafile=$ovirt/ca.pem"
}
secrets='p4ss|token-[0-9a-f]{8}|/images/[0-9a-f]'

# assert_no_secret FILE: no secret reached what v2v says.
assert_no_secret() { ! grep -qE "$secrets" "$1" || fail "a secret in $1: $(grep -E "$secrets" "$1")"; }

# refused REGEX VARIABLE=VALUE: v2v with this changed ends before any work, and says so.
refused() {
  local "$2"
  if convert 60 >"$work/log" 2>&1; then fail "not refused: $2"; fi
  grep -qE "$1" "$work/log" || { cat "$work/log"; fail "the error does not help: $2"; }
  ! grep -q 'Opening the source' "$work/log" || fail "work was spent before: $2"
  assert_no_secret "$work/log"
}

if [ "$how" = kill ]; then
  say "Kill every process in the upload"
  convert 1200 >"$work/log" 2>&1 &
  run=$!
  until [ "$(ask 's["puts"]')" -gt 2 ]; do
    kill -0 "$run" 2>/dev/null || { cat "$work/log"; fail "v2v ended before it was killed"; }
    sleep 0.1
  done
  mapfile -t all < <(pgrep -f "$VIRT_V2V_TMPDIR|$v2v")
  for pid in "${all[@]}"; do
    ! grep -qE "$secrets" "/proc/$pid/cmdline" || fail "a secret on a command line"
  done
  # From the first one, so that none has the time to clean up.
  kill -KILL "${all[@]}" 2>/dev/null || true
  wait "$run" || true
  [ "$(left | wc -l)" = 2 ] || fail "the kill came too late to show anything: $(left)"
  say "The next start, elsewhere, has no password and keeps the record"
  mv "$work/password" "$work/away"
  timeout 100 "$v2v" -i disk "$work/none" -o null >"$work/next" 2>&1 || true
  grep -q "$work/password" "$work/next" || { cat "$work/next"; fail "nothing says what is missing"; }
  [ "$(left | wc -l)" = 2 ] || fail "the disks are gone without a login"
  say "The next start removes it"
  mv "$work/away" "$work/password"
  timeout 150 "$v2v" -i disk "$work/none" -o null >>"$work/next" 2>&1 || true
  cat "$work/next"
  assert_equal "$(left)" "" "left in the engine"
  assert_nothing_left
  assert_no_secret "$work/next"
  exit 0
fi

if [ "$how" = raw ]; then
  say "What cannot work is found before any work"
  refused 'refuses the login.*incorrect' "password=$ovirt/wrong"
  refused 'no storage domain of this name' storage=nowhere
  refused 'oVirt does not take this name' 'name=two words'
  "$v2v" -o "$words-upload" -oo '?' >"$work/options"
  grep -q -- '-oo rhv-cafile' "$work/options" || fail "-oo ? has no rhv-cafile"
  grep -q -- '-oo ovirt-verifypeer' "$work/options" || fail "-oo ? has no ovirt-verifypeer"
  ask 1 '{"faults": [
    {"method": "PUT", "path": "/images/", "percent": 10}, {"method": "PUT", "path": "/images/", "percent": 50},
    {"method": "PUT", "path": "/images/", "percent": 99, "status": 503},
    {"method": "PATCH", "path": "/images/", "status": 500},
    {"method": "POST", "path": "/finalize", "after": true},
    {"method": "POST", "path": "/vms", "after": true}]}' >/dev/null
fi

say "Convert ($how)"
convert 1800 >"$work/log" 2>&1 &
run=$!
if [ "$how" = qcow2 ]; then
  until [ "$(ask 's["puts"]')" -gt 4 ]; do
    kill -0 "$run" 2>/dev/null || { cat "$work/log"; fail "v2v ended"; }
    sleep 0.1
  done
  ask 1 '{"transfers": "paused_system", "expire": "tokens"}' >/dev/null
fi
wait "$run" || { cat "$work/log"; fail "v2v failed"; }
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
assert_nothing_left
assert_no_secret "$work/log"
[ "$how" != qcow2 ] || grep -q 'sent again' "$work/log" || fail "nothing was lost"

say "What is in the engine"
assert_equal "$(ask 's["violations"]')" "" "what ImageIO does not like"
assert_equal "$(ask '[one["phase"] for one in s["transfers"].values()]' | uniq)" finished_success transfers
assert_equal "$(ask '[one["name"] + " " + one["status"] for one in s["machines"].values()]')" "$name down" machines
mapfile -t disks < <(ask '[disk for one in s["machines"].values() for disk in one["disks"]]')
assert_equal "${#disks[@]}" 2 "the number of disks"
assert_equal "$(ask 's["disks"]["'"${disks[0]}"'"]["format"]')" "${format/qcow2/cow}" "the format"
ask 'list(s["machines"].values())[0]["ovf"]' >"$work/ovf"
grep -q '<Description>debian_7</Description>' "$work/ovf" || { cat "$work/ovf"; fail "not Debian"; }
# The rounding up is zeroes.
truncate -s %4096 "$work/data.raw"
cmp "$work/data.raw" "$ovirt/disks/${disks[1]}" || fail "the second disk differs"

say "Boot it"
report=$(boot --disk "$ovirt/disks/${disks[0]}:raw" --bus virtio --firmware bios --mac "$test_mac")
mapfile -t expected < <(on_virtio debian-bios)
assert_report "$report" "${expected[@]}"
