// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See domain.hpp: hard disks, and drives for removable media, in the order of the XML, which is the
// order the guest sees them in.
#include "domain_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/xml/reading.hpp>

namespace v2v::libvirt {
namespace {

constexpr std::size_t most_disks = 1000;
constexpr std::size_t most_drive_letters = 3;

/// Without an attribute a <disk> is a hard disk.
std::string device_of(pugi::xml_node disk) {
  const auto device = attribute(disk, "device");
  return device.empty() ? "disk" : device;
}

/// The bus, or where it is not written what libvirt derives from the name of the target.
std::string bus_of(pugi::xml_node disk) {
  const auto target = child(disk, "target");
  auto bus = attribute(target, "bus");
  if (!bus.empty()) return bus;
  const auto name = attribute(target, "dev");
  for (const auto &[prefix, of_prefix] : {std::pair{"hd", "ide"}, {"sd", "scsi"}, {"vd", "virtio"}})
    if (name.rfind(prefix, 0) == 0) return of_prefix;
  return {};
}

/// A SCSI disk hangs on the controller of the number in its address; without one, on any.
bool on_virtio_scsi(const Reading &reading, pugi::xml_node disk) {
  const auto number = attribute(child(disk, "address"), "controller");
  bool any = false;
  for (const auto &controller : children(reading.devices, "controller")) {
    const auto model = attribute(controller, "model");
    if (model.rfind("virtio", 0) != 0 || attribute(controller, "type") == "virtio-serial") continue;
    any = true;
    if (attribute(controller, "index") == number) return true;
  }
  return any && number.empty();
}

Controller controller_of(const Reading &reading, pugi::xml_node disk) {
  const auto bus = bus_of(disk);
  if (bus == "ide") return Controller::ide;
  if (bus == "sata") return Controller::sata;
  if (bus == "nvme") return Controller::nvme;
  if (bus == "virtio") return Controller::virtio_blk;
  if (bus == "scsi")
    return on_virtio_scsi(reading, disk) ? Controller::virtio_scsi : Controller::scsi;
  return Controller::unknown;
}

/// The place on its bus that a drive's name stands for: hdc is 2, sr1 is 1.
std::optional<unsigned> slot_of(const std::string &name) {
  if (name.rfind("sr", 0) == 0) {
    const auto number = whole_number(name.substr(2));
    return number && *number < most_disks ? std::optional(static_cast<unsigned>(*number))
                                          : std::nullopt;
  }
  for (const std::string_view prefix : {"xvd", "hd", "sd", "vd", "fd"}) {
    if (name.rfind(prefix, 0) != 0) continue;
    const auto letters = name.substr(prefix.size());
    if (letters.empty() || letters.size() > most_drive_letters) return std::nullopt;
    unsigned slot = 0;
    for (const char letter : letters) {
      if (letter < 'a' || letter > 'z') return std::nullopt;
      slot = slot * 26 + static_cast<unsigned>(letter - 'a') + 1;
    }
    return slot - 1;
  }
  return std::nullopt;
}

class DiskReader {
 public:
  DiskReader(const Reading &reading, pugi::xml_node node)
      : reading_(reading), node_(node), source_(child(node, "source")) {}

  std::optional<DomainDisk> disk() const {
    DomainDisk disk;
    disk.type = attribute(node_, "type");
    disk.target = attribute(child(node_, "target"), "dev");
    disk.controller = controller_of(reading_, node_);
    disk.format = format_name(attribute(child(node_, "driver"), "type"));
    disk.encrypted = child(node_, "encryption") || child(source_, "encryption");
    slice(disk);
    disk.checksum = checksum();
    if (place(disk)) return disk;
    reading_.warn(fmt::format("disk {} of type {} has no source and is left out",
                              text::printable(disk.target), text::printable(disk.type)));
    return std::nullopt;
  }

 private:
  /// Where its bytes are; false if the XML does not say.
  bool place(DomainDisk &disk) const {
    if (disk.type == "file" || disk.type == "block") {
      disk.kind = disk.type == "file" ? DomainDisk::Kind::file : DomainDisk::Kind::block;
      disk.path = attribute(source_, disk.type == "file" ? "file" : "dev");
      return !disk.path.empty();
    }
    if (disk.type == "volume") {
      disk.kind = DomainDisk::Kind::volume;
      disk.pool = attribute(source_, "pool");
      disk.volume = attribute(source_, "volume");
      return !disk.pool.empty() && !disk.volume.empty();
    }
    if (disk.type == "network") network(disk);
    return true;
  }

