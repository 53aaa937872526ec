// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Drives for removable media: the CD-ROMs on IDE, as virt-v2v has them, and floppy drives that the
// file says are present. CD-ROMs on SATA and SCSI are left out, as virt-v2v does: its --print-source
// and what it writes for such guests is what people compare with.
#include "guest.hpp"

#include "text.hpp"

#include <algorithm>
#include <string>
#include <v2v/text/characters.hpp>

namespace v2v::input_vmx {

bool is_removable_type(const std::string &device_type) {
  const auto type = text::lower(device_type);
  return type == "atapi-cdrom" || type == "cdrom-image" || type == "cdrom-raw";
}

std::vector<Removable> read_removables(const VmxFile &vmx) {
  std::vector<Removable> drives;
  for (const auto &[controller, unit] : vmx.places("ide")) {
    const auto place = "ide" + std::to_string(controller) + ":" + std::to_string(unit);
    if (!is_removable_type(vmx.text(place + ".devicetype"))) continue;
    Removable drive;
    drive.controller = Controller::ide;
    drive.slot = controller * 2 + unit;
    drives.push_back(drive);
  }
  std::stable_sort(drives.begin(), drives.end(), [](const Removable &a, const Removable &b) {
    return a.slot.value_or(0) < b.slot.value_or(0);
  });
  for (const auto number : vmx.numbers("floppy")) {
    // Without `present` products differ in whether there is one.
    if (!vmx.is_true("floppy" + std::to_string(number) + ".present")) continue;
    Removable drive;
    drive.type = Removable::Type::floppy;
    drive.slot = number;
    drives.push_back(drive);
  }
  return drives;
}

}  // namespace v2v::input_vmx
