#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# v2v check, and a guest that is moved as it is, as far as no appliance is needed for them.
set -u
work=$(mktemp -d "${TMPDIR:-/var/tmp}/v2v-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -m 755 "$work/run" "$work/target" "$work/plugins"
export VIRT_V2V_TMPDIR=$work/run
unset V2V_PLUGIN_PATH
# Only these plugins are beside the program.
cp "$V2V_BUILD/v2v" "$work/v2v"
cp "$V2V_BUILD"/plugins/v2v-{input-disk,output-local,output-null}.so "$work/plugins"
cd "$work" || exit 1
failures=0

# run ARGUMENT…: fills $status, and the files out and err
run() {
  timeout 60 ./v2v "$@" >out 2>err </dev/null
  status=$?
}
fail() {
  echo "FAILED: $*"
  sed 's/^/  out: /' out
  sed 's/^/  err: /' err
  failures=$((failures + 1))
}
expect_status() { [ "$status" = "$1" ] || fail "$2: status $status, not $1"; }
expect_out() { grep -qF -e "$1" out || fail "standard output lacks: $1"; }
expect_not_out() { ! grep -qF -e "$1" out || fail "standard output has: $1"; }
# Nothing but the source is there.
expect_nothing_made() {
  local left
  left=$(find run target -mindepth 1)
  [ -z "$left" ] || fail "$1: left behind: $left"
}

truncate -s 8M guest.raw
printf 'some data' | dd of=guest.raw bs=1M seek=3 conv=notrunc status=none
cp guest.raw before.raw

run check -i disk guest.raw -if raw -io nic=52:54:00:00:00:01 --convert none -o local -os target
expect_status 0 'all is well'
expect_out 'note: source: '
expect_out 'disk 1 can be read: raw, 8.0 MiB'
expect_out 'boots with BIOS'
expect_out 'warning: guest: The guest is moved as it is (--convert none): its disks go on IDE'
expect_out 'The conversion would start: 0 errors, 1 warning.'
expect_nothing_made 'a check'

# What is wrong in one place hides nothing in another.
qemu-img create -q -f qcow2 good.qcow2 8M
qemu-img create -q -f qcow2 -F qcow2 -b good.qcow2 chain.qcow2
mv good.qcow2 elsewhere.qcow2
mv target/../target other
run check -i disk chain.qcow2 -if qcow2 --allow-references --key all:file:nowhere -o local -os target
expect_status 1 'several errors'
expect_out 'error: host: nowhere: cannot read the key file'
expect_out 'error: source: '
expect_out 'error: target: '
expect_out 'would not start: '
mv other target
mv elsewhere.qcow2 good.qcow2
touch target/guest.raw-sda target/guest-sda

# The same as JSON, into a file.
run check -i disk guest.raw -if raw --convert none -o local -os target --json -O report.json
expect_status 1 'a disk of this name'
python3 - report.json <<'END' || fail 'the JSON'
import json, sys
report = json.load(open(sys.argv[1]))
assert report['starts'] is False and report['guest'] == 'guest', report
(error,) = [one for one in report['findings'] if one['severity'] == 'error']
assert error['part'] == 'target' and error['code'] == 'exists', error
assert error['where'].endswith('target/guest-sda') and error['remedy'], error
END
rm target/*

# An input that cannot be opened, and an output that is not installed.
run check -i disk missing.raw -if raw -o rhv -os x
expect_status 1 'no source, no output'
expect_out 'error: source: '
expect_out 'error: target: unknown -o option: rhv'
expect_not_out 'note: source'
expect_nothing_made 'checks with errors'

run -i disk guest.raw -if raw -io nic=52:54:00:00:00:01 --convert none -o local -os target
expect_status 0 '--convert none'
expect_out 'warning: The guest is moved as it is (--convert none)'
cmp guest.raw target/guest-sda || fail 'the disk is another one'
for part in "bus='ide'" "model type='e1000'" "machine='pc'"; do
  grep -qF "$part" target/guest.xml || fail "the XML lacks $part: $(cat target/guest.xml)"
done
cmp guest.raw before.raw || fail 'the source changed'
[ -z "$(ls run)" ] || fail 'the run directory is not empty'
rm target/*

# The firmware is the source's.
run -i disk guest.raw -if raw -io firmware=uefi --convert none -o local -os target
expect_status 0 'UEFI'
for part in "bus='sata'" "machine='q35'" "firmware='efi'"; do
  grep -qF "$part" target/guest.xml || fail "the XML lacks $part: $(cat target/guest.xml)"
done

exit $((failures > 0))
