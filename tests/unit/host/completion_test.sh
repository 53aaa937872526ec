#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Completion in a real bash: the installed file is read by a bash that knows nothing else, and asked as
# bash itself asks, with the words cut where bash cuts them.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
failures=0
mkdir -m 755 "$work/plugins" "$work/a folder"
touch "$work/disk.img" "$work/disk.txt"
# Only these plugins are beside the program.
cp "$V2V_BUILD/v2v" "$work/v2v"
cp "$V2V_BUILD"/plugins/v2v-{input-disk,input-ova,output-local,output-vdsm}.so "$work/plugins"
cd "$work" || exit 1

# complete LINE: the answers of bash at the end of the line, one a line, sorted.
complete_line() {
  # shellcheck disable=SC2016
  COMP_LINE=$1 timeout 60 bash --norc --noprofile -c '
    source "$V2V_SOURCE/completion/v2v.bash"
    [[ $(complete -p v2v) == *"-F _v2v v2v" ]] || exit 1
    COMP_POINT=${#COMP_LINE}
    # COMP_WORDBREAKS has both: a:b=c are five words.
    read -ra COMP_WORDS <<<"$(sed "s/[=:]/ & /g" <<<"$COMP_LINE")"
    [[ $COMP_LINE != *[[:space:]] ]] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _v2v ./v2v "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf "%s\n" "${COMPREPLY[@]}"' | LC_ALL=C sort
}
# expect LINE ANSWER…: exactly these, sorted.
expect() {
  local line=$1 got
  shift
  got=$(complete_line "$line")
  [ "$got" = "$(printf '%s\n' "$@")" ] || {
    printf 'FAILED: %s\n  got: %s\n' "$line" "${got//$'\n'/ | }"
    failures=$((failures + 1))
  }
}

expect 'v2v --print-' --print-estimate --print-source
expect 'v2v -i ' disk ova
expect 'v2v -i d' disk
expect 'v2v -i disk x -o ' local vdsm
expect 'v2v -oa ' preallocated sparse
expect 'v2v --block-driver virtio-s' virtio-scsi
expect 'v2v --root ' ask first single
expect 'v2v -i disk -o local -oo comp' compressed
expect 'v2v -i disk -o local -oo compressed=' false true
expect 'v2v -o vdsm -oo vdsm-ovf' vdsm-ovf-flavour= vdsm-ovf-output=
expect 'v2v -i disk disk' disk.img disk.txt
expect 'v2v -ip disk.t' disk.txt
expect 'v2v --upload disk.t' disk.txt
expect 'v2v --firstboot-c' --firstboot-command
expect 'v2v --password-crypto sha' sha256 sha512
expect 'v2v -os a' 'a folder'
expect 'v2v -- -disk' ''
expect 'v2v -o absent -oo ' ''
expect 'v2v --debug' ''
# Another place with plugins is heeded.
mkdir -m 755 "$work/more"
cp "$V2V_BUILD/plugins/v2v-output-null.so" "$work/more"
expect "v2v --plugin-dir $work/more -o n" null
[ "$failures" = 0 ]
