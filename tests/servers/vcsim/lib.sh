# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by tests that need a vCenter. They call stop_vcsim at their end.
# shellcheck shell=bash disable=SC2034  # its names are for the tests

vcsim_user='administrator@vsphere.local'

# start_vcsim DIRECTORY GUESTS ARGUMENT…: starts a simulator that has the guests of the JSON file GUESTS.
# In DIRECTORY are then: password, a file for -ip; cert.pem, its certificate; requests, a line
# "METHOD STATUS BYTES URI" for each request. vcsim_port is the port; at SIGUSR1 the process vcsim_pid
# forgets its sessions.
start_vcsim() {
  local directory=$1 guests=$2 binary
  shift 2
  binary=$(timeout 600 "$(dirname "${BASH_SOURCE[0]}")/build")
  mkdir -p "$directory"
  rm -f "$directory/port"
  [ -e "$directory/password" ] || printf 'pass<&>word %s\n' "$RANDOM$RANDOM" >"$directory/password"
  [ -e "$directory/cert.pem" ] ||
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
      -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
      -keyout "$directory/key.pem" -out "$directory/cert.pem" 2>/dev/null
  "$binary" -user "$vcsim_user" -password-file "$directory/password" -cert "$directory/cert.pem" \
    -key "$directory/key.pem" -guests "$guests" -ready "$directory/port" -log "$directory/requests" \
    "$@" 2>"$directory/log" &
  vcsim_pid=$!
  local i
  for ((i = 0; i < 300; i++)); do
    [ ! -e "$directory/port" ] || break
    kill -0 "$vcsim_pid" 2>/dev/null || break
    sleep 0.1
  done
  vcsim_port=$(cat "$directory/port") || { cat "$directory/log" >&2; return 1; }
}

stop_vcsim() {
  [ -z "${vcsim_pid:-}" ] || kill "$vcsim_pid" 2>/dev/null || true
  [ -z "${vcsim_pid:-}" ] || wait "$vcsim_pid" || true
  vcsim_pid=
}

# vcsim_disk_bytes DIRECTORY: the bytes of datastore files that were sent.
vcsim_disk_bytes() { awk '$4 ~ /^\/folder\// { sum += $3 } END { print sum + 0 }' "$1/requests"; }
