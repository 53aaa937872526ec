// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/disk_keys.hpp>

#include <core/guest/filesystems.hpp>
#include <core/guest/guestfs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace v2v::core {
namespace {

constexpr int most_questions = 3;

struct Container {
  std::string device, uuid;
};

bool applies(const DiskKey &key, const Container &container) {
  return key.selector == "all" || key.selector == container.device ||
         key.selector == container.uuid;
}

// Opened under the name that Fedora and RHEL give it in /etc/crypttab; for Debian's names there is
// container_called().
std::string map_name(const std::string &uuid) {
  return "luks-" + uuid;
}

bool opens(guestfs_h *g, const Container &container, const std::string &passphrase) {
  return guestfs_cryptsetup_open(g, container.device.c_str(), passphrase.c_str(),
                                 map_name(container.uuid).c_str(), -1) == 0;
}

// Partitions, and disks without partitions. libguestfs leaves containers out of its list of file
// systems.
std::vector<std::string> places_for_containers(guestfs_h *g, const std::vector<DiskStart> &disks) {
  auto devices = take_list(guestfs_list_partitions(g));
  for (const auto &disk : disks)
    if (std::none_of(devices.begin(), devices.end(), [&](const auto &partition) {
          return is_partition_of(partition, disk.device);
        }))
      devices.push_back(disk.device);
  return devices;
}

bool holds_filesystem(const std::vector<Filesystem> &filesystems, const std::string &device) {
  return std::any_of(filesystems.begin(), filesystems.end(), [&](const Filesystem &filesystem) {
    return filesystem.device == device && filesystem.type != "unknown";
  });
}

bool opens_when_asked(guestfs_h *g, const Container &container, const AskSecret &ask,
                      Reporter &reporter) {
  for (int attempt = 0; ask && attempt < most_questions; ++attempt) {
    const auto passphrase = ask(
        fmt::format("Passphrase of the encrypted disk {} ({})", container.device, container.uuid));
    if (!passphrase || passphrase->empty()) return false;
    if (opens(g, container, *passphrase)) return true;
    reporter.warning(fmt::format("this passphrase does not open {}", container.device));
  }
  return false;
}

// True if it was opened now.
bool unlock(guestfs_h *g, const Container &container, const std::vector<DiskKey> &keys,
            const AskSecret &ask, Reporter &reporter) {
  bool meant = false;  // a key for "all" need not fit each
  for (const auto &key : keys) {
    if (!applies(key, container)) continue;
    if (opens(g, container, key.passphrase)) {
      reporter.debug(fmt::format("{}: LUKS container {} opened", container.device, container.uuid));
      return true;
    }
    meant |= key.selector != "all";
  }
  if (opens_when_asked(g, container, ask, reporter)) return true;
  if (meant)
    throw_guestfs(
        g, "no key opens this encrypted disk", container.device,
        fmt::format("check the passphrase given with --key {}:key:… or :file:…", container.uuid));
  reporter.warning(
      fmt::format("{}: encrypted disk left closed, as no key opens it; if the guest needs it, add "
                  "--key {}:file:NAME",
                  container.device, container.uuid));
  return false;
}

}  // namespace

std::vector<Filesystem> unlock_disks(guestfs_h *g, std::vector<Filesystem> filesystems,
                                     const std::vector<DiskStart> &disks,
                                     const std::vector<DiskKey> &keys, const AskSecret &ask,
                                     Reporter &reporter) {
  std::set<std::string> seen;
  auto devices = places_for_containers(g, disks);
  for (;;) {
    bool opened = false;
    for (std::size_t i = 0; i < devices.size(); ++i) {
      const auto device = devices[i];
      if (!seen.insert(device).second || holds_filesystem(filesystems, device)) continue;
      const auto type = take_text(guestfs_vfs_type(g, device.c_str()));
      // A container may be in a logical volume as well.
      if (type == "LVM2_member")
        for (const auto &volume : take_list(guestfs_lvs(g))) devices.push_back(volume);
      if (type != "crypto_LUKS") continue;
      opened |=
          unlock(g, {device, take_text(guestfs_luks_uuid(g, device.c_str()))}, keys, ask, reporter);
    }
    if (!opened) return filesystems;
    // A container may hold LVM, and a logical volume may hold the next container.
    guestfs_lvm_scan(g, 1);
    for (const auto &volume : take_list(guestfs_lvs(g))) devices.push_back(volume);
    filesystems = list_filesystems(g);
  }
}

std::optional<std::string> container_called(
    const std::string &device, std::string_view crypttab,
    const std::function<std::string(const std::string &)> &uuid_of) {
  std::istringstream lines{std::string(crypttab)};
  for (std::string line; std::getline(lines, line);) {
    std::string name, source;
    std::istringstream(line) >> name >> source;
    if (source.empty() || "/dev/mapper/" + name != device) continue;
    for (const std::string prefix : {"UUID=", "/dev/disk/by-uuid/"})
      if (source.compare(0, prefix.size(), prefix) == 0)
        return "/dev/mapper/" + map_name(source.substr(prefix.size()));
    const auto uuid = uuid_of(source);
    if (!uuid.empty()) return "/dev/mapper/" + map_name(uuid);
  }
  return std::nullopt;
}

}  // namespace v2v::core
