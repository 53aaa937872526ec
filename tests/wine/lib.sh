# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests that run v2v-firstboot.exe under Wine: a Windows of their own in a temporary
# directory, in which the program is a real service that starts at each boot. A boot is a start of
# Wine's server; a power cut is its end by force. Wine stops its services when no other program runs,
# so one is kept running during a boot.
# shellcheck shell=bash
set -u
for program in wine wineserver x86_64-w64-mingw32-gcc; do
  command -v "$program" >/dev/null || { echo "SKIPPED: $program is not installed"; exit 77; }
done

work=$(mktemp -d)
export WINEPREFIX=$work/prefix WINEDEBUG=-all LC_ALL=C
overrides='mscoree,mshtml='
export WINEDLLOVERRIDES=$overrides
drive_c=$WINEPREFIX/drive_c
directory="$drive_c/Program Files/Guestfs/Firstboot"
program='C:\Program Files\Guestfs\Firstboot\v2v-firstboot.exe'
log=$directory/log.txt
failures=0

power_off() {
  timeout 20 wineserver -k
  timeout 20 wineserver -w
  wait
}
clean_up() {
  power_off
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

in_windows() { timeout 60 wine "$@" </dev/null; }

make_windows() {
  timeout 150 wineboot -i >/dev/null 2>&1 || { echo "wineboot failed"; exit 1; }
  timeout 30 wineserver -w
}

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}
# The log of what failed is the best explanation; it goes with the temporary directory.
end_scenario() {
  power_off
  echo "---- $1"
  cat "$log" 2>/dev/null
}
end_test() {
  [ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }
  exit 0
}

# new_first_boot SETTING…: as after a conversion
new_first_boot() {
  power_off
  rm -rf "$directory"
  mkdir -p "$directory/scripts"
  cp "$V2V_BUILD/firstboot/v2v-firstboot-x86_64.exe" "$directory/v2v-firstboot.exe"
  printf '%s\r\n' "$@" >"$directory/settings.txt"
}

# script NAME LINE…
script() {
  local name=$1
  shift
  printf '%s\r\n' '@echo off' "$@" >"$directory/scripts/$name"
}

# drivers LINE…
drivers() { printf '%s\r\n' "$@" >"$directory/drivers.txt"; }

# is_running NUMBER: a ping that many times, by which scripts hang, in this Windows
is_running() {
  local process
  for process in $(pgrep -f "ping.* -n $1 "); do
    grep -qzxF "WINEPREFIX=$WINEPREFIX" "/proc/$process/environ" 2>/dev/null && return 0
  done
  return 1
}

# What FirstBoot::register_service writes; its unit test holds the same values.
service='HKLM\System\CurrentControlSet\Services\v2v-firstboot'
register_service() {
  local type
  for type in Type:REG_DWORD:16 Start:REG_DWORD:2 ErrorControl:REG_DWORD:1 ObjectName:REG_SZ:LocalSystem \
    DisplayName:REG_SZ:'v2v first boot'; do
    IFS=: read -r name kind value <<<"$type"
    in_windows reg add "$service" /v "$name" /t "$kind" /d "$value" /f >/dev/null
  done
  in_windows reg add "$service" /v ImagePath /t REG_EXPAND_SZ /f \
    /d '"%SystemDrive%\Program Files\Guestfs\Firstboot\v2v-firstboot.exe" service' >/dev/null
  power_off
}
service_exists() { in_windows reg query "$service" >/dev/null 2>&1; }

count() { tr -d '\r' 2>/dev/null <"$log" | grep -cE -e "$1"; }

# wait_for SECONDS PATTERN [NUMBER]: until the log has the pattern that often
wait_for() {
  local try
  for ((try = 0; try < $1 * 5; try++)); do
    [ "$(count "$2")" -ge "${3:-1}" ] && return 0
    sleep 0.2
  done
  fail "after $1 s the log does not have ${3:-1} times: $2"
  return 1
}

# Starts Windows, and so the service.
power_on() { timeout 300 wine ping -n 1000 127.0.0.1 >/dev/null 2>&1 & }

boot_end='  (restarting Windows|stopped;|nothing more in this boot|v2v: .* is finished)'
# One boot, until the service has done what it does in it; Windows stays on.
boot() {
  local before
  power_off
  before=$(count "$boot_end")
  power_on
  wait_for 60 "$boot_end" $((before + 1))
}

# expect NUMBER PATTERN: the log has exactly so many such lines
expect() {
  local found
  found=$(count "$2")
  [ "$found" = "$1" ] || fail "the log has $found times, not $1 times: $2"
}

# Nothing is left but the log, the sentinel and what is named; and no service.
expect_removed() {
  local try rest
  for ((try = 0; try < 50; try++)); do
    [ -e "$directory/remove.bat" ] || [ -e "$directory/v2v-firstboot.exe" ] || break
    sleep 0.2
  done
  rest=$(cd "$directory" && echo *)
  [ "$rest" = "complete log.txt" ] || fail "left in the directory: $rest"
  service_exists && fail "the service is still registered"
}
