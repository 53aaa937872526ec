#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# inspection.sh GUEST…: v2v's search for the operating system and libguestfs's inspection agree about these
# guests. A GUEST is one of tests/guests/recipes, or windows:VERSION:FIRMWARE.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
export LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg

for name; do
  say "$name"
  if [[ $name = windows:* ]]; then
    image=$work/${name//:/-}.qcow2
    IFS=: read -r _ version firmware <<<"$name"
    "$source_tree/tests/guests/windows" "$image" "$version" "$firmware"
  else
    image=$(guest "$name")
  fi
  second=$(second_disk "$image")
  overlays=()
  for disk in "$image" ${second:+"$second"}; do
    overlays+=("$work/overlay${#overlays[@]}")
    qemu-img create -q -f qcow2 -b "$disk" -F qcow2 "${overlays[-1]}"
  done
  passphrase=''
  [ "$name" != debian-luks ] || passphrase='v2v-test'
  timeout 400 "$build_tree/tests/inspection" "$passphrase" "${overlays[@]}" || fail "$name"
done
