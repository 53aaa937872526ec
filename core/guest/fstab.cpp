// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/fstab.hpp>

#include <core/guest/devices.hpp>
#include <core/guest/lines.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::string_view blanks = " \t";

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> found;
  for (auto at = line.find_first_not_of(blanks); at < line.size() && line[at] != '#';
       at = line.find_first_not_of(blanks, at)) {
    const auto end = std::min(line.find_first_of(blanks, at), line.size());
    found.push_back(line.substr(at, end - at));
    at = end;
    if (at >= line.size()) break;
  }
  return found;
}

/// fstab writes blanks as \040 and the like.
std::string decoded(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto digits = field.substr(i + 1, 3);
    const bool octal = field[i] == '\\' && digits.size() == 3 && digits[0] <= '3' &&
                       digits.find_first_not_of("01234567") == digits.npos;
    if (!octal) {
      text += field[i];
      continue;
    }
    text += static_cast<char>((digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0'));
    i += 3;
  }
  return text;
}

/// "//usr/" is "/usr".
std::string canonical(const std::string &path) {
  std::string text;
  for (const char c : path)
    if (c != '/' || text.empty() || text.back() != '/') text += c;
  if (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

bool is_inside(std::string_view path, std::string_view directory) {
  return path == directory ||
         (path.size() > directory.size() && path.substr(0, directory.size()) == directory &&
          path[directory.size()] == '/');
}

bool belongs_to_system(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  for (const auto *other : {"/dev", "/proc", "/sys", "/selinux", "/media", "/run"})
    if (is_inside(path, other)) return false;
  return path.find("/../") == path.npos;
}

bool is_disk(std::string_view device, std::string_view type) {
  for (const auto *other : {"/dev/fd", "/dev/cd", "/dev/floppy", "/dev/sr", "/dev/dvd"})
    if (device.rfind(other, 0) == 0) return false;
  return type != "swap" && type != "iso9660" && type != "udf" && type != "tmpfs" &&
         (device.rfind("/dev/", 0) == 0 || device.find('=') != device.npos);
}

std::string subvolume_of(std::string_view options) {
  while (!options.empty()) {
    auto option = options.substr(0, options.find(','));
    options.remove_prefix(std::min(option.size() + 1, options.size()));
    if (option.rfind("subvol=", 0) != 0) continue;
    option.remove_prefix(7);
    while (!option.empty() && option.front() == '/') option.remove_prefix(1);
    return decoded(option);
  }
  return "";
}

std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
      value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return std::string(value);
}

bool is_known(const DeviceNames &names, const std::string &device) {
  return std::any_of(names.filesystems.begin(), names.filesystems.end(),
                     [&](const auto &filesystem) { return filesystem.device == device; });
}

/// The device mapper's name of a logical volume: hyphens in the names are doubled.
std::string mapper_name(std::string_view volume) {
  std::string name = "/dev/mapper/";
  for (const char c : volume.substr(5)) {
    name += c == '/' ? '-' : c;
    if (c == '-') name += '-';
  }
  return name;
}

std::string volume_called(const std::string &mapper, const DeviceNames &names) {
  for (const auto &[device, type] : names.filesystems)
    if (std::count(device.begin(), device.end(), '/') == 3 &&
        device.rfind("/dev/mapper/", 0) != 0 && mapper_name(device) == mapper)
      return device;
  return mapper;
}

/// sda, hdb, vdc, xvdaa with or without a partition, by its place among the disks.
std::string disk_called(const std::string &device, const DeviceNames &names) {
  for (const std::string_view prefix : {"/dev/sd", "/dev/hd", "/dev/vd", "/dev/xvd"}) {
    if (device.rfind(prefix, 0) != 0) continue;
    std::size_t index = 0, at = prefix.size();
    for (; at < device.size() && device[at] >= 'a' && device[at] <= 'z' && index < 1000; ++at)
      index = index * 26 + static_cast<std::size_t>(device[at] - 'a' + 1);
    const auto partition = device.substr(at);
    if (index == 0 || index > names.disks.size() ||
        partition.find_first_not_of("0123456789") != std::string::npos)
      return device;
    return names.disks[index - 1] + partition;
  }
  return device;
}

bool is_raid(const std::string &device) {
  return device.rfind("/dev/md", 0) == 0;
}

/// The appliance numbers its RAIDs as it finds them; with one alone there is no doubt.
std::string raid_called(const std::string &device, const DeviceNames &names) {
  std::string only;
  for (const auto &filesystem : names.filesystems) {
    if (!is_raid(filesystem.device) || is_container(filesystem.type)) continue;
    if (!only.empty()) return device;
    only = filesystem.device;
  }
  return only.empty() ? device : only;
}

std::string device_called(const std::string &device, const DeviceNames &names) {
  if (device.rfind("/dev/mapper/", 0) == 0) return volume_called(device, names);
  if (is_raid(device)) return raid_called(device, names);
  return disk_called(device, names);
}

}  // namespace

bool is_doubtful(const FstabEntry &entry, const DeviceNames &names) {
  return is_raid(entry.device) &&
         std::count_if(names.filesystems.begin(), names.filesystems.end(), [](const auto &one) {
           return is_raid(one.device) && !is_container(one.type);
         }) != 1;
}

std::vector<FstabEntry> parse_fstab(std::string_view text) {
  std::vector<FstabEntry> entries;
  while (!text.empty()) {
    const auto parts = fields(next_line(text));
    if (parts.size() < 3) continue;
    FstabEntry entry{decoded(parts[0]), canonical(decoded(parts[1])), ""};
    if (!belongs_to_system(entry.path) || !is_disk(entry.device, parts[2])) continue;
    if (parts[2] == "btrfs" && parts.size() > 3) entry.subvolume = subvolume_of(parts[3]);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::optional<std::string> resolve_device(const FstabEntry &entry, const DeviceNames &names) {
  std::optional<std::string> device = entry.device;
  const auto equals = entry.device.find('=');
  if (entry.device.rfind("/dev/", 0) != 0 && equals != std::string::npos) {
    device = names.find_tag(entry.device.substr(0, equals),
                            unquoted(std::string_view(entry.device).substr(equals + 1)));
    if (!device) return std::nullopt;
  }
  // Also what a tag led to: the appliance may say /dev/mapper/VG-LV or /dev/dm-N.
  if (!is_known(names, *device) || is_raid(entry.device)) device = device_called(*device, names);
  if (entry.subvolume.empty()) return device;
  return "btrfsvol:" + *device + "/" + entry.subvolume;
}

}  // namespace v2v::core
