# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A healthy Debian 12 with UEFI: GPT, EFI System Partition on sda1, ext4 root on sda2, swap on
# sda3, Debian's signed shim and GRUB in EFI/debian and as the fallback loader in EFI/BOOT.

firmware=uefi
expect=(root=/dev/sda2 swap=/dev/sda3)

layout() {
  cat <<'END'
part-init /dev/sda gpt
part-add /dev/sda primary 2048 133119
part-add /dev/sda primary 133120 3801087
part-add /dev/sda primary 3801088 -2048
part-set-gpt-type /dev/sda 1 C12A7328-F81F-11D2-BA4B-00A0C93EC93B
part-set-gpt-type /dev/sda 3 0657FD6D-A4AB-43C4-84E5-0933C84B4F4F
mkfs vfat /dev/sda1
mkfs ext4 /dev/sda2
set-uuid /dev/sda2 0ef10ef1-0002-4000-8000-000000000002
mkswap /dev/sda3 uuid:0ef10ef1-0003-4000-8000-000000000003
mount-options discard /dev/sda2 /
mkdir-p /boot/efi
mount /dev/sda1 /boot/efi
END
}

in_tree() {
  cat <<'END'
echo RESUME=/dev/sda3 >/etc/initramfs-tools/conf.d/resume
echo 'grub-efi-amd64 grub2/force_efi_extra_removable boolean true' | debconf-set-selections
install_sets uefi
make_initramfs
END
}

in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/sda2 / ext4 errors=remount-ro 0 1
/dev/sda1 /boot/efi vfat umask=0077 0 1
/dev/sda3 none swap sw 0 0
FSTAB
grub_defaults
grub-install --target=x86_64-efi --efi-directory=/boot/efi --no-nvram --force-extra-removable
grub-mkconfig -o /boot/grub/grub.cfg
test -s /boot/efi/EFI/BOOT/BOOTX64.EFI
test -s /boot/efi/EFI/debian/shimx64.efi
test -s /boot/efi/EFI/debian/grub.cfg
END
}
