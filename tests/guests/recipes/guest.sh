# shellcheck shell=sh
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Functions for work inside the new guest. Every script of a recipe that runs there, `in_tree` and
# `in_guest`, follows this one in the same shell.

export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

# install_sets SET... : installs packages the base tree brought along, and forgets the rest.
install_sets() {
  for set in "$@"; do
    dpkg -i "/var/cache/guest-debs/$set/"*.deb
  done
  rm -rf /var/cache/guest-debs
}

# grub_defaults [ARGUMENT...] : /etc/default/grub with these kernel arguments and the consoles.
# The graphical terminal is slow in an emulator and invisible to the tests. The kernel's check of
# the timer fails in an emulator on a busy machine (KVM switches it off by itself).
grub_defaults() {
  cat >/etc/default/grub <<END
GRUB_DEFAULT=0
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200 no_timer_check${*:+ $*}"
GRUB_TERMINAL=console
END
}

# make_initramfs : makes it and refuses one that could find a virtio disk.
make_initramfs() {
  kernel=$(basename /lib/modules/*)
  update-initramfs -c -k "$kernel"
  lsinitramfs "/boot/initrd.img-$kernel" >/tmp/initramfs
  grep -q 'ext4\.ko' /tmp/initramfs
  if grep virtio /tmp/initramfs; then
    echo "this initramfs has virtio drivers" >&2
    exit 1
  fi
  rm /tmp/initramfs
}

# make_dracut_initramfs PATH OPTION... : with dracut in the place of initramfs-tools, whose configuration
# came with the tree that all guests share; refuses one that could find a virtio disk.
make_dracut_initramfs() {
  path=$1
  shift
  dpkg --purge --force-depends initramfs-tools initramfs-tools-core
  rm -rf /etc/initramfs-tools /var/lib/initramfs-tools
  dracut --force --no-hostonly "$@" --omit-drivers 'virtio.* nd_virtio' \
    "$path" "$(basename /lib/modules/*)"
  if lsinitrd "$path" | grep 'virtio.*\.ko'; then
    echo "this initramfs has virtio drivers" >&2
    exit 1
  fi
}

# use_rpm DIRECTORY : an empty database of rpm there. Debian's rpm keeps its own out of the way.
use_rpm() {
  sed -i "s,^%_dbpath.*,%_dbpath $1," /usr/lib/rpm/macros
  rpm --initdb
}

# pack NAME VERSION RELEASE PATH... : these files as a package of rpm, installed.
pack() {
  name=$1 version=$2 release=$3
  shift 3
  printf '%s\n' "$@" >/tmp/files
  {
    printf 'Name: %s\nVersion: %s\nRelease: %s\nSummary: %s\nLicense: various\nAutoReqProv: no\n' \
      "$name" "$version" "$release" "$name"
    printf '%%description\n%s\n' "$name"
    printf '%%install\ntar -C / -cf - -T /tmp/files | tar -C %%{buildroot} -xf -\n%%files\n'
    sed 's/.*/"&"/' /tmp/files
  } >/tmp/package.spec
  rpmbuild -bb --quiet --define 'debug_package %{nil}' --define '__os_install_post %{nil}' \
    --define '_build_id_links none' --define '_topdir /tmp/rpmbuild' /tmp/package.spec
  rpm -i --oldpackage --nodeps --replacefiles --ignorearch /tmp/rpmbuild/RPMS/*/"$name"-*.rpm
  rm -rf /tmp/rpmbuild /tmp/package.spec /tmp/files
  rpm -q "$name"
}

# pack_debian NAME VERSION RELEASE DEBIAN-PACKAGE : the files of a package of Debian.
pack_debian() {
  # Names of Debian's files have no blanks.
  # shellcheck disable=SC2046
  pack "$1" "$2" "$3" $(dpkg -L "$4" | while read -r path; do
    for file in "$path" "$path.zst"; do
      [ ! -f "$file" ] || echo "$file"
    done
  done)
}

# forget_debian : what tells that this is Debian.
forget_debian() {
  rm -rf /etc/debian_version /var/lib/dpkg
}

# common_setup : what has nothing to do with disks. mmdebstrap would undo some of it.
common_setup() {
  # The hash of the password "v2v".
  # shellcheck disable=SC2016
  usermod -p '$6$v2vguest$KUnSJB6DCshAc1vlj.lx/YciO6rnmJwg11Mc7FH9MNWJEbJGz2hkXZPtFGX2URZ8FhN4RGkIs2MvfXRPU8jsG0' root
  echo guest >/etc/hostname
  printf '127.0.0.1 localhost\n127.0.1.1 guest\n' >/etc/hosts
  echo 'nameserver 10.0.2.3' >/etc/resolv.conf
  echo 76327632763276327632763276327632 >/etc/machine-id
  mkdir -p /boot/grub

  systemctl enable v2v-report.service
  # What a boot of a minute has no use for. The console of the report must have no login on it.
  systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    e2scrub_reap.service fstrim.timer systemd-tmpfiles-clean.timer \
    serial-getty@ttyS0.service getty@tty1.service systemd-pcrphase.service
}
