# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# debian-bios with a kernel that has no virtio at all, as kernels built for one machine are, and with
# systemd-networkd in the place of ifupdown.

firmware=bios
parent=debian-bios
expect=(root=/dev/sda1 swap=/dev/sda2)

layout() {
  cat <<'END'
mount-options discard /dev/sda1 /
END
}

in_guest() {
  cat <<'END'
cd /lib/modules/*/kernel/drivers
rm -r virtio block/virtio_blk.ko* net/virtio_net.ko* scsi/virtio_scsi.ko*
kernel=$(basename /lib/modules/*)
depmod "$kernel"
cat >/etc/network/interfaces <<INTERFACES
auto lo
iface lo inet loopback
INTERFACES
cat >/etc/systemd/network/lan.network <<NETWORK
[Match]
Name=ens192

[Network]
Address=10.0.2.77/24
NETWORK
systemctl enable systemd-networkd.service
systemctl mask systemd-networkd-wait-online.service
END
}
