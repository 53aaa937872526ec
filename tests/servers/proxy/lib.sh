# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by tests that need a server that misbehaves. They call stop_proxy at their end.
# shellcheck shell=bash disable=SC2034  # its names are for the tests

# start_proxy DIRECTORY ARGUMENT…: starts a proxy with these arguments besides --directory. proxy_port is
# its port; see the file proxy for what is in DIRECTORY.
start_proxy() {
  local directory=$1
  shift
  mkdir -p "$directory"
  rm -f "$directory/port" "$directory/requests" "$directory/faults"
  "$(dirname "${BASH_SOURCE[0]}")/proxy" --directory "$directory" "$@" 2>"$directory/log" &
  proxy_pid=$!
  local i
  for ((i = 0; i < 300; i++)); do
    [ ! -e "$directory/port" ] || break
    kill -0 "$proxy_pid" 2>/dev/null || break
    sleep 0.1
  done
  proxy_port=$(cat "$directory/port") || { cat "$directory/log" >&2; return 1; }
}

# proxy_to SERVER: the arguments for a proxy to the simulator whose directory SERVER is.
proxy_to() { proxy_arguments=(--to "$(cat "$1/port")" --cert "$1/cert.pem" --key "$1/key.pem"); }

stop_proxy() {
  [ -z "${proxy_pid:-}" ] || kill "$proxy_pid" 2>/dev/null || true
  [ -z "${proxy_pid:-}" ] || wait "$proxy_pid" 2>/dev/null || true
  proxy_pid=
}

# faults DIRECTORY LINE…: from now on these, and no others.
faults() {
  local directory=$1
  shift
  printf '%s\n' "$@" >"$directory/faults.next"
  mv "$directory/faults.next" "$directory/faults"
}
