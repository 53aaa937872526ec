// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/disk_keys.hpp>

#include <core/guest/container_key.hpp>
#include <core/guest/devices.hpp>
#include <core/guest/guestfs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace v2v::core {
namespace {

constexpr int most_questions = 3;

bool applies(const DiskKey &key, const Container &container) {
  return key.selector == "all" || volume_name(key.selector) == container.device ||
         key.selector == container.uuid;
}

// Opened under the name that Fedora and RHEL give it in /etc/crypttab; for Debian's names there is
// container_called().
std::string map_name(const std::string &uuid) {
  return "luks-" + uuid;
}

Container container_on(guestfs_h *g, const std::string &device) {
  const auto uuid = take_text(guestfs_vfs_uuid(g, device.c_str()));
  if (!uuid.empty()) return {device, uuid, map_name(uuid)};
  // cryptsetup reads none of a BitLocker disk.
  auto name = device.substr(std::string("/dev/").size());
  std::replace(name.begin(), name.end(), '/', '-');
  return {device, uuid, map_name(name)};
}

bool opens(guestfs_h *g, const Container &container, const DiskKey &key) {
  return key.clevis ? open_with_clevis(g, container) : open_with_key(g, container, key.passphrase);
}

bool opens_when_asked(guestfs_h *g, const Container &container, const AskSecret &ask,
                      Reporter &reporter) {
  for (int attempt = 0; ask && attempt < most_questions; ++attempt) {
    const auto passphrase = ask(
        fmt::format("Passphrase of the encrypted disk {} ({})", container.device, container.uuid));
    if (!passphrase || passphrase->empty()) return false;
    if (open_with_key(g, container, *passphrase)) return true;
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
    if (opens(g, container, key)) {
      reporter.debug(fmt::format("{}: encrypted disk {} opened", container.device, container.uuid));
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

bool needs_clevis(const std::vector<DiskKey> &keys) {
  const bool needed =
      std::any_of(keys.begin(), keys.end(), [](const DiskKey &key) { return key.clevis; });
  if (needed) require_clevis();
  return needed;
}

std::vector<Filesystem> unlock_disks(guestfs_h *g, const std::vector<DiskStart> &disks,
                                     const std::vector<DiskKey> &keys, const AskSecret &ask,
                                     Reporter &reporter) {
  std::set<std::string> seen;
  for (bool opened = false;;) {
    auto devices = list_devices(g, disks, opened);
    opened = false;
    for (const auto &[device, type] : devices)
      if ((type == "crypto_LUKS" || type == "BitLocker") && seen.insert(device).second)
        opened |= unlock(g, container_on(g, device), keys, ask, reporter);
    if (!opened) return devices;
    // A container may hold LVM, and a logical volume may hold the next container.
    guestfs_lvm_scan(g, 1);
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
