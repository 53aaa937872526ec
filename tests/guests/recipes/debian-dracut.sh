# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# debian-bios with dracut in the place of initramfs-tools, as Ubuntu has it since 25.10, and as the
# families of Red Hat and SUSE have it. Without its root dracut waits no longer than the tests want to.

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
set-uuid /dev/sda1 b105b105-0003-4000-8000-000000000001
mkswap /dev/sda2 uuid:b105b105-0004-4000-8000-000000000002
mount-options discard /dev/sda1 /
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios dracut
dpkg --purge --force-depends initramfs-tools initramfs-tools-core
# initramfs-tools had its configuration from the tree that all guests share.
rm -rf /etc/initramfs-tools /var/lib/initramfs-tools
kernel=$(basename /lib/modules/*)
dracut --force --no-hostonly --filesystems ext4 --drivers 'ext4 ata_piix ata_generic ahci sd_mod' \
  --omit-drivers 'virtio.* nd_virtio' \
  "/boot/initrd.img-$kernel" "$kernel"
lsinitrd "/boot/initrd.img-$kernel" >/tmp/initramfs
grep -q 'ext4\.ko' /tmp/initramfs
if grep 'virtio.*\.ko' /tmp/initramfs; then
  echo "this initramfs has virtio drivers" >&2
  exit 1
fi
rm /tmp/initramfs
END
}

in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/sda1 / ext4 errors=remount-ro 0 1
/dev/sda2 none swap sw 0 0
FSTAB
grub_defaults resume=/dev/sda2 rd.retry=30 rd.timeout=60
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
END
}
