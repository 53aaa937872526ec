# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Debian 12 with BIOS: MBR, ext4 root on sda1, swap on sda2, GRUB 2 in the boot sector. Every
# name of a disk is /dev/sdaN: in fstab, in resume= and in the initramfs' own RESUME=.

firmware=bios
expect=(root=/dev/sda1 swap=/dev/sda2)

layout() {
  cat <<'END'
part-init /dev/sda mbr
part-add /dev/sda primary 2048 3801087
part-add /dev/sda primary 3801088 -2048
part-set-bootable /dev/sda 1 true
part-set-mbr-id /dev/sda 2 0x82
mkfs ext4 /dev/sda1
set-uuid /dev/sda1 b105b105-0001-4000-8000-000000000001
mkswap /dev/sda2 uuid:b105b105-0002-4000-8000-000000000002
mount-options discard /dev/sda1 /
END
}

in_tree() {
  cat <<'END'
echo RESUME=/dev/sda2 >/etc/initramfs-tools/conf.d/resume
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios
make_initramfs
END
}

in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/sda1 / ext4 errors=remount-ro 0 1
/dev/sda2 none swap sw 0 0
FSTAB
grub_defaults resume=/dev/sda2
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
END
}
