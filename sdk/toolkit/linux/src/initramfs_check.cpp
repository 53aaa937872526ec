// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See initramfs_check.hpp.
#include "modules_dep.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/initramfs_check.hpp>

#include <algorithm>

namespace v2v::linux {
namespace {

bool is_file(const InitramfsArchive &archive, const std::string &path) {
  return archive.read(path).has_value();
}

bool is_directory(const InitramfsArchive &archive, const std::string &path) {
  const auto *entry = archive.find(path);
  return entry && entry->type == InitramfsEntry::Type::directory;
}

/// Without a modules.dep only the file itself can be looked for.
bool has_file_of(const InitramfsArchive &archive, const std::string &directory,
                 const std::string &module) {
  const auto &entries = archive.entries();
  for (auto it = entries.lower_bound(directory + "/");
       it != entries.end() && is_below(it->first, directory); ++it)
    if (module_name(it->first) == module) return true;
  return false;
}

}  // namespace

InitramfsKind initramfs_kind(const InitramfsArchive &archive) {
  if (is_file(archive, "/conf/initramfs.conf") && is_file(archive, "/scripts/functions"))
    return InitramfsKind::initramfs_tools;
  for (const char *path : {"/usr/lib/dracut", "/lib/dracut", "/usr/lib/dracut-lib.sh"})
    if (archive.find(path)) return InitramfsKind::dracut;
  if (is_file(archive, "/lib/dracut-lib.sh")) return InitramfsKind::dracut;
  if (is_file(archive, "/init_functions") && is_directory(archive, "/hooks"))
    return InitramfsKind::mkinitcpio;
  return InitramfsKind::other;
}

const char *kind_name(InitramfsKind kind) {
  switch (kind) {
    case InitramfsKind::initramfs_tools:
      return "initramfs-tools";
    case InitramfsKind::dracut:
      return "dracut";
    case InitramfsKind::mkinitcpio:
      return "mkinitcpio";
    case InitramfsKind::other:
      break;
  }
  return "unknown";
}

const std::vector<std::string> &virtio_boot_modules() {
  static const std::vector<std::string> modules{"virtio_pci", "virtio_blk", "virtio_scsi",
                                                "virtio_net"};
  return modules;
}

std::string modules_directory(const InitramfsArchive &archive, const std::string &version) {
  for (const char *prefix : {"/lib/modules/", "/usr/lib/modules/"})
    if (is_directory(archive, prefix + version)) return *archive.resolve(prefix + version);
  return archive.resolve("/lib/modules/" + version).value_or("/lib/modules/" + version);
}

std::vector<std::string> missing_modules(const InitramfsArchive &archive, const Kernel &kernel,
                                         const std::vector<std::string> &wanted) {
  const auto directory = modules_directory(archive, kernel.version);
  const auto text = archive.read(directory + "/modules.dep");
  const ModulesDep dep(text.value_or(""), kernel.version);
  const auto is_there = [&](const std::string &module) {
    // RHEL 5 and before have the modules in /lib itself.
    if (!text)
      return has_file_of(archive, directory, module) || has_file_of(archive, "/lib", module);
    const auto file = dep.file_of(module);
    const auto &needs = dep.needs(file);
    return !file.empty() && is_file(archive, directory + "/" + file) &&
           std::all_of(needs.begin(), needs.end(), [&](const std::string &needed) {
             return is_file(archive, directory + "/" + needed);
           });
  };
  std::vector<std::string> missing;
  for (const auto &module : wanted)
    if (kernel.has_module(module) && !is_there(module)) missing.push_back(module);
  return missing;
}

}  // namespace v2v::linux
