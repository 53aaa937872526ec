// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "libvirt_output.hpp"

#include "networks.hpp"
#include "records.hpp"

#include <v2v/libvirt_client/uri.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

namespace v2v::output_libvirt {
namespace {

constexpr const char *mode = "-o libvirt";

std::string storage_of(const OutputRequest &request) {
  return request.storage.empty() ? "default" : request.storage;
}

std::string volume_name(const std::string &path) {
  return std::filesystem::path(path).filename().string();
}

}  // namespace

LibvirtOutput::LibvirtOutput(Host host, const OutputRequest &request)
    : host_(host),
      uri_(request.connection),
      destination_(fmt::format("{} -os {}", mode, storage_of(request))),
      connection_(uri_, {}),
      remote_(libvirt_client::parse_uri(connection_.uri()).remote()),
      pool_(connection_, storage_of(request)),
      guest_(
          connection_, uri_, [host](const std::string &record) { host.journal(record); },
          [host](const std::string &message) { host.warning(message); }) {
  pool_.check_started();
  choose_storage(request);
}

/// A directory that this user may not write to is filled through libvirt as one elsewhere.
void LibvirtOutput::choose_storage(const OutputRequest &request) {
  auto local = request;
  local.connection.clear();
  local.storage = pool_.path();
  const auto checked = local_disks::LocalRequest::from(mode, local);
  format_ = checked.format;
  const bool writable = ::access(pool_.path().c_str(), W_OK | X_OK) == 0;
  const bool there = remote_ || std::filesystem::exists(pool_.path());
  if (pool_.holds_files() && !remote_ && (writable || !there)) {
    files_.emplace(checked, local_disks::LocalHooks::of(host_), std::vector<std::string>());
    return;
  }
  if (checked.compressed)
    throw Error(Code::usage, "-oo compressed is only possible where the pool is a directory here",
                text::printable(pool_.name()), "leave it out");
  if (!pool_.holds_files() && format_ != "raw")
    throw Error(Code::usage,
                fmt::format("volumes in a storage pool of type \"{}\" are raw", pool_.type()),
                text::printable(pool_.name()), "leave -of out");
  const bool upload = remote_ || pool_.holds_files();
  volumes_.emplace(connection_, pool_,
                   Volumes::Settings{uri_, format_, checked.preallocated, upload,
                                     [this](const std::string &record) { host_.journal(record); },
                                     [this](const std::string &message) { warn(message); }});
}

OutputDescription LibvirtOutput::describe() {
  OutputDescription description;
  if (files_) {
    description = files_->describe();
  } else {
    description.formats = {format_};
    description.size_granularity = 512;
    description.modes = mode_bit(Target::Mode::host_writes) | mode_bit(Target::Mode::plugin_reads) |
                        mode_bit(Target::Mode::plugin_takes);
  }
  description.destination = destination_;
  return description;
}

void LibvirtOutput::precheck(const Metadata &metadata) {
  guest_.check_name(metadata.name);
  pool_.check_started();
  if (files_) {
    check_files(metadata);
    files_->precheck(metadata.name, metadata.disks);
    files_->refuse_source(metadata.source, metadata.disks);
  } else {
    volumes_->precheck(metadata.name, metadata.disks);
  }
  libvirt::check_expressible(metadata.source);
  check_what_is_known(metadata);
  if (std::exchange(warned_, true)) return;
  for (const auto &warning : missing_networks(connection_, metadata.source.nics, remote_))
    warn(warning);
}

/// Also one that libvirt has not seen yet. Whose it is, only a person can tell.
void LibvirtOutput::check_files(const Metadata &metadata) const {
  for (const auto &disk : metadata.disks) {
    const auto file = std::filesystem::path(pool_.path()) /
                      (machine::file_stem(metadata.name) + "-sd" + text::drive_letters(disk.index));
    std::error_code ignored;
    if (std::filesystem::is_regular_file(std::filesystem::symlink_status(file, ignored)))
      throw Error(Code::exists, "the storage pool has a file of this name already",
                  text::printable(file.string()),
                  "choose another name with -on, or remove it with virsh vol-delete");
  }
}

/// The architecture is known from the second time on, the machine type only after the conversion.
void LibvirtOutput::check_what_is_known(const Metadata &metadata) const {
  if (metadata.inspection.arch.empty()) return;
  const auto host = ask_target_host(connection_, metadata.inspection.arch, Machine::q35);
  (void)fitted(metadata, host, [](const std::string &) {});
}

std::vector<Target> LibvirtOutput::prepare(const Metadata &metadata) {
  host_.journal(pool_record(uri_, pool_.uuid()));
  auto targets = files_ ? files_->prepare(metadata.name, metadata.disks)
                        : volumes_->prepare(metadata.name, metadata.disks);
  guest_.try_out(metadata, sources());
  return targets;
}

/// Files in the pool's directory are its volumes; a device that a link there leads to stays what it
/// is.
std::vector<machine::DiskSource> LibvirtOutput::sources() const {
  if (volumes_) return volumes_->sources();
  auto disks = files_->sources();
  for (auto &disk : disks)
    if (disk.kind == machine::DiskSource::Kind::file)
      disk = {machine::DiskSource::Kind::volume, volume_name(disk.path), pool_.name(), disk.format};
  return disks;
}

Progress LibvirtOutput::progress_of(unsigned disk) const {
  return [this, disk](std::uint64_t done, std::uint64_t total) {
    host_.check_cancelled();
    host_.progress(disk, done, total);
  };
}

void LibvirtOutput::take(const TakeRequest &request) {
  volumes_->take(request.disk, request.image.path, progress_of(request.disk));
}

void LibvirtOutput::read(const ReadRequest &request) {
  volumes_->read(request.disk, request.uri, progress_of(request.disk));
}

void LibvirtOutput::commit(const Metadata &metadata) {
  if (files_) files_->commit();
  pool_.refresh();
  guest_.define(metadata, sources());
}

void LibvirtOutput::abort(const Host &, const std::vector<std::string> &records) {
  undo(records);
}

}  // namespace v2v::output_libvirt
