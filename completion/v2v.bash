# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Completion for bash. The program itself knows its options and plugins: v2v --complete WORD…
# shellcheck shell=bash

_v2v() {
  local line=${COMP_LINE:0:COMP_POINT} word answer seen
  local -a words more
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  word=${words[-1]}
  # For bash '=' and ':' end a word, so what stands before them is not to be said again.
  seen=${word%"${word##*[=:]}"}
  COMPREPLY=()
  while IFS= read -r answer; do
    answer=${answer%%$'\t'*}
    case $answer in
      :files | :directories)
        mapfile -t more < <(compgen "-${answer:1:1}" -- "${word#"$seen"}")
        COMPREPLY+=("${more[@]}")
        compopt -o filenames 2>/dev/null
        ;;
      *)
        COMPREPLY+=("${answer#"$seen"}")
        [[ $answer != *= ]] || compopt -o nospace 2>/dev/null
        ;;
    esac
  done < <("${1/#\~/$HOME}" --complete "${words[@]:1}" 2>/dev/null)
}
complete -F _v2v v2v virt-v2v virt-v2v-in-place virt-v2v-inspector
