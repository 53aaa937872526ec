# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# debian-uefi with an unsigned GRUB as grub-install makes it where Debian's signed one is not
# installed: where to find the root file system is built into grubx64.efi, so the EFI System
# Partition has no grub.cfg at all. It has no fallback loader either.

firmware=uefi
parent=debian-uefi
expect=(root=/dev/sda2 swap=/dev/sda3)
rescue=(
  'mkdir-p /EFI/BOOT'
  'cp /EFI/debian/grubx64.efi /EFI/BOOT/BOOTX64.EFI'
)

layout() {
  cat <<'END'
mount-options discard /dev/sda2 /
mount /dev/sda1 /boot/efi
END
}

in_guest() {
  cat <<'END'
rm -r /boot/efi/EFI
dpkg --force-remove-protected --purge shim-signed shim-signed-common shim-helpers-amd64-signed shim-unsigned \
  grub-efi-amd64-signed mokutil
echo 'grub-efi-amd64 grub2/force_efi_extra_removable boolean false' | debconf-set-selections
grub-install --target=x86_64-efi --efi-directory=/boot/efi --no-nvram --no-uefi-secure-boot
test "$(find /boot/efi -type f)" = /boot/efi/EFI/debian/grubx64.efi
END
}
