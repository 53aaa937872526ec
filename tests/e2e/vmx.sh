#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# vmx.sh HOW: converts a real guest from its VMX and boots the result. HOW is flat (one flat extent, as
# on ESXi), ssh (the same through an sshd of the test's own) or snapshot (a split disk and a delta above
# it, in which alone the guest has its address).
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/sshd.sh
source "$source_tree/tests/e2e/sshd.sh"

how=$1
name='Gast äöü' target=$work/target source=$work/guest
layout=$how address=10.0.2.77
[ "$how" != ssh ] || layout=flat
[ "$how" != snapshot ] || address=10.0.2.78
mkdir "$target"
"$source_tree/tests/guests/vmx" "$source" "$name" "$test_mac" "$layout" "$(guest debian-bios):qcow2"
arguments=("$source/$name.vmx")

# serve_over_ssh: starts an sshd and sets the arguments that reach the guest through it.
serve_over_ssh() {
  local path
  start_sshd ""
  path=$(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "${arguments[0]}")
  arguments=(-it ssh "ssh://127.0.0.1:$sshd_port$path" -io "identity=$work/id" -io "known-hosts=$work/known")
}
[ "$how" != ssh ] || serve_over_ssh

say "Convert ($how)"
convert_to_local "$name" "$source" "$target" -i vmx "${arguments[@]}"

say "Boot it"
report=$(boot --disk "$target/$name-sda:raw" --bus virtio --firmware bios --mac "$test_mac")
assert_report "$report" root=/dev/vda1 swap=/dev/vda2 'disk=vda virtio_blk' 'nic=ens192 virtio_net' \
  "addr=ens192 $test_mac ${address//./\\.}/24" 'vmware=none' 'failed=none'
