// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "volumes.hpp"

#include "records.hpp"

#include <v2v/process/file_descriptor.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/human_size.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <libvirt/virterror.h>
#include <pugixml.hpp>

#include <cerrno>
#include <cstring>
#include <sstream>

namespace v2v::output_libvirt {
namespace {

using libvirt_client::last_error;
using libvirt_client::taken;

std::string volume_name(const std::string &guest, const TargetDisk &disk) {
  return machine::file_stem(guest) + "-sd" + text::drive_letters(disk.index);
}

/// @param format  empty: of a device, for which libvirt has other words
std::string volume_xml(const std::string &name, const std::string &format, std::uint64_t capacity,
                       std::uint64_t allocation) {
  pugi::xml_document document;
  auto volume = document.append_child("volume");
  volume.append_child("name").text().set(name.c_str());
  const auto bytes = [&](const char *element, std::uint64_t value) {
    auto node = volume.append_child(element);
    node.append_attribute("unit").set_value("bytes");
    node.text().set(std::to_string(value).c_str());
  };
  bytes("capacity", capacity);
  bytes("allocation", allocation);
  if (!format.empty())
    volume.append_child("target").append_child("format").append_attribute("type").set_value(
        format.c_str());
  std::ostringstream text;
  document.save(text, "", pugi::format_raw);
  return text.str();
}

}  // namespace

void Volumes::precheck(const std::string &guest, const std::vector<TargetDisk> &disks) {
  pool_.check_started();
  for (const TargetDisk &disk : disks)
    if (const auto name = volume_name(guest, disk); pool_.has_volume(name))
      throw Error(Code::exists, "the storage pool has a volume of this name already",
                  text::printable(pool_.name() + "/" + name),
                  "choose another name with -on, or remove it with virsh vol-delete");
  check_space(disks, false);
}

/// A device has all its room from the beginning. What a file needs is only estimated before the
/// guest is converted, and measured when the disks are made.
void Volumes::check_space(const std::vector<TargetDisk> &disks, bool sizes_are_known) const {
  const bool whole = settings_.preallocated || !pool_.holds_files();
  std::uint64_t needed = 0;
  for (const TargetDisk &disk : disks) needed += whole ? disk.virtual_size : disk.estimated_size;
  const auto available = pool_.available();
  if (needed <= available) return;
  const auto message = fmt::format("the disks need {}, and the storage pool has {} left",
                                   text::human_size(needed), text::human_size(available));
  const auto *const remedy = "make room in it, or choose another with -os";
  if (whole || sizes_are_known) throw Error(Code::no_space, message, pool_.name(), remedy);
  settings_.warn(fmt::format("{}: as far as it can be told now {}", pool_.name(), message));
}

std::vector<Target> Volumes::prepare(const std::string &guest,
                                     const std::vector<TargetDisk> &disks) {
  check_space(disks, true);
  std::vector<Target> targets;
  for (const TargetDisk &disk : disks) {
    volumes_.push_back(create(volume_name(guest, disk), disk));
    auto *const volume = volumes_.back().get();
    sources_.push_back({machine::DiskSource::Kind::volume, virStorageVolGetName(volume),
                        pool_.name(), settings_.format});
    Target target;
    if (settings_.upload)
      target.mode =
          settings_.format == "raw" ? Target::Mode::plugin_reads : Target::Mode::plugin_takes;
    else
      target = local_target(volume, disk);
    target.display_name = pool_.name() + "/" + sources_.back().path;
    targets.push_back(std::move(target));
  }
  return targets;
}

libvirt_client::VolumeHandle Volumes::create(const std::string &name, const TargetDisk &disk) {
  const bool whole = settings_.preallocated || !pool_.holds_files();
  const auto xml = volume_xml(name, pool_.holds_files() ? settings_.format : "", disk.virtual_size,
                              whole ? disk.virtual_size : 0);
  const auto object = text::printable(pool_.name() + "/" + name);
  // The journal would take it for one of ours.
  if (pool_.has_volume(name))
    throw Error(Code::exists, "somebody has made a volume of this name meanwhile", object,
                "choose another name with -on");
  settings_.journal(volume_record(settings_.uri, pool_.uuid(), name));
  libvirt_client::VolumeHandle volume(virStorageVolCreateXML(pool_.get(), xml.c_str(), 0));
  if (!volume) {
    const auto failure =
        last_error("cannot create the volume", object, "see whether the storage pool has room");
    if (libvirt_client::last_error_number() == VIR_ERR_STORAGE_VOL_EXIST)
      settings_.journal(not_ours_record(pool_.uuid(), name));
    throw failure;
  }
  // In a pool of partitions it has another name than was asked for.
  if (const auto *made = virStorageVolGetName(volume.get()); made != name)
    settings_.journal(volume_record(settings_.uri, pool_.uuid(), made));
  return volume;
}

Target Volumes::local_target(virStorageVolPtr volume, const TargetDisk &disk) const {
  const auto path = taken(virStorageVolGetPath(volume));
  const process::FileDescriptor device(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!device)
    throw Error(errno == EACCES ? Code::access : Code::io,
                fmt::format("cannot open the volume's device: {}", std::strerror(errno)), path,
                errno == EACCES ? "run v2v as root" : "see whether the storage pool works");
  const auto size = ::lseek(device.get(), 0, SEEK_END);
  if (size < 0 || static_cast<std::uint64_t>(size) < disk.virtual_size)
    throw Error(Code::io, "the volume's device is smaller than was asked for", path,
                "see whether the storage pool works");
  Target target;
  target.location = Location();
  target.location->path = path;
  target.location->format = settings_.format;
  return target;
}

void Volumes::take(unsigned disk, const std::string &image, const Progress &progress) {
  upload_file(connection_, volumes_.at(disk).get(), image, progress);
}

void Volumes::read(unsigned disk, const std::string &uri, const Progress &progress) {
  upload_from_nbd(connection_, volumes_.at(disk).get(), uri, progress);
}

}  // namespace v2v::output_libvirt
