// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See early_devices.hpp. Where initramfs-tools and cryptsetup put these files: Debian 10 and later
// have /cryptroot/crypttab, before it was /conf/conf.d/cryptroot with "source=" in it.
#include <v2v/linux/early_devices.hpp>
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

namespace v2v::linux {
namespace {

constexpr char kCrypttab[] = "/cryptroot/crypttab";
constexpr char kOldCryptroot[] = "/conf/conf.d/cryptroot";

/// "target=sda2_crypt,source=/dev/sda2,key=none"
std::string rewrite_cryptroot(std::string_view text, const DeviceMap &map,
                              const UuidResolver &resolve) {
  return edit_lines(text, [&](std::string &line) {
    const std::string key = "source=";
    auto at = line.find(key);
    if (at == std::string::npos) return true;
    at += key.size();
    const auto device = line.substr(at, line.find(',', at) - at);
    const auto found = map.find(device);
    if (found.kind != DeviceMap::Lookup::Kind::known || found.name == device) return true;
    const auto uuid = resolve ? resolve(found.appliance) : std::nullopt;
    line.replace(at, device.size(), uuid && !uuid->empty() ? "UUID=" + *uuid : found.name);
    return true;
  });
}

}  // namespace

std::vector<InitramfsFile> renamed_early_files(const InitramfsArchive &archive,
                                               const DeviceMap &map, const UuidResolver &resolve) {
  std::vector<InitramfsFile> files;
  for (const auto &[path, entry] : archive.entries()) {
    if (entry.type != InitramfsEntry::Type::file) continue;
    std::string renamed;
    if (path == kCrypttab)
      renamed = rewrite_crypttab(entry.content, map, resolve, {});
    else if (path == kOldCryptroot)
      renamed = rewrite_cryptroot(entry.content, map, resolve);
    else if (path == "/etc/lvm/lvm.conf")
      renamed = rewrite_lvm_filters(entry.content, map);
    else if (path == "/etc/mdadm/mdadm.conf")
      renamed = rewrite_mdadm(entry.content, map);
    else if (parent_path(path) == "/conf/conf.d" || parent_path(path) == "/conf")
      renamed = rewrite_resume(entry.content, map);
    else
      continue;
    if (renamed != entry.content) files.push_back({path, std::move(renamed), entry.mode});
  }
  return files;
}

}  // namespace v2v::linux
