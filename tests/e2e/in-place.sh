#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The programs beside v2v on one guest: opened for a command, checked without a conversion, refused in
# place so late that everything but the commit was done, converted in place, and booted.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

export V2V_STATE_DIR=$work/state
mkdir "$work/empty"
disk=$work/guest.qcow2
cp "$(guest debian-bios)" "$disk"
chmod u+w "$disk"
before=$(fingerprint "$disk")
options=(-i disk "$disk" -if qcow2)
assert_reported() { grep -qF -e "$1" "$work/report.xml" || fail "the report has no $1"; }

say "virt-v2v-open"
status=0
timeout 120 "$build_tree/virt-v2v-open" "${options[@]}" \
  --run "set -- @@; qemu-img compare -q -f raw -F qcow2 \"\$2\" '$disk' && exit 5" || status=$?
assert_equal "$status" 5 "exit status"
assert_nothing_left "$work/empty"

say "v2v check"
timeout 600 "$v2v" check --in-place "${options[@]}" --json >"$work/check.json" 2>"$work/log" ||
  { cat "$work/check.json" "$work/log"; fail "it would not start"; }
python3 - "$work/check.json" <<'END' || { cat "$work/check.json"; fail "it has found something else"; }
import json, sys
report = json.load(open(sys.argv[1]))
notes = {(one['part'], one['what']) for one in report['findings'] if one['severity'] == 'note'}
assert report['starts'] and ('converter', 'it would be converted by the converter debian') in notes
assert ('guest', 'boots with BIOS') in notes and ('source', 'disk 1 can be read: qcow2, 2.0 GiB') in notes
assert ('guest', 'Debian GNU/Linux 12 (bookworm) (debian12)') in notes
END
assert_equal "$(fingerprint "$disk")" "$before" "the disk changed"
assert_nothing_left "$work/empty"

say "A conversion in place that fails at its end: there is no room for the report"
if timeout 900 "$build_tree/virt-v2v-in-place" "${options[@]}" -O /dev/full >"$work/log" 2>&1; then
  fail "it did not fail"
fi
grep -q '^virt-v2v-in-place: error: /dev/full: ' "$work/log" || { cat "$work/log"; fail "another error"; }
grep -q 'Closing the overlay' "$work/log" || { cat "$work/log"; fail "it failed early"; }
assert_equal "$(fingerprint "$disk")" "$before" "the disk changed"
assert_nothing_left "$work/empty"

say "virt-v2v-in-place"
timeout 900 "$build_tree/virt-v2v-in-place" "${options[@]}" -O "$work/report.xml" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "it failed"; }
cat "$work/log" "$work/report.xml"
assert_nothing_left "$work/empty" "$V2V_STATE_DIR/commits"
for part in '<program>virt-v2v-inspector</program>' "<disk index='0'>" '<boot-order>1</boot-order>' \
  "<firmware type='bios'/>" '<osinfo>debian12</osinfo>' "<mountpoint dev='/dev/sda1'>/</mountpoint>" \
  "<filesystem dev='/dev/sda1'>" '<type>ext4</type>' "block-bus='virtio-blk'"; do
  assert_reported "$part"
done
allocated=$(sed -n "s/.*<allocated estimated='true'>\([0-9]*\)<.*/\1/p" "$work/report.xml")
[ "$allocated" -gt 300000000 ] || fail "no believable estimate"
qemu-img check -q -f qcow2 "$disk"

say "A commit that was cut short: v2v refuses the disk, and names the command that finishes it"
half="$work/a half.raw" run=$VIRT_V2V_TMPDIR/v2v-run-abcdef
mkdir "$run"
qemu-img create -q -f raw "$half" 8M
qemu-img create -q -f qcow2 -F raw -b "$half" "$run/overlay0"
qemu-io -f qcow2 -c 'write -P 7 1M 1M' "$run/overlay0" >"$work/io"
qemu-img convert -f qcow2 -O raw "$run/overlay0" "$work/expected"
born=$(stat -c %w "$half" | sed -n 's/.*\.0*\([0-9][0-9]*\) .*/\1/p')
cat >"$V2V_STATE_DIR/commits/v2v-run-abcdef.json" <<END
{"run-directory": "$run", "guest": "half",
 "disks": [{"path": "$half", "format": "raw", "offset": 0, "length": 0, "references": false,
            "block-device": false, "inode": $(stat -c %i "$half"),
            "born": [$(stat -c %W "$half"), ${born:-0}], "overlay": "overlay0"}]}
END
if timeout 60 "$v2v" -i disk "$half" -if raw -o null >"$work/log" 2>&1; then fail "it took the disk"; fi
command=$(sed -n 's/.*hint: finish it: v2v //p' "$work/log")
[ -n "$command" ] || { cat "$work/log"; fail "it named no command"; }
eval "timeout 60 '$v2v' $command" || fail "it was not finished"
cmp "$half" "$work/expected"
assert_nothing_left "$work/empty" "$V2V_STATE_DIR/commits"

say "Boot it"
report=$(boot --disk "$disk:qcow2" --bus virtio --firmware bios --mac "$test_mac")
echo "$report"
# The guest's address is bound to its card by name here: a bare disk tells no MAC.
assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk' vmware=none failed=none
