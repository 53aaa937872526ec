# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Debian 12 with BIOS and an encrypted disk: MBR, ext4 /boot on sda1, LUKS 2 on sda2 and in it the
# volume group vg0 with root and swap. crypttab calls the disk /dev/sda2. The passphrase is
# "v2v-test"; a key file in the initramfs opens the disk with nobody at the console. The cheap key
# derivation is for the emulator's sake.

firmware=bios
expect=(root=/dev/mapper/vg0-root swap=/dev/mapper/vg0-swap)

layout() {
  cat <<'END'
part-init /dev/sda mbr
part-add /dev/sda primary 2048 411647
part-add /dev/sda primary 411648 -2048
part-set-bootable /dev/sda 1 true
mkfs ext4 /dev/sda1
set-uuid /dev/sda1 10c510c5-0001-4000-8000-000000000001
debug sh "udevadm settle; printf v2v-test >/tmp/phrase; printf a-test-guest-key-no-secret >/tmp/key"
debug sh "cryptsetup -q luksFormat --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --uuid 10c510c5-0002-4000-8000-000000000002 /dev/disk/guestfs/guest2 /tmp/phrase"
debug sh "cryptsetup -q luksAddKey --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /tmp/phrase /dev/disk/guestfs/guest2 /tmp/key"
debug sh "cryptsetup open --allow-discards --key-file /tmp/phrase /dev/disk/guestfs/guest2 sda2_crypt"
vgcreate vg0 /dev/mapper/sda2_crypt
lvcreate root vg0 1600
lvcreate-free swap vg0 100
mkfs ext4 /dev/vg0/root
set-uuid /dev/vg0/root 10c510c5-0003-4000-8000-000000000003
mkswap /dev/vg0/swap uuid:10c510c5-0004-4000-8000-000000000004
mount-options discard /dev/vg0/root /
mkdir /boot
mount-options discard /dev/sda1 /boot
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios crypt
END
}

# The initramfs is made here although that is slow: only where the disk is really open do
# cryptsetup's scripts put the same things into it as on a real machine.
in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/mapper/vg0-root / ext4 errors=remount-ro 0 1
/dev/sda1 /boot ext4 defaults 0 2
/dev/mapper/vg0-swap none swap sw 0 0
FSTAB
echo 'sda2_crypt /dev/sda2 /etc/keys/root.key luks,initramfs' >/etc/crypttab
install -d -m 700 /etc/keys
printf a-test-guest-key-no-secret >/etc/keys/root.key
chmod 400 /etc/keys/root.key
echo 'KEYFILE_PATTERN="/etc/keys/*.key"' >>/etc/cryptsetup-initramfs/conf-hook
echo UMASK=0077 >/etc/initramfs-tools/conf.d/umask
echo RESUME=/dev/mapper/vg0-swap >/etc/initramfs-tools/conf.d/resume
# The appliance may call the disk sdb; its own disk, sda then, has no partitions.
[ -b /dev/sda2 ] || ln -s "$(readlink -f /dev/disk/guestfs/guest2)" /dev/sda2
make_initramfs
lsinitramfs /boot/initrd.img-* >/tmp/initramfs
grep cryptroot/keyfiles/sda2_crypt.key /tmp/initramfs
grep dm-crypt.ko /tmp/initramfs
rm /tmp/initramfs
grub_defaults
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
END
}
