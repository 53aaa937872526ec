#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The programs beside v2v on one guest: opened for a command, checked without a conversion, refused in
# place so late that everything but the commit was done, converted in place with changes besides, and booted.
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

say "A mistake of virt-customize's options is found before anything is done"
refused() {
  if timeout 60 "$build_tree/virt-v2v-in-place" "${options[@]}" "$@" >"$work/log" 2>&1; then fail "not refused: $*"; fi
  if grep -q 'Opening the source' "$work/log"; then cat "$work/log"; fail "it began: $*"; fi
}
refused --upload "$work/nothing:/srv"
refused --root-password "file:$work/nothing"

say "virt-v2v-in-place, with virt-customize's options in their order"
# What the boot is to tell is added to the guest's own report.
mkdir -p "$work/tree/below"
echo 'from a tree' >"$work/tree/below/file"
tar -C "$work/tree" -cf "$work/tree.tar" below
printf 'sword fish\n' >"$work/password"
cat >"$work/script" <<'END'
#!/usr/bin/perl
open my $file, '>', '/srv/run' or die; print $file "run by $^X as $>, $ENV{PATH}"; print "the script spoke\n";
END
cat >"$work/facts" <<'END'
echo "host=$(hostname) $(grep -c web01 /etc/hosts)"
echo "zone=$(readlink /etc/localtime) $(date +%Z)"
echo "written=$(stat -c '%a %u:%g' /srv/moved/a) $(tr '\n' ' ' </srv/moved/a)"
echo "link=$(readlink /srv/link) in=$(cat /srv/in/tree/below/file) tar=$(cat /srv/tar/below/file)"
echo "gone=$(ls /srv/moved | tr '\n' ' ')"
echo "emptied=$(stat -c %s /srv/tar/below/file.copy)"
echo "run=$(cut -d, -f1 /srv/run) $(stat -c %a /var/log/v2v-customise.log) $(grep -c 'the script spoke' /var/log/v2v-customise.log)"
hash=$(sed -n 's/^root:\([^:]*\):.*/\1/p' /etc/shadow)
echo "password=$(hash=$hash perl -e 'print crypt("sword fish", $ENV{hash}) eq $ENV{hash} ? "fits" : "fits not"')"
echo "key=$(stat -c '%a %u' /root/.ssh /root/.ssh/authorized_keys | tr '\n' ' ')$(cat /root/.ssh/authorized_keys)"
for _ in $(seq 120); do [ -e /srv/firstboot ] && break; sleep 1; done
echo "firstboot=$(cat /srv/firstboot)"
END
cat >"$work/commands" <<'END'
# Lines of a file stand where the file does.
mkdir /srv/in/deep
mkdir /srv/tar
edit /usr/local/sbin/v2v-report:\
s{^  echo V2V-REPORT-END}{  . /srv/facts\n$&}
END
changes=(--hostname web01.example.com --timezone America/New_York
  --commands-from-file "$work/commands" --upload "$work/facts:/srv"
  --write /srv/in/deep/a:one --append-line /srv/in/deep/a:two --chmod 0640:/srv/in/deep/a --chown 7:8:/srv/in/deep/a
  --touch /srv/in/deep/b --touch /srv/in/deep/b2 --scrub /srv/in/deep/b2
  --move /srv/in/deep:/srv/moved --delete '/srv/moved/[b-z]*' --link moved/a:/srv/link
  --copy-in "$work/tree:/srv/in" --tar-in "$work/tree.tar:/srv/tar"
  --copy /srv/tar/below/file:/srv/tar/below/file.copy --truncate /srv/tar/below/file.copy
  --run "$work/script" --run-command 'echo >>/srv/run' --root-password "file:$work/password"
  --ssh-inject 'root:string:ssh-ed25519 AAAA of a test'
  --firstboot-command 'id -u >/srv/firstboot')
timeout 900 "$build_tree/virt-v2v-in-place" "${options[@]}" "${changes[@]}" -v -O "$work/report.xml" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "it failed"; }
grep -q '\] Setting the hostname: web01.example.com$' "$work/log" || fail "it does not say what it does"
if grep -q 'sword fish' "$work/log"; then fail "the password is in the log"; fi
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
assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk' vmware=none failed=none \
  'host=web01\.example\.com [12]' 'zone=/usr/share/zoneinfo/America/New_York E[SD]T' \
  'written=640 7:8 one two ' 'gone=a ' 'link=moved/a in=from a tree tar=from a tree' emptied=0 \
  'run=run by /usr/bin/perl as 0 600 1' password=fits 'key=700 0 600 0 ssh-ed25519 AAAA of a test' firstboot=0