  void network(DomainDisk &disk) const {
    disk.kind = DomainDisk::Kind::network;
    disk.protocol = attribute(source_, "protocol");
    disk.name = attribute(source_, "name");
    disk.query = attribute(source_, "query");
    disk.tls = attribute(source_, "tls") == "yes";
    disk.login = child(source_, "auth") || child(node_, "auth") || child(source_, "cookies");
    disk.check_certificate = attribute(child(source_, "ssl"), "verify") != "no";
    disk.user = attribute(child(source_, "identity"), "username");
    disk.key_file = attribute(child(source_, "identity"), "keyfile");
    disk.known_hosts = attribute(child(source_, "knownHosts"), "path");
    for (const auto &host : children(source_, "host"))
      disk.hosts.push_back({attribute(host, "name"), attribute(host, "transport"),
                            attribute(host, "socket"), attribute(host, "port")});
  }

  void slice(DomainDisk &disk) const {
    for (const auto &slice : children(child(source_, "slices"), "slice")) {
      if (attribute(slice, "type") != "storage") continue;
      const auto offset = whole_number(attribute(slice, "offset"));
      const auto size = whole_number(attribute(slice, "size"));
      if (!offset || !size || *size == 0 || *size > UINT64_MAX - *offset)
        throw Error(Code::corrupt, "the slice of one of its disks cannot be", reading_.name,
                    "put its <slice> right with virsh edit, or in the XML");
      disk.offset = *offset;
      disk.length = *size;
    }
  }

  /// What cannot be understood is warned of and left out.
  std::optional<Checksum> checksum() const {
    const auto node = child(node_, "checksum");
    const auto method = attribute(node, "method"), fail = attribute(node, "fail");
    const auto expected = std::string(xml::trimmed(node.text().get()));
    if (!node || fail == "ignore") return std::nullopt;
    const auto left_out = [&](const std::string &why) {
      reading_.warn(fmt::format("the <checksum> of disk {} is left out: {}",
                                text::printable(attribute(child(node_, "target"), "dev")), why));
      return std::nullopt;
    };
    if (method.empty()) return left_out("it has no method");
    if (fail == "print") return Checksum{method, {}, Checksum::OnFailure::print};
    if (expected.empty()) return left_out("it is empty");
    if (fail.empty() || fail == "warn" || fail == "warning")
      return Checksum{method, expected, Checksum::OnFailure::warn};
    if (fail == "error" || fail == "err")
      return Checksum{method, expected, Checksum::OnFailure::error};
    return left_out(fmt::format("fail='{}' is not known", text::printable(fail)));
  }

  const Reading &reading_;
  pugi::xml_node node_, source_;
};

}  // namespace

std::string format_name(const std::string &written) {
  // "aio" is what Xen's blktap calls a raw file.
  return written == "aio" ? "raw" : written;
}

std::vector<DomainDisk> read_disks(const Reading &reading) {
  std::vector<DomainDisk> disks;
  for (const auto &node : children(reading.devices, "disk")) {
    const auto device = device_of(node);
    // A lun is a disk of the host, which its guest talks to in SCSI.
    if (device != "disk" && device != "lun") continue;
    if (disks.size() >= most_disks)
      throw Error(Code::corrupt, fmt::format("it has more than {} disks", most_disks), reading.name,
                  "give the XML that virsh dumpxml writes");
    if (auto disk = DiskReader(reading, node).disk()) disks.push_back(std::move(*disk));
  }
  return disks;
}

std::vector<Removable> read_removables(const Reading &reading) {
  std::vector<Removable> drives;
  for (const auto &node : children(reading.devices, "disk")) {
    const auto device = device_of(node);
    if (device != "cdrom" && device != "floppy") continue;
    Removable drive;
    drive.type = device == "cdrom" ? Removable::Type::cdrom : Removable::Type::floppy;
    drive.controller = controller_of(reading, node);
    drive.slot = slot_of(attribute(child(node, "target"), "dev"));
    drives.push_back(drive);
  }
  return drives;
}

}  // namespace v2v::libvirt
