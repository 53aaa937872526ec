// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See export_domain.hpp; undoing.cpp has abort.
#include "export_domain.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <v2v/local_disks/create_disk.hpp>
#include <v2v/text/printable.hpp>

#include "files.hpp"

namespace v2v::output_rhv {
namespace {

using nlohmann::json;

bool is_directory(const std::string &path) {
  struct stat entry;
  return stat(path.c_str(), &entry) == 0 && S_ISDIR(entry.st_mode);
}

std::vector<std::string> uuids_in(const std::string &directory, const std::string &storage) {
  const AsVdsm as_vdsm;
  const std::unique_ptr<DIR, int (*)(DIR *)> entries(opendir(directory.c_str()), closedir);
  if (!entries) throw system_error(errno, "cannot look into the export storage domain", storage);
  static const std::regex form("[^-]{8}-[^-]{4}-[^-]{4}-[^-]{4}-[^-]{12}");
  std::vector<std::string> found;
  while (const dirent *entry = readdir(entries.get()))
    if (std::regex_match(entry->d_name, form)) found.emplace_back(entry->d_name);
  return found;
}

}  // namespace

ExportDomain::ExportDomain(const std::string &storage, local_disks::LocalHooks hooks)
    : storage_(storage), mount_(parse_storage(storage)), hooks_(std::move(hooks)) {}

void ExportDomain::note(const char *operation, const std::string &path) const {
  hooks_.journal(json{{"op", operation}, {"path", path}}.dump());
}

void ExportDomain::attach() {
  if (!uuid_.empty()) return;
  if (!mount_.from.empty()) {
    mount_.at = new_mount_point();
    hooks_.journal(json{{"op", "mount"}, {"from", mount_.from}, {"at", mount_.at}}.dump());
    mount(mount_, hooks_.check_cancelled);
  }
  find_uuid();
  check_owner();
}

void ExportDomain::find_uuid() {
  const auto found = uuids_in(mount_.at, storage_);
  if (found.empty())
    throw Error(Code::not_found, "there is no storage domain: no directory is named by a UUID",
                storage_, "give the path that is the export storage domain's in the engine");
  if (found.size() > 1)
    throw Error(Code::unsupported,
                fmt::format("there are {} storage domains, {} and {} among them", found.size(),
                            text::printable(found[0]), text::printable(found[1])),
                storage_, "give a path that holds one export storage domain only");
  uuid_ = found.front();
  if (!is_directory(vms()))
    throw Error(Code::not_found,
                "the storage domain has no directory master/vms, so it is either no export storage "
                "domain or not attached to a data center",
                storage_ + "/" + uuid_, "attach it to a data center in the engine first");
  if (!is_directory(root() + "/images"))
    throw Error(Code::not_found, "the storage domain has no directory images",
                storage_ + "/" + uuid_, "see whether this is an export storage domain");
}

/// In both places where something will be made.
void ExportDomain::check_owner() const {
  const auto journal = [this](const std::string &path) { note("file", path); };
  Owner owner{};
  for (const std::string &directory : {root() + "/images", vms()})
    owner = try_file(directory, journal);
  if (owner.user == vdsm_user && owner.group == kvm_group) return;
  const auto what = fmt::format(
      "{}: new files belong to {}:{} and not to {}:{}, so oVirt cannot import "
      "the guest; ",
      storage_, owner.user, owner.group, vdsm_user, kvm_group);
  hooks_.warn(what +
              (geteuid() == 0
                   ? fmt::format("set up the NFS server or idmapd to take root's word for it, "
                                 "or run chown -R {}:{} on what v2v makes",
                                 vdsm_user, kvm_group)
                   : "stop v2v and run it again as root, or change the owner afterwards"));
}

void ExportDomain::check_room(const std::vector<TargetDisk> &disks, bool preallocated) const {
  std::uint64_t needed = 1;  // where nothing fits, no disk does, whatever its size
  for (const auto &disk : disks) needed += preallocated ? disk.virtual_size : disk.estimated_size;
  local_disks::check_room(root(), storage_, needed, preallocated, hooks_.warn);
}

std::string ExportDomain::make_volume(const std::string &image, const std::string &volume,
                                      const TargetDisk &disk, bool preallocated) {
  const std::string directory = image_directory(image);
  std::string path = directory + "/" + volume;
  note("directory", directory);
  make_directory(directory);
  images_.push_back(directory);
  note("file", path);
  const local_disks::Creation creation{preallocated, hooks_.check_cancelled};
  const bool raw = disk.format == "raw";
  {
    const AsVdsm as_vdsm;
    local_disks::create_raw(path, raw ? disk.virtual_size : 0,
                            raw ? creation : local_disks::Creation());
  }
  // Programs that root starts, and the copy, are root again, which a server may turn into nobody.
  set_mode(path, 0666);
  if (!raw) local_disks::create_qcow2(path, disk.virtual_size, creation);
  return path;
}

void ExportDomain::write_meta(const std::string &image, const std::string &volume,
                              const std::string &content) {
  const std::string path = image_directory(image) + "/" + volume + ".meta";
  note("file", path);
  write_file(path, content);
}

std::uint64_t ExportDomain::actual_size(const std::string &image, const std::string &volume) const {
  const std::string path = image_directory(image) + "/" + volume;
  struct stat entry;
  if (stat(path.c_str(), &entry) != 0)
    throw system_error(errno, "cannot look at the volume", name_of(path));
  constexpr std::uint64_t unit = 512;  // of st_blocks, stat(2)
  return static_cast<std::uint64_t>(entry.st_blocks) * unit;
}

void ExportDomain::write_machine(const std::string &machine, const std::string &ovf) {
  for (const auto &directory : images_) sync_directory(directory);
  sync_directory(root() + "/images");
  // oVirt lists master/vms/*, which passes over what begins with a dot.
  const std::string hidden = vms() + "/.v2v-" + machine, shown = vms() + "/" + machine;
  for (const std::string &directory : {shown, hidden}) {
    note("directory", directory);
    note("file", directory + "/" + machine + ".ovf");
  }
  make_directory(hidden);
  write_file(hidden + "/" + machine + ".ovf", ovf);
  sync_directory(hidden);
  rename_directory(hidden, shown);
  sync_directory(vms());
}

void ExportDomain::detach() {
  if (mount_.from.empty() || mount_.at.empty()) return;
  try {
    unmount(mount_);
  } catch (const Error &error) {
    hooks_.warn(std::string(error.what()) + "; unmount it by hand");
  }
}

std::string ExportDomain::name_of(const std::string &path) const {
  return mount_.from.empty() ? path : mount_.from + path.substr(mount_.at.size());
}

}  // namespace v2v::output_rhv
