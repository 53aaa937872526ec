// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disks.hpp"

#include "file.hpp"
#include "ovf_document.hpp"
#include "unpack.hpp"

#include <v2v/error.hpp>
#include <v2v/images/image.hpp>
#include <v2v/images/vmdk_chain.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>

namespace v2v::input_ova {
namespace {

constexpr std::uint64_t sector = 512;

std::string shown(const MemberList &members, const std::string &name) {
  return fmt::format("{}: {}", members.ova(), text::printable(name));
}

/// A disk without a file is blank until the guest runs for the first time.
Location blank_disk(const Host &host, const MemberList &members, const OvfDisk &disk) {
  const auto capacity = disk.capacity.value_or(0) / sector * sector;
  if (capacity == 0 || disk.has_parent)
    throw Error(Code::corrupt, "the disk has neither a file nor a capacity",
                shown(members, disk.id), "export the guest again");
  SparseFile file(host.run_directory(), "ova-blank", capacity);
  file.skip(capacity);
  file.finish();
  Location location;
  location.path = file.path();
  location.format = "raw";
  return location;
}

/// Tables and grains of a VMDK come on top of what the disk holds.
std::optional<std::uint64_t> unpacked_limit(const OvfDisk &disk) {
  if (!disk.capacity || *disk.capacity == 0) return std::nullopt;
  return *disk.capacity + *disk.capacity / 16 + (std::uint64_t(64) << 20);
}

Location file_location(const Host &host, const MemberList &members,
                       const std::vector<const Member *> &parts, const OvfDisk &disk,
                       unsigned number) {
  Location location;
  if (disk.file->gzip || parts.size() > 1) {
    std::vector<Segment> segments;
    for (const auto *part : parts) segments.push_back({part->file, part->offset, part->size});
    location.path = assemble(host, std::move(segments), shown(members, disk.file->href),
                             disk.file->gzip, number, unpacked_limit(disk));
    return location;
  }
  const auto &member = *parts.front();
  location.path = member.file;
  location.offset = member.offset;
  if (member.offset != 0) location.length = member.size;
  return location;
}

std::string format_of(const images::ImageReader &reader, const OvfDisk &disk) {
  // What a guest writes into its raw disk must not decide how it is read.
  if (same_letters(disk.format, "raw")) return "raw";
  try {
    return images::detect_format(reader);
  } catch (const Error &error) {
    throw Error(error.code(), error.failure(), error.object(),
                "export the guest again; disks of an OVA are VMDK, VHD, VHDX, VDI, qcow2 or raw");
  }
}

/// The extents and the parents of a VMDK in a directory.
Location chain_location(const Host &host, const std::string &path, const std::string &directory) {
  const auto chain = images::read_vmdk_chain(path, images::Confinement(directory, false));
  auto staging = host.run_directory() + "/ova-chain-XXXXXX";
  if (!::mkdtemp(staging.data()))
    throw Error(Code::io, fmt::format("cannot create a directory: {}", std::strerror(errno)),
                staging);
  return images::vmdk_location(chain, staging + "/disk");
}

[[noreturn]] void refuse_reference(const images::ImageHeader &header, const Layout &layout,
                                   const std::string &name) {
  const auto &first = header.references.front();
  throw Error(Code::unsupported,
              fmt::format("the image names another file, which a disk of an OVA may not: {} \"{}\"",
                          first.role, text::printable(first.name)),
              name,
              layout.directory.empty()
                  ? "consolidate the guest's snapshots and export it again; or, if these files are "
                    "in the OVA, unpack it and give its directory to -i ova"
                  : "consolidate the guest's snapshots and export it again");
}

/// Looks into the header on the host, decides the format, and follows references where they may be.
Location examined(const Host &host, Location location, const Layout &layout, const OvfDisk &disk,
                  const std::string &name) {
  const InputFile file(location.path);
  if (file.size() == 0)
    throw Error(Code::corrupt, "it is empty (0 bytes)", name, "export the guest again");
  const images::ImageReader reader(file.fd(), name, location.offset, location.length);
  location.format = format_of(reader, disk);
  const auto header = images::read_header(reader, location.format);
  host.debug(fmt::format("{}: {} at byte {} of {}, {} bytes, the disk has {}", name,
                         location.format, location.offset, text::printable(location.path),
                         reader.size(), header.virtual_size));
  if (!header.references.empty()) {
    if (layout.directory.empty() || location.format != "vmdk")
      refuse_reference(header, layout, name);
    return chain_location(host, location.path, layout.directory);
  }
  if (disk.has_parent)
    throw Error(Code::unsupported,
                "the OVF calls the disk a difference to another one (ovf:parentRef), and it does "
                "not name that",
                name, "consolidate the guest's snapshots and export it again");
  images::examine_image(reader, location.format, false);  // what else is refused everywhere
  if (location.format == "raw" && text::lower(disk.format).find("vmdk") != std::string::npos)
    // Not more than that: what --print-source prints is read by programs.
    host.debug(
        fmt::format("{}: the OVF calls this a VMDK, but it is none; it is read as raw", name));
  return location;
}

/// qemu wants whole sectors; a tar fills them up with zeroes.
void round_up_length(Location &location, const std::string &name) {
  if (location.length == 0 || location.length % sector == 0) return;
  const auto length = (location.length + sector - 1) / sector * sector;
  if (InputFile(location.path).size() < location.offset + length)
    throw Error(Code::corrupt, "the archive is cut off in its last sector", name,
                "copy or download the OVA again");
  location.length = length;
}

}  // namespace

Disk locate_disk(const Host &host, const Layout &layout, const OvfDisk &disk, unsigned number) {
  const auto &members = layout.members;
  Disk found;
  found.controller = disk.controller;
  found.id = text::printable(disk.file ? disk.file->href : disk.id);
  if (!disk.file) {
    found.location = blank_disk(host, members, disk);
    return found;
  }
  const auto parts = find_file(members, layout.folder, *disk.file);
  const auto name = shown(members, parts.front()->name);
  for (const auto *part : parts)
    if (part->size == 0)
      throw Error(Code::corrupt, "it is empty (0 bytes)", shown(members, part->name),
                  "export the guest again");
  found.location =
      examined(host, file_location(host, members, parts, disk, number), layout, disk, name);
  round_up_length(found.location, name);
  return found;
}

}  // namespace v2v::input_ova
