#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# kill.sh HOW: kills a conversion at every step of the pipeline with SIGKILL of the child ("child"), or
# at some with SIGTERM ("term"), SIGKILL of its first process alone ("parent") or of every process
# ("tree"), and asserts that nothing is left, the source is unchanged and the target absent.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

how=$1
target=$work/target
mkdir "$target"
image=$(guest debian-bios)
before=$(fingerprint "$image")
command=("$v2v" -i disk "$image" -if qcow2 -o local -os "$target" -on killed)

# descendants PID: every process below it.
descendants() {
  local child
  for child in $(pgrep -P "$1" || true); do
    echo "$child"
    descendants "$child"
  done
}

# strike PID: PID is v2v's main process.
strike() {
  local all
  case $how in
    child) pkill -KILL -P "$1" || true ;;
    term) kill -TERM "$1" || true ;;
    parent) kill -KILL "$1" || true ;;
    tree)
      mapfile -t all < <(descendants "$1")
      kill -KILL "$1" "${all[@]}" 2>/dev/null || true
      ;;
  esac
}

# kill_at STEP DELAY: strikes DELAY seconds after the conversion says STEP. Prints its exit status.
kill_at() {
  local step=$1 delay=$2 pid main line out status=0
  coproc run { exec timeout 900 stdbuf -oL "${command[@]}" 2>&1; }
  # shellcheck disable=SC2154  # coproc sets it
  pid=$run_PID
  # A descriptor of our own: bash forgets the coprocess's when it ends.
  exec {out}<&"${run[0]}"
  while IFS= read -r line <&"$out"; do
    [[ $line == *"$step"* ]] || continue
    main=$(pgrep -P "$pid" | head -n 1)
    sleep "$delay"
    strike "$main"
    break
  done
  cat <&"$out" >"$work/rest" || true
  exec {out}<&-
  wait "$pid" || status=$?
  echo "$status"
}

steps=(
  'Setting up the source' 'Opening the source' 'Checking filesystem integrity before'
  'Detecting if this guest uses' 'Inspecting the source' 'Detecting the boot device'
  'Checking for sufficient free' 'Converting ' 'Mapping filesystem data'
  'Checking filesystem integrity after' 'Closing the overlay' 'Assigning disks'
  'Checking if the guest needs' 'Setting up the destination' 'Copying disk 1/1' 'Creating output metadata'
)
# The clean-up is the same whatever the cause, so the other causes are tried where it has most to do.
[ "$how" = child ] ||
  steps=('Opening the source' 'Inspecting the source' 'Converting ' 'Copying disk 1/1')
for step in "${steps[@]}"; do
  # The last steps are over in no time; the others are also hit in the middle.
  case $step in
    Setting\ up\ the\ dest* | Copying* | Assigning* | Checking\ if* | Creating*) delay=0 ;;
    *) delay=0.$((RANDOM % 8)) ;;
  esac
  say "$how at: $step"
  status=$(kill_at "$step" "$delay")
  if [ "$status" = 0 ]; then
    # The result was already visible, so it must be whole.
    [[ $delay = 0 && -s $target/killed.xml && -s $target/killed-sda ]] ||
      fail "exit status 0 although killed at '$step'"
    rm "$target"/*
  fi
  if [ "$how" = parent ]; then
    # Nobody is left to kill them, so they have to notice; libguestfs looks every two seconds.
    for _ in {1..100}; do pgrep -f "$VIRT_V2V_TMPDIR" >/dev/null || break; sleep 0.2; done
    assert_nothing_runs
  fi
  if [ "$how" = tree ] || [ "$how" = parent ]; then
    # The next start cleans up, whatever it is asked to do.
    if timeout 60 "$v2v" -i disk "$work/no-such-file" -o null >"$work/next" 2>&1; then
      fail "converted a file that is not there"
    fi
  fi
  assert_nothing_left "$target"
  assert_equal "$(fingerprint "$image")" "$before" "the source changed"
done
