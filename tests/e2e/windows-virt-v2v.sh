#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The same disk through v2v and through Debian's virt-v2v 2.2: both change the registry and the boot store
# only where they should, and every difference between the two is listed here with its reason. A difference
# that is not listed fails, and so does one that is listed and no longer there.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/windows-lib.sh
source "$(dirname "$0")/windows-lib.sh"

command -v virt-v2v >/dev/null || { echo "SKIPPED: virt-v2v is not installed"; exit 77; }
virt_v2v() {
  # Its service wrapper, of which any program is enough here.
  mkdir "$work/virt-tools" "$work/theirs"
  cp "$build_tree/firstboot/v2v-firstboot-i386.exe" "$work/virt-tools/rhsrvany.exe"
  LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg VIRT_TOOLS_DATA_DIR=$work/virt-tools \
    VIRTIO_WIN=$work/tree timeout 1200 virt-v2v --machine-readable=file:"$work/their.lines" -i disk "$disk" -on w \
    -o local -of qcow2 -os "$work/theirs"
}

# hives DISK DIRECTORY : SYSTEM, SOFTWARE and BCD of a disk.
hives() {
  local hive
  mkdir "$2"
  c_drive "$1" uefi "$work/c"
  for hive in SYSTEM SOFTWARE; do take "$work/c" Windows/System32/config/$hive "$2/$hive"; done
  esp "$1" "$work/esp"
  mcopy -i "$work/esp" ::/EFI/Microsoft/Boot/BCD "$2/BCD"
}

# explained BEFORE AFTER HIVE PATTERN… : the hives differ in lines that match a pattern, and each pattern
# matches a line.
explained() {
  local before=$1 after=$2 hive=$3 pattern lines rest
  shift 3
  lines=$("$build_tree/tests/hive-diff" "$work/$before-hives/$hive" "$work/$after-hives/$hive")
  rest=$lines
  for pattern; do
    grep -qE "^$pattern$" <<<"$lines" || fail "$hive, from $before to $after: nothing is '$pattern' any more"
    rest=$(grep -vE "^$pattern$" <<<"$rest" || true)
  done
  [ -z "$rest" ] || fail "$hive, from $before to $after, without a reason:"$'\n'"$rest"
}

disk=$(windows 2019-uefi)
virtio_win ''
mkdir "$work/target"
say "Convert with v2v"
timeout 900 "$build_tree/virt-v2v" --machine-readable=file:"$work/our.lines" -i disk "$disk" -if qcow2 -on w -o local -of qcow2 -os "$work/target" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "v2v failed"; }
say "Convert with virt-v2v"
virt_v2v >"$work/their-log" 2>&1 || { cat "$work/their-log"; fail "virt-v2v failed"; }
hives "$disk" "$work/source-hives"
hives "$work/target/w-sda" "$work/v2v-hives"
hives "$work/theirs/w-sda" "$work/virt-v2v-hives"

say "Compare the lines for programs"
# kinds FILE : each line without what is different in every run; the steps of a progress become one.
kinds() {
  sed -E -e 's/"timestamp": "[-0-9T:.+]{35}"/"timestamp": "TIME"/' -e 's/^([0-9]{1,3})\/100$/PROGRESS/' "$1" | uniq
}
kinds "$work/their.lines" >"$work/their.kinds"
kinds "$work/our.lines" >"$work/our.kinds"
cat "$work/our.kinds"
# Everything that virt-v2v says v2v says too, in this order and form, but for
#   what says what it does in words of its own: how it changes the guest, and that nothing can be trimmed;
#   "Setting a random seed", which Windows has none of.
words='"message": "(Setting a random seed|SELinux relabelling)'
diff <(grep -vE "$words" "$work/their.kinds") "$work/our.kinds" | grep '^<' >"$work/missing" &&
  fail "virt-v2v says besides: $(cat "$work/missing")"
grep -vE '^(PROGRESS|\{ "message": ".*", "timestamp": "TIME", "type": "(message|info|warning)" \})$' "$work/our.kinds" \
  >"$work/odd" && fail "lines of another form: $(cat "$work/odd")"

say "Compare with the source"
both=(
  'changed value ControlSet001\\Control\\CrashControl\\AutoReboot'
  'added (key|value) ControlSet001\\Services\\viostor(\\.*)?'
  'added (key|value) DriverDatabase\\(DeviceIds\\PCI|DriverInfFiles|DriverPackages)\\.*(guestor|VEN_1AF4).*'
)
explained source v2v SYSTEM "${both[@]}" 'added (key|value) ControlSet001\\Services\\v2v-firstboot(\\.*)?'
explained source virt-v2v SYSTEM "${both[@]}" 'added (key|value) ControlSet001\\Services\\firstboot(\\.*)?'
for who in v2v virt-v2v; do
  explained source $who SOFTWARE 'changed value Microsoft\\Windows\\CurrentVersion\\DevicePath'
  explained source $who BCD 'removed (key|value) Objects\\\{5189b25c-.*\}\\Elements\\16000046(\\Element)?'
done

say "Compare with each other"
differences=(
  # The service is a program of v2v's own, which needs no wrapper and so has no parameters.
  'removed (key|value) ControlSet001\\Services\\firstboot(\\.*)?'
  'added (key|value) ControlSet001\\Services\\v2v-firstboot(\\.*)?'
  # pnputil and Windows Update refuse a package whose name is not like that of a real one; newer
  # virt-v2v calls it as v2v does.
  'removed (key|value) DriverDatabase\\DriverPackages\\guestor\.inf_tmp(\\.*)?'
  'added (key|value) DriverDatabase\\DriverPackages\\guestor\.inf_amd64_0{16}(\\.*)?'
  'changed value DriverDatabase\\DriverInfFiles\\guestor\.inf\\(\(Default\)|Active)'
  # Devices are told by vendor and device, whoever their subsystem is from; newer virt-v2v as well.
  'removed (key|value) DriverDatabase\\DeviceIds\\PCI\\VEN_1AF4&DEV_10(01|42)&SUBSYS_[0-9]*1AF4&REV_0[01](\\.*)?'
  'added (key|value) DriverDatabase\\DeviceIds\\PCI\\VEN_1AF4&DEV_10(01|42)&REV_0[01](\\.*)?'
)
explained virt-v2v v2v SYSTEM "${differences[@]}"
explained virt-v2v v2v SOFTWARE
explained virt-v2v v2v BCD
