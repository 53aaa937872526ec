#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The program v2v itself: streams, exit statuses and the answers that need no conversion.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A copy, so that only the plugins of this test are beside it.
v2v=$work/v2v
cp "$V2V_BUILD/v2v" "$v2v"
program=$v2v
failures=0

# run ARGUMENT…: fills $status, and the files out and err
run() {
  timeout 20 "$program" "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
}
fail() {
  echo "FAILED: $*"
  sed 's/^/  out: /' "$work/out"
  sed 's/^/  err: /' "$work/err"
  failures=$((failures + 1))
}
expect_status() { [ "$status" = "$1" ] || fail "$2: status $status, not $1"; }
expect_out() { grep -qF -e "$1" "$work/out" || fail "standard output lacks: $1"; }
expect_err() { grep -qF -e "$1" "$work/err" || fail "standard error lacks: $1"; }

run --version
expect_status 0 version
grep -qx 'v2v [0-9.]*' "$work/out" || fail "version"

run --help
expect_status 0 help
expect_out '--plugin-dir'

run --short-options
expect_status 0 short-options
expect_out '-ic'

run --nonsense
expect_status 1 unknown
expect_err 'v2v: error: unknown option --nonsense'
[ -s "$work/out" ] && fail "an error is on standard output"

run -i disk -i disk
expect_status 1 twice
expect_err 'v2v: error: -i option used more than once on the command line'

run --machine-readable
expect_status 0 features
expect_out 'libguestfs-rewrite'

run --machine-readable=file:"$work/json" -oa wrong
expect_status 1 json-error
grep -q '"type":"error"' "$work/json" || fail "no error in the JSON file"
expect_err 'v2v: error: unknown -oa option: wrong'

mkdir -m 0755 "$work/plugins"
run --plugin-dir "$work/nowhere" --list-plugins
expect_status 1 plugin-dir

: >"$work/plugins/v2v-input-broken.so"
run --plugin-dir "$work/plugins" --list-plugins
expect_status 1 list-plugins
expect_out 'input broken: BROKEN'

run --plugin-info "$work/plugins/v2v-input-broken.so"
expect_status 1 plugin-info
expect_err 'v2v-input-broken.so'

run --plugin-dir "$work/plugins" -i brokne x -o null
expect_status 1 unknown-input
expect_err 'v2v: error: unknown -i option: brokne'
expect_err "did you mean 'broken'?"

# A conversion that does not even begin has a report, if there is a place for it.
run --plugin-dir "$work/plugins" -i brokne x -o null --report "$work/report.html"
expect_status 1 report
expect_err 'v2v: error: unknown -i option: brokne'
grep -q 'class="what">unknown -i option: brokne<' "$work/report.html" || fail "no report of the failure"
run --plugin-dir "$work/plugins" -i brokne x -o null --report "$work/none/report.html"
expect_status 1 report-nowhere
expect_err "v2v: error: $work/none/report.html: cannot write the report: No such file or directory"
run -i disk x --print-source --report "$work/report.html"
expect_err 'v2v: error: --report: there is no conversion to report on'

run --plugin-dir "$work/plugins" -i libvirt x -o null
expect_status 1 known-input
expect_err 'v2v: error: unknown -i option: libvirt'
expect_err 'hint: virt-v2v has it, but no plugin for it is installed here; there are: broken'

run --plugin-dir "$work/plugins" x -o null
expect_status 1 default-input
expect_err 'v2v: error: no -i option, and its default, libvirt, is not installed'

# The programs of virt-v2v, by the names of links.
for name in virt-v2v virt-v2v-in-place virt-v2v-inspector virt-v2v-open; do
  ln -s v2v "$work/$name"
  program=$work/$name
  run --version
  grep -qx "$name 2\.2\.0 (v2v [0-9.]*)" "$work/out" || fail "$name --version"
  run --help
  expect_status 0 "$name --help"
  expect_out "$name -i "
  run --nonsense
  expect_status 1 "$name unknown"
  printf '%s\n' "$name: unrecognized option '--nonsense'" \
    "Try ‘$name --help’ or consult $name(1) for more information." | cmp -s - "$work/err" ||
    fail "$name --nonsense"
  run -i disk -i disk
  expect_status 1 "$name twice"
  printf '%s\n' "$name: error: -i option used more than once on the command line" '' \
    "If reporting bugs, run $name with debugging enabled and include the complete output:" '' \
    "  $name -v -x [...]" | cmp -s - "$work/err" || fail "$name -i twice"
  run -v -x -i disk -i disk
  [ "$(wc -l <"$work/err")" = 1 ] || fail "$name -v -x"
  run --machine-readable
  expect_status 0 "$name features"
  [ "$(head -n 1 "$work/out")" = "$name" ] || fail "$name --machine-readable"
done
program=$work/virt-v2v-in-place
run -o null x
expect_status 1 "a target in place"
expect_err "virt-v2v-in-place: "
: >"$work/plugins/v2v-input-ova.so"
run --plugin-dir "$work/plugins" -i ova x
expect_status 1 "an OVA in place"
expect_err "virt-v2v-in-place: error: -i ova: its disks cannot be converted in place"
program=$v2v

# A pipe that nobody reads.
mkfifo "$work/pipe"
# shellcheck disable=SC2094  # a pipe without a reader is what is wanted
exec 3<>"$work/pipe" 4>"$work/pipe" 3<&-
timeout 20 "$v2v" --help >&4 2>"$work/err"
status=$?
[ "$status" -lt 128 ] || fail "a reader that has gone away: status $status"
exec 4>&-

exit $((failures > 0))
