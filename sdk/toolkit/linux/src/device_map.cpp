// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The names of the disks before and after, lettered as the kernel does: a to z, then aa.
#include <v2v/linux/devices.hpp>
#include <v2v/text/characters.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>

namespace v2v::linux {
namespace {

/// How the names of disks at this controller begin.
std::string source_prefix(Controller controller, const std::string &ide_prefix) {
  switch (controller) {
    case Controller::unknown:
    case Controller::ide:
      return ide_prefix;
    case Controller::virtio_blk:
      return "vd";
    case Controller::nvme:
      return "nvme";
    case Controller::sata:
    case Controller::scsi:
    case Controller::virtio_scsi:
      break;
  }
  return "sd";
}

std::string target_prefix(BlockBus bus, const std::string &ide_prefix) {
  if (bus == BlockBus::virtio_blk) return "vd";
  return bus == BlockBus::virtio_scsi ? "sd" : ide_prefix;
}

/// Devices whose names stay, or that are no disks.
bool stays(const std::string &disk) {
  static const std::regex pattern("(md|fd|sr|scd|cdrom|dvd|floppy|loop|ram|zram|tty|dm).*");
  return std::regex_match(disk, pattern);
}

/// The partition at the end of the name of a link in /dev/disk/by-id or by-path.
std::string link_partition(const std::string &link) {
  const auto at = link.rfind("-part");
  if (at == std::string::npos || at + 5 == link.size()) return {};
  const auto number = link.substr(at + 5);
  return number.find_first_not_of("0123456789") == std::string::npos ? number : std::string();
}

// Longer than any device has a name; keeps the regular expressions away from endless input.
constexpr std::size_t kLongestDevice = 256;

}  // namespace

DeviceMap::DeviceMap(const Source &source, BlockBus target, const std::string &ide_prefix)
    : disks_(source.disks.size()), target_(target_prefix(target, ide_prefix)) {
  std::vector<Entry> others;  // what a disk may be called besides; counts only where nobody else is
  std::map<std::string, unsigned> counts;
  for (unsigned i = 0; i < disks_; ++i) {
    const auto controller = source.disks[i].controller;
    const auto prefix = source_prefix(controller, ide_prefix);
    // The kernel counts each kind for itself: the NVMe disk beside two SCSI disks is nvme0n1.
    const auto number = counts[prefix]++;
    const auto to = target_ + text::drive_letters(i);
    if (controller == Controller::nvme) {
      entries_.push_back({fmt::format("nvme{}n1", number), to, i});
      others.push_back({fmt::format("nvme0n{}", number + 1), to, i});
    } else {
      entries_.push_back({prefix + text::drive_letters(number), to, i});
    }
    // Xen's own names, whatever bus the source tells; those of IDE before libata; and anything for a
    // source that does not know its controllers.
    others.push_back({"xvd" + text::drive_letters(i), to, i});
    if (controller == Controller::ide || controller == Controller::unknown)
      others.push_back({"hd" + text::drive_letters(number), to, i});
    if (controller == Controller::unknown) {
      others.push_back({"vd" + text::drive_letters(i), to, i});
      others.push_back({fmt::format("nvme{}n1", i), to, i});
    }
  }
  entries_.insert(entries_.end(), others.begin(), others.end());
  if (counts.size() == 1) prefix_ = counts.begin()->first;
}

DeviceMap::Lookup DeviceMap::make(const std::string &disk, const std::string &partition) const {
  for (const auto &entry : entries_)
    if (entry.from == disk)
      return {Lookup::Kind::known, "/dev/" + entry.to + partition,
              "/dev/sd" + text::drive_letters(entry.disk) + partition};
  return {stays(disk) ? Lookup::Kind::other : Lookup::Kind::unknown};
}

DeviceMap::Lookup DeviceMap::find(const std::string &device) const {
  if (device.size() > kLongestDevice) return {};
  static const std::regex numbered("/dev/(cciss/c[0-9]+d[0-9]+|nvme[0-9]+n[0-9]+)(p([0-9]+))?");
  static const std::regex lettered("/dev/([a-z]+)([0-9]+)?");
  static const std::regex link("/dev/disk/by-(id|path)/([^/]+)");
  static const std::regex no_disk(".*([-_]cd[-_]|cd-?ro?m|cd-?rw|dvd|floppy|dm-|md-|lvm-|usb-).*",
                                  std::regex::icase);
  std::smatch match;
  if (std::regex_match(device, match, numbered)) return make(match[1], match[3]);
  if (std::regex_match(device, match, lettered)) return make(match[1], match[2]);
  if (std::regex_match(device, match, link) && !std::regex_match(match[2].str(), no_disk)) {
    if (disks_ != 1) return {Lookup::Kind::unknown};
    return make(entries_.front().from, link_partition(match[2]));
  }
  return {};
}

std::string DeviceMap::rename(const std::string &device) const {
  const auto found = find(device);
  return found.kind == Lookup::Kind::known ? found.name : device;
}

std::string DeviceMap::rewrite_arguments(const std::string &arguments) const {
  std::string result = arguments;
  for (const std::string name : {"root=", "resume="}) {
    for (std::size_t at = result.find(name); at != std::string::npos;
         at = result.find(name, at + 1)) {
      // A word of its own, perhaps behind a quote; not the end of "real_root=".
      if (at > 0 && std::string_view(" \t\"'").find(result[at - 1]) == std::string_view::npos)
        continue;
      const auto from = at + name.size();
      const auto end = std::min(result.find_first_of(" \t\"'\\", from), result.size());
      result.replace(from, end - from, rename(result.substr(from, end - from)));
    }
  }
  return result;
}

std::string DeviceMap::rename_in(std::string_view text) const {
  const auto in_name = [](unsigned char c) { return std::isalnum(c) != 0; };
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = static_cast<std::size_t>(
        std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), in_name) -
        text.begin());
    if (end == at) {
      result += text[at++];
      continue;
    }
    const std::string name(text.substr(at, end - at));
    const auto found = find("/dev/" + name);
    const bool beginning = end < text.size() && (name == prefix_ || name == "xvd");
    result += found.kind == Lookup::Kind::known ? found.name.substr(5) : beginning ? target_ : name;
    at = end;
  }
  return result;
}

std::vector<std::string> DeviceMap::description() const {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < disks_; ++i)
    result.push_back(entries_[i].from + " -> " + entries_[i].to);
  return result;
}

}  // namespace v2v::linux
