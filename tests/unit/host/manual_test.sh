#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The manual pages that v2v has: one for every plugin, program and the ABI, with every option that the help
# knows, as a reader of man sees them; nothing in docs/ that the program says otherwise; no page that
# groff or mandoc finds fault with.
set -u
build=$V2V_BUILD docs=$V2V_SOURCE/docs
if ! command -v mandoc >/dev/null || [ ! -x "$build/v2v-manual" ]; then
  echo "this needs mandoc, and v2v built with md4c"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# shown NAME.SECTION: the page as text, once, in $work/shown.
shown() {
  gzip -dc "$build/man/$1.gz" >"$work/$1" 2>/dev/null || { fail "there is no page $1"; return 1; }
  mandoc -T lint -W all "$work/$1" >"$work/lint" || fail "$1: $(cat "$work/lint")"
  # Lines so long that no option is cut or hyphenated.
  LC_ALL=C.UTF-8 MANROFFOPT='-rLL=1000n -rLT=1000n' \
    man --warnings -E UTF-8 -Tutf8 -l "$work/$1" 2>"$work/warnings" | col -bx >"$work/shown"
  [ ! -s "$work/warnings" ] || fail "$1: $(cat "$work/warnings")"
  checked="$checked $1"
}
# has_options NAME LEAST: each synopsis, a line of standard input, begins a paragraph of the page; a short
# one has its help behind it. There are LEAST of them or more.
has_options() {
  cat >"$work/synopses"
  [ "$(wc -l <"$work/synopses")" -ge "$2" ] || fail "$1: only these options in the help: $(cat "$work/synopses")"
  awk 'FILENAME == ARGV[1] { wanted[$0]; next }
    { for (each in wanted) if (index($0 " ", "       " each " ") == 1) delete wanted[each] }
    END { for (each in wanted) print each }' "$work/synopses" "$work/shown" >"$work/missing"
  [ ! -s "$work/missing" ] || fail "$1 lacks $(tr '\n' ',' <"$work/missing")"
}
# Of lines of help the part before the explanation; a long one is alone on its line.
synopses() { sed -nE 's/^  (-.{31}[^ ]*)$/\1/p; t; s/^  (-.*[^ ])   *[^ ].*$/\1/p; t; s/^  (-[^ ].*)$/\1/p'; }
# help_of PROGRAM: v2v's with that of its other words, whose options are in the same page.
help_of() {
  "$build/$1" --help
  [ "$1" = v2v ] || return 0
  grep -oP '^    v2v \K[a-z]+(?= )' "$docs/v2v.md" | sort -u | while read -r word; do
    "$build/v2v" "$word" --help
  done
}
# current PAGE.md [WHAT]: as the program says it now.
current() {
  "$build/v2v-manual" source "$docs/$1" "${@:2}" >"$work/current" || fail "$1 cannot be filled in"
  diff -u "$docs/$1" "$work/current" ||
    fail "docs/$1 is stale: cmake --build ${build#"$V2V_SOURCE"/} --target manual-sources"
}

checked=
for plugin in "$build"/plugins/v2v-*.so; do
  name=$(basename "$plugin" .so)
  shown "$name.1" || continue
  has_options "$name" 0 < <("$build/v2v" --plugin-info "$plugin" | sed -n '/^options:/,$p' | synopses)
  current "${name#v2v-}.md" "$plugin"
done
[ "$(wc -w <<<"$checked")" -ge 20 ] || fail "only these pages: $checked"
for program in v2v virt-v2v virt-v2v-in-place virt-v2v-inspector virt-v2v-open; do
  shown "$program.1" || continue
  has_options "$program" 15 < <(help_of "$program" | grep -v "^  $program " | synopses | sort -u)
done
current v2v.md v2v
current virt-v2v.md virt-v2v
shown v2v-plugin.7
shown v2v-plugin.3
grep -oE '\bv2v_[a-z_]+ \{|\bV2V_[A-Z0-9_]+ [0-9]+' "$V2V_SOURCE/sdk/include/v2v/plugin.h" |
  sed 's/ {//' | while read -r word; do
    grep -qE "^ +$word(u|\$)" "$work/shown" || echo "$word"
  done >"$work/missing"
[ ! -s "$work/missing" ] || fail "v2v-plugin(3) lacks $(tr '\n' ' ' <"$work/missing")"

# A page that another one names is there.
grep -ohE '\b(virt-)?v2v[a-z0-9-]*\([1-9]\)' "$docs"/*.md | sort -u | tr '(' . | tr -d ')' |
  while read -r named; do
    case " $checked " in *" $named "*) ;; *) echo "$named" ;; esac
  done >"$work/missing"
[ ! -s "$work/missing" ] || fail "there is no page $(tr '\n' ' ' <"$work/missing")"
exit $((failures > 0))
