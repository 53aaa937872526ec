# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by tests behind lib.sh: an sshd of the test's own on 127.0.0.1, which lets in a key of the
# test's own and ends with it.
# shellcheck shell=bash disable=SC2034,SC2154  # its names are for the tests; lib.sh has others

# stop_more: what else the test has started; the test may define its own.
stop_more() { :; }

# start_sshd [LINE…]: starts it, with further lines of its configuration. $sshd_port is its port,
# $work/id the key, $work/known the known hosts.
start_sshd() {
  mkdir -p /run/sshd  # as root it wants it; Debian's service would make it
  for key in host id; do ssh-keygen -q -t ed25519 -N '' -f "$work/$key"; done
  sshd_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  cat >"$work/sshd_config" <<END
Port $sshd_port
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/id.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
Subsystem sftp internal-sftp
$(printf '%s\n' "$@")
END
  /usr/sbin/sshd -D -f "$work/sshd_config" -E "$work/sshd.log" &
  sshd=$!
  trap 'kill "$sshd" || true; stop_more; clean_up' EXIT
  local i
  for ((i = 0; i < 100; i++)); do
    ssh-keyscan -p "$sshd_port" 127.0.0.1 >"$work/known" 2>/dev/null && [ -s "$work/known" ] && return
    sleep 0.1
  done
  fail "the sshd does not answer"
}
