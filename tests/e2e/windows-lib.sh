# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Sourced by the tests of the converter of Windows guests, after lib.sh: disks in the shape of a Windows,
# virtio-win's tree, and what is in a converted disk, read with the tools of NTFS and FAT themselves rather
# than with the appliance that wrote it.
# shellcheck shell=bash disable=SC2154,SC2034  # lib.sh's names, and names for the tests

# windows VERSION-FIRMWARE[-TROUBLE]… : the paths of the disks.
windows() { timeout 900 "$source_tree/tests/guests/windows" "$@"; }

# virtio_win [FOLDER] : the tree in $work/tree and as an ISO image, which v2v is to take; without drivers for
# the version with this folder.
virtio_win() {
  "$source_tree/tests/guests/virtio-win" "$work/tree" --iso "$work/virtio-win.iso" ${1:+--without "$1"}
  export VIRTIO_WIN=$work/virtio-win.iso
}

# about VERSION : osinfo's id, the folder in virtio-win's tree (empty: it has no drivers), the processor as
# libguestfs and as Windows calls it, and the directory of Windows.
about() {
  arch=x86_64 winarch=amd64 root=Windows
  case $1 in xp | 2003 | 7) arch=i386 winarch=x86 ;; esac
  case $1 in xp | 2003) root=WINDOWS ;; esac
  case $1 in
    xp) id=winxp folder=xp ;;
    2003) id=win2k3 folder='' ;;
    7) id=win7 folder=w7 ;;
    2008r2) id=win2k8r2 folder=2k8R2 ;;
    2012r2) id=win2k12r2 folder=2k12R2 ;;
    10 | 11) id=win$1 folder=w$1 ;;
    *) id=win2k${1#20} folder=2k${1#20} ;;
  esac
}

# c_drive DISK FIRMWARE FILE : C: of a qcow2 disk, as the file FILE.
c_drive() {
  local offset=1048576
  [ "$2" = bios ] || offset=51380224
  qemu-img convert -O raw --image-opts \
    "driver=raw,offset=$offset,file.driver=qcow2,file.file.filename=$1" "$3"
}
# esp DISK FILE : the EFI System Partition.
esp() {
  qemu-img convert -O raw --image-opts \
    "driver=raw,offset=1048576,size=33554432,file.driver=qcow2,file.file.filename=$1" "$2"
}

# take DRIVE PATH FILE : a file of an NTFS.
take() { ntfscat -f "$1" "$2" >"$3" || fail "there is no $2"; }
# names DRIVE DIRECTORY : what is in it; nothing if there is no such directory.
names() { ntfsls -F -p "$2" "$1" 2>/dev/null | grep -vx '\.\{1,2\}/' || true; }

# take_all DRIVE DIRECTORY TO : the directory with everything in it becomes the new directory TO.
take_all() {
  local name
  mkdir "$3"
  while read -r name; do
    if [[ $name = */ ]]; then
      take_all "$1" "$2/${name%/}" "$3/${name%/}"
    else
      take "$1" "$2/$name" "$3/$name"
    fi
  done < <(names "$1" "$2")
}

# assert_protected DRIVE DIRECTORY : nobody but SYSTEM and the administrators may change what is in it. The
# tool that reads security descriptors works for root only.
assert_protected() {
  [ "$(id -u)" = 0 ] || return 0
  local found
  found=$(ntfssecaudit -r "$1" "$2" 2>/dev/null |
    sed -nE 's/.*(owner|key) .* mode 0?([0-7]{3})( .*)?$/\2/ip' | sort -u)
  assert_equal "$found" 755 "who may change $2"
}

# value HIVE KEY NAME : as hivexget prints it.
value() { hivexget "$1" "\\$2" "$3"; }
