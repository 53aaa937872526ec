# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by every end-to-end test: a temporary directory, the guests, and assertions that name what
# failed. V2V_BUILD is the build tree, V2V_SOURCE the project; both have defaults for running by hand.
# shellcheck shell=bash disable=SC2034  # its names are for the tests
set -euo pipefail

source_tree=${V2V_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
build_tree=${V2V_BUILD:-$source_tree/build/release}
v2v=$build_tree/v2v

# What v2v must find out by itself may not come from the environment.
unset LIBGUESTFS_BACKEND LIBGUESTFS_BACKEND_SETTINGS LIBGUESTFS_HV VIRT_V2V_TMPDIR V2V_PLUGIN_PATH

test_mac=52:54:00:76:32:76

work=$(mktemp -d "${TMPDIR:-/var/tmp}/v2v-e2e.XXXXXX")
clean_up() { rm -rf "$work"; }
trap clean_up EXIT

# Run directories of this test's own, so that what is left in them is of its own making.
export LIBGUESTFS_CACHEDIR=/var/tmp
export VIRT_V2V_TMPDIR=$work/run
mkdir "$VIRT_V2V_TMPDIR"

say() { printf '== %s\n' "$*"; }
fail() { printf 'FAIL: %s\n' "$*" >&2; exit 1; }

guest() { timeout 1500 "$source_tree/tests/guests/build" "$1"; }

# second_disk IMAGE: the path of the guest's second disk; empty if it has one disk.
second_disk() {
  local path=${1%.qcow2}-2.qcow2
  [ ! -e "$path" ] || echo "$path"
}

# on_virtio GUEST: the lines of the report of this guest on virtio-blk and virtio-net.
on_virtio() {
  local root swap
  case $1 in
    debian-bios) root=/dev/vda1 swap=/dev/vda2 ;;
    centos-raid | centos-lvm) root=/dev/mapper/cs-root swap=/dev/mapper/cs-swap ;;
    suse-btrfs) root='/dev/vda1\[/@/\.snapshots/1/snapshot\]' swap=/dev/vda2 ;;
    ubuntu-btrfs) root='/dev/vda1\[/@\]' swap=/dev/vda2 ;;
    debian-luks) root='/dev/mapper/.*' swap='/dev/mapper/.*' ;;
    *) root=/dev/vda2 swap=/dev/vda3 ;;
  esac
  printf '%s\n' "root=$root" "swap=$swap" 'disk=vda virtio_blk' 'nic=ens192 virtio_net' \
    "addr=ens192 $test_mac 10\.0\.2\.77/24" vmware=none vmtoolsd=none failed=none
  # Of its two kernels the newer one, which is not the one that GRUB had saved.
  [ "$1" != centos-raid ] || echo 'cmdline=BOOT_IMAGE=.*/vmlinuz-6\.1\..*'
}

# boot ARGUMENT…: prints the guest's report; fails with the reason if it does not boot.
boot() { timeout 900 "$source_tree/tests/guests/boot" "$@"; }

# fingerprint FILE…: content, size and modification time.
fingerprint() { sha256sum "$@"; stat -c '%n %s %Y %y' "$@"; }

assert_equal() { [ "$1" = "$2" ] || fail "$3: expected '$2', got '$1'"; }
assert_absent() { [ ! -e "$1" ] || fail "left behind: $1"; }

# assert_report REPORT LINE-REGEX…: each pattern matches a line of the report.
assert_report() {
  local report=$1 pattern
  shift
  for pattern in "$@"; do
    grep -qE "^$pattern$" <<<"$report" || fail "the report has no line '$pattern':"$'\n'"$report"
  done
}

# convert_to_local NAME SOURCE TARGET ARGUMENT…: converts the guest NAME, whose files are SOURCE or lie
# below it, to raw disks in TARGET. What v2v says is in $work/log. The source is unchanged, nothing is
# left behind, and the XML is valid.
convert_to_local() {
  local name=$1 source=$2 target=$3 files before
  shift 3
  mkdir "$work/empty"
  mapfile -t files < <(find "$source" -type f | sort)
  before=$(fingerprint "${files[@]}")
  timeout 900 "$v2v" "$@" -o local -of raw -os "$target" -v >"$work/log" 2>&1 ||
    { cat "$work/log"; fail "v2v failed"; }
  cat "$work/log"
  assert_equal "$(fingerprint "${files[@]}")" "$before" "the source changed"
  assert_nothing_left "$work/empty"
  virt-xml-validate "$target/$name.xml" domain
}

# assert_nothing_runs: no appliance and no helper of a conversion is left.
assert_nothing_runs() {
  local left
  left=$(pgrep -af "$VIRT_V2V_TMPDIR" || true)
  [ -z "$left" ] || fail "still running: $left"
}

# assert_nothing_left DIR…: the run directory and these target directories are empty.
assert_nothing_left() {
  local directory left
  assert_nothing_runs
  for directory in "$VIRT_V2V_TMPDIR" "$@"; do
    left=$(find "$directory" -mindepth 1)
    [ -z "$left" ] || fail "left behind: $left"
  done
}
