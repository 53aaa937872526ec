#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A Debian 12 of its own gets the packages that an OVA of a Debian guest needs, and by apt what these
# depend on, no more. There the guest of ./demo is converted under virt-v2v's name; the result boots.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || { echo "root is needed for a chroot"; exit 77; }

debs=$work/debs root=$work/root
make_packages "$debs"
"$source_tree/tests/guests/ova" "$work/guest.ova" demo bios "$test_mac" "$(guest debian-bios):qcow2"

say "A Debian with the packages"
# The kernel is the appliance's. mmdebstrap's hooks get the directory as $1. Its mounts are to go with it,
# whatever becomes of it: what is cleaned up here is to hold no /dev.
# shellcheck disable=SC2016
timeout 3000 unshare --mount mmdebstrap --quiet --variant=minbase --include=linux-image-amd64 \
  --aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --customize-hook="copy-in $debs /" \
  --customize-hook='cd "$1" && chroot "$1" apt-get install -y -q --no-install-recommends \
    $(ls debs/v2v_*.deb debs/v2v-input-ova_*.deb debs/v2v-convert-debian_*.deb debs/v2v-output-local_*.deb \
    debs/v2v-as-virt-v2v_*.deb | sed "s,^,/,")' \
  bookworm "$root" >"$work/debian.log" 2>&1 || { tail -50 "$work/debian.log"; fail "no Debian"; }
cp "$work/guest.ova" "$root/guest.ova"
mkdir "$root/target"

say "Convert in it"
# A process namespace, so that nothing it starts outlives it; /proc and /dev as any machine has them.
# shellcheck disable=SC2016
timeout 900 unshare --mount --pid --fork --kill-child sh -c '
  mount --bind /dev "$1/dev" && mount -t proc proc "$1/proc" && mount -t sysfs sysfs "$1/sys" &&
  exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    virt-v2v -i ova /guest.ova -o local -os /target -v' sh "$root" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "the conversion failed"; }
cmp "$work/guest.ova" "$root/guest.ova" || fail "the source changed"
assert_equal "$(find "$root/var/tmp" -name 'v2v-run-*')" "" "left behind"
virt-xml-validate "$root/target/demo.xml" domain

say "Boot the result"
report=$(boot --disk "$root/target/demo-sda:raw" --bus virtio --firmware bios --mac "$test_mac")
mapfile -t expected < <(on_virtio debian-bios)
assert_report "$report" "${expected[@]}"
