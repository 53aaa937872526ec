// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/words.hpp>

namespace v2v::core {

const char *word(Firmware firmware) {
  switch (firmware) {
    case Firmware::bios:
      return "BIOS";
    case Firmware::uefi:
      return "UEFI";
    case Firmware::unknown:
      break;
  }
  return "not known";
}

const char *word(Controller controller) {
  switch (controller) {
    case Controller::ide:
      return "IDE";
    case Controller::sata:
      return "SATA";
    case Controller::scsi:
      return "SCSI";
    case Controller::nvme:
      return "NVMe";
    case Controller::virtio_blk:
      return "virtio-blk";
    case Controller::virtio_scsi:
      return "virtio-scsi";
    case Controller::unknown:
      break;
  }
  return "controller not known";
}

const char *word(BlockBus bus) {
  switch (bus) {
    case BlockBus::virtio_blk:
      return "virtio-blk";
    case BlockBus::virtio_scsi:
      return "virtio-scsi";
    case BlockBus::ide:
    case BlockBus::none:
      break;
  }
  return "IDE";
}

const char *word(NetBus bus) {
  switch (bus) {
    case NetBus::virtio:
      return "virtio-net";
    case NetBus::rtl8139:
      return "rtl8139";
    case NetBus::e1000:
      break;
  }
  return "e1000";
}

const char *word(Machine machine) {
  switch (machine) {
    case Machine::i440fx:
      return "i440fx";
    case Machine::virt:
      return "virt";
    case Machine::q35:
      break;
  }
  return "q35";
}

const char *word(Display::Type type) {
  switch (type) {
    case Display::Type::vnc:
      return "VNC";
    case Display::Type::spice:
      return "SPICE";
    case Display::Type::window:
      break;
  }
  return "a window";
}

}  // namespace v2v::core
