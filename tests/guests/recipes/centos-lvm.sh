# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A machine in the manner of CentOS 9 on one disk: an ext4 /boot on sda1, and on sda2 the volume group cs
# with an XFS root, an XFS /usr, /var in a thin pool, and swap; one kernel. Made as centos-raid is.

firmware=bios
expect=(root=/dev/mapper/cs-root swap=/dev/mapper/cs-swap)

layout() {
  cat <<'END'
part-init /dev/sda mbr
part-add /dev/sda primary 2048 616447
part-add /dev/sda primary 616448 -2048
part-set-bootable /dev/sda 1 true
mkfs ext4 /dev/sda1
set-uuid /dev/sda1 ce205105-0001-4000-8000-000000000001
vgcreate cs /dev/sda2
lvcreate root cs 400
lvcreate usr cs 800
debug sh "lvm lvcreate -q --type thin-pool -Zn -L 256M -n pool cs && lvm lvcreate -q -V 250M --type thin --thinpool cs/pool -n var"
lvcreate-free swap cs 100
mkfs xfs /dev/cs/root
mkfs xfs /dev/cs/usr
mkfs ext4 /dev/cs/var
mkswap /dev/cs/swap uuid:ce205105-0004-4000-8000-000000000004
mount-options discard /dev/cs/root /
mkdir /usr
mount-options discard /dev/cs/usr /usr
mkdir /var
mount-options discard /dev/cs/var /var
mkdir /boot
mount-options discard /dev/sda1 /boot
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios dracut lvm rpm
kernel=$(basename /lib/modules/*)
make_dracut_initramfs "/boot/initramfs-$kernel.img" --filesystems 'xfs ext4' --add 'lvm usrmount' \
  --drivers 'xfs ext4 dm_mod dm_thin_pool ata_piix ata_generic ahci sd_mod'
lsinitrd "/boot/initramfs-$kernel.img" | grep 'xfs\.ko\|dm-mod\.ko\|dm-thin-pool\.ko' | wc -l | grep -x 3

use_rpm /var/lib/rpm
pack_debian kernel-core "${kernel%%-*}" "$(echo "${kernel#*-}" | tr - .)" "linux-image-$kernel"
pack_debian open-vm-tools 12.2.0 1.el9 open-vm-tools
test -s /var/lib/rpm/rpmdb.sqlite
cat >/etc/os-release <<OS
NAME="CentOS Stream"
VERSION="9"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="9"
PRETTY_NAME="CentOS Stream 9"
OS
echo 'CentOS Stream release 9' >/etc/redhat-release
ln -s redhat-release /etc/centos-release
forget_debian
END
}

in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/mapper/cs-root / xfs defaults 0 0
/dev/mapper/cs-usr /usr xfs defaults 0 0
/dev/mapper/cs-var /var ext4 defaults 0 0
/dev/sda1 /boot ext4 defaults 0 0
/dev/mapper/cs-swap none swap defaults 0 0
FSTAB
grub_defaults rd.lvm.lv=cs/root rd.lvm.lv=cs/usr rd.lvm.lv=cs/swap resume=/dev/mapper/cs-swap rd.retry=30 rd.timeout=60
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
grep "initramfs-$(basename /lib/modules/*).img" /boot/grub/grub.cfg
END
}
