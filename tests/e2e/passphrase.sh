#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# An encrypted disk without --key: on a terminal its passphrase is asked for, and again after a wrong
# one; without a terminal the disk stays closed and nobody waits for an answer.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

image=$(guest debian-luks)
before=$(fingerprint "$image")
command=("$v2v" -i disk "$image" -if qcow2 -o null)

say "On a terminal"
timeout 900 python3 - "${command[@]}" <<'END' | tee "$work/log"
import os, pty, sys

answers = [b"wrong\n", b"v2v-test\n"]
seen = b""


def read(fd):
    """Passes on what the terminal shows, and answers each question once."""
    global seen
    data = os.read(fd, 4096)
    seen += data
    if answers and b"Passphrase of the encrypted disk" in seen:
        seen = b""
        os.write(fd, answers.pop(0))
    return data


sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read, lambda fd: b"")))
END
grep -q 'this passphrase does not open' "$work/log" || fail "the wrong passphrase was not refused"
grep -q 'v2v-test' "$work/log" && fail "the passphrase was shown"

say "Without a terminal"
if timeout 900 "${command[@]}" >"$work/log" 2>&1 </dev/null; then
  fail "converted a guest whose disk stayed closed"
fi
cat "$work/log"
grep -q 'encrypted disk left closed' "$work/log" || fail "it did not say that the disk is encrypted"
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
mkdir "$work/empty"
assert_nothing_left "$work/empty"
