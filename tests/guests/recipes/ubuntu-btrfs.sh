# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Debian 12 in the manner of Ubuntu 25.10: the subvolumes @ and @home of btrfs, netplan with
# systemd-networkd, and dracut in the place of initramfs-tools. Without its root dracut waits no longer than
# the tests want to.

firmware=bios
expect=(root=/dev/sda1\[/@] swap=/dev/sda2)

layout() {
  cat <<'END'
part-init /dev/sda mbr
part-add /dev/sda primary 2048 3801087
part-add /dev/sda primary 3801088 -2048
part-set-bootable /dev/sda 1 true
part-set-mbr-id /dev/sda 2 0x82
mkfs-btrfs /dev/sda1
mkswap /dev/sda2 uuid:b105b105-0004-4000-8000-000000000002
mount /dev/sda1 /
btrfs-subvolume-create /@
btrfs-subvolume-create /@home
umount /
mount-options discard btrfsvol:/dev/sda1/@ /
mkdir /home
mount btrfsvol:/dev/sda1/@home /home
END
}

in_tree() {
  cat <<'END'
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
# netplan's own command is in Python; what the boot needs is its generator.
for package in netplan.io libnetplan0 libyaml-0-2; do
  dpkg-deb --fsys-tarfile "/var/cache/guest-debs/netplan/$package"_*.deb |
    tar -C / --keep-directory-symlink -xf -
done
ldconfig
install_sets bios dracut btrfs
test -x /lib/systemd/system-generators/netplan
kernel=$(basename /lib/modules/*)
make_dracut_initramfs "/boot/initrd.img-$kernel" --filesystems btrfs --add btrfs \
  --drivers 'btrfs ata_piix ata_generic ahci sd_mod'
lsinitrd "/boot/initrd.img-$kernel" | grep 'btrfs\.ko'
rm -r /etc/network
cat >/etc/netplan/01-installer.yaml <<NETPLAN
network:
  version: 2
  renderer: networkd
  ethernets:
    ens192:
      addresses: [10.0.2.77/24]
      routes:
        - to: default
          via: 10.0.2.2
NETPLAN
chmod 600 /etc/netplan/01-installer.yaml
cat >/etc/os-release <<OS
PRETTY_NAME="Ubuntu 25.10"
NAME="Ubuntu"
VERSION_ID="25.10"
VERSION="25.10 (Questing Quokka)"
ID=ubuntu
ID_LIKE=debian
OS
END
}

in_guest() {
  cat <<'END'
common_setup
systemctl enable systemd-networkd.service
systemctl mask systemd-networkd-wait-online.service networking.service
uuid=$(blkid -s UUID -o value /dev/sda1)
cat >/etc/fstab <<FSTAB
UUID=$uuid / btrfs defaults,subvol=@ 0 1
UUID=$uuid /home btrfs defaults,subvol=@home 0 2
/dev/sda2 none swap sw 0 0
FSTAB
grub_defaults resume=/dev/sda2 rd.retry=30 rd.timeout=60
grub-install --target=i386-pc /dev/disk/guestfs/guest
grub-mkconfig -o /boot/grub/grub.cfg
END
}
