#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Every test that tests/upstream.md names is there: Suite.Name, a suite, a name of the suite before it, or a
# test of CTest.
# shellcheck disable=SC2016  # backquotes are Markdown's
set -euo pipefail
table=$V2V_SOURCE/tests/upstream.md
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
grep -rhoE '^TEST(_F|_P)?\([A-Za-z0-9]+, *[A-Za-z0-9]+' "$V2V_SOURCE/tests" |
  sed -E 's/^TEST(_F|_P)?\(([A-Za-z0-9]+), *([A-Za-z0-9]+)/\2 \3/' >"$found/names"
ctest --test-dir "$V2V_BUILD" -N | sed -nE 's/^ *Test +#[0-9]+: //p' >"$found/tests"
failures=0 suite='' named=0
missing() {
  echo "FAILED: tests/upstream.md names $1, which is not there"
  failures=$((failures + 1))
}
while read -r word; do
  named=$((named + 1))
  case $word in
    e2e-*… | e2e-*-) grep -q "^${word%…}" "$found/tests" || missing "$word" ;;
    e2e-* | test-*) grep -qx -e "$word" "$found/tests" || missing "$word" ;;
    *.*) suite=${word%.*} && { grep -qx "$suite ${word#*.}" "$found/names" || missing "$word"; } ;;
    *) grep -qE "^($word [A-Za-z0-9]+|$suite $word)$" "$found/names" || missing "$word" ;;
  esac
done < <(sed -n 's/^| [^|]* | \(.*\) |$/\1/p' "$table" |
  grep -oE '`[A-Z][A-Za-z0-9]+(\.[A-Z][A-Za-z0-9]+)?`|(e2e|test)-[a-z0-9-]+…?' | tr -d '`')
[ "$named" -gt 80 ] || missing "so few ($named)"
exit $((failures > 0))
