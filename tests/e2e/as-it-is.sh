#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# as-it-is.sh GUEST DISK-REGEX: a guest that is moved with --convert none has every byte of its disk and boots on
# the emulated devices that it got. Its firmware is found out from its disk.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

name=$1 disk=$2
image=$(guest "$name")
mkdir "$work/target" "$work/empty"
before=$(fingerprint "$image")

say "Move $name"
timeout 600 "$v2v" -i disk "$image" -if qcow2 -on "$name" -io "nic=$test_mac" --convert none \
  -o qemu -of qcow2 -os "$work/target" >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
cat "$work/log"
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
assert_nothing_left "$work/empty"
qemu-img compare -q -f qcow2 -F qcow2 "$image" "$work/target/$name-sda" || fail "the disk differs"

say "Boot it"
report=$(boot --script "$work/target/$name.sh")
echo "$report"
assert_report "$report" "$disk" 'nic=.* e1000'
