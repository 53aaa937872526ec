#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Drivers and scripts that fail in every way: the first boots end, run what can be run, restart no more
# than they may, say what failed, and leave nothing behind.
# shellcheck source=tests/wine/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_windows

every_kind_of_failure() {
  new_first_boot script_seconds=4 driver_seconds=4 pnp_seconds=5
  x86_64-w64-mingw32-gcc -shared -Os -o "$drive_c/windows/system32/newdev.dll" \
    "$V2V_SOURCE/tests/wine/newdev.c" || fail "newdev.dll cannot be built"
  export WINEDLLOVERRIDES="$overrides;newdev=n"
  for name in good restart newest unsigned hang crash; do : >"$drive_c/$name.inf"; done
  drivers '# a comment' 'required %SystemDrive%\good.inf' 'optional C:\restart.inf' \
    'required C:\newest.inf' 'required C:\.\unsigned.inf' 'optional C:\unsigned.inf' \
    'optional C:\hang.inf' 'optional C:\crash.inf' 'required C:\missing.inf' 'perhaps C:\good.inf'

  script 1000-0001-good.bat 'echo all is well' 'exit /b 0'
  script 1000-0002-quiet.bat 'exit /b 250'
  script 1000-0003-retry.bat 'echo x>>"%~dp0..\retries"' 'exit /b 249'
  script 1000-0004-bad.bat 'echo to the error stream 1>&2' 'exit /b 7'
  script 1000-0005-hang.bat 'start /b ping -n 4321 127.0.0.1' 'ping -n 4322 127.0.0.1'
  script 1000-0006-hides.bat 'del "%~dp01000-0007-hidden.bat"'
  script 1000-0007-hidden.bat 'exit /b 0'
  mkdir "$directory/scripts/1000-0008-directory.bat"
  script 1000-0009-umlaut.cmd "echo $(printf 'K\x84se')" 'exit /b 3010'
  rm -f "$drive_c/windows/system32/WindowsPowerShell/v1.0/powershell.exe"
  echo 'exit 0' >"$directory/scripts/1000-0010-power.ps1"
  script 1000-0011-leaves.bat 'start /b ping -n 4323 127.0.0.1' 'exit /b 0'
  script 1000-0012-last.bat 'echo x>>"%~dp0..\lasts"' 'exit /b 0'

  register_service
  boot
  expect 1 'driver %SystemDrive%.good.inf, attempt 1 of 3'
  expect 2 'driver C:.hang.inf, attempt . of 2'
  expect 2 'failed: did not end within 4 seconds$'
  expect 2 'failed: error 0xC0000005'
  expect 1 'done; in use after the next restart'
  expect 1 'failed: C:.missing.inf is not there'
  expect 1 'drivers.txt: "perhaps C:.good.inf" is not'
  expect 3 'failed: error 0xE0000247'
  expect 3 'given up; the guest can do without it'
  expect 2 '  plug and play has settled after'
  expect 1 '^    \| all is well.?$'
  expect 1 'done \(exit code 250\)'
  expect 1 '^    \| to the error stream'
  expect 1 'failed \(exit code 7\)'
  expect 1 'ended with all it had started'
  expect 2 'failed: cannot be read: error'
  expect 1 "$(printf '\\| K\xc3\xa4se')"
  expect 1 'done, asks for a restart \(exit code 3010\)'
  expect 1 'this Windows has no C:.*powershell.exe'
  expect 1 'script 1000-0012-last.bat, attempt 1 of 3'
  expect 1 'restarting Windows$'
  [ "$(cd "$directory/scripts" && echo *)" = 1000-0003-retry.bat ] || fail "wrong scripts are left"

  boot
  expect 2 'restarting Windows$'
  boot
  expect 2 'restarting Windows$'
  expect 3 'driver C:...unsigned.inf, attempt . of 3'
  expect 3 'script 1000-0003-retry.bat, attempt . of 3'
  expect 1 'failed, given up \(exit code 249\)'
  expect 1 '^    done: 9'
  expect 1 '^    failed: 6'
  expect 1 '^    given up: 5'
  expect 1 'is finished$'
  [ "$(grep -c x "$directory/retries")" = 3 ] || fail "the script did not run three times"
  [ "$(grep -c x "$directory/lasts")" = 1 ] || fail "the last script did not run once"
  rm "$directory/retries" "$directory/lasts"
  expect_removed
  grep -qv $'\r$' "$log" && fail "the log has lines without CRLF"
  end_scenario every_kind_of_failure
}

# The ping that hangs is ended with its script; what a script leaves running on purpose is not.
children() {
  new_first_boot script_seconds=4
  script 1-hang.bat 'start /b ping -n 4324 127.0.0.1' 'ping -n 4325 127.0.0.1'
  script 2-leaves.bat 'start /b ping -n 4326 127.0.0.1' 'exit /b 0'
  power_on
  in_windows "$program" run >/dev/null
  expect 1 'is finished'
  is_running 4324 && fail "the child of the script that hung still runs"
  is_running 4325 && fail "the script that hung still runs"
  is_running 4326 || fail "what the script left running was ended"
  end_scenario children
}

# PowerShell gets the text of a script, which no policy forbids, and not the file.
powershell_scripts() {
  local place=$drive_c/windows/system32/WindowsPowerShell/v1.0
  mkdir -p "$place"
  x86_64-w64-mingw32-gcc -municode -Os -o "$place/powershell.exe" \
    "$V2V_SOURCE/tests/wine/powershell.c" || fail "powershell.exe cannot be built"
  new_first_boot pnp_seconds=5
  echo 'exit 0' >"$directory/scripts/1-it's a test.ps1"
  in_windows "$program" run >/dev/null
  expect 1 '^    \| -NoProfile'
  expect 1 '^    \| -NonInteractive'
  expect 1 '^    \| -Command'
  expect 1 "Invoke-Expression \(\[IO.File\]::ReadAllText\('C:.Program Files.*.scripts.1-it''s a test.ps1'\)\)"
  expect 0 -File
  expect 1 'done \(exit code 250\)'
  end_scenario powershell_scripts
}

# Scripts that beget a new one at each boot, and each wants a restart.
restarts_without_end() {
  new_first_boot pnp_seconds=5
  script 1-x.bat 'copy "%~f0" "%~dp0x%~nx0" >nul' 'exit /b 3010'
  local i
  for i in 1 2 3 4 5; do
    WINEDEBUG=fixme+all in_windows "$program" run >/dev/null 2>"$work/calls"
    expect "$i" 'restarting Windows$'
    # Wine does nothing with it, but says so.
    grep -q InitiateSystemShutdownEx "$work/calls" || fail "Windows was not asked to restart"
  done
  in_windows "$program" run >/dev/null
  expect 5 'restarting Windows$'
  expect 1 'Windows was restarted 5 times and is not restarted again'
  expect 1 'is finished$'
  expect_removed
  end_scenario restarts_without_end
}

every_kind_of_failure
children
powershell_scripts
restarts_without_end
end_test
