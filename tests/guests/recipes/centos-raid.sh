# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A machine in the manner of CentOS 9 on two disks: an ext4 /boot on one RAID 1, and on another the volume
# group cs with an XFS root and swap; packages of rpm in rpm's own database; dracut. Its kernel, dracut and
# user space are Debian's; what the conversion has to do with, the kernels and open-vm-tools, is packed into
# real packages of rpm and installed with rpm, and nothing of dpkg is left.
#
# GRUB's saved entry is the older one of two kernels. It is the newer one under another name, so that it
# boots; what tells them apart is the command line.

firmware=bios
disks=2
expect=(root=/dev/mapper/cs-root swap=/dev/mapper/cs-swap)

layout() {
  local disk
  for disk in /dev/sda /dev/sdb; do
    cat <<END
part-init $disk mbr
part-add $disk primary 2048 616447
part-add $disk primary 616448 -2048
part-set-bootable $disk 1 true
part-set-mbr-id $disk 1 0xfd
part-set-mbr-id $disk 2 0xfd
END
  done
  cat <<'END'
md-create boot-raid "/dev/sda1 /dev/sdb1" level:raid1
mkfs ext4 /dev/md127
set-uuid /dev/md127 ce205105-0001-4000-8000-000000000001
md-create cs-raid "/dev/sda2 /dev/sdb2" level:raid1
vgcreate cs /dev/md126
lvcreate root cs 1500
lvcreate-free swap cs 100
mkfs xfs /dev/cs/root
mkswap /dev/cs/swap uuid:ce205105-0004-4000-8000-000000000004
mount-options discard /dev/cs/root /
mkdir /boot
mount-options discard /dev/md127 /boot
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios dracut lvm raid rpm
kernel=$(basename /lib/modules/*)
make_dracut_initramfs "/boot/initramfs-$kernel.img" --filesystems 'xfs ext4' --add 'lvm mdraid' \
  --drivers 'xfs ext4 dm_mod raid1 ata_piix ata_generic ahci sd_mod'
lsinitrd "/boot/initramfs-$kernel.img" | grep 'xfs\.ko\|dm-mod\.ko\|raid1\.ko' | wc -l | grep -x 3

use_rpm /var/lib/rpm
pack_debian kernel-core "${kernel%%-*}" "$(echo "${kernel#*-}" | tr - .)" "linux-image-$kernel"
pack_debian open-vm-tools 12.2.0 1.el9 open-vm-tools
test -s /var/lib/rpm/rpmdb.sqlite

kernels=2
old=5.14.0-1.el9.x86_64
cp "/boot/vmlinuz-$kernel" "/boot/vmlinuz-$old"
cp "/boot/config-$kernel" "/boot/config-$old"
cp "/boot/initramfs-$kernel.img" "/boot/initramfs-$old.img"
mkdir -p "/lib/modules/$old/kernel"
find "/lib/modules/$kernel" -name 'virtio*.ko' -exec cp {} "/lib/modules/$old/kernel" \;
depmod "$old"
pack kernel-core 5.14.0 1.el9 "/boot/vmlinuz-$old" $(find "/lib/modules/$old" -name '*.ko')

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
UUID=ce205105-0001-4000-8000-000000000001 /boot ext4 defaults 0 0
/dev/mapper/cs-swap none swap defaults 0 0
FSTAB
mdadm --detail --scan >>/etc/mdadm/mdadm.conf
# dracut assembles what it is told to, as Anaconda does.
raid=$(mdadm --detail --export /dev/md126 | sed -n 's/^MD_UUID=//p')
grub_defaults "rd.md.uuid=$raid" rd.lvm.lv=cs/root rd.lvm.lv=cs/swap resume=/dev/mapper/cs-swap rd.retry=30 rd.timeout=60
echo GRUB_DISABLE_SUBMENU=y >>/etc/default/grub
sed -i 's/^GRUB_DEFAULT=.*/GRUB_DEFAULT=saved/' /etc/default/grub
for disk in guest second; do
  grub-install --target=i386-pc "/dev/disk/guestfs/$disk"
done
grub-mkconfig -o /boot/grub/grub.cfg
title=$(sed -n "s/^menuentry '\([^']*5\.14\.0[^']*\)' .*/\1/p" /boot/grub/grub.cfg | head -n 1)
grub-set-default "$title"
grep '5\.14\.0-1\.el9' /boot/grub/grubenv
# Otherwise every boot of the tests would begin it anew.
seconds=0
while grep -q resync /proc/mdstat && [ "$seconds" -lt 600 ]; do
  sleep 1
  seconds=$((seconds + 1))
done
END
}
