# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# A machine in the manner of CentOS 9: packages of rpm in rpm's own database, dracut, an ext4 /boot on sda1,
# and on sda2 the volume group cs with an XFS root and swap. Its kernel, dracut and user space are Debian's;
# what the conversion has to do with, the kernel and open-vm-tools, is packed into real packages of rpm and
# installed with rpm, and nothing of dpkg is left.

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
lvcreate root cs 1500
lvcreate-free swap cs 100
mkfs xfs /dev/cs/root
mkswap /dev/cs/swap uuid:ce205105-0004-4000-8000-000000000004
mount-options discard /dev/cs/root /
mkdir /boot
mount-options discard /dev/sda1 /boot
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
install_sets bios dracut lvm rpm
dpkg --purge --force-depends initramfs-tools initramfs-tools-core
rm -rf /etc/initramfs-tools /var/lib/initramfs-tools
kernel=$(basename /lib/modules/*)
dracut --force --no-hostonly --filesystems 'xfs ext4' --add lvm \
  --drivers 'xfs ext4 dm_mod ata_piix ata_generic ahci sd_mod' --omit-drivers 'virtio.* nd_virtio' \
  "/boot/initramfs-$kernel.img" "$kernel"
lsinitrd "/boot/initramfs-$kernel.img" >/tmp/initramfs
grep -q 'xfs\.ko' /tmp/initramfs
grep -q 'dm-mod\.ko' /tmp/initramfs
if grep 'virtio.*\.ko' /tmp/initramfs; then
  echo "this initramfs has virtio drivers" >&2
  exit 1
fi

# pack NAME VERSION RELEASE DEBIAN-PACKAGE : the files of a Debian package as a package of rpm.
pack() {
  dpkg -L "$4" | while read -r path; do
    [ ! -f "$path" ] || echo "$path"
  done >/tmp/files
  {
    printf 'Name: %s\nVersion: %s\nRelease: %s\nSummary: %s\nLicense: various\nAutoReqProv: no\n' \
      "$1" "$2" "$3" "$1"
    printf '%%description\n%s\n' "$1"
    printf '%%install\ntar -C / -cf - -T /tmp/files | tar -C %%{buildroot} -xf -\n%%files\n'
    sed 's/.*/"&"/' /tmp/files
  } >/tmp/package.spec
  rpmbuild -bb --quiet --define 'debug_package %{nil}' --define '__os_install_post %{nil}' \
    --define '_build_id_links none' --define '_topdir /tmp/rpmbuild' /tmp/package.spec
}
pack kernel-core "${kernel%%-*}" "$(echo "${kernel#*-}" | tr - .)" "linux-image-$kernel"
pack open-vm-tools 12.2.0 1.el9 open-vm-tools
# As Red Hat has it; Debian's rpm keeps its own database out of the way.
sed -i 's,^%_dbpath.*,%_dbpath %{_var}/lib/rpm,' /usr/lib/rpm/macros
rpm --initdb
rpm -i --nodeps --replacefiles --ignorearch /tmp/rpmbuild/RPMS/*/*.rpm
rpm -q kernel-core open-vm-tools
test -s /var/lib/rpm/rpmdb.sqlite
rm -rf /tmp/rpmbuild /tmp/package.spec /tmp/files /tmp/initramfs

cat >/etc/os-release <<OS
NAME="CentOS Stream"
VERSION="9"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="9"
PRETTY_NAME="CentOS Stream 9"
OS
echo 'CentOS Stream release 9' >/etc/redhat-release
rm -rf /etc/debian_version /var/lib/dpkg
END
}

in_guest() {
  cat <<'END'
common_setup
cat >/etc/fstab <<FSTAB
/dev/mapper/cs-root / xfs defaults 0 0
/dev/sda1 /boot ext4 defaults 0 0
/dev/mapper/cs-swap none swap defaults 0 0
FSTAB
grub_defaults rd.lvm.lv=cs/root rd.lvm.lv=cs/swap resume=/dev/mapper/cs-swap rd.retry=30 rd.timeout=60
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
grep "initramfs-$(basename /lib/modules/*).img" /boot/grub/grub.cfg
END
}
