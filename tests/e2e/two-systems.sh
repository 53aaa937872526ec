#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A machine with two systems, each on a disk of its own that can be started: the first disk decides, --root
# overrides it, and with neither the choice is refused by naming both.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

debian=$(guest debian-bios)
windows=$work/windows.qcow2
made=$("$source_tree/tests/guests/windows" 2012r2-bios)
cp --no-preserve=mode "$made" "$windows"
# The boot code that Windows puts into the first sector; qemu-io keeps the partitions behind it.
qemu-io -f qcow2 -c 'write -P 0x90 0 440' "$windows" >/dev/null

# convert DISK DISK OPTION…: leaves what v2v says in $work/log.
convert() {
  local first=$1 second=$2
  shift 2
  timeout 900 "$v2v" -i disk "$first" "$second" -if qcow2 -o null "$@" >"$work/log" 2>&1
}

# expect_system NAME: which one was converted.
expect_system() {
  grep -q "Converting $1" "$work/log" || { cat "$work/log"; fail "another system than $1 was converted"; }
  assert_nothing_left
}

before=$(fingerprint "$debian" "$windows")
say "Windows on the first disk"
convert "$windows" "$debian" || { cat "$work/log"; fail "v2v failed"; }
expect_system 'Windows Server 2012 R2'
say "The same, with --root"
convert "$windows" "$debian" --root /dev/sdb1 || { cat "$work/log"; fail "v2v failed"; }
expect_system Debian
say "Debian on the first disk"
convert "$debian" "$windows" || { cat "$work/log"; fail "v2v failed"; }
expect_system Debian
say "A question that nobody can see is not asked, and what stands in a pipe is no answer"
left=$(printf '1\n1\n' | {
  convert "$debian" "$windows" --root ask && echo 'it took one of two'
  cat
})
assert_equal "$left" $'1\n1' "what is left in the pipe"
for root in /dev/sda1 /dev/sdb1; do
  grep -q "$root" "$work/log" || { cat "$work/log"; fail "$root is not named"; }
done
assert_nothing_left
assert_equal "$(fingerprint "$debian" "$windows")" "$before" "the source changed"
