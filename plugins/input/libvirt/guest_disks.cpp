// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "guest_disks.hpp"

#include "disk_checksum.hpp"
#include "network_disk.hpp"

#include <v2v/images/image.hpp>
#include <v2v/libvirt/remote_disk.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::input_libvirt {
namespace {

using libvirt::DomainDisk;

constexpr unsigned most_warnings = 20;  // strange XML must not bury the other messages

/// "vda /var/lib/libvirt/images/guest.qcow2", for messages.
std::string name_of(const DomainDisk &disk) {
  std::string place = disk.path;
  if (disk.kind == DomainDisk::Kind::volume) place = disk.pool + "/" + disk.volume;
  if (disk.kind == DomainDisk::Kind::network) place = disk.protocol + ":" + disk.name;
  return text::printable(disk.target.empty() ? place : disk.target + " " + place);
}

}  // namespace

libvirt::Domain read_guest(const Host &host, const std::string &xml, const std::string &name) {
  unsigned warnings = 0;
  auto domain = libvirt::read_domain(xml, name, [&](const std::string &what) {
    if (++warnings <= most_warnings) host.warning(what);
  });
  if (warnings > most_warnings)
    host.warning(
        fmt::format("{}: it gives reason for {} more warnings", name, warnings - most_warnings));
  return domain;
}

Source GuestDisks::locate(libvirt::Domain domain) {
  if (domain.disks.empty())
    throw Error(Code::unsupported, "this guest has no non-removable disks",
                text::printable(domain.source.name),
                "see the <disk> elements in what virsh dumpxml shows");
  for (const auto &disk : domain.disks) {
    const auto name = name_of(disk);
    domain.source.disks.push_back({disk.controller, locate(disk, name), name});
    const auto &location = domain.source.disks.back().location;
    host_.debug(fmt::format("{}: {} as {}", name, text::printable(location.path), location.format));
  }
  check_disk_checksums(host_, domain.disks, domain.source.disks, settings_.allow_references);
  return std::move(domain.source);
}

Location GuestDisks::locate(const DomainDisk &disk, const std::string &name) {
  if (disk.encrypted)
    throw Error(Code::unsupported, "libvirt encrypts this disk, with a key that it keeps", name,
                "decrypt it with qemu-img convert and a --object secret, and give all disks with "
                "-i disk");
  if (settings_.elsewhere && disk.kind != DomainDisk::Kind::network) return elsewhere(disk, name);
  switch (disk.kind) {
    case DomainDisk::Kind::file:
    case DomainDisk::Kind::block:
      return local(disk, disk.path, disk.format, name);
    case DomainDisk::Kind::volume: {
      const auto volume = settings_.find_volume(disk, name);
      return local(disk, volume.path, disk.format.empty() ? volume.format : disk.format, name);
    }
    case DomainDisk::Kind::network:
      return remote(disk, name);
    case DomainDisk::Kind::other:
      break;
  }
  throw Error(Code::unsupported,
              fmt::format("disks of type \"{}\" are not read", text::printable(disk.type)), name,
              "give all disks with -i disk, this one as a file, a device or an NBD server");
}

Location GuestDisks::local(const DomainDisk &disk, const std::string &path,
                           const std::string &format, const std::string &name) {
  const auto said = format.empty() ? settings_.format : format;
  auto found = images::open_local_disk(host_, path, said, settings_.allow_references);
  // Without a format libvirt runs the disk as raw, whatever it begins with: that may be what its
  // guest has written there.
  if (said.empty() && found.location.format != "raw")
    throw Error(
        Code::unsupported,
        fmt::format("the XML names no format, and the disk begins like {}", found.location.format),
        name, fmt::format("say what it is with -if {} or -if raw", found.location.format));
  if (std::any_of(seen_.begin(), seen_.end(),
                  [&](const images::LocalDisk &other) { return other.same_as(found); }))
    throw Error(Code::corrupt, "two disks of the guest are the same", name,
                "remove one of them with virsh edit, or from the XML");
  found.location.offset = disk.offset;
  found.location.length = disk.length;
  seen_.push_back(found);
  return found.location;
}

Location GuestDisks::elsewhere(DomainDisk disk, const std::string &name) {
  if (disk.kind == DomainDisk::Kind::volume) {
    const auto volume = settings_.find_volume(disk, name);
    disk.kind = volume.device ? DomainDisk::Kind::block : DomainDisk::Kind::file;
    disk.path = volume.path;
    if (disk.format.empty()) disk.format = volume.format;
  }
  return settings_.elsewhere->serve(libvirt::remote_disk(disk, settings_.format));
}

Location GuestDisks::remote(const DomainDisk &disk, const std::string &name) {
  Location location;
  location.type = Location::Type::uri;
  location.format = "raw";
  const auto access = network_access(disk, name);
  if (const auto *uri = std::get_if<std::string>(&access)) {
    location.path = *uri;
    return location;
  }
  try {
    servers_.push_back(std::make_unique<nbd::Nbdkit>(
        std::get<nbd::Nbdkit::Settings>(access),
        host_.run_directory() + fmt::format("/libvirt-disk-{}", servers_.size()),
        [this] { host_.check_cancelled(); }));
  } catch (const Error &error) {
    if (error.code() == Code::cancelled) throw;
    throw Error(error.code(), "cannot read the disk: " + error.failure(), name, error.remedy());
  }
  location.path = servers_.back()->uri();
  return location;
}

}  // namespace v2v::input_libvirt
