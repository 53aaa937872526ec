#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Power cuts, shutdowns and a full disk in the middle of the first boot's work: a step that takes the
# machine down is given up, one that a shutdown ended begins anew, and nothing is repeated for ever.
# shellcheck source=tests/wine/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
make_windows

hang='ping -n 5000 127.0.0.1'

# stop_service: as a person does, or Windows when it shuts down
stop_service() {
  local before
  before=$(count '  stopped;')
  in_windows net stop v2v-firstboot >/dev/null
  wait_for 20 '  stopped;' $((before + 1))
}

power_cuts() {
  new_first_boot pnp_seconds=5
  drivers 'optional C:\windows\win.ini'
  script 1-crash.bat "$hang"
  script 2-next.bat 'exit /b 0'
  register_service
  local i
  for i in 1 2 3; do
    power_off
    power_on
    wait_for 30 "script 1-crash.bat, attempt $i of 3"
  done
  boot
  expect 3 'script 1-crash.bat, attempt'
  expect 1 '1-crash.bat: attempt 3 of 3 did not end, given up'
  expect 1 'script 2-next.bat, attempt 1 of 3'
  expect 1 'driver .*, attempt'
  expect 1 'is finished$'
  expect_removed
  end_scenario power_cuts
}

stops() {
  new_first_boot pnp_seconds=5
  script 1-slow.bat "$hang"
  script 2-next.bat 'exit /b 0'
  register_service
  power_on
  wait_for 30 'script 1-slow.bat, attempt 1 of 3'
  stop_service
  is_running 5000 && fail "the script still runs after the service was stopped"
  expect 0 '2-next.bat'
  expect 0 'failed'
  in_windows net start v2v-firstboot >/dev/null
  wait_for 30 'script 1-slow.bat, attempt 1 of 3' 2
  stop_service
  grep -q '^open 0 2 script 1-slow.bat' "$directory/state.txt" || fail "the stops are not counted"

  # The sixth one counts as an attempt.
  printf 'reboots 0\r\nopen 2 5 script 1-slow.bat\r\n' >"$directory/state.txt"
  power_off
  power_on
  wait_for 30 'script 1-slow.bat, attempt 3 of 3'
  stop_service
  boot
  expect 1 '1-slow.bat: attempt 3 of 3 did not end, given up'
  expect 1 'script 2-next.bat, attempt 1 of 3'
  expect_removed
  end_scenario stops
}

# At a shutdown Windows may end the script before it tells the service.
ended_before_the_stop() {
  new_first_boot pnp_seconds=5
  script 1-ended.bat 'exit -1073741510'
  register_service
  power_on
  wait_for 30 'script 1-ended.bat, attempt 1 of 3'
  stop_service
  expect 1 'ended because the service has to stop'
  expect 0 'failed'
  boot
  expect 2 'script 1-ended.bat, attempt 1 of 3'
  expect 1 'failed \(exit code 3221225786\)'
  expect_removed
  end_scenario ended_before_the_stop
}

# What cannot be written down is not started, and no restart is asked for.
full_disk() {
  new_first_boot pnp_seconds=5
  script 1-retry.bat 'echo x>>"%~dp0..\ran"' 'exit /b 249'
  mkdir "$directory/state.txt.new"
  in_windows "$program" run >/dev/null
  expect 1 'state.txt cannot be written, so nothing more runs in this boot'
  expect 1 'nothing more in this boot$'
  expect 0 'restarting Windows|is finished'
  [ -e "$directory/ran" ] && fail "a script ran that was not written down"
  rmdir "$directory/state.txt.new"
  in_windows "$program" run >/dev/null
  expect 1 'restarting Windows$'
  end_scenario full_disk
}

# A script that writes for ever fills neither the log nor the memory, and only one runs at a time.
much_output() {
  new_first_boot script_seconds=6
  script 1-much.bat ':again' "echo $(printf '%0200d' 0)" 'goto again'
  in_windows "$program" run >/dev/null &
  wait_for 20 '1-much.bat, attempt 1 of 3'
  in_windows "$program" run >"$work/second"
  grep -q 'the service is already at work' "$work/second" || fail "a second one did not notice the first"
  wait_for 30 'is finished'
  expect 1 'did not end within 6 seconds'
  [ "$(stat -c %s "$log")" -lt 2000000 ] || fail "the log is too big"
  sed -i '20,$d' "$log"
  end_scenario much_output
}

power_cuts
stops
ended_before_the_stop
full_disk
much_output
end_test
