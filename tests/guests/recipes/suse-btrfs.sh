# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A machine in the manner of SLES 15 SP6: btrfs whose default subvolume is the first of snapper's snapshots,
# a second one of the whole system, modules packed with zstd, rpm's database where SUSE has it (of the
# kind that Debian's rpm can write), dracut, and the names of disks in fstab. As in centos-raid, the kernel
# and open-vm-tools are real packages of rpm made from Debian's files.

firmware=bios
expect=(root=/dev/sda1\[/@/.snapshots/1/snapshot] swap=/dev/sda2)

layout() {
  cat <<'END'
part-init /dev/sda mbr
part-add /dev/sda primary 2048 3801087
part-add /dev/sda primary 3801088 -2048
part-set-bootable /dev/sda 1 true
part-set-mbr-id /dev/sda 2 0x82
mkfs-btrfs /dev/sda1
mkswap /dev/sda2 uuid:b105b105-0006-4000-8000-000000000002
mount /dev/sda1 /
btrfs-subvolume-create /@
btrfs-subvolume-create /@/.snapshots
mkdir /@/.snapshots/1
btrfs-subvolume-create /@/.snapshots/1/snapshot
btrfs-subvolume-create /@/home
btrfs-subvolume-create /@/srv
btrfs-subvolume-set-default 258 /
umount /
mount-options discard /dev/sda1 /
mkdir /.snapshots
mkdir /home
mount btrfsvol:/dev/sda1/@/.snapshots /.snapshots
mount btrfsvol:/dev/sda1/@/home /home
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios dracut btrfs rpm
kernel=$(basename /lib/modules/*)
find "/lib/modules/$kernel" -name '*.ko' -exec zstd -q --rm {} +
depmod "$kernel"
make_dracut_initramfs "/boot/initrd-$kernel" --filesystems btrfs --add btrfs \
  --drivers 'btrfs ata_piix ata_generic ahci sd_mod'
lsinitrd "/boot/initrd-$kernel" | grep 'btrfs\.ko'

use_rpm /usr/lib/sysimage/rpm
# SUSE's kernels have the last number of the release only in the package's.
pack_debian "kernel-${kernel##*-}" "${kernel%%-*}" "$(echo "${kernel#*-}" | cut -d- -f1).1" \
  "linux-image-$kernel"
pack_debian open-vm-tools 12.2.0 150600.1.1 open-vm-tools
test -s /usr/lib/sysimage/rpm/rpmdb.sqlite
mkdir /etc/sysconfig
echo "DEFAULTKERNEL=\"${kernel##*-}\"" >/etc/sysconfig/kernel

cat >/etc/os-release <<OS
NAME="SLES"
VERSION="15-SP6"
VERSION_ID="15.6"
PRETTY_NAME="SUSE Linux Enterprise Server 15 SP6"
ID="sles"
ID_LIKE="suse"
OS
forget_debian
END
}

in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/sda1 / btrfs defaults 0 0
/dev/sda1 /.snapshots btrfs subvol=/@/.snapshots 0 0
/dev/sda1 /home btrfs subvol=/@/home 0 0
/dev/sda2 none swap sw 0 0
FSTAB
grub_defaults resume=/dev/sda2 rd.retry=30 rd.timeout=60
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
grep "initrd-$(basename /lib/modules/*)" /boot/grub/grub.cfg
mkdir /.snapshots/2
btrfs subvolume snapshot -r / /.snapshots/2/snapshot
END
}
