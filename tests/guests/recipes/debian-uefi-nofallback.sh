# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# debian-uefi without the fallback loader: the entry in the old machine's NVRAM was all that
# started it, so with fresh NVRAM the firmware finds nothing. Nor does its fstab name the ESP.

firmware=uefi
parent=debian-uefi
expect=(root=/dev/sda2 swap=/dev/sda3)
# What a converter has to do to make it start; the proof does it too.
rescue=(
  'mkdir-p /EFI/BOOT'
  'cp /EFI/debian/shimx64.efi /EFI/BOOT/BOOTX64.EFI'
  'cp /EFI/debian/grubx64.efi /EFI/BOOT/grubx64.efi'
)

layout() {
  cat <<'END'
mount-options discard /dev/sda2 /
mount /dev/sda1 /boot/efi
END
}

in_guest() {
  cat <<'END'
rm -r /boot/efi/EFI/BOOT /boot/efi/EFI/debian/fbx64.efi /boot/efi/EFI/debian/mmx64.efi \
  /boot/efi/EFI/debian/BOOTX64.CSV
sed -i '\|/boot/efi|d' /etc/fstab
echo 'grub-efi-amd64 grub2/force_efi_extra_removable boolean false' | debconf-set-selections
END
}
