// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/container_key.hpp>

#include <core/guest/guestfs.hpp>
#include <v2v/process/process.hpp>

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr const char *key_in_appliance = "/tmp/v2v-key";
constexpr const char *prefix = "base64:";

/// Since libguestfs 1.49.3; it may be newer than the one that v2v was built with.
using ClevisUnlock = int (*)(guestfs_h *, const char *device, const char *map_name);
ClevisUnlock clevis_unlock() {
  return reinterpret_cast<ClevisUnlock>(::dlsym(RTLD_DEFAULT, "guestfs_clevis_luks_unlock"));
}

std::string base64(const std::string &bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto count = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= count ? digits[group >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

/// A name that a shell of the appliance takes as one word: a UUID is what the disk says.
const std::string &plain(const std::string &name) {
  static constexpr const char *letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-";
  if (name.empty() || name.front() == '-' || name.find_first_not_of(letters) != name.npos)
    throw Error(Code::corrupt, "the encrypted disk has an identifier that cannot be", name,
                "see whether the guest starts");
  return name;
}

bool run_in_appliance(guestfs_h *g, const std::string &command) {
  std::string word = command;
  char *words[] = {word.data(), nullptr};
  char *output = guestfs_debug(g, "sh", words);
  std::free(output);
  return output != nullptr;
}

/// A libguestfs before 1.60 has no call that takes any bytes, so cryptsetup reads them from a file in the
/// appliance's memory. The disk is found by its UUID: a disk may have another name in the appliance than
/// libguestfs's calls have for it.
bool open_with_key_file(guestfs_h *g, const Container &container, const std::string &key) {
  const auto file = process::memory_file(key);
  const auto path = fmt::format("/proc/self/fd/{}", file.get());
  const auto command = fmt::format(
      "cryptsetup --batch-mode --key-file {} open "
      "$(blkid -c /dev/null -l -o device -t UUID={}) {}",
      key_in_appliance, plain(container.uuid), plain(container.map_name));
  if (guestfs_debug_upload(g, path.c_str(), key_in_appliance, 0600) != 0) return false;
  const bool opened = run_in_appliance(g, command);
  run_in_appliance(g, fmt::format("rm -f {}; udevadm settle", key_in_appliance));
  return opened;
}

}  // namespace

std::optional<std::string> key_parameter(const std::string &key,
                                         const struct guestfs_version &version) {
  if (version.major > 1 || version.minor >= 60) return prefix + base64(key);
  if (key.find('\0') != key.npos) return std::nullopt;
  return key;
}

std::string volume_name(const std::string &device) {
  constexpr std::string_view mapper = "/dev/mapper/";
  if (device.compare(0, mapper.size(), mapper) != 0) return device;
  // One dash stands between the group and the volume; two are one of a name's own.
  std::string name = "/dev/";
  bool divided = false;
  for (std::size_t i = mapper.size(); i < device.size(); ++i) {
    if (device[i] != '-') {
      name += device[i];
    } else if (i + 1 < device.size() && device[i + 1] == '-') {
      name += '-';
      ++i;
    } else if (!divided) {
      name += '/';
      divided = true;
    } else {
      return device;
    }
  }
  return divided ? name : device;
}

bool open_with_key(guestfs_h *g, const Container &container, const std::string &key) {
  const std::unique_ptr<struct guestfs_version, decltype(&guestfs_free_version)> version(
      guestfs_version(g), guestfs_free_version);
  if (!version) throw_guestfs(g, "cannot ask libguestfs for its version");
  const auto parameter = key_parameter(key, *version);
  if (!parameter) return open_with_key_file(g, container, key);
  return guestfs_cryptsetup_open(g, container.device.c_str(), parameter->c_str(),
                                 container.map_name.c_str(), -1) == 0;
}

bool open_with_clevis(guestfs_h *g, const Container &container) {
  std::string feature = "clevisluks";
  char *features[] = {feature.data(), nullptr};
  if (guestfs_feature_available(g, features) != 1)
    throw Error(Code::unsupported, "libguestfs's appliance has no clevis-luks-unlock",
                container.device,
                "install clevis-luks on this machine, so that the appliance gets it, or give the "
                "passphrase: --key ID:file:FILE");
  return clevis_unlock()(g, container.device.c_str(), container.map_name.c_str()) == 0;
}

void require_clevis() {
  if (!clevis_unlock())
    throw Error(Code::unsupported, "this libguestfs cannot open disks with Clevis",
                "--key ID:clevis",
                "it can from 1.50 on; or give the passphrase: --key ID:file:FILE");
}

}  // namespace v2v::core
