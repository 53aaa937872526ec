# shellcheck shell=bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The Debian 12 tree all guests start from, as a tar archive. It is the same for every guest
# and holds, in /var/cache/guest-debs/SET, the packages only some of them install, so that
# making a guest needs no network. Sourced by `build`; mmdebstrap picks root or unshare mode
# itself, so an ordinary user can make it too.

base_packages=(
  systemd-sysv udev kmod ifupdown iproute2 netbase
  linux-image-amd64 initramfs-tools busybox zstd
  e2fsprogs dosfstools
  grub2-common grub-pc-bin grub-efi-amd64-bin
  open-vm-tools
)

# What no test looks at: most of the archive, and of the time to unpack it in the appliance.
base_excludes=(
  '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/i18n/*'
  '/usr/share/doc/*' '/usr/share/lintian/*' '/usr/share/bug/*'
  '/lib/modules/*/kernel/sound/*'
  '/lib/modules/*/kernel/drivers/media/*'
  '/lib/modules/*/kernel/drivers/infiniband/*'
  '/lib/modules/*/kernel/drivers/iio/*'
  '/lib/modules/*/kernel/drivers/staging/*'
  '/lib/modules/*/kernel/drivers/comedi/*'
  '/lib/modules/*/kernel/drivers/net/wireless/*'
  '/lib/modules/*/kernel/drivers/gpu/drm/amd/*'
  '/lib/modules/*/kernel/drivers/gpu/drm/i915/*'
  '/lib/modules/*/kernel/drivers/gpu/drm/nouveau/*'
  '/lib/modules/*/kernel/drivers/gpu/drm/radeon/*'
)

# base_fetch SET PACKAGE... : an mmdebstrap hook that downloads the packages with all they need.
base_fetch() {
  local set=$1
  shift
  # shellcheck disable=SC2016  # "$1" is for the shell that runs the hook
  printf '%s\n' 'set -eu; chroot "$1" apt-get clean' \
    'chroot "$1" apt-get -y -q --no-install-recommends --download-only install '"$*" \
    'mkdir -p "$1"/var/cache/guest-debs/'"$set" \
    'mv "$1"/var/cache/apt/archives/*.deb "$1"/var/cache/guest-debs/'"$set"
}

# make_base OUT.tar
make_base() {
  local out=$1 path
  local -a options=()
  for path in "${base_excludes[@]}"; do
    options+=(--dpkgopt="path-exclude=$path")
  done
  # The initramfs is removed because each guest makes its own.
  # shellcheck disable=SC2016
  timeout 1200 mmdebstrap --variant=minbase --format=tar "${options[@]}" \
    --aptopt='Acquire::Languages "none"' \
    --include="$(IFS=,; echo "${base_packages[*]}")" \
    --customize-hook="$(base_fetch bios grub-pc)" \
    --customize-hook="$(base_fetch uefi grub-efi-amd64 grub-efi-amd64-signed shim-signed efibootmgr)" \
    --customize-hook="$(base_fetch crypt cryptsetup-initramfs lvm2)" \
    --customize-hook="$(base_fetch dracut dracut-core)" \
    --customize-hook="$(base_fetch lvm lvm2)" \
    --customize-hook="$(base_fetch raid mdadm)" \
    --customize-hook="$(base_fetch btrfs btrfs-progs)" \
    --customize-hook="$(base_fetch netplan netplan.io)" \
    --customize-hook="$(base_fetch rpm rpm)" \
    --customize-hook='rm -f "$1"/boot/initrd.img-*' \
    bookworm "$out"
}
