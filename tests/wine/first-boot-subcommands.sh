#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The subcommands that scripts call, with this machine's own network card, and installing a driver the
# way of Windows XP. Wine's netsh does nothing; what it is told to do is in the output.
# shellcheck source=tests/wine/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_windows
new_first_boot pnp_seconds=5
interfaces='HKLM\System\CurrentControlSet\Services\Tcpip\Parameters\Interfaces'
output=$work/output

# first_boot ARGUMENT…: fills $status and the file output
first_boot() {
  in_windows "$program" "$@" 2>&1 | tr -d '\r' >"$output"
  status=${PIPESTATUS[0]}
}
expect_status() {
  [ "$status" = "$1" ] && return
  fail "$2: status $status, not $1"
  cat "$output"
}
expect_output() {
  grep -qF -e "$1" "$output" && return
  fail "the output lacks: $1"
  cat "$output"
}
network_file() { printf '%s\r\n' "$@" >"$drive_c/network.txt"; }

# ghost GUID: an adapter of the source machine with a static address
ghost() {
  in_windows reg add "$interfaces\\$1" /v IPAddress /t REG_MULTI_SZ /d 192.0.2.10 /f >/dev/null
  in_windows reg add "$interfaces\\$1" /v EnableDHCP /t REG_DWORD /d 0 /f >/dev/null
  in_windows reg add "$interfaces\\$1" /v Kept /t REG_SZ /d kept /f >/dev/null
}
has_address() { in_windows reg query "$interfaces\\$1" /v IPAddress 2>/dev/null | grep -q 192.0.2.10; }

a_card_gets_its_addresses() {
  local card mac name old='{11111111-2222-3333-4444-555555555555}'
  for card in /sys/class/net/*; do
    [ -e "$card/operstate" ] && [ "$(cat "$card/operstate")" = up ] && mac=$(cat "$card/address") &&
      name=${card##*/}
  done
  [ -n "${mac:-}" ] || { echo "no network card is up: not tested"; return; }
  ghost "$old"
  network_file '# a comment' wait_seconds=5 '[card]' "mac=${mac^^}" address=192.0.2.10/22 \
    address=2001:db8::10/64 address=192.0.2.11/32 'gateway=192.0.2.1' 'gateway=192.0.2.254 20' \
    gateway=2001:db8::1 dns=192.0.2.2 dns=192.0.2.3 dns=2001:db8::53 suffix=example.com metric=7 \
    "old=$old"
  first_boot network 'C:\network.txt'
  expect_status 0 network
  local line
  for line in "ip set address \"$name\" static 192.0.2.10 255.255.252.0 192.0.2.1" \
    "ip add address \"$name\" 192.0.2.11 255.255.255.255" \
    "ip add address \"$name\" gateway=192.0.2.254 gwmetric=20" \
    "ip set dns \"$name\" static 192.0.2.2 validate=no" \
    "ip add dns \"$name\" 192.0.2.3 index=2 validate=no" \
    "ipv4 set interface \"$name\" metric=7" \
    "ipv6 add address \"$name\" 2001:db8::10/64" \
    "ipv6 add route ::/0 \"$name\" 2001:db8::1" \
    "ipv6 set dns \"$name\" static 2001:db8::53 validate=no"; do
    grep -qxF "netsh interface $line" "$output" || { fail "no command: $line"; cat "$output"; }
  done
  has_address "$old" && fail "the old adapter kept its address"
  in_windows reg query "$interfaces\\$old" | grep -q 'EnableDHCP.*0x1' || fail "no DHCP on the old adapter"
  in_windows reg query "$interfaces\\$old" | grep -q 'Kept' || fail "another value of the old adapter is gone"
  in_windows reg query "$interfaces" /s | grep -q 'Domain.*example.com' || fail "no DNS suffix"
}

a_card_that_never_comes() {
  local old='{21111111-2222-3333-4444-555555555555}'
  ghost "$old"
  network_file wait_seconds=1 '[card]' mac=52:54:00:00:00:01 address=192.0.2.10/24 "old=$old" \
    '[card]' mac=52:54:00:00:00:02
  first_boot network 'C:\network.txt'
  expect_status 249 "a card that never comes"
  expect_output 'no card 52:54:00:00:00:01 appeared within 1 seconds'
  expect_output 'no card 52:54:00:00:00:02'
  has_address "$old" || fail "the old adapter lost its address although the new one is not there"
}

# wrong LINE: is refused before anything is done
wrong() {
  network_file wait_seconds=1 '[card]' mac=52:54:00:00:00:01 "$1"
  first_boot network 'C:\network.txt'
  expect_status 2 "$1"
  expect_output 'not understood: '
}
wrong_lines() {
  wrong 'address=192.0.2.10'
  wrong 'address=192.0.2.10/33'
  wrong 'address=192.0.2.10" & x/24'
  wrong 'mac=52:54:00:00:00'
  wrong 'old={..\..\..\..\Services\Disk\Parameters}'
  wrong 'metric=-1'
  wrong 'color=blue'
  first_boot network 'C:\nowhere.txt'
  expect_status 1 "a file that is not there"
  expect_output 'nowhere.txt cannot be read'
}

# Wine without newdev.dll is as Windows before Vista.
a_driver_on_windows_xp() {
  export WINEDLLOVERRIDES="$overrides;newdev="
  # shellcheck disable=SC2016
  printf '%s\r\n' '[Version]' 'Signature="$Chicago$"' 'Class=Net' >"$drive_c/good.inf"
  printf 'not an INF' >"$drive_c/bad.inf"
  first_boot driver 'C:\good.inf'
  expect_status 0 "a driver"
  cmp "$drive_c/good.inf" "$drive_c/windows/inf/good.inf" || fail "the driver is not where Windows looks for it"
  first_boot driver 'C:\nowhere.inf'
  [ "$status" = 0 ] && fail "a driver that is not there was installed"
  export WINEDLLOVERRIDES=$overrides
}

a_card_gets_its_addresses
a_card_that_never_comes
wrong_lines
a_driver_on_windows_xp
first_boot online-disks
expect_status 0 online-disks
first_boot
expect_status 2 "no argument"
expect_output 'usage: v2v-firstboot.exe'
end_test
